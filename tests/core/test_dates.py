"""Days as the Netherlands counts them, by hand: +1 in winter, +2 in summer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fieldapp.core.dates import HERE, clock_changes, day_bounds, local_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 7, 31, 21, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), date(2026, 8, 1)),
    ],
)
def test_a_moment_falls_on_the_dutch_day(moment: datetime, day: date) -> None:
    assert local_day(moment) == day


def test_bounds_hold_both_days_whole_also_when_the_clock_changes() -> None:
    # 29 March 2026 lasts 23 hours: it begins at +1 and ends at +2.
    first, after = day_bounds(date(2026, 3, 29), date(2026, 3, 29))

    assert first == datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert after == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def test_the_changes_of_the_clock_say_what_the_time_zone_says() -> None:
    """Each quarter of an hour around each change, and noon of each day, against zoneinfo."""
    changes = clock_changes(2025, 2029)
    assert len(changes) == 1 + 2 * 5
    quarters = [
        datetime.fromtimestamp(since / 1000, UTC) + timedelta(minutes=15 * n)
        for since, _ahead in changes
        for n in range(0 if since == changes[0][0] else -8, 9)
    ]
    noons = [datetime(2025, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(5 * 365)]
    for moment in (*quarters, *noons):
        ahead = [minutes for since, minutes in changes if since <= moment.timestamp() * 1000][-1]
        assert timedelta(minutes=ahead) == moment.astimezone(HERE).utcoffset(), moment
