"""From a geometry as written to a valid MultiPolygon, with the reason when it had to change."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import GeometryCollection, MultiPolygon, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry


class GeometryRefused(Exception):
    """No polygon can be made of this geometry; `code` says why."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)


def read_geometry(raw: Any) -> BaseGeometry:
    """A GeoJSON mapping or WKB as shapely geometry, without heights.

    Raises GeometryRefused `geometry_missing`, `geometry_unreadable`, `geometry_not_finite` or
    `not_a_polygon`.
    """
    if raw is None or raw == {}:
        raise GeometryRefused("geometry_missing")
    try:
        # NaN is looked for below; numpy's own warning would reach the user's terminal.
        with np.errstate(invalid="ignore"):
            found = shapely.from_wkb(raw) if isinstance(raw, bytes) else shape(raw)
            found = shapely.force_2d(found)
    except Exception as error:  # shapely raises many types for malformed coordinates
        detail = " ".join(str(error).split())[:120]
        raise GeometryRefused("geometry_unreadable", detail=detail) from error
    if found is None or found.is_empty:
        raise GeometryRefused("geometry_missing")
    if not np.isfinite(shapely.get_coordinates(found)).all():
        raise GeometryRefused("geometry_not_finite")
    if not isinstance(found, Polygon | MultiPolygon | GeometryCollection):
        raise GeometryRefused("not_a_polygon", found=found.geom_type)
    return found


def repair(geometry: BaseGeometry) -> tuple[MultiPolygon, str | None]:
    """A valid MultiPolygon and what was wrong, None when nothing was.

    Lines and points left over by the repair are dropped: an area is its surface. Raises
    GeometryRefused `geometry_no_area` when no surface is left.
    """
    reason = None if geometry.is_valid else shapely.is_valid_reason(geometry)
    if geometry.geom_type == "GeometryCollection":
        reason = reason or "GeometryCollection"
    whole = shapely.make_valid(geometry) if reason else geometry
    polygons = _parts(whole)
    if not polygons:
        raise GeometryRefused("geometry_no_area")
    surface = _parts(shapely.union_all(polygons)) if reason else polygons
    return MultiPolygon(surface), reason


def _parts(geometry: BaseGeometry) -> list[Polygon]:
    if isinstance(geometry, Polygon):
        return [geometry]
    inner = getattr(geometry, "geoms", ())
    return [polygon for part in inner for polygon in _parts(part)]
