"""The period of a page: the last twelve months, a quarter, a year, or own dates, all in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from fieldapp.web.review import numbers

LATEST = "laatste"
OWN = "eigen"
YEARS = 3  # how many calendar years can be picked
LONGEST_DAYS = 10 * 366


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The chosen period. `problem`: what was wrong with the dates asked for, else empty."""

    key: str
    start: date
    end: date
    options: tuple[tuple[str, str], ...]  # (key, words)
    problem: str = ""

    @property
    def words(self) -> str:
        """The period written out."""
        return numbers.days(self.start, self.end)

    @property
    def query(self) -> dict[str, Any]:
        """What links carry along; the default needs nothing."""
        if self.key == LATEST:
            return {}
        if self.key != OWN:
            return {"periode": self.key}
        return {"periode": OWN, "van": self.start.isoformat(), "tot": self.end.isoformat()}


def read_period(args: Mapping[str, str], default: tuple[date, date]) -> PeriodChoice:
    """The period that a page's address asks for; with a problem the default and what to do."""
    today = default[1]
    fixed = _fixed(today)
    options = (
        (LATEST, _("de laatste twaalf maanden")),
        *((key, _words(key)) for key in fixed),
        (OWN, _("eigen datums")),
    )
    key = args.get("periode", "")
    if key in fixed:
        return PeriodChoice(key, *fixed[key], options)
    if key == OWN or (not key and (args.get("van") or args.get("tot"))):
        return _own(args, default, options)
    return PeriodChoice(LATEST, *default, options)


def _own(
    args: Mapping[str, str], default: tuple[date, date], options: tuple[tuple[str, str], ...]
) -> PeriodChoice:
    start, end = _date(args.get("van", "")), _date(args.get("tot", ""))
    if start is None or end is None:
        problem = _("Vul twee datums in, bijvoorbeeld 2026-01-31.")
    elif end < start:
        problem = _("De laatste dag ligt voor de eerste dag. Draai ze om.")
    elif (end - start).days > LONGEST_DAYS:
        problem = _("Kies een periode van ten hoogste tien jaar.")
    else:
        return PeriodChoice(OWN, start, end, options)
    problem += " " + _("Hieronder staan de laatste twaalf maanden.")
    return PeriodChoice(LATEST, *default, options, problem)


def _fixed(today: date) -> dict[str, tuple[date, date]]:
    """Years and quarters that have begun, newest first; each ends on its last day."""
    found: dict[str, tuple[date, date]] = {}
    for year in range(today.year, today.year - YEARS, -1):
        found[str(year)] = (date(year, 1, 1), date(year, 12, 31))
        for quarter in (4, 3, 2, 1):
            start = date(year, 3 * quarter - 2, 1)
            if start <= today:
                after = date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
                found[f"{year}-k{quarter}"] = (start, after - timedelta(days=1))
    return found


def _words(key: str) -> str:
    year, _dash, quarter = key.partition("-k")
    if quarter:
        return str(_("%(quarter)se kwartaal van %(year)s", quarter=quarter, year=year))
    return year


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    # Room for the day after; years outside this are typing errors.
    return found if 1900 <= found.year <= 2200 else None
