"""Every real boundary file; the counts are those of shared/data/README.md."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import shapely

from fieldapp.sources.boundaries import BoundaryFile, read_boundaries
from fieldapp.sources.errors import SourceError

ROOT = Path(__file__).parents[2]
DEN_HAAG = ROOT / "surveys/mappings/gemeente-denhaag-2020.yaml"


def read(folder: Path, name: str, **options: object) -> BoundaryFile:
    options.setdefault("year", 2024)
    return read_boundaries(folder / "grenzen" / name, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "rows", "level", "simplified"),
    [
        ("lbm3-2024_buurten_GM0202_arnhem.geojson", 79, "buurt", True),
        ("lbm3-2024_buurten_GM0344_utrecht.geojson", 106, "buurt", True),
        ("lbm3-2024_buurten_GM0518_den-haag.geojson", 110, "buurt", True),
        ("lbm3-2024_buurten_GM0014_groningen.geojson", 104, "buurt", True),
        ("lbm3-2024_buurten_GM0106_assen.geojson", 80, "buurt", True),
        ("lbm3-2024_gemeenten_NL.geojson", 342, "gemeente", True),
        ("pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson", 21, "buurt", False),
        ("cbs-2016_wijken_RD_groningen-tenboer-haren.geojson", 18, "wijk", True),
    ],
)
def test_whole_files(shared_data: Path, name: str, rows: int, level: str, simplified: bool) -> None:
    found = read(shared_data, name)
    assert (len(found.rows), found.report.read) == (rows, rows)
    assert {row.level for row in found.rows} == {level}
    assert {row.simplified for row in found.rows} == {simplified}
    assert (found.report.repaired, found.report.refused, found.report.water) == ((), (), 0)
    for row in found.rows:
        assert row.geometry.is_valid
        assert isinstance(row.geometry, shapely.MultiPolygon)
        west, south, east, north = row.geometry.bounds
        assert west > 3
        assert east < 7.3
        assert south > 50.7
        assert north < 53.8


def test_invalid_geometry_is_repaired_and_told(shared_data: Path) -> None:
    found = read(shared_data, "cbs-2016_wijken_RD_GM1940_de-fryske-marren.geojson", year=2016)
    assert len(found.rows) == 51
    assert found.crs == "EPSG:28992"
    assert found.gemeente_names == {"GM1940": "De Fryske Marren"}
    assert len(found.report.repaired) == 3
    assert all("elf-intersection" in item.reason for item in found.report.repaired)
    assert all(row.geometry.is_valid for row in found.rows)


def test_large_water_is_left_out_by_its_name(shared_data: Path) -> None:
    """WK051899 and WK062999 are called Groot water; the file has no water column."""
    found = read(shared_data, "cbs_wijken_haaglanden_wgs84.geojson")
    assert found.report.read == 72
    assert found.report.water == 2
    assert len(found.rows) == 70
    assert not {"WK051899", "WK062999"} & {row.code for row in found.rows}


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("lbm3-2024_buurten_GM0106_assen.geojson", {"BU01069900", "BU01069913"}),
        ("lbm3-2024_buurten_GM0202_arnhem.geojson", {"BU02021798", "BU02022197"}),
        ("lbm3-2024_buurten_GM0518_den-haag.geojson", {"BU05181697", "BU05183398"}),
    ],
)
def test_inhabited_buurten_with_a_watery_code_stay(
    shared_data: Path, name: str, codes: set[str]
) -> None:
    assert codes <= {row.code for row in read(shared_data, name).rows}


def test_municipal_codes_become_cbs_codes(shared_data: Path) -> None:
    """114 of 114, against the codes CBS itself uses in the key figures of 2019."""
    found = read(shared_data, "gemeente-denhaag_buurten_RD.geojson", year=2020, mapping=DEN_HAAG)
    table = shared_data / "cijfers/statline_Kerncijfers_wijken_en_buurten_2019_GM0518_den-haag.csv"
    with table.open(encoding="utf-8-sig", newline="") as stream:
        cells = {cell.strip() for line in csv.reader(stream, delimiter=";") for cell in line}
    cbs = {cell for cell in cells if cell.startswith("BU0518")}
    assert len(cbs) == 114
    assert {row.code for row in found.rows} == cbs
    assert {row.gemeente_name for row in found.rows} == {"'s-Gravenhage"}


def test_municipal_and_leefbaarometer_polygons_lie_on_each_other(shared_data: Path) -> None:
    """Two publishers, RD and degrees: the same buurt must be the same place."""
    own = read(shared_data, "gemeente-denhaag_buurten_RD.geojson", year=2020, mapping=DEN_HAAG)
    other = read(shared_data, "lbm3-2024_buurten_GM0518_den-haag.geojson")
    exact = {row.code: row.geometry for row in own.rows}
    assert len(other.rows) == 110
    for row in other.rows:
        shared = row.geometry.intersection(exact[row.code]).area
        assert shared / row.geometry.area > 0.75, row.code


def test_pdok_columns(shared_data: Path) -> None:
    found = read(shared_data, "pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson")
    centrum = next(row for row in found.rows if row.code == "BU03080000")
    assert (centrum.name, centrum.gemeente_name) == ("Centrum", "Baarn")
    assert (centrum.inhabitants, centrum.changed_flag) == (1825, 1)
    assert centrum.properties["bevolkingsdichtheid_inwoners_per_km2"] == 5573
    assert len(centrum.properties) == 223


def test_pdok_camel_case_gives_the_same(shared_data: Path, tmp_path: Path) -> None:
    """The WFS spells aantalInwoners where the OGC API spells aantal_inwoners."""
    name = "pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson"
    data = json.loads((shared_data / "grenzen" / name).read_text())
    for feature in data["features"]:
        feature["properties"] = {
            (words := key.split("_"))[0] + "".join(word.capitalize() for word in words[1:]): value
            for key, value in feature["properties"].items()
        }
    assert "aantalInwoners" in data["features"][0]["properties"]
    wfs = tmp_path / "wfs.geojson"
    wfs.write_text(json.dumps(data))
    ours = [
        (row.code, row.name, row.inhabitants, row.changed_flag, row.geometry)
        for row in read_boundaries(wfs, year=2024).rows
    ]
    theirs = [
        (row.code, row.name, row.inhabitants, row.changed_flag, row.geometry)
        for row in read(shared_data, name).rows
    ]
    assert ours == theirs


def test_geopackage_with_three_layers_in_rd(shared_data: Path, tmp_path: Path) -> None:
    """As PDOK's download: layers in EPSG:28992, read next to tables that are no areas."""
    geopandas = pytest.importorskip("geopandas")
    folder = shared_data / "grenzen"
    path = tmp_path / "wijkenbuurten_2024_v1.gpkg"
    buurten = geopandas.read_file(
        folder / "pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson"
    ).to_crs(28992)
    buurten.to_file(path, layer="buurten")
    wijken = buurten.dissolve("wijkcode").reset_index()[["wijkcode", "geometry"]]
    wijken["wijknaam"] = "Wijk"
    wijken["gemeentecode"] = "GM0308"
    wijken["water"] = "NEE"
    wijken.to_file(path, layer="wijken")
    buurten[["meest_voorkomende_postcode", "geometry"]].to_file(path, layer="postcodes")

    found = read_boundaries(path, year=2024)
    straight = read(shared_data, "pdok-wijkenbuurten-2024_buurten_GM0308_baarn.geojson")
    assert found.crs == "EPSG:28992"
    levels = [row.level for row in found.rows]
    assert levels.count("buurt") == 21
    assert levels.count("wijk") == len(set(buurten["wijkcode"]))
    exact = {row.code: row for row in straight.rows}
    for row in found.rows:
        if row.level == "buurt":
            assert row.inhabitants == exact[row.code].inhabitants
            # There and back through RD: within a millionth of a degree, some ten centimetres.
            assert row.geometry.hausdorff_distance(exact[row.code].geometry) < 1e-6

    only = read_boundaries(path, year=2024, levels=["wijk"])
    assert {row.level for row in only.rows} == {"wijk"}


@pytest.mark.parametrize("name", ["kwb-2024_GM0344_utrecht.xlsx", "kwb-2023_GM0344_utrecht.xlsx"])
def test_figures_are_no_boundaries(shared_data: Path, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_boundaries(shared_data / "cijfers" / name, year=2024)
    assert (caught.value.code, caught.value.params) == ("wrong_kind", {"kind": "excel"})
