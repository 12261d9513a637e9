"""What the codes of a boundary import mean, in words for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.cli.sentences import fill, line
from fieldapp.sources.errors import Note, Refused, SourceError

# What is wrong with the file as a whole, or with a row.
WRONG: Mapping[str, str] = {
    "file_missing": "the file is not there",
    "file_unreadable": "the file cannot be opened",
    "not_a_file": "this is a folder, not a file",
    "file_empty": "the file is empty",
    "file_too_large": "the file has {bytes} bytes, the limit is {limit}",
    "wrong_kind": "this is a {kind} file, not GeoJSON or GeoPackage",
    "not_json": "this is not GeoJSON (line {line}, column {column})",
    "json_cut_off": "the file stops halfway (line {line}, column {column})",
    "not_utf8": "the text is not UTF-8 (byte {byte})",
    "not_feature_collection": "this JSON is no FeatureCollection but {found!r}",
    "no_features": "there are no features in it",
    "geopackage_broken": "the GeoPackage cannot be read: {detail}",
    "no_area_layers": "no layer of gemeenten, wijken or buurten among {layers}",
    "columns_unknown": "no known column for the area code among {columns}",
    "mapping_not_yaml": "the mapping is not YAML: {detail}",
    "mapping_wrong": "the mapping is wrong at {key!r}",
    "mapping_does_not_fit": "the mapping asks for {missing}, which are not among {columns}",
    "crs_unknown": "unknown coordinate system {crs!r}",
    "crs_missing": "the numbers look like {looks}, but the file does not say so",
    "crs_does_not_fit": "the numbers do not fit {crs} in the Netherlands; they look like {looks}",
    "axes_swapped": "x and y (longitude and latitude) are swapped",
    "year_differs": "the file says boundary year {stated} (row {row}), not {year}",
    "year_impossible": "{year} is no boundary year; use {first} to {last}",
    "nothing_usable": "none of the rows can be used; row {row} ({code!r}): {reason_text}",
    "code_missing": "there is no area code",
    "code_lost_zeros": "the code {written!r} lost its leading zeros",
    "code_lost_prefix": "the code {written!r} lacks GM, WK or BU",
    "code_wrong_length": "the code {written!r} has a wrong length",
    "code_lower_case": "the code {written!r} has small letters",
    "code_wrong_level": "the code {written!r} is of another level than its column",
    "code_not_a_code": "{written!r} is no area code",
    "code_twice": "the code stands in rows {rows} with different shapes",
    "abroad": "GM0998 stands for abroad",
    "name_missing": "the name (column {column}) is empty",
    "name_too_long": "the name (column {column}) is longer than 120 characters",
    "geometry_missing": "there is no geometry",
    "geometry_unreadable": "the geometry cannot be read: {detail}",
    "geometry_not_finite": "a coordinate is not a number",
    "geometry_no_area": "the geometry has no surface",
    "not_a_polygon": "the geometry is a {found}, not a polygon",
    "coordinates_elsewhere": "the coordinates lie far from those of the other rows",
}

ADVICE: Mapping[str, str] = {
    "check_path": "check the path",
    "check_code": "look the code up at CBS and correct it",
    "check_crs": "check the coordinates, or name their system with --crs",
    "check_name": "correct the name",
    "choose_boundary_file": "choose a file with polygons of gemeenten, wijken or buurten",
    "download_again": "download it again",
    "download_as_geojson": "download it as GeoJSON or GeoPackage",
    "keep_one_row": "keep the right one",
    "pass_crs": "name the coordinate system, for example --crs EPSG:28992 or --crs EPSG:4326",
    "pass_year": "pass the boundary year of the file with --year",
    "redraw_geometry": "correct the shape in a program such as QGIS",
    "save_as_geopackage": "save it as GeoPackage, for example with QGIS",
    "save_as_utf8": "save it as UTF-8",
    "see_mapping_example": "see surveys/mappings/gemeente-denhaag-2020.yaml for an example",
    "split_file": "split the file, or use GeoPackage",
    "swap_axes": "save it with longitude (x) first, for example with QGIS",
    "unpack_first": "unpack it and choose the GeoJSON or GeoPackage in it",
    "use_mapping": "say which column is what with --mapping FILE.yaml",
    "use_suggestion": "probably {suggestion}",
}

NOTES: Mapping[str, str] = {
    "one_page_of_more": "this is one page of more: fetch the next page as well",
    "simplified_geometry": "the boundaries are simplified: good for maps, not for legal use",
    "crs_overruled": "the file says {stated}; read as {used}, as asked",
    "parents_derived": "{count} wijken and gemeenten were made from the areas in them",
}


def error_text(error: SourceError) -> str:
    """One line: where, what is wrong, what to do."""
    params = dict(error.params)
    if "reason" in params:
        params["reason_text"] = fill(WRONG, str(params["reason"]), params)
    if error.code == "crs_does_not_fit" and not params.get("looks"):
        params["looks"] = "another system or another place"
    return line(error.where, fill(WRONG, error.code, params), fill(ADVICE, error.advice, params))


def refused_text(refused: Refused) -> str:
    """One line on a row that was left out."""
    where = f"row {refused.row}" + (f" ({refused.code})" if refused.code else "")
    text = fill(WRONG, refused.reason, refused.params)
    return line(where, text, fill(ADVICE, refused.advice, refused.params))


def note_text(note: Note) -> str:
    """A remark about the file."""
    return fill(NOTES, note.code, note.params)
