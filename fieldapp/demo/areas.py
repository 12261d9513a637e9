"""Boundaries of the fictional gemeente: an island in the Markermeer with a river through it.

A jittered Voronoi tessellation clipped to both banks; its small cells are grouped around the
sites of stories.yaml, so that neighbours share every vertex and the river is a real gap.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from fieldapp.demo.stories import Buurt, Stories

SOURCE = "verzonnen voorbeeld, ligt in het Markermeer"

# The middle of the island, degrees; metres per degree follow from the latitude.
_LON, _LAT = 5.22, 52.57
_M_PER_LAT = 111_250.0
_M_PER_LON = 111_320.0 * math.cos(math.radians(_LAT))

_CELLS = 420  # small cells out of which buurten are made
_RIVER_WIDTH = 70.0  # metres
_SMOOTHING = 45.0  # metres; takes the saw teeth off borders, neighbours stay aligned


@dataclass(frozen=True, slots=True)
class DemoArea:
    """One area; geometry in EPSG:4326. `inhabitants` of a wijk is the sum of its buurten."""

    code: str
    name: str
    level: str
    parent_code: str | None
    inhabitants: int
    geometry: MultiPolygon


@dataclass(frozen=True, slots=True)
class Portiek:
    """A stairwell: where the conversations of a cluster took place."""

    name: str
    buurt: str
    lon: float
    lat: float


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Metres from the middle of the island -> (lon, lat), rounded to about a centimetre."""
    return round(_LON + x / _M_PER_LON, 7), round(_LAT + y / _M_PER_LAT, 7)


def make_areas(stories: Stories, rng: random.Random) -> tuple[DemoArea, ...]:
    """Gemeente, wijken and buurten with geometry, in that order."""
    metres = _buurt_polygons(stories, rng)
    shapes = {code: _degrees(polygon) for code, polygon in metres.items()}
    buurten = [
        DemoArea(b.code, b.name, "buurt", b.wijk, b.inhabitants, shapes[b.code])
        for b in stories.buurten
    ]
    wijken = [
        DemoArea(code, name, "wijk", stories.gemeente[0], *_sum(_inside(buurten, code)))
        for code, name in stories.wijken
    ]
    code, name = stories.gemeente
    return (DemoArea(code, name, "gemeente", None, *_sum(buurten)), *wijken, *buurten)


def make_portieken(
    stories: Stories, areas: Sequence[DemoArea], rng: random.Random
) -> dict[str, tuple[Portiek, ...]]:
    """Stairwells per buurt, at least 25 m inside its boundary where the shape allows."""
    shapes = {area.code: area.geometry for area in areas}
    return {
        buurt.code: tuple(
            _portiek(buurt, number, shapes[buurt.code], rng)
            for number in range(1, buurt.portieken + 1)
        )
        for buurt in stories.buurten
    }


def point_near(portiek: Portiek, shape: BaseGeometry, rng: random.Random) -> tuple[float, float]:
    """A point at most some 30 m from the stairwell, always inside `shape`."""
    for _ in range(20):
        lon = round(portiek.lon + rng.gauss(0, 9) / _M_PER_LON, 7)
        lat = round(portiek.lat + rng.gauss(0, 9) / _M_PER_LAT, 7)
        if shape.contains(Point(lon, lat)):
            return lon, lat
    return portiek.lon, portiek.lat


def _outline(rng: random.Random) -> Polygon:
    """A rounded island of about 4.6 by 3.8 km with an irregular shore."""
    phases = [rng.uniform(0, 2 * math.pi) for _ in range(4)]
    points = []
    for step in range(96):
        angle = 2 * math.pi * step / 96
        wobble = sum(math.sin((k + 2) * angle + phase) / (k + 2) for k, phase in enumerate(phases))
        radius = 1 + 0.07 * wobble
        points.append((2400 * radius * math.cos(angle), -250 + 1900 * radius * math.sin(angle)))
    return Polygon(points)


def _river() -> shapely.LineString:
    """A winding line from west to east, past both shores."""
    return shapely.LineString((x, _river_y(x)) for x in range(-3200, 3201, 80))


def _buurt_polygons(stories: Stories, rng: random.Random) -> dict[str, BaseGeometry]:
    """Buurt code -> polygon in metres."""
    land = _outline(rng).difference(_river().buffer(_RIVER_WIDTH / 2, quad_segs=4))
    sites = shapely.MultiPoint(
        [(rng.uniform(-2800, 2800), rng.uniform(-2600, 2100)) for _ in range(_CELLS)]
    )
    edges = shapely.voronoi_polygons(sites, only_edges=True)
    # One noded line work for borders and shores, so that shared vertices are exactly equal.
    lines = shapely.unary_union([edges.intersection(land), land.boundary])
    groups: dict[str, list[BaseGeometry]] = defaultdict(list)
    for cell in shapely.polygonize([lines]).geoms:
        middle = cell.representative_point()
        if land.contains(middle):
            groups[_nearest(stories.buurten, middle)].append(cell)
    codes = sorted(groups)
    whole = [shapely.coverage_union_all(groups[code]) for code in codes]
    smooth = shapely.coverage_simplify(whole, _SMOOTHING)
    return dict(zip(codes, smooth, strict=True))


def _nearest(buurten: Sequence[Buurt], point: Point) -> str:
    bank = "north" if point.y > _river_y(point.x) else "south"
    return min(
        (b for b in buurten if b.bank == bank),
        key=lambda b: math.hypot(b.site[0] - point.x, b.site[1] - point.y),
    ).code


def _river_y(x: float) -> float:
    return 200 + 130 * math.sin(x / 620) + 45 * math.sin(x / 210)


def _degrees(polygon: BaseGeometry) -> MultiPolygon:
    moved = shapely.transform(
        polygon, lambda xy: np.array([to_degrees(float(x), float(y)) for x, y in xy])
    )
    return _multi(moved)


def _multi(shape: Any) -> MultiPolygon:
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])


def _inside(areas: Sequence[DemoArea], parent: str) -> list[DemoArea]:
    return [area for area in areas if area.parent_code == parent]


def _sum(parts: Sequence[DemoArea]) -> tuple[int, MultiPolygon]:
    """Inhabitants and joined geometry of adjoining areas."""
    joined = shapely.coverage_union_all([part.geometry for part in parts])
    return sum(part.inhabitants for part in parts), _multi(joined)


def _portiek(buurt: Buurt, number: int, shape: MultiPolygon, rng: random.Random) -> Portiek:
    inner = shape.buffer(-25 / _M_PER_LAT)
    west, south, east, north = inner.bounds
    while True:
        lon, lat = round(rng.uniform(west, east), 7), round(rng.uniform(south, north), 7)
        if inner.contains(Point(lon, lat)):
            break
    first = 2 + 16 * (number - 1)
    return Portiek(f"{buurt.street} {first}-{first + 14} (verzonnen)", buurt.code, lon, lat)
