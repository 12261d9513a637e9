"""Spatial decisions: which buurt holds a point.

Taken by shapely in Python, the same on both engines and, at the size of a municipality, faster
than SQL (design/stack.md §1). A point exactly on a boundary belongs to the touching area with the
lowest code.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.people import area_covers
from fieldapp.db.geometry import WGS84
from fieldapp.db.models import Area, BoundaryRevision
from fieldapp.db.queries.newest import newest_years

if TYPE_CHECKING:
    from pyproj import Transformer

RD = 28992
METRES_PER_DEGREE = 111_320  # of latitude; of longitude times the cosine of the latitude


@dataclass(frozen=True, slots=True)
class FoundArea:
    """The buurt in which a point lies."""

    code: str
    name: str
    boundary_year: int


class AreaIndex:
    """A search tree over buurten: (code, name, boundary year, geometry in EPSG:4326)."""

    def __init__(self, rows: list[tuple[str, str, int, BaseGeometry]]) -> None:
        # Where boundary years overlap (merged gemeenten) the newest wins, then the lowest code.
        self._rows = sorted(rows, key=lambda row: (-row[2], row[0]))
        self._tree = shapely.STRtree([row[3] for row in self._rows])

    def find(self, lon: float, lat: float) -> FoundArea | None:
        """The area that holds the point (EPSG:4326 degrees); None outside all areas."""
        hits = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        if not len(hits):
            return None
        code, name, year, _ = self._rows[int(min(hits))]
        return FoundArea(code, name, year)

    def around(self, lon: float, lat: float, metres: float) -> list[str]:
        """Codes of the areas within this distance of a point (good to about 1 %)."""
        wide = 1 / max(0.01, math.cos(math.radians(lat)))
        circle = shapely.transform(
            shapely.Point(0, 0).buffer(metres / METRES_PER_DEGREE, quad_segs=16),
            lambda points: points * (wide, 1) + (lon, lat),
        )
        return [self._rows[int(i)][0] for i in self._tree.query(circle, predicate="intersects")]


_lock = threading.Lock()
_indexes: dict[str, tuple[int, AreaIndex | None]] = {}


# Made once: the intake asks at every submission.
_REVISION = select(BoundaryRevision.__table__.c.revision).where(
    BoundaryRevision.__table__.c.id == 1
)


def area_index(session: Session) -> AreaIndex | None:
    """The index over each gemeente's newest buurten; None when nothing is imported.

    Kept per process and renewed when an import raised the boundary revision, so that several
    web workers agree without talking to each other.
    """
    key = str(session.get_bind().engine.url)
    revision = session.connection().scalar(_REVISION) or 0
    with _lock:
        known = _indexes.get(key)
        if known is not None and known[0] == revision:
            return known[1]
    drawn = Area.geom.is_not(None)
    rows = session.execute(
        select(Area.code, Area.name, Area.boundary_year, Area.geom)
        .join(*newest_years(drawn))
        .where(Area.level == "buurt", drawn)
    ).all()
    index = AreaIndex([(r.code, r.name, r.boundary_year, r.geom) for r in rows]) if rows else None
    with _lock:
        _indexes[key] = (revision, index)
    return index


def forget_indexes() -> None:
    """Drop the trees in memory; they are made again when needed."""
    with _lock:
        _indexes.clear()


def find_buurt(session: Session, lon: float, lat: float) -> FoundArea | None:
    """The buurt of a point in degrees, by each gemeente's newest boundaries."""
    index = area_index(session)
    return None if index is None else index.find(lon, lat)


def is_near(session: Session, lon: float, lat: float, codes: Sequence[str], metres: float) -> bool:
    """Whether a point lies within this distance of a buurt in one of these areas.

    Areas that the map does not know (a portiek, a complex) cannot be judged: then it is near. So
    is everything while no boundaries are imported.
    """
    index = area_index(session)
    if index is None or not all(code[:2] in ("GM", "WK", "BU") for code in codes):
        return True
    around = index.around(lon, lat, metres)
    return any(area_covers(code, found) for found in around for code in codes)


@cache
def _transformer(source: int, target: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


def to_rd(lon: float, lat: float) -> tuple[float, float]:
    """Metres in the Dutch grid (EPSG:28992) of a point in degrees."""
    x, y = _transformer(WGS84, RD).transform(lon, lat)
    return float(x), float(y)


def cell_100m(lon: float, lat: float) -> tuple[float, float]:
    """The centre, in degrees, of the 100 m grid cell that holds the point: what reviewers see."""
    x, y = to_rd(lon, lat)
    centre = (x // 100 * 100 + 50, y // 100 * 100 + 50)
    cell_lon, cell_lat = _transformer(RD, WGS84).transform(*centre)
    return round(float(cell_lon), 6), round(float(cell_lat), 6)


def cell_100m_square(lon: float, lat: float) -> list[list[float]]:
    """The 100 m grid cell that holds the point, as a closed ring of [lon, lat] in degrees."""
    x, y = to_rd(lon, lat)
    left, low = x // 100 * 100, y // 100 * 100
    corners = ((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
    to_degrees = _transformer(RD, WGS84)
    ring = (to_degrees.transform(left + right, low + up) for right, up in corners)
    return [[round(float(a), 6), round(float(b), 6)] for a, b in ring]
