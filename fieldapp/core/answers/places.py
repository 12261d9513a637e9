"""Points, lines and areas on the earth, as text in ODK's form (WGS 84 degrees, metres)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fieldapp.core.answers.texts import string
from fieldapp.core.answers.values import Impossible, one
from fieldapp.core.expression.values import number_text
from fieldapp.core.survey.model import Question
from fieldapp.core.survey.problems import short

MOST_POINTS = 1_000
SEPARATOR = ";"


def read_geopoint(question: Question, value: object) -> str | None:
    """A WGS 84 point: "lat lon [altitude [accuracy]]", or {lat, lon, accuracy_m}."""
    value = one(value)
    if isinstance(value, Mapping):
        parts = [value.get("lat"), value.get("lon"), 0, value.get("accuracy_m") or 0]
        text = " ".join(string(part) for part in parts)
    else:
        text = string(value)
    return _point(text) if text.strip() else None


def _point(text: str) -> str:
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError as error:
        raise Impossible("not_a_point", found=short(text)) from error
    if "_" in text or not 2 <= len(numbers) <= 4 or not all(map(math.isfinite, numbers)):
        raise Impossible("not_a_point", found=short(text))
    lat, lon, altitude, accuracy = (*numbers, 0.0, 0.0)[:4]
    if abs(lat) > 90 or abs(lon) > 180 or accuracy < 0:
        raise Impossible("point_off_earth", found=short(text))
    return " ".join(map(_written, (lat, lon, altitude, accuracy)))


def _written(number: float) -> str:
    """Always a point, never an exponent, which expressions cannot read."""
    text = "-0" if str(number) == "-0.0" else number_text(number)
    return text if "." in text else text + ".0"


def read_geotrace(question: Question, value: object) -> str | None:
    """A line: at least two points, in text with ";" between or as a list of points."""
    points = _points(question, value)
    if points and len(points) < 2:
        raise Impossible("too_few_points", found=len(points), least=2)
    return "; ".join(points) or None


def read_geoshape(question: Question, value: object) -> str | None:
    """An area: at least three corners; closed when the last point is not the first."""
    points = _points(question, value)
    if not points:
        return None
    if points[0].split()[:2] != points[-1].split()[:2]:
        points.append(points[0])
    corners = {tuple(point.split()[:2]) for point in points}
    if len(corners) < 3:
        raise Impossible("too_few_points", found=len(corners), least=3)
    return "; ".join(points)


def _points(question: Question, value: object) -> list[str]:
    if isinstance(value, list | tuple) and len(value) > 1:
        parts = list(value)
    else:
        # a line of a thousand points is longer than any other text may be
        only = one(value)
        parts = only.split(SEPARATOR) if isinstance(only, str) else [only]
    if len(parts) > MOST_POINTS:
        raise Impossible("too_many_points", found=len(parts), most=MOST_POINTS)
    return [point for part in parts if (point := read_geopoint(question, part)) is not None]
