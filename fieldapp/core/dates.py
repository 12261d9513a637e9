"""Days as the Netherlands counts them: every boundary of a day or a period is drawn here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
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
