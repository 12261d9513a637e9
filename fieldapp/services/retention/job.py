"""What a rule is given, and how terms in months are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from fieldapp.config import Settings


@dataclass(slots=True)
class Job:
    """One run: what the rules need, and the files that go when it is committed."""

    session: Session
    settings: Settings
    now: datetime
    files: list[Path] = field(default_factory=list)

    def before(self, days: int) -> datetime:
        """The moment so many days ago."""
        return self.now - timedelta(days=days)

    def months_ago(self, months: int) -> datetime:
        """The moment so many months ago."""
        return months_before(self.now, months)


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes, after how long, why, and how; `run` counts what it removed or changed."""

    code: str
    what: str
    term: Callable[[Settings], str]
    reason: str
    run: Callable[[Job], int]


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier; the last day of a shorter month."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(count, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue  # the 31st of a month of 30 days
    return moment.replace(year=year, month=month + 1)
