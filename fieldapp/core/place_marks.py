"""What is odd about the place of a submission: a hint for who reviews it, never a verdict.

A browser cannot know whether a phone makes its position up, so every mark says "probably".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FAR, JUMP, OLD, MOCK, CLOCK = "far", "jump", "old", "mock", "clock"
MARKS = (FAR, JUMP, OLD, MOCK, CLOCK)

FAR_M = 1000  # metres outside the areas somebody works in
FASTEST_KMH = 150
LEAST_JUMP_M = 500  # nearer than this a jump is only a position that wobbles
OLDEST = timedelta(minutes=10)  # between measuring the position and capturing the form
CLOCK_AHEAD = timedelta(hours=1)
TINY_M = 5  # an accuracy that no real phone repeats to the sixth decimal
SAME_TIMES = 3  # submissions at exactly one point
EARTH_M = 6_371_008.8  # mean radius, metres (IUGG 1980)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A position of a phone: degrees (EPSG:4326), metres, and the moment of capture."""

    lon: float
    lat: float
    accuracy_m: float | None
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else is known at the door. `earlier`: what the same person sent before, in any order."""

    received_at: datetime
    taken_at: datetime | None = None  # when the phone measured the position
    outside: bool = False  # more than FAR_M outside every area, or outside every known buurt
    earlier: Sequence[Sighting] = ()


def place_marks(here: Sighting, around: Circumstances) -> tuple[str, ...]:
    """The marks of a position, in the order of MARKS; none for an ordinary one."""
    found = {
        FAR: around.outside,
        JUMP: _jumped(here, around.earlier),
        OLD: around.taken_at is not None and abs(around.taken_at - here.captured_at) > OLDEST,
        MOCK: _made_up(here, around.earlier),
        CLOCK: here.captured_at > around.received_at + CLOCK_AHEAD,
    }
    return tuple(mark for mark in MARKS if found[mark])


def metres_between(a: Sighting, b: Sighting) -> float:
    """Great-circle distance (haversine) in metres; within 0.6 % of the ellipsoid."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    root = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(root)))


def _jumped(here: Sighting, earlier: Sequence[Sighting]) -> bool:
    """Whether nobody could have come here in time from the one before.

    Both positions get the benefit of their own inaccuracy.
    """
    before = [one for one in earlier if one.captured_at <= here.captured_at]
    if not before:
        return False
    last = max(before, key=lambda one: one.captured_at)
    wobble = (here.accuracy_m or 0.0) + (last.accuracy_m or 0.0)
    metres = metres_between(here, last) - wobble
    hours = (here.captured_at - last.captured_at).total_seconds() / 3600
    return metres > LEAST_JUMP_M and metres / 1000 > FASTEST_KMH * hours


def _made_up(here: Sighting, earlier: Sequence[Sighting]) -> bool:
    """Accuracy nought, or time and again the very same point with hardly any inaccuracy."""
    if here.accuracy_m == 0:
        return True
    if here.accuracy_m is None or here.accuracy_m > TINY_M:
        return False
    same = sum(
        _point(one) == _point(here) and one.accuracy_m is not None and one.accuracy_m <= TINY_M
        for one in earlier
    )
    return same + 1 >= SAME_TIMES


def _point(one: Sighting) -> tuple[float, float]:
    return round(one.lon, 6), round(one.lat, 6)
