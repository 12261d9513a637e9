"""Maps drawn on the server: for paper, and for browsers that run no scripts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

WIDTH = 600.0
MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """One shape: its SVG path and the state that colours it."""

    path: str
    state: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in one frame; `width` and `height` of the viewBox."""

    width: int
    height: int
    areas: tuple[DrawnArea, ...]


def draw(shapes: Sequence[tuple[shapely.Geometry, str]]) -> Drawing | None:
    """Shapes in degrees with their states, drawn in this order; None without shapes.

    Flat projection at the middle latitude: enough for the size of a gemeente.
    """
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds([shape for shape, _ in shapes])
    flat = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * flat, north - south, 1e-9)

    def place(x: float, y: float) -> str:
        return f"{MARGIN + (x - west) * flat * scale:.1f},{MARGIN + (north - y) * scale:.1f}"

    return Drawing(
        width=round((east - west) * flat * scale + 2 * MARGIN),
        height=round((north - south) * scale + 2 * MARGIN),
        areas=tuple(
            DrawnArea(" ".join(_ring(ring, place) for ring in _rings(shape)), state)
            for shape, state in shapes
        ),
    )


def _ring(ring: Any, place: Any) -> str:
    return "M" + "L".join(place(x, y) for x, y in ring.coords[:-1]) + "Z"


def _rings(shape: shapely.Geometry) -> Iterable[Any]:
    for part in shapely.get_parts(shape):
        yield part.exterior
        yield from part.interiors
