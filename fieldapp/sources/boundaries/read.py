"""Read a boundary file: format, water, codes, geometry, coordinate system, duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from fieldapp.core.area import (
    ABROAD,
    AreaCode,
    AreaCodeError,
    CbsLevel,
    is_water,
    may_be_water,
    parse_code,
)
from fieldapp.sources.boundaries import formats
from fieldapp.sources.boundaries.crs import WGS84, box_kind, choose_crs, to_wgs84
from fieldapp.sources.boundaries.files import RawFeature, RawLayer, read_layers
from fieldapp.sources.boundaries.formats import Columns, Format
from fieldapp.sources.boundaries.geometry import GeometryRefused, read_geometry, repair
from fieldapp.sources.boundaries.mapping import mapping_format, read_mapping
from fieldapp.sources.boundaries.model import BoundaryFile, BoundaryRow
from fieldapp.sources.errors import Note, ReadReport, Refused, Repaired, SourceError

MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class _Found:
    """A row with a good code and a readable geometry, still in the file's own coordinates."""

    feature: RawFeature
    code: AreaCode
    columns: Columns
    geometry: BaseGeometry


@dataclass(slots=True)
class _Tally:
    """The report while it grows."""

    read: int = 0
    water: int = 0
    repeated: int = 0
    repaired: list[Repaired] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def refuse(self, row: int, code: str, reason: str, advice: str, **params: Any) -> None:
        self.refused.append(Refused(row, code, reason, advice, params))

    def report(self) -> ReadReport:
        return ReadReport(
            self.read,
            self.water,
            self.repeated,
            tuple(self.repaired),
            tuple(sorted(self.refused, key=lambda refused: refused.row)),
            tuple(self.notes),
        )


def read_boundaries(
    path: Path,
    *,
    year: int,
    crs: str | None = None,
    mapping: Path | Mapping[str, Any] | None = None,
    levels: Collection[CbsLevel] | None = None,
    max_bytes: int | None = None,
) -> BoundaryFile:
    """Areas of a GeoJSON or GeoPackage file, valid and in EPSG:4326 (lon, lat).

    `crs` (such as `EPSG:28992`) is for files that state none; `mapping` names the columns of a
    municipal file; `levels` keeps only these levels. Raises SourceError when the file as a
    whole cannot be used; single rows that cannot are in the report.
    """
    own_format = _own_format(mapping)
    tally = _Tally()
    rows: list[BoundaryRow] = []
    used_formats: dict[str, None] = {}
    used_crs: dict[str, None] = {}
    for layer in read_layers(path, levels=levels, max_bytes=max_bytes):
        fmt = _format(layer, own_format)
        found = [item for item in _good_rows(layer, fmt, year, tally) if _wanted(item, levels)]
        layer_rows, layer_crs = _in_degrees(layer, fmt, found, crs, tally)
        rows += _without_duplicates(layer_rows, tally)
        tally.notes += layer.notes
        used_formats[fmt.name] = None
        used_crs[layer_crs] = None
    if not rows and tally.refused:
        first = tally.refused[0]
        params = {"refused": len(tally.refused), "row": first.row, "reason": first.reason}
        raise SourceError(
            "nothing_usable",
            path.name,
            {**params, **first.params, "code": first.code},
            first.advice,
        )
    if any(row.simplified for row in rows):
        tally.notes.append(Note("simplified_geometry"))
    return BoundaryFile(
        path.name, ", ".join(used_formats), ", ".join(used_crs), year, tuple(rows), tally.report()
    )


def _own_format(mapping: Path | Mapping[str, Any] | None) -> Format | None:
    if mapping is None:
        return None
    if isinstance(mapping, Path):
        return read_mapping(mapping)
    return mapping_format(mapping, where="mapping")


def _format(layer: RawLayer, own: Format | None) -> Format:
    if own is None:
        known = formats.detect(layer.columns)
        if known is None:
            columns = sorted(layer.columns)[:12]
            raise SourceError("columns_unknown", layer.where, {"columns": columns}, "use_mapping")
        return known
    missing = own.needs - {formats.fold(column) for column in layer.columns}
    if missing:
        params = {"missing": sorted(missing), "columns": sorted(layer.columns)[:12]}
        raise SourceError("mapping_does_not_fit", layer.where, params, "see_mapping_example")
    return own


def _good_rows(layer: RawLayer, fmt: Format, year: int, tally: _Tally) -> list[_Found]:
    found = []
    for feature in layer.features:
        tally.read += 1
        columns = Columns(feature.properties)
        _check_year(layer, fmt, feature, columns, year)
        try:
            item = _good_row(feature, columns, fmt, tally)
        except AreaCodeError as error:
            advice = "use_suggestion" if error.suggestion else "check_code"
            reason = f"code_{error.code}"
            tally.refuse(feature.row, error.written, reason, advice, **error.params)
        else:
            if item is not None:
                found.append(item)
    return found


def _good_row(feature: RawFeature, columns: Columns, fmt: Format, tally: _Tally) -> _Found | None:
    code = parse_code(formats.written_code(columns, fmt.code), level=fmt.level)
    if code.gemeente.text == ABROAD:
        tally.refuse(feature.row, code.text, "abroad", "")
        return None
    if _is_water(code.text, columns, fmt):
        tally.water += 1
        return None
    name = columns.text(fmt.area_name)
    if not name or len(name) > MAX_NAME:
        reason, column = "name_too_long" if name else "name_missing", fmt.area_name
        tally.refuse(feature.row, code.text, reason, "check_name", column=column)
        return None
    try:
        geometry = read_geometry(feature.geometry)
    except GeometryRefused as error:
        tally.refuse(feature.row, code.text, error.code, "redraw_geometry", **error.params)
        return None
    return _Found(feature, code, columns, geometry)


def _is_water(code: str, columns: Columns, fmt: Format) -> bool:
    """The water column decides; without one the code, and for an open code people or name."""
    said = columns.text(*fmt.water).upper()
    if said in formats.WATER_YES or said in formats.WATER_NO:
        return said in formats.WATER_YES
    if columns.count(*fmt.inhabitants):
        return False
    named_water = columns.text(fmt.area_name).lower() in formats.WATER_NAMES
    return is_water(code) or (may_be_water(code) and named_water)


def _check_year(
    layer: RawLayer, fmt: Format, feature: RawFeature, columns: Columns, year: int
) -> None:
    stated = columns.count(*fmt.boundary_year)
    if stated and stated != year:
        params = {"stated": stated, "year": year, "row": feature.row}
        raise SourceError("year_differs", layer.where, params, "pass_year")


def _wanted(item: _Found, levels: Collection[CbsLevel] | None) -> bool:
    return levels is None or item.code.level in levels


def _in_degrees(
    layer: RawLayer, fmt: Format, found: list[_Found], asked: str | None, tally: _Tally
) -> tuple[list[BoundaryRow], str]:
    """Rows repaired in the file's own coordinates and then turned into EPSG:4326."""
    if not found:
        return [], asked or layer.crs or ""
    kinds = [box_kind(item.geometry.bounds) for item in found]
    choice = choose_crs(layer.crs, asked, Counter(kinds), layer.where)
    tally.notes += choice.notes
    kept = []
    for item, kind in zip(found, kinds, strict=True):
        if kind != choice.looks:
            row, code = item.feature.row, item.code.text
            tally.refuse(row, code, "coordinates_elsewhere", "redraw_geometry", crs=choice.crs)
            continue
        try:
            surface, reason = repair(item.geometry)
        except GeometryRefused as error:
            tally.refuse(item.feature.row, item.code.text, error.code, "redraw_geometry")
            continue
        if reason:
            tally.repaired.append(Repaired(item.feature.row, item.code.text, reason))
        kept.append((item, surface))
    degrees = to_wgs84([surface for _, surface in kept], choice.crs)
    if any(box_kind(geometry.bounds) != WGS84 for geometry in degrees):
        raise SourceError(
            "crs_does_not_fit", layer.where, {"crs": choice.crs, "looks": ""}, "check_crs"
        )
    rows = [_row(item, fmt, geometry) for (item, _), geometry in zip(kept, degrees, strict=True)]
    return rows, choice.crs


def _row(item: _Found, fmt: Format, geometry: shapely.MultiPolygon) -> BoundaryRow:
    columns, code = item.columns, item.code
    name = columns.text(fmt.area_name)
    gemeente = columns.text(fmt.gemeente_name) if fmt.gemeente_name else fmt.fixed_gemeente
    if code.level == "gemeente":
        gemeente = name
    # A projection bends straight lines a little and may close a needle-thin gap.
    whole = geometry if geometry.is_valid else repair(geometry)[0]
    return BoundaryRow(
        row=item.feature.row,
        code=code.text,
        name=name,
        level=code.level,
        gemeente_name=(gemeente or "")[:MAX_NAME] or None,
        geometry=whole,
        inhabitants=columns.count(*fmt.inhabitants),
        properties=item.feature.properties,
        changed_flag=columns.count(*fmt.changed),
        simplified=fmt.simplified,
    )


def _without_duplicates(rows: list[BoundaryRow], tally: _Tally) -> list[BoundaryRow]:
    """A code twice with one shape is one area; with two shapes neither can be trusted."""
    by_code: dict[str, list[BoundaryRow]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    kept = []
    for code, same in by_code.items():
        first, *others = same
        if all(first.geometry.equals(other.geometry) for other in others):
            tally.repeated += len(others)
            kept.append(first)
            continue
        numbers = [row.row for row in same]
        for row in same:
            tally.refuse(row.row, code, "code_twice", "keep_one_row", rows=numbers)
    return kept
