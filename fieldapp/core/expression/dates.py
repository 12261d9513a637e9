"""Functions on dates and times. Today and now come from the Context, never from the machine."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from fieldapp.core.expression.context import Context
from fieldapp.core.expression.table import Function, Scope
from fieldapp.core.expression.values import (
    DAY,
    Moment,
    Value,
    day_of,
    read_moment,
    time_of,
    to_moment,
    to_number,
    to_string,
)

PLACE = re.compile("%(.)", re.DOTALL)

# what may follow % in a format: (day, milliseconds, context) -> text
PARTS: Mapping[str, Callable[[int, int, Context], str]] = {
    "Y": lambda day, clock, context: f"{day_of(day).year:04}",
    "y": lambda day, clock, context: f"{day_of(day).year % 100:02}",
    "m": lambda day, clock, context: f"{day_of(day).month:02}",
    "n": lambda day, clock, context: str(day_of(day).month),
    "b": lambda day, clock, context: context.months[day_of(day).month - 1],
    "d": lambda day, clock, context: f"{day_of(day).day:02}",
    "e": lambda day, clock, context: str(day_of(day).day),
    "a": lambda day, clock, context: context.weekdays[day_of(day).weekday()],
    "H": lambda day, clock, context: f"{clock // 3_600_000:02}",
    "h": lambda day, clock, context: str(clock // 3_600_000),
    "M": lambda day, clock, context: f"{clock // 60_000 % 60:02}",
    "S": lambda day, clock, context: f"{clock // 1000 % 60:02}",
    "3": lambda day, clock, context: f"{clock % 1000:03}",
    "%": lambda day, clock, context: "%",
}


def as_date(value: Value) -> Value:
    """A date, or empty."""
    day = (to_moment(value) or (None, None))[0]
    return "" if day is None else day_of(day)


def as_moment(value: Value) -> Value:
    """A date with a time (midnight when it has none), or empty."""
    day, clock = to_moment(value) or (None, None)
    return "" if day is None else datetime.combine(day_of(day), time_of(clock or 0))


def decimal_time(value: Value) -> float:
    """The part of the day that has passed: noon is 0.5."""
    moment = read_moment(value)
    if moment is not None:
        return (moment[1] or 0) / DAY
    number = to_number(value)
    return number - math.floor(number) + 0.0 if math.isfinite(number) else math.nan


def formatted(scope: Scope, value: Value, pattern: Value) -> str:
    """The date or time as the format says; empty when it is none."""
    moment: Moment | None = to_moment(value)
    if moment is None:
        return ""
    day, clock = moment[0] or 0, moment[1] or 0

    def part(found: re.Match[str]) -> str:
        show = PARTS.get(found[1])
        return found[0] if show is None else show(day, clock, scope.context)

    return PLACE.sub(part, to_string(pattern))


def _now(scope: Scope) -> Value:
    now = scope.context.now
    return "" if now is None else now.replace(tzinfo=None)


DATES: Mapping[str, Function] = {
    "date": Function(as_date, 1, 1),
    "date-time": Function(as_moment, 1, 1),
    "decimal-date-time": Function(to_number, 1, 1),
    "decimal-time": Function(decimal_time, 1, 1),
    "format-date": Function(formatted, 2, 2, needs_context=True),
    "format-date-time": Function(formatted, 2, 2, needs_context=True),
    "now": Function(_now, 0, 0, needs_context=True),
    "today": Function(lambda scope: scope.context.today or "", 0, 0, needs_context=True),
}
