"""Days as the Netherlands counts them: every boundary of a day or a period is drawn here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")


def local_day(moment: datetime) -> date:
    """The Dutch calendar day of an aware moment."""
    return moment.astimezone(HERE).date()


def day_bounds(start: date, end: date) -> tuple[datetime, datetime]:
    """The first moment of `start` and the first moment after `end`, both days included."""
    return (
        datetime.combine(start, time.min, HERE),
        datetime.combine(end + timedelta(days=1), time.min, HERE),
    )


@cache
def clock_changes(first: int, last: int) -> tuple[tuple[int, int], ...]:
    """(millisecond since 1970, minutes ahead of UTC from then on) in the years `first` to `last`.

    The first pair is how the clock stood when `first` began. For what keeps Dutch time without a
    table of time zones at hand.
    """
    day = datetime(first, 1, 1, tzinfo=UTC)
    found = [_ahead(day)]
    while day.year <= last:
        tomorrow = day + timedelta(days=1)
        if _ahead(tomorrow)[1] != _ahead(day)[1]:
            found.append(_ahead(_change(day, tomorrow)))
        day = tomorrow
    return tuple(found)


def _ahead(moment: datetime) -> tuple[int, int]:
    ahead = moment.astimezone(HERE).utcoffset() or timedelta()
    return int(moment.timestamp()) * 1000, int(ahead.total_seconds()) // 60


def _change(before: datetime, after: datetime) -> datetime:
    """The first minute between these two at which the clock stands as it does after."""
    while after - before > timedelta(minutes=1):
        middle = (before + (after - before) / 2).replace(second=0, microsecond=0)
        if _ahead(middle)[1] == _ahead(after)[1]:
            after = middle
        else:
            before = middle
    return after
