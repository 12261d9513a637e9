"""Functions on places: "lat lon alt acc", several divided by ";". A sphere, as ODK reckons.

Radius 6 378 100 m and the area on a plane that touches the sphere are those of ODK's engines. The
distance follows from haversines, which stay exact for points close together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

from fieldapp.core.expression.numbers import portable
from fieldapp.core.expression.table import Function
from fieldapp.core.expression.values import NUMBER, Result, spread, to_string, words

RADIUS = 6_378_100.0  # metres, at the equator
Point = tuple[float, float]  # latitude, longitude in degrees


def points(values: tuple[Result, ...]) -> list[Point] | None:
    """All points in the values, in order; None when one cannot be read."""
    found: list[Point] = []
    for value in spread(values):
        for text in to_string(value).split(";"):
            parts = words(text)
            if not parts:
                continue
            if len(parts) < 2 or not all(NUMBER.fullmatch(part) for part in parts[:2]):
                return None
            found.append((float(parts[0]), float(parts[1])))
    return found


def distance(*values: Result) -> float:
    """Metres along the points, in their order."""
    path = points(values)
    if path is None:
        return math.nan
    total = 0.0
    for here, there in pairwise(path):
        total += _between(here, there)
    return total


def _radians(degrees: float) -> float:
    return degrees * math.pi / 180


def _between(here: Point, there: Point) -> float:
    up = portable(math.sin(_radians(there[0] - here[0]) / 2))
    across = portable(math.sin(_radians(there[1] - here[1]) / 2))
    flat = portable(math.cos(_radians(here[0]))) * portable(math.cos(_radians(there[0])))
    part = math.sqrt(up * up + flat * across * across)
    return portable(2 * RADIUS * math.asin(min(1.0, part)))


def area(*values: Result) -> float:
    """Square metres inside the line along the points."""
    path = points(values)
    if path is None:
        return math.nan
    metre = 2 * RADIUS * math.pi / 360
    flat = [
        (
            (lat - path[0][0]) * metre,
            (lon - path[0][1]) * metre * portable(math.cos(_radians(lat))),
        )
        for lat, lon in path
    ]
    total = 0.0
    for (y1, x1), (y2, x2) in pairwise(flat):
        total += (y1 * x2 - x1 * y2) / 2
    return abs(total) if len(path) > 2 else 0.0


def geofence(point: Result, shape: Result) -> bool:
    """Whether the point lies inside the shape."""
    place, edge = points((point,)), points((shape,))
    if not place or not edge:
        return False
    (y, x), inside = place[0], False
    for (y1, x1), (y2, x2) in pairwise(edge):
        if (y2 > y) != (y1 > y) and x < (x1 - x2) * (y - y2) / (y1 - y2) + x2:
            inside = not inside
    return inside


def intersects(*values: Result) -> bool:
    """Whether the line along the points crosses or touches itself; false when it cannot be read.

    Pieces that follow each other share a point, and so do the ends of a closed shape: that is
    no crossing.
    """
    path = points(values) or []
    path = [point for index, point in enumerate(path) if index == 0 or point != path[index - 1]]
    pieces = list(pairwise(path))
    closed = len(path) > 2 and path[0] == path[-1]
    for index, piece in enumerate(pieces):
        for other in range(index + 2, len(pieces)):
            if closed and index == 0 and other == len(pieces) - 1:
                continue
            if _cross(*piece, *pieces[other]):
                return True
    return False


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    one, two, three, four = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if (one > 0) != (two > 0) and (three > 0) != (four > 0) and one and two and three and four:
        return True
    on_line = ((one, a, b, c), (two, a, b, d), (three, c, d, a), (four, c, d, b))
    return any(side == 0 and _beside(p, q, r) for side, p, q, r in on_line)


def _beside(a: Point, b: Point, c: Point) -> bool:
    return all(min(a[i], b[i]) <= c[i] <= max(a[i], b[i]) for i in (0, 1))


GEO: Mapping[str, Function] = {
    "area": Function(area, 1, None, takes="results"),
    "distance": Function(distance, 1, None, takes="results"),
    "geofence": Function(geofence, 2, 2, takes="results"),
    "intersects": Function(intersects, 1, None, takes="results"),
}
