"""Open a boundary file: what kind of file is it really, and which raw features are in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldapp.core.area import CbsLevel
from fieldapp.sources.errors import Note, SourceError, file_bytes

MIB = 1024 * 1024
# GeoJSON is read whole and takes about ten times its size in memory; GeoPackage does not.
MAX_BYTES: Mapping[str, int] = {"geojson": 256 * MIB, "geopackage": 2048 * MIB}

_SQLITE = b"SQLite format 3\x00"
# First bytes of files that people try to import instead of a boundary file -> what it is.
_OTHER_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "zip", "unpack_first"),
    (b"\x1f\x8b", "gzip", "unpack_first"),
    (b"\x00\x00\x27\x0a", "shapefile", "save_as_geopackage"),
    (b"\x89PNG", "image", "choose_boundary_file"),
    (b"\xff\xd8\xff", "image", "choose_boundary_file"),
    (b"%PDF", "pdf", "choose_boundary_file"),
)
# An Excel workbook is a zip file too, and unpacking it is no help.
_OFFICE = (b"[Content_Types].xml", b"xl/", b"docProps/", b"_rels/")
_LAYER_WORDS: Mapping[CbsLevel, str] = {
    "gemeente": "gemeente",
    "wijk": "wijk",
    "buurt": "buurt",
}


@dataclass(frozen=True, slots=True)
class RawFeature:
    """A feature as written; `geometry` is a GeoJSON mapping, WKB bytes, or None."""

    row: int
    properties: Mapping[str, Any]
    geometry: Any


@dataclass(frozen=True, slots=True)
class RawLayer:
    """Features of one layer with the CRS the file states, None when it states none."""

    where: str
    crs: str | None
    columns: frozenset[str]
    features: tuple[RawFeature, ...]
    notes: tuple[Note, ...] = field(default=())


def read_layers(
    path: Path, *, levels: Collection[CbsLevel] | None = None, max_bytes: int | None = None
) -> Iterator[RawLayer]:
    """The layers of a GeoJSON or GeoPackage file; SourceError for anything else.

    `max_bytes` replaces the limit for the kind of file; `levels` chooses GeoPackage layers.
    """
    file_bytes(path, max_bytes or max(MAX_BYTES.values()))
    try:
        with path.open("rb") as stream:
            start = stream.read(512)
    except OSError as error:
        raise SourceError("file_unreadable", path.name, advice="check_path") from error
    kind = _kind(start, path)
    file_bytes(path, max_bytes or MAX_BYTES[kind])
    if kind == "geopackage":
        yield from _geopackage(path, levels)
    else:
        yield _geojson(path)


def _kind(start: bytes, path: Path) -> str:
    if start.startswith(_SQLITE):
        return "geopackage"
    if start.startswith(b"PK") and any(part in start for part in _OFFICE):
        raise SourceError("wrong_kind", path.name, {"kind": "excel"}, "choose_boundary_file")
    for magic, kind, advice in _OTHER_KINDS:
        if start.startswith(magic):
            raise SourceError("wrong_kind", path.name, {"kind": kind}, advice)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        raise SourceError("wrong_kind", path.name, {"kind": "html"}, "download_again")
    if text.startswith(b"<"):
        raise SourceError("wrong_kind", path.name, {"kind": "xml"}, "download_as_geojson")
    return "geojson"


def _geojson(path: Path) -> RawLayer:
    data = _json(path)
    if not isinstance(data, Mapping) or data.get("type") != "FeatureCollection":
        found = data.get("type", "") if isinstance(data, Mapping) else type(data).__name__
        raise SourceError(
            "not_feature_collection", path.name, {"found": str(found)}, "download_as_geojson"
        )
    items = data.get("features")
    if not isinstance(items, list) or not items:
        raise SourceError("no_features", path.name, advice="choose_boundary_file")
    features = tuple(_json_feature(row, item) for row, item in enumerate(items, start=1))
    # Columns of every row, because a publisher may leave out empty attributes per feature.
    columns = frozenset(key for feature in features for key in feature.properties)
    return RawLayer(path.name, _stated_crs(data), columns, features, _page_notes(data))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        params = {"byte": error.start}
        raise SourceError("not_utf8", path.name, params, "save_as_utf8") from error
    except json.JSONDecodeError as error:
        params = {"line": error.lineno, "column": error.colno}
        cut_off = error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg
        code = "json_cut_off" if cut_off and error.pos > 0 else "not_json"
        raise SourceError(code, path.name, params, "download_again") from error
    except RecursionError as error:
        raise SourceError("not_json", path.name, advice="download_again") from error


def _json_feature(row: int, item: Any) -> RawFeature:
    if not isinstance(item, Mapping):
        return RawFeature(row, {}, None)
    properties = item.get("properties")
    return RawFeature(
        row, properties if isinstance(properties, Mapping) else {}, item.get("geometry")
    )


def _stated_crs(data: Mapping[str, Any]) -> str | None:
    """The old `crs` member of GeoJSON 2008, in both its spellings; RFC 7946 dropped it."""
    member = data.get("crs")
    properties = member.get("properties") if isinstance(member, Mapping) else None
    if not isinstance(properties, Mapping):
        return None
    if "code" in properties:
        return f"EPSG:{properties['code']}"
    name = properties.get("name")
    return str(name) if name else None


def _page_notes(data: Mapping[str, Any]) -> tuple[Note, ...]:
    """PDOK hands out pages: a file with a `next` link is only a part."""
    links = data.get("links")
    rels = [link.get("rel") for link in links or () if isinstance(link, Mapping)]
    return (Note("one_page_of_more"),) if "next" in rels else ()


def _geopackage(path: Path, levels: Collection[CbsLevel] | None) -> Iterator[RawLayer]:
    names = _layer_names(path)
    wanted = [_LAYER_WORDS[level] for level in levels or tuple(_LAYER_WORDS)]
    chosen = [name for name in names if any(word in name.lower() for word in wanted)]
    if not chosen and len(names) == 1 and levels is None:
        chosen = names
    if not chosen:
        raise SourceError("no_area_layers", path.name, {"layers": names}, "choose_boundary_file")
    for name in chosen:
        yield _read_layer(path, name)


def _layer_names(path: Path) -> list[str]:
    """Feature layers by the GeoPackage's own table of contents, opened read-only."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
            rows = base.execute(
                "select table_name from gpkg_contents where data_type = 'features' order by 1"
            ).fetchall()
    except sqlite3.DatabaseError as error:
        raise SourceError(
            "geopackage_broken", path.name, {"detail": str(error)}, "download_again"
        ) from error
    return [str(name) for (name,) in rows]


def _read_layer(path: Path, name: str) -> RawLayer:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        meta, _, geometries, values = pyogrio.raw.read(
            path, layer=name, force_2d=True, datetime_as_string=True
        )
    except (DataSourceError, DataLayerError, RuntimeError) as error:
        raise SourceError(
            "geopackage_broken", path.name, {"detail": str(error)}, "download_again"
        ) from error
    fields = [str(field) for field in meta["fields"]]
    columns = [list(value.tolist()) for value in values]
    if geometries is None or not len(geometries):
        raise SourceError("no_features", f"{path.name}: {name}", advice="choose_boundary_file")
    features = tuple(
        RawFeature(
            index + 1,
            {key: column[index] for key, column in zip(fields, columns, strict=True)},
            geometry,
        )
        for index, geometry in enumerate(geometries)
    )
    return RawLayer(f"{path.name}: {name}", meta["crs"], frozenset(fields), features)
