"""The readers on the real files; every expected value is read straight from the raw cells here."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from fieldapp.core.indicator import load_catalogue
from fieldapp.paths import FRAMEWORKS
from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics import StatisticsFile, read_statistics

CATALOGUE = load_catalogue(FRAMEWORKS / "indicators.yaml")
KWB_2023 = "cijfers/kwb-2023_GM0344_utrecht.xlsx"
KWB_2024 = "cijfers/kwb-2024_GM0344_utrecht.xlsx"
SERVICES = "cijfers/statline_Nabijheid_voorzieningen_2023_GM0344_utrecht.csv"
DEN_HAAG = "cijfers/statline_Kerncijfers_wijken_en_buurten_2019_GM0518_den-haag.csv"
RIVM = "cijfers/rivm_50090NED_2020_18plus_NL.xlsx"
LBM = "grenzen/lbm3-2024_buurten_GM0344_utrecht.geojson"


def read(source: str, path: Path, year: int) -> StatisticsFile:
    return read_statistics(source, path, year=year, catalogue=CATALOGUE)


def values(file: StatisticsFile) -> dict[tuple[str, str], float]:
    return {(value.indicator, value.area_code): value.value for value in file.values}


def raw_sheet(path: Path, code: str) -> dict[str, dict[str, Any]]:
    """Area code -> column -> raw cell, by openpyxl alone."""
    book = load_workbook(path, read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    header = [str(name) for name in rows[0]]
    found = (dict(zip(header, cells, strict=True)) for cells in rows[1:])
    return {str(row[code]).strip(): row for row in found}


def raw_csv(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    return {row["Regioaanduiding/Codering (code)"].strip(): row for row in rows}


@pytest.mark.parametrize(("name", "year"), [(KWB_2023, 2023), (KWB_2024, 2024)])
def test_kwb_every_direct_value_equals_its_cell(shared_data: Path, name: str, year: int) -> None:
    file = read("kwb", shared_data / name, year)
    raw = raw_sheet(shared_data / name, "gwb_code")
    found = values(file)
    assert file.report.areas == len(raw) == 122
    expected = {
        (indicator, code): float(cells[column])
        for indicator, column in file.report.columns.items()
        for code, cells in raw.items()
        if str(cells[column]).strip() not in (".", "", "None")
    }
    derived = {item.code for item in CATALOGUE if item.derive}
    assert {key: v for key, v in found.items() if key[0] not in derived} == expected


def test_kwb_numbers_as_text_real_zero_and_dots(shared_data: Path) -> None:
    file = read("kwb", shared_data / KWB_2023, 2023)
    raw = raw_sheet(shared_data / KWB_2023, "gwb_code")
    found = values(file)
    assert isinstance(raw["BU03440112"]["a_soz_wb"], str)
    assert found["a_soz_wb", "BU03440112"] == 0.0  # the cell says '0'
    assert found["p_wcorpw", "BU03440111"] == 0.0
    dots = sum(str(row["a_soz_wb"]).strip() == "." for row in raw.values())
    assert file.report.missing["a_soz_wb"] == {"dot": dots}
    assert dots > 0


def test_kwb_derived_shares_by_hand(shared_data: Path) -> None:
    row = raw_sheet(shared_data / KWB_2023, "gwb_code")["BU03440111"]
    found = values(read("kwb", shared_data / KWB_2023, 2023))
    grown = row["a_15_24"] + row["a_25_44"] + row["a_45_64"]  # 235 + 780 + 235
    assert grown == 1250
    assert found["bijstand", "BU03440111"] == pytest.approx(10 / 1250 * 1000)
    assert found["herkomst_buiten_nederland", "BU03440111"] == pytest.approx(410 / 1810 * 100)
    assert ("basisopleiding", "BU03440111") not in found  # all its columns are still empty


def test_kwb_a_first_edition_is_said_to_be_nearly_empty(shared_data: Path) -> None:
    raw = raw_sheet(shared_data / KWB_2024, "gwb_code")
    report = read("kwb", shared_data / KWB_2024, 2024).report
    empty = {c for c in report.columns.values() if all(r[c] == "." for r in raw.values())}
    assert set(report.empty) == empty
    assert [note.code for note in report.notes] == ["nearly_empty"]
    assert not read("kwb", shared_data / KWB_2023, 2023).report.nearly_empty


def test_kwb_every_column_of_the_file_is_used_or_listed(shared_data: Path) -> None:
    report = read("kwb", shared_data / KWB_2023, 2023).report
    header = set(next(iter(raw_sheet(shared_data / KWB_2023, "gwb_code").values())))
    identity = {"gwb_code_10", "gwb_code_8", "gwb_code", "regio", "gm_naam", "recs", "ind_wbi"}
    assert set(report.columns.values()) | set(report.unused) | identity == header


def test_kwb_inhabitants_agree_with_another_publication(shared_data: Path) -> None:
    path = shared_data / "cijfers/buurtcijfers-2024_GM0344.json"
    other = json.loads(path.read_text(encoding="utf-8"))
    theirs = dict(_inhabitants(other))
    ours = values(read("kwb", shared_data / KWB_2024, 2024))
    same = [code for code, people in theirs.items() if ours["a_inw", code] == people]
    assert len(theirs) == 111
    assert len(same) == 109
    # The other two: a real 0 that the re-publisher made null.
    assert {ours["a_inw", code] for code in set(theirs) - set(same)} == {0.0}


def _inhabitants(node: Any) -> Any:
    """(buurt, inwoners) wherever they stand in a nested JSON file."""
    if isinstance(node, dict):
        codes = [v for v in node.values() if isinstance(v, str) and v.startswith("BU")]
        if codes and "inwoners" in json.dumps(node):
            yield codes[0], _first(node, "inwoners")
        else:
            for child in node.values():
                yield from _inhabitants(child)
    elif isinstance(node, list):
        for child in node:
            yield from _inhabitants(child)


def _first(node: Any, key: str) -> Any:
    if isinstance(node, dict):
        if key in node:
            return node[key]
        return next((v for c in node.values() if (v := _first(c, key)) is not None), None)
    return None


@pytest.mark.parametrize(("name", "year"), [(KWB_2023, 2024), (KWB_2024, 2023)])
def test_kwb_of_another_year_is_refused(shared_data: Path, name: str, year: int) -> None:
    with pytest.raises(SourceError) as caught:
        read("kwb", shared_data / name, year)
    assert caught.value.code == "wrong_year"


def test_a_year_that_the_catalogue_does_not_know(shared_data: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read("kwb", shared_data / KWB_2023, 2011)
    assert caught.value.code == "year_not_in_catalogue"
    assert caught.value.params["years"] == [2023, 2024]


@pytest.mark.parametrize(("name", "year", "areas"), [(SERVICES, 2023, 122), (DEN_HAAG, 2019, 159)])
def test_statline_every_direct_value_equals_its_cell(
    shared_data: Path, name: str, year: int, areas: int
) -> None:
    file = read("statline", shared_data / name, year)
    raw = raw_csv(shared_data / name)
    folded = {" ".join(h.replace("\u00a0", " ").split()): h for h in next(iter(raw.values()))}
    expected = {
        (indicator, code): float(cells[folded[column]])
        for indicator, column in file.report.columns.items()
        for code, cells in raw.items()
        if code != "NL00" and cells[folded[column]].strip() not in (".", "")
    }
    derived = {item.code for item in CATALOGUE if item.derive}
    assert {key: v for key, v in values(file).items() if key[0] not in derived} == expected
    assert file.report.areas == areas
    assert file.report.refused == ()


def test_statline_gives_names_and_its_own_date(shared_data: Path, tmp_path: Path) -> None:
    # Under the name that StatLine gave it; the copy in shared/data was renamed.
    path = tmp_path / "Kerncijfers_wijken_en_buurten_2019_22032020_165940.csv"
    shutil.copyfile(shared_data / DEN_HAAG, path)
    file = read("statline", path, 2019)
    assert file.names["BU05180271"] == "Belgisch Park"
    assert file.stated_edition == "2020-03-22"
    assert values(file)["a_inw", "BU05180170"] == 0.0


def test_statline_named_after_another_year_is_refused(shared_data: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read("statline", shared_data / DEN_HAAG, 2023)
    assert (caught.value.code, caught.value.params["found"]) == ("wrong_year", 2019)


def test_rivm_values_are_estimates_and_both_kinds_of_missing_are_kept_apart(
    shared_data: Path,
) -> None:
    file = read("rivm", shared_data / RIVM, 2020)
    raw = raw_sheet(shared_data / RIVM, "WijkenEnBuurten")
    found = values(file)
    assert file.report.rows == 17_341
    assert file.report.areas == 17_340  # all but the country
    column = "Eenzaam_28"
    texts = {code: cells[column] for code, cells in raw.items() if not code.startswith("NL")}
    numbers = {
        code: float(text.strip()) for code, text in texts.items() if text and text.strip() != "."
    }
    assert {code: v for (name, code), v in found.items() if name == "eenzaam"} == numbers
    assert file.report.missing["eenzaam"] == {"dot": len(texts) - len(numbers)}
    assert {value.status for value in file.values} == {"estimate"}
    assert "estimates" in [note.code for note in file.report.notes]


def test_rivm_of_another_year_is_refused(shared_data: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read("rivm", shared_data / RIVM, 2022)
    assert (caught.value.code, caught.value.params["found"]) == ("wrong_year", 2020)


def test_leefbaarometer_properties(shared_data: Path) -> None:
    file = read("leefbaarometer", shared_data / LBM, 2024)
    features = json.loads((shared_data / LBM).read_text(encoding="utf-8"))["features"]
    found = values(file)
    parts = {
        "lbm_woningvoorraad": "won",
        "lbm_fysieke_omgeving": "fys",
        "lbm_voorzieningen": "vrz",
        "lbm_sociale_samenhang": "soc",
        "lbm_overlast_onveiligheid": "onv",
        "lbm_totaal": "afw",
        "lbm_klasse": "kscore",
    }
    for feature in features:
        properties = feature["properties"]
        for indicator, key in parts.items():
            # The untouched field, not the re-publisher's rounded copy of `afw`.
            assert found[indicator, properties["code"]] == properties["raw"][key]
    assert len(found) == 106 * 7
    with pytest.raises(SourceError) as caught:
        read("leefbaarometer", shared_data / LBM, 2022)
    assert caught.value.code == "wrong_year"


def test_polygons_without_scores_are_no_leefbaarometer_file(shared_data: Path) -> None:
    path = shared_data / "grenzen/pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson"
    with pytest.raises(SourceError) as caught:
        read("leefbaarometer", path, 2024)
    assert caught.value.code in ("no_header", "no_known_columns")
