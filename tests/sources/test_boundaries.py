"""Small files made here: each awkward thing once, and what the reader says about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldapp.sources.boundaries import read_boundaries
from fieldapp.sources.errors import Refused, SourceError

# A square kilometre in RD around the church tower of Amersfoort, where RD has its origin:
# (155000, 463000) is 5.38720621 E, 52.15517440 N by definition of the system.
TOWER_RD = (155_000.0, 463_000.0)
TOWER = (5.38720621, 52.15517440)
Ring = list[list[float]]


def square(x: float, y: float, size: float) -> Ring:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


HOLED_NUMBER = [[5.0, 52.0], [5.1, 52.0], [float("nan"), 52.1], [5.0, 52.0]]


def polygon(x: float = 5.38, y: float = 52.15, size: float = 0.01) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [square(x, y, size)]}


def feature(code: object = "BU03070001", geometry: Any = "square", **more: Any) -> dict[str, Any]:
    properties = {"BU_CODE": code, "BU_NAAM": "Hof", "GM_NAAM": "Amersfoort", **more}
    shape = polygon() if geometry == "square" else geometry
    return {"type": "Feature", "properties": properties, "geometry": shape}


def write(folder: Path, *features: Any, **members: Any) -> Path:
    path = folder / "grenzen.geojson"
    data = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def refusal(folder: Path, *wrong: Any) -> Refused:
    """What is said about one wrong row beside a good one."""
    found = read_boundaries(write(folder, feature("BU03079000"), *wrong), year=2024)
    assert [row.code for row in found.rows] == ["BU03079000"]
    return found.report.refused[0]


def failure(path: Path, **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_boundaries(path, **{"year": 2024, **options})
    return caught.value


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "EPSG:28992"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/28992"}},
        {"type": "EPSG", "properties": {"code": 28992}},
    ],
)
def test_old_crs_members_are_understood(tmp_path: Path, crs: dict[str, Any]) -> None:
    shape = polygon(*TOWER_RD, 1000)
    found = read_boundaries(write(tmp_path, feature(geometry=shape), crs=crs), year=2024)
    corner = found.rows[0].geometry.geoms[0].exterior.coords[0]
    # One metre is about 1e-5 degree; without correction grid RD is good to some 0.3 m.
    assert corner == pytest.approx(TOWER, abs=1e-5)
    assert found.crs == "EPSG:28992"


def test_rd_numbers_without_crs_are_refused_or_converted_when_told(tmp_path: Path) -> None:
    path = write(tmp_path, feature(geometry=polygon(*TOWER_RD, 1000)))
    error = failure(path)
    assert (error.code, error.advice) == ("crs_missing", "pass_crs")
    assert error.params == {"looks": "EPSG:28992"}
    found = read_boundaries(path, year=2024, crs="EPSG:28992")
    corner = found.rows[0].geometry.geoms[0].exterior.coords[0]
    assert corner == pytest.approx(TOWER, abs=1e-5)


def test_degrees_that_claim_to_be_rd_are_refused(tmp_path: Path) -> None:
    error = failure(write(tmp_path, feature()), crs="EPSG:28992")
    assert (error.code, error.params["looks"]) == ("crs_does_not_fit", "EPSG:4326")


def test_the_user_may_overrule_a_wrong_crs_member(tmp_path: Path) -> None:
    wrong = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    path = write(tmp_path, feature(geometry=polygon(*TOWER_RD, 1000)), crs=wrong)
    assert failure(path).code == "crs_does_not_fit"
    found = read_boundaries(path, year=2024, crs="28992")
    assert [note.code for note in found.report.notes] == ["crs_overruled"]


@pytest.mark.parametrize(
    ("x", "y", "size"), [(TOWER[1], TOWER[0], 0.01), (TOWER_RD[1], TOWER_RD[0], 1000)]
)
def test_swapped_axes_are_recognised(tmp_path: Path, x: float, y: float, size: float) -> None:
    error = failure(write(tmp_path, feature(geometry=polygon(x, y, size))))
    assert (error.code, error.advice) == ("axes_swapped", "swap_axes")


def test_web_mercator_is_converted_and_another_land_refused(tmp_path: Path) -> None:
    # Web Mercator: x = lon/180 * pi * 6378137, y = ln(tan(pi/4 + lat/2)) * 6378137.
    shape = polygon(599_701.0, 6_828_200.0, 100)
    found = read_boundaries(write(tmp_path, feature(geometry=shape)), year=2024, crs="EPSG:3857")
    corner = found.rows[0].geometry.geoms[0].exterior.coords[0]
    assert corner == pytest.approx((5.38720, 52.155), abs=0.01)
    error = failure(write(tmp_path, feature(geometry=polygon(0, 0, 100))), crs="EPSG:3857")
    assert error.code == "crs_does_not_fit"
    assert failure(write(tmp_path, feature()), crs="banaan").code == "crs_unknown"


def test_sea_of_guinea_is_not_the_netherlands(tmp_path: Path) -> None:
    error = failure(write(tmp_path, feature(geometry=polygon(0, 0))))
    assert (error.code, error.advice) == ("crs_does_not_fit", "check_crs")


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "geometry_missing"),
        ({"type": "Polygon", "coordinates": []}, "geometry_missing"),
        ({"type": "Polygon", "coordinates": [[[5.38, 52.15], [5.39, 52.15]]]}, None),
        ({"type": "Polygon", "coordinates": "overal"}, "geometry_unreadable"),
        ({"type": "Veelhoek", "coordinates": []}, "geometry_unreadable"),
        ({"type": "Point", "coordinates": [5.38, 52.15]}, "not_a_polygon"),
        ({"type": "Polygon", "coordinates": [HOLED_NUMBER]}, "geometry_not_finite"),
        (polygon(size=0.0), "geometry_no_area"),
        (polygon(x=30.0), "coordinates_elsewhere"),
    ],
)
def test_rows_without_usable_geometry_are_named(
    tmp_path: Path, geometry: Any, reason: str | None
) -> None:
    refused = refusal(tmp_path, feature("BU03070001", geometry))
    assert (refused.row, refused.code) == (2, "BU03070001")
    assert refused.advice == "redraw_geometry"
    if reason is not None:
        assert refused.reason == reason


def test_a_bow_tie_keeps_both_its_wings(tmp_path: Path) -> None:
    bow = [[5.0, 52.0], [5.2, 52.2], [5.2, 52.0], [5.0, 52.2], [5.0, 52.0]]
    shape = {"type": "Polygon", "coordinates": [bow]}
    found = read_boundaries(write(tmp_path, feature(geometry=shape)), year=2024)
    # Two triangles with base 0.2 and height 0.1.
    assert found.rows[0].geometry.area == pytest.approx(2 * 0.2 * 0.1 / 2)
    assert found.report.repaired[0].reason.startswith("Self-intersection")


def test_only_surfaces_of_a_collection_are_kept(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[5.0, 52.0], [5.1, 52.1]]}
    shape = {"type": "GeometryCollection", "geometries": [line, polygon(size=0.01)]}
    found = read_boundaries(write(tmp_path, feature(geometry=shape)), year=2024)
    assert found.rows[0].geometry.area == pytest.approx(1e-4)
    assert found.report.repaired[0].reason == "GeometryCollection"


def test_heights_are_dropped(tmp_path: Path) -> None:
    ring = [[*point, 3.5] for point in square(5.38, 52.15, 0.01)]
    shape = {"type": "Polygon", "coordinates": [ring]}
    assert (
        not read_boundaries(write(tmp_path, feature(geometry=shape)), year=2024)
        .rows[0]
        .geometry.has_z
    )


@pytest.mark.parametrize(
    ("code", "reason", "suggestion"),
    [
        (3070001, "code_lost_zeros", "BU03070001"),
        ("03070001", "code_lost_prefix", "BU03070001"),
        ("BU030700011", "code_wrong_length", "BU03070001"),
        ("GM0307", "code_wrong_level", ""),
        ("", "code_missing", ""),
        (None, "code_missing", ""),
    ],
)
def test_wrong_codes_are_refused_with_a_suggestion(
    tmp_path: Path, code: object, reason: str, suggestion: str
) -> None:
    refused = refusal(tmp_path, feature(code))
    assert (refused.reason, refused.params["suggestion"]) == (reason, suggestion)
    assert refused.advice == ("use_suggestion" if suggestion else "check_code")


@pytest.mark.parametrize(
    ("name", "reason"), [("", "name_missing"), (None, "name_missing"), ("x" * 121, "name_too_long")]
)
def test_names_that_cannot_be_kept(tmp_path: Path, name: object, reason: str) -> None:
    assert refusal(tmp_path, feature(BU_NAAM=name)).reason == reason


def test_names_are_one_clean_line(tmp_path: Path) -> None:
    row = feature(BU_NAAM="  De\u00a0 Hof\n\u0000aan Zee ")
    assert read_boundaries(write(tmp_path, row), year=2024).rows[0].name == "De Hof aan Zee"


def test_padding_and_letters(tmp_path: Path) -> None:
    rows = (feature("BU0363AB10  "), feature("BU03070001"))
    found = read_boundaries(write(tmp_path, *rows), year=2024)
    assert [row.code for row in found.rows] == ["BU0363AB10", "BU03070001"]


def test_a_code_twice(tmp_path: Path) -> None:
    same = write(tmp_path, feature(), feature())
    found = read_boundaries(same, year=2024)
    assert (len(found.rows), found.report.repeated) == (1, 1)

    other = feature(geometry=polygon(5.5))
    found = read_boundaries(write(tmp_path, feature("BU03079000"), feature(), other), year=2024)
    assert [row.code for row in found.rows] == ["BU03079000"]
    refused = [(item.row, item.reason, item.params["rows"]) for item in found.report.refused]
    assert refused == [(2, "code_twice", [2, 3]), (3, "code_twice", [2, 3])]


@pytest.mark.parametrize(
    ("properties", "water"),
    [
        ({"H2O": "JA"}, True),
        ({"WATER": "ja "}, True),
        ({"water": "B"}, True),
        ({"H2O": "NEE", "BU_CODE": "BU03079997"}, False),  # the column has the last word
        ({"BU_CODE": "BU03079997"}, True),
        ({"BU_CODE": "BU03079997", "AANT_INW": 15}, False),  # people live there
        ({"BU_CODE": "BU03079901", "BU_NAAM": "Groot water"}, True),
        ({"BU_CODE": "BU03079901", "BU_NAAM": "Loon"}, False),
        ({"BU_CODE": "BU03070198", "BU_NAAM": "Water"}, False),
    ],
)
def test_water(tmp_path: Path, properties: dict[str, Any], water: bool) -> None:
    row = feature()
    row["properties"].update(properties)
    found = read_boundaries(write(tmp_path, feature("BU03070009"), row), year=2024)
    assert (found.report.water, len(found.rows)) == ((1, 1) if water else (0, 2))


@pytest.mark.parametrize("value", [-99997, -99995, -99999999, ".", "", None, "n.b."])
def test_sentinels_are_no_inhabitants(tmp_path: Path, value: object) -> None:
    found = read_boundaries(write(tmp_path, feature(AANT_INW=value)), year=2024)
    assert found.rows[0].inhabitants is None


def test_zero_inhabitants_is_a_number(tmp_path: Path) -> None:
    found = read_boundaries(write(tmp_path, feature(AANT_INW="0")), year=2024)
    assert found.rows[0].inhabitants == 0


def test_a_page_of_more_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, feature(), links=[{"rel": "next", "href": "https://api.pdok.nl/"}])
    notes = read_boundaries(path, year=2024).report.notes
    assert [note.code for note in notes] == ["one_page_of_more"]


def test_another_boundary_year_is_refused(tmp_path: Path) -> None:
    row = feature()
    row["properties"] = {
        "buurtcode": "BU03070001",
        "buurtnaam": "Hof",
        "gemeentecode": "GM0307",
        "jaar": 2023,
    }
    error = failure(write(tmp_path, row))
    assert (error.code, error.params["stated"], error.params["year"]) == (
        "year_differs",
        2023,
        2024,
    )
    assert len(read_boundaries(write(tmp_path, row), year=2023).rows) == 1


@pytest.mark.parametrize(
    ("content", "code", "advice"),
    [
        (b"", "file_empty", "download_again"),
        (b"buurt;inwoners\nHof;12\n", "not_json", "download_again"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Fea', "json_cut_off", None),
        (b"PK\x03\x04" + b"\0" * 50, "wrong_kind", "unpack_first"),
        (b"\x1f\x8b\x08" + b"\0" * 50, "wrong_kind", "unpack_first"),
        (b"\x00\x00\x27\x0a" + b"\0" * 96, "wrong_kind", "save_as_geopackage"),
        (b"\n <!DOCTYPE html><title>502</title>", "wrong_kind", "download_again"),
        (b'<?xml version="1.0"?><ows:ExceptionReport/>', "wrong_kind", "download_as_geojson"),
        (b'{"title": "Not Found", "status": 404}', "not_feature_collection", None),
        (b"[1, 2]", "not_feature_collection", "download_as_geojson"),
        (b'{"type": "FeatureCollection", "features": []}', "no_features", None),
        ('{"type": "Fryslân"}'.encode("latin-1"), "not_utf8", "save_as_utf8"),
        (b"[" * 200_000, "not_json", "download_again"),
        (b"SQLite format 3\x00" + b"\0" * 100, "geopackage_broken", "download_again"),
    ],
)
def test_files_that_are_something_else(
    tmp_path: Path, content: bytes, code: str, advice: str | None
) -> None:
    path = tmp_path / "grenzen.geojson"
    path.write_bytes(content)
    error = failure(path)
    assert (error.code, error.where) == (code, "grenzen.geojson")
    assert error.advice
    assert advice in (None, error.advice)


def test_missing_too_large_and_folder(tmp_path: Path) -> None:
    assert failure(tmp_path / "weg.geojson").code == "file_missing"
    assert failure(tmp_path).code == "not_a_file"
    error = failure(write(tmp_path, feature()), max_bytes=100)
    assert (error.code, error.params["limit"]) == ("file_too_large", 100)


def test_unknown_columns_ask_for_a_mapping(tmp_path: Path) -> None:
    row = feature()
    row["properties"] = {"WIJKCODE": "18", "BUURTCODE": "06", "BUURTNAAM": "Hof"}
    error = failure(write(tmp_path, row))
    assert (error.code, error.advice) == ("columns_unknown", "use_mapping")
    assert error.params["columns"] == ["BUURTCODE", "BUURTNAAM", "WIJKCODE"]


def test_a_file_of_which_nothing_can_be_used(tmp_path: Path) -> None:
    error = failure(write(tmp_path, feature(307), feature("x")))
    assert (error.code, error.params["refused"], error.params["row"]) == ("nothing_usable", 2, 1)


MAPPING: dict[str, Any] = {
    "level": "buurt",
    "code": ["BU0307", {"column": "W", "width": 2}, {"column": "B", "last": 2}],
    "name": "N",
}


def test_a_mapping_joins_code_parts(tmp_path: Path) -> None:
    rows = [
        {"type": "Feature", "properties": {"W": wijk, "B": buurt, "N": "Hof"}, "geometry": shape}
        for wijk, buurt, shape in ((7, "01", polygon()), ("42", 111, polygon(5.5)))
    ]
    found = read_boundaries(write(tmp_path, *rows), year=2020, mapping=MAPPING)
    assert [row.code for row in found.rows] == ["BU03070701", "BU03074211"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"naam": "N"}, "naam"),
        ({"level": "straat"}, "level"),
        ({"name": None}, "name"),
        ({"code": []}, "code"),
        ({"code": [{"column": "W", "width": "2"}]}, "code[1]"),
        ({"code": ["BU", {"kolom": "W"}]}, "code[2]"),
        ({"code": [{"column": "W", "text": "BU"}]}, "code[1]"),
    ],
)
def test_a_wrong_mapping_names_the_key(tmp_path: Path, change: dict[str, Any], key: str) -> None:
    error = failure(write(tmp_path, feature()), mapping={**MAPPING, **change})
    assert (error.code, error.params["key"]) == ("mapping_wrong", key)


def test_a_mapping_for_another_file(tmp_path: Path) -> None:
    error = failure(write(tmp_path, feature()), mapping=MAPPING)
    assert (error.code, error.params["missing"]) == ("mapping_does_not_fit", ["b", "n", "w"])
    path = tmp_path / "kaart.yaml"
    path.write_text("code: [", encoding="utf-8")
    assert failure(write(tmp_path, feature()), mapping=path).code == "mapping_not_yaml"
