"""Marks of a place, by distances and speeds worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.core.place_marks import Circumstances, Sighting, metres_between, place_marks

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
# Utrecht. One degree of latitude on a sphere of 40 030 km around is 40 030 174 / 360 = 111 195 m.
HERE = Sighting(5.1, 52.0, 8.0, NOON)
METRES_PER_DEGREE = 111_195


def north(metres: float, before: timedelta, accuracy: float = 8.0) -> Sighting:
    """Somebody's earlier position, so many metres to the north and so long ago."""
    return Sighting(5.1, 52.0 + metres / METRES_PER_DEGREE, accuracy, NOON - before)


def marks(here: Sighting = HERE, **around: object) -> tuple[str, ...]:
    return place_marks(here, Circumstances(**{"received_at": NOON, **around}))  # type: ignore[arg-type]


def test_an_ordinary_position_has_no_marks() -> None:
    hour_ago = north(3000, timedelta(hours=1))  # 3 km/h: on foot
    assert marks(taken_at=NOON - timedelta(seconds=20), earlier=[hour_ago]) == ()


def test_metres_between() -> None:
    assert metres_between(HERE, north(1000, timedelta())) == pytest.approx(1000, abs=0.5)
    # A degree of longitude at 60 degrees north is half of one at the equator: 55 597 m.
    east = metres_between(replace(HERE, lon=5.0, lat=60.0), replace(HERE, lon=6.0, lat=60.0))
    assert east == pytest.approx(METRES_PER_DEGREE / 2, rel=0.001)


def test_outside_every_area_is_far() -> None:
    assert marks(outside=True) == ("far",)


@pytest.mark.parametrize(
    ("metres", "minutes", "accuracy", "jumped"),
    [
        (50_000, 20, 8, False),  # 150 km/h less 16 m of wobble
        (50_100, 20, 8, True),  # 100 m more in 20 minutes: 150.3 km/h, less wobble 150.25
        (50_100, 20, 200, False),  # less 208 m of wobble: 149.7 km/h
        (2_600, 1, 8, True),  # 155 km/h
        (2_400, 1, 8, False),  # 143 km/h
        (400, 0, 8, False),  # at once, but too near to say anything
        (600, 0, 8, True),  # at once and half a kilometre away
    ],
)
def test_a_jump_is_faster_than_150(
    metres: float, minutes: int, accuracy: float, jumped: bool
) -> None:
    before = north(metres, timedelta(minutes=minutes), accuracy)
    assert marks(earlier=[before]) == (("jump",) if jumped else ())


def test_a_jump_is_seen_from_the_last_one_before() -> None:
    long_ago, just_now = north(80_000, timedelta(hours=3)), north(100, timedelta(minutes=5))
    assert marks(earlier=[long_ago, just_now]) == ()
    # What was captured later (a form that stayed on the phone) says nothing about before.
    assert marks(earlier=[north(80_000, timedelta(minutes=-1))]) == ()


@pytest.mark.parametrize(
    ("minutes", "old"), [(9.9, False), (10.1, True), (-9.9, False), (-10.1, True)]
)
def test_an_old_position(minutes: float, old: bool) -> None:
    taken = NOON - timedelta(minutes=minutes)
    assert marks(taken_at=taken) == (("old",) if old else ())


def test_a_made_up_position() -> None:
    assert marks(replace(HERE, accuracy_m=0.0)) == ("mock",)
    exact = replace(HERE, accuracy_m=1.0)
    day, two = timedelta(days=1), timedelta(days=2)
    same = [replace(exact, captured_at=NOON - day), replace(exact, captured_at=NOON - two)]
    assert marks(exact, earlier=same) == ("mock",)
    assert marks(exact, earlier=same[:1]) == ()  # twice may be chance
    # One ten-millionth of a degree is the same sixth decimal; one millionth is not.
    assert marks(exact, earlier=[same[0], replace(same[1], lon=5.1000001)]) == ("mock",)
    assert marks(exact, earlier=[same[0], replace(same[1], lon=5.100001)]) == ()
    # A rough position from masts is often the same one.
    rough = [replace(one, accuracy_m=25.0) for one in same]
    assert marks(replace(HERE, accuracy_m=25.0), earlier=rough) == ()
    assert marks(replace(HERE, accuracy_m=25.0), earlier=same) == ()
    assert marks(exact, earlier=rough) == ()
    assert marks(replace(HERE, accuracy_m=None), earlier=same) == ()


def test_a_jump_is_from_the_last_position_and_no_older_one() -> None:
    """By train from 100 km away an hour ago; since then on foot."""
    earlier = [north(100, timedelta(minutes=10)), north(100_000, timedelta(minutes=30))]
    assert marks(earlier=earlier) == marks(earlier=earlier[::-1]) == ()
    assert marks(earlier=earlier[1:]) == ("jump",)  # 200 km/h, when nothing came between


def test_a_clock_that_runs_ahead() -> None:
    assert marks(received_at=NOON - timedelta(minutes=59)) == ()
    assert marks(received_at=NOON - timedelta(minutes=61)) == ("clock",)
    # Days behind is a phone without signal, not a wrong clock.
    assert marks(received_at=NOON + timedelta(days=6)) == ()


def test_marks_come_in_one_order() -> None:
    odd = replace(HERE, accuracy_m=0.0)
    found = marks(
        odd,
        outside=True,
        taken_at=NOON - timedelta(hours=1),
        received_at=NOON - timedelta(hours=2),
        earlier=[north(50_000, timedelta(minutes=1))],
    )
    assert found == ("far", "jump", "old", "mock", "clock")
