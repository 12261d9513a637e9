"""The traps of statistics files, each with a small file that holds it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from fieldapp.core.indicator import load_catalogue
from fieldapp.paths import FRAMEWORKS
from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics import StatisticsFile, cells, read_statistics, workbook

CATALOGUE = load_catalogue(FRAMEWORKS / "indicators.yaml")
HEADER = ("gwb_code", "regio", "a_inw", "p_leegsw")
WELL = ("BU03440111", "Welgelegen", 1810, 8)


def book(path: Path, *rows: Sequence[Any], title: str = "kwb") -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    made.save(path)
    return path


def kwb(path: Path, year: int = 2023) -> StatisticsFile:
    return read_statistics("kwb", path, year=year, catalogue=CATALOGUE)


def own(path: Path, rules: dict[str, Any] | Path, year: int = 2024) -> StatisticsFile:
    return read_statistics("csv", path, year=year, catalogue=CATALOGUE, mapping=rules)


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def values(file: StatisticsFile) -> dict[tuple[str, str], float]:
    return {(value.indicator, value.area_code): value.value for value in file.values}


def refused(action: Callable[[], Any]) -> SourceError:
    with pytest.raises(SourceError) as caught:
        action()
    return caught.value


# --- cells ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "decimal", "expected"),
    [
        (0, ".", 0.0),
        ("0", ".", 0.0),
        ("    76.6", ".", 76.6),
        ("76,6", ",", 76.6),
        ("\u00a01 234,5", ",", 1234.5),
        ("1.234", ".", 1.234),
        ("1.234", ",", 1234.0),
        ("1,234.5", ".", 1234.5),
        ("\u0661\u0662,\u0665", ",", 12.5),  # Arabic digits are digits
        ("-0.0210412", ".", -0.0210412),
        ("       .", ".", cells.DOT),
        ("", ".", cells.EMPTY),
        (None, ".", cells.EMPTY),
        (float("nan"), ".", cells.EMPTY),
        (-99995, ".", cells.SENTINEL),
        (-99997.0, ".", cells.SENTINEL),
        ("-99999999", ".", cells.SENTINEL),
        ("x", ".", cells.SECRET),
        ("#DEEL/0!", ".", cells.EXCEL_ERROR),
        ("nan", ".", cells.NOT_A_NUMBER),
        ("1e5", ".", cells.NOT_A_NUMBER),
        ("12,5", ".", cells.NOT_A_NUMBER),
        ("12 %", ".", cells.NOT_A_NUMBER),
        (True, ".", cells.NOT_A_NUMBER),
        (float("inf"), ".", cells.NOT_A_NUMBER),
    ],
)
def test_read_number(raw: object, decimal: cells.Decimal, expected: float | str) -> None:
    assert cells.read_number(raw, decimal) == expected


@pytest.mark.parametrize(
    ("written", "mark", "clash"),
    [
        (["1.5", "1.234"], ".", None),
        (["1,5", "1.234"], ",", None),
        (["12", "."], ".", None),
        (["1.234"], ".", None),
        (["1,5", "2.5"], ".", ("2.5", "1,5")),
    ],
)
def test_the_file_as_a_whole_decides_on_the_decimal_mark(
    written: list[str], mark: str, clash: tuple[str, str] | None
) -> None:
    assert cells.find_decimal(written) == (mark, clash)


# --- Excel ------------------------------------------------------------------------------------


def test_columns_renamed_between_editions(tmp_path: Path) -> None:
    old = book(tmp_path / "a.xlsx", ("gwb_code", "a_opl_lg", "a_opl_md", "a_opl_hg"),
               ("BU03440111", 100, 100, 200))  # fmt: skip
    new = book(tmp_path / "b.xlsx", ("gwb_code", "a_opl_bvm", "a_opl_hvm", "a_opl_hw"),
               ("BU03440111", 100, 100, 200))  # fmt: skip
    assert values(kwb(old)) == values(kwb(new))
    assert values(kwb(new))["basisopleiding", "BU03440111"] == 25.0
    assert "leegstand" in kwb(new).report.absent


def test_missing_is_counted_by_reason_and_a_zero_is_kept(tmp_path: Path) -> None:
    rows = [(f"BU0344011{i}", "x", 10, cell) for i, cell in enumerate((".", None, -99997, 0, 101))]
    file = kwb(book(tmp_path / "a.xlsx", HEADER, *rows))
    assert file.report.missing["leegstand"] == {
        "dot": 1, "empty": 1, "sentinel": 1, "out_of_range": 1,
    }  # fmt: skip
    assert values(file)["leegstand", "BU03440113"] == 0.0
    suspect = file.report.suspects[0]
    assert (suspect.where, suspect.written) == ("kwb!D6", "101")


def test_bad_codes_are_listed_with_their_row(tmp_path: Path) -> None:
    rows = [WELL, (3440112, "x", 1, 1), (None, "Totaal", 1, 1), ("bu03440113", "x", 1, 1),
            ("NL00      ", "Nederland", 1, 1), ("BU0363AB10  ", "y", 5, 1)]  # fmt: skip
    report = kwb(book(tmp_path / "a.xlsx", HEADER, *rows)).report
    assert [(r.row, r.reason) for r in report.refused] == [
        (3, "lost_zeros"), (4, "missing"), (5, "lower_case"),
    ]  # fmt: skip
    assert (report.rows, report.areas, report.elsewhere) == (6, 2, 1)
    assert report.rows == report.areas + report.elsewhere + len(report.refused)


def test_a_title_above_the_header_and_another_sheet_name(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("Kerncijfers",), (), HEADER, WELL, title="Blad 1 (2)")
    assert values(kwb(path))["a_inw", "BU03440111"] == 1810


def test_one_code_twice_and_one_column_twice(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", HEADER, WELL, WELL)
    error = refused(lambda: kwb(path))
    assert (error.code, error.params["first"], error.params["row"]) == ("double_code", 2, 3)
    path = book(tmp_path / "b.xlsx", (*HEADER, "a_inw"), (*WELL, 5))
    assert refused(lambda: kwb(path)).code == "double_column"


def test_several_sheets_with_figures(tmp_path: Path) -> None:
    made = Workbook()
    for title in ("een", "twee"):
        sheet = made.create_sheet(title)
        sheet.append(list(HEADER))
        sheet.append(list(WELL))
    made.save(tmp_path / "a.xlsx")
    error = refused(lambda: kwb(tmp_path / "a.xlsx"))
    assert (error.code, error.params["sheets"]) == ("several_sheets", ["een", "twee"])


def test_a_formula_without_a_stored_value_is_refused_by_address(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", HEADER, WELL, ("BU03440112", "x", "=C2*2", 1))
    error = refused(lambda: kwb(path))
    assert (error.code, error.params["cells"]) == ("formula_without_value", ["kwb!C3"])


def test_a_formula_with_a_stored_value_counts_as_that_value(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", HEADER, WELL, ("BU03440112", "x", "=C2*2", 1))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    for bare in (b"<f>C2*2</f><v></v>", b"<f>C2*2</f><v/>", b"<f>C2*2</f><v />"):
        sheet = sheet.replace(bare, b"<f>C2*2</f><v>3620</v>")
    assert b"3620" in sheet
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
            archive.writestr(name, content)
    assert values(kwb(path))["a_inw", "BU03440112"] == 3620


def test_text_numbers_with_point_and_comma_in_one_file(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", HEADER, (*WELL[:3], "8,5"), ("BU03440112", "x", 1, "8.5"))
    error = refused(lambda: kwb(path))
    assert (error.code, error.params) == ("mixed_decimals", {"point": "8.5", "comma": "8,5"})


def test_a_workbook_without_the_columns_of_the_source(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("naam", "aantal"), ("x", 1))
    assert refused(lambda: kwb(path)).code == "no_header"
    path = book(tmp_path / "b.xlsx", ("gwb_code", "iets"), ("BU03440111", 1))
    assert refused(lambda: kwb(path)).code == "no_known_columns"
    path = book(tmp_path / "c.xlsx", HEADER)
    assert refused(lambda: kwb(path)).code == "no_codes"


def zipped(names: Sequence[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"gwb_code;a_inw\nBU03440111;5\n", "not_a_workbook"),
        (b"PK\x03\x04 and then nothing", "not_a_workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old_or_locked_workbook"),
        (zipped(["holiday.jpg"]), "not_a_workbook"),
        (zipped(["xl/workbook.xml", "[Content_Types].xml"]), "damaged_workbook"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "kwb.xlsx"
    path.write_bytes(content)
    error = refused(lambda: kwb(path))
    assert error.code == code
    assert error.advice
    assert "kwb.xlsx" in error.where


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    zeros = b"\0" * 1024**2
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(workbook.MAX_BYTES // len(zeros) + 1):
                sheet.write(zeros)
    assert path.stat().st_size < 1024**2
    assert refused(lambda: kwb(path)).code == "unpacks_too_large"


def test_too_many_rows_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx", HEADER, WELL, ("BU03440112", "x", 1, 1))
    monkeypatch.setattr(workbook, "MAX_ROWS", 1)
    assert refused(lambda: kwb(path)).code == "too_many_rows"
    monkeypatch.setattr(workbook, "MAX_BYTES", 10)
    assert refused(lambda: kwb(path)).code == "file_too_large"


def test_a_sheet_named_after_another_year(tmp_path: Path) -> None:
    path = book(tmp_path / "bestand.xlsx", HEADER, WELL, title="kwb-2024")
    assert refused(lambda: kwb(path, 2023)).params["found"] == 2024
    assert values(kwb(path, 2024))["a_inw", "BU03440111"] == 1810


def test_no_such_file_or_source(tmp_path: Path) -> None:
    assert refused(lambda: kwb(tmp_path / "weg.xlsx")).code == "file_not_found"
    path = tmp_path / "weg.xlsx"
    error = refused(lambda: read_statistics("cbs", path, year=2023, catalogue=CATALOGUE))
    assert error.params["allowed"] == ["kwb", "statline", "rivm", "leefbaarometer", "csv"]


# --- RIVM -------------------------------------------------------------------------------------


def rivm(path: Path, *rows: Sequence[Any]) -> StatisticsFile:
    head = ("ID", "Leeftijd", "Marges", "WijkenEnBuurten", "Perioden", "Eenzaam_27", "Nieuw_99")
    return read_statistics("rivm", book(path, head, *rows), year=2022, catalogue=CATALOGUE)


def test_rivm_takes_adults_and_values_of_the_year_whatever_the_number_behind_the_name(
    tmp_path: Path,
) -> None:
    file = rivm(
        tmp_path / "a.xlsx",
        (1, 20300, "MW00000", "BU03440111", "2022JJ00", "    46.7", "1"),
        (2, 20300, "MW00001", "BU03440111", "2022JJ00", "    40.0", "1"),
        (3, "80200   ", "MW00000", "BU03440111", "2022JJ00", "    60.0", "1"),
        (4, 20300, "MW00000", "BU03440111", "2020JJ00", "    45.0", "1"),
    )
    assert values(file) == {("eenzaam", "BU03440111"): 46.7}
    assert (file.report.rows, file.report.elsewhere, file.report.unused) == (4, 3, ("Nieuw_99",))


def test_rivm_without_adults_is_refused(tmp_path: Path) -> None:
    row = (1, 80200, "MW00000", "BU03440111", "2022JJ00", "46.7", "1")
    assert refused(lambda: rivm(tmp_path / "a.xlsx", row)).code == "no_such_selection"


# --- own files --------------------------------------------------------------------------------

RULES = {"code": "buurtcode", "columns": {"opkomst_gemeenteraad": "opkomst"}}


def test_own_file_of_dutch_excel(tmp_path: Path) -> None:
    content = "buurtcode;naam;opkomst\r\nBU03440111;Café;51,5\r\nBU03440112;x;0\r\n"
    path = text(tmp_path / "a.csv", content, "cp1252")
    assert values(own(path, RULES)) == {
        ("opkomst_gemeenteraad", "BU03440111"): 51.5,
        ("opkomst_gemeenteraad", "BU03440112"): 0.0,
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_own_file_in_any_dress(tmp_path: Path, delimiter: str, encoding: str) -> None:
    lines = [("buurtcode", "opkomst"), ("BU03440111", "51.5")]
    content = "\n".join(delimiter.join(line) for line in lines)
    path = text(tmp_path / "a.csv", content, encoding)
    assert list(values(own(path, RULES)).values()) == [51.5]


def test_a_mapping_from_yaml_or_json_with_a_year_column(tmp_path: Path) -> None:
    content = "buurtcode,jaar,opkomst\nBU03440111,2022,50\nBU03440111,2024,60\n"
    path = text(tmp_path / "a.csv", content)
    rules = RULES | {"year_column": "jaar", "decimal": ".", "delimiter": ","}
    as_json = text(tmp_path / "m.json", json.dumps(rules))
    yaml_text = "code: buurtcode\nyear_column: jaar\ncolumns: {opkomst_gemeenteraad: opkomst}\n"
    as_yaml = text(tmp_path / "m.yaml", yaml_text)
    for mapping in (as_json, as_yaml):
        assert list(values(own(path, mapping)).values()) == [60.0]
    error = refused(lambda: own(path, as_json, 2023))
    assert (error.code, error.params["found"]) == ("wrong_year", ["2022", "2024"])


@pytest.mark.parametrize(
    ("changes", "where", "reason"),
    [
        ({"codes": "x"}, "mapping: codes", "unknown_key"),
        ({"code": ""}, "mapping: code", "missing"),
        ({"columns": {}}, "mapping: columns", "missing"),
        ({"columns": {"opkomst_gemeenterad": "x"}},
         "mapping: columns.opkomst_gemeenterad", "unknown_indicator"),
        ({"columns": {"bijstand": "x"}}, "mapping: columns.bijstand", "is_derived"),
        ({"delimiter": "; "}, "mapping: delimiter", "not_allowed"),
        ({"decimal": "'"}, "mapping: decimal", "not_allowed"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_mapping_is_named(
    tmp_path: Path, changes: dict[str, Any], where: str, reason: str
) -> None:
    path = text(tmp_path / "a.csv", "buurtcode;opkomst\nBU03440111;50\n")
    error = refused(lambda: own(path, RULES | changes))
    assert (error.code, error.where, error.params["reason"]) == ("bad_mapping", where, reason)


def test_a_mapping_that_does_not_fit_the_file(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "buurtcode;opkomst\nBU03440111;50\n")
    other = RULES | {"columns": {"opkomst_gemeenteraad": "turnout"}}
    assert refused(lambda: own(path, other)).code == "mapped_column_absent"
    assert refused(lambda: own(path, RULES | {"code": "cbs"})).code == "no_header"
    assert refused(lambda: own(path, RULES | {"year": 2020})).code == "wrong_year"
    error = refused(lambda: read_statistics("csv", path, year=2024, catalogue=CATALOGUE))
    assert error.code == "no_mapping"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"buurtcode;opkomst\n", "no_rows"),
        (b"\x89PNG\0\0\0", "not_text"),
        (b"PK\x03\x04rest", "not_text"),
        (b"buurtcode;opkomst\nBU03440111;1;2\n", "ragged_row"),
        (b'buurtcode;opkomst\n"BU03440111' + b"x" * 140_000, "not_csv"),
        (b"buurtcode;opkomst\nUtrecht;1\n", "no_codes"),
    ],
)
def test_broken_text_files(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refused(lambda: own(path, RULES)).code == code


# --- Leefbaarometer ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[1, 2]", "not_geojson"),
        ('{"features": []}', "no_rows"),
        ('{"features": [null, {"properties": null}]}', "no_header"),
        ('{"features": [{"properties": {"code": "BU03440111"}}]}', "no_known_columns"),
    ],
)
def test_broken_geojson(tmp_path: Path, content: str, code: str) -> None:
    path = text(tmp_path / "lbm.geojson", content)
    error = refused(lambda: read_statistics("leefbaarometer", path, year=2024, catalogue=CATALOGUE))
    assert error.code == code


def test_the_open_data_csv_of_all_years(tmp_path: Path) -> None:
    content = "jaar,bu_code,bu_naam,lbm,afw,fys,onv,soc,vrz,won\n"
    content += "2022,BU03440111,Welgelegen,4.1,0.1,0.1,0.1,0.1,0.1,0.1\n"
    content += "2024,BU03440111,Welgelegen,4.2,0.5,0.1,-0.2,0.1,0.1,0.1\n"
    path = text(tmp_path / "Leefbaarometer-scores buurten 2002-2024.csv", content)
    file = read_statistics("leefbaarometer", path, year=2024, catalogue=CATALOGUE)
    assert values(file)["lbm_overlast_onveiligheid", "BU03440111"] == -0.2
    assert (file.report.areas, file.report.elsewhere) == (1, 1)
