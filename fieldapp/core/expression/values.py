"""Values of the expression language and how they turn into each other (XPath 1.0 chapter 4).

A value is a float, str, bool, date, datetime or time. An unanswered question is the empty string.
Everywhere but in Python's types a date is its ISO text (XForms stores nothing else), so that both
count the same: as days since 1970-01-01, with the part of the day on the clock as it was written.
A time zone at the end is read and left out: the clock of the form is one clock.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fieldapp.core.expression.nodes import Element

Value = float | str | bool | date | time
Nodes = tuple[Element, ...]
Result = Value | Nodes
Moment = tuple[int | None, int | None]  # days since 1970-01-01, milliseconds since midnight

EPOCH = date(1970, 1, 1)
FIRST_DAY, LAST_DAY = (date.min - EPOCH).days, (date.max - EPOCH).days
NUMBER = re.compile(r"[ \t\r\n]*-?([0-9]+(\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ](.+))?")
ISO_CLOCK = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
SPACE = re.compile(r"[ \t\r\n]+")
DAY = 86_400_000  # milliseconds


def from_answer(answer: Any) -> Value:
    """A typed answer as a value: lists become names separated by spaces, as in OpenRosa."""
    if answer is None:
        return ""
    if isinstance(answer, int) and not isinstance(answer, bool):
        return float(answer)
    if isinstance(answer, list | tuple):
        return " ".join(map(str, answer))
    if isinstance(answer, str | float | bool | date | time):
        return answer
    return str(answer)


# node-sets


def single(result: Result) -> Value:
    """A result as one value: of a node-set the first node, empty when it has none."""
    if isinstance(result, tuple):
        return from_answer(result[0].value) if result else ""
    return result


def spread(results: Iterable[Result]) -> list[Value]:
    """All values of the results: every node of a node-set counts, an empty one for nothing."""
    found: list[Value] = []
    for result in results:
        if isinstance(result, tuple):
            found += [from_answer(node.value) for node in result]
        else:
            found.append(result)
    return found


# to text, number, truth


def to_number(value: Value) -> float:
    """The number() of ODK: that of XPath, and days for a date, a moment or a time of day."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return float(value)
    moment = read_moment(value)
    return math.nan if moment is None else days(moment)


def to_string(value: Value) -> str:
    """The string() of XPath: whole numbers without a point, never an exponent, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    day, clock = read_moment(value) or (None, None)
    parts = (None if day is None else day_of(day).isoformat(), clock_text(clock))
    return "T".join(part for part in parts if part)


def to_boolean(value: Value) -> bool:
    """The boolean() of XPath: true for text that is not empty and numbers other than 0 and NaN."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    if isinstance(value, time):
        return True
    return bool(value)


def words(text: str) -> list[str]:
    """The parts between white space (that of XML, the same on the phone)."""
    return [part for part in SPACE.split(text) if part]


def to_integer(value: Value) -> int | None:
    """The number without its decimals; None for NaN and the infinities."""
    number = to_number(value)
    return math.trunc(number) if math.isfinite(number) else None


def half_up(number: float) -> float:
    """The nearest whole number, halves upwards; minus zero stays (XPath round())."""
    if not math.isfinite(number):
        return number
    below = math.floor(number)
    return math.copysign(below + (number - below >= 0.5), number)


def number_text(number: float) -> str:
    """A number as XPath writes it."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number))
    return format(Decimal(repr(number)), "f")


# dates and times


def read_moment(value: Value) -> Moment | None:
    """Day and time of day of a date, a time, a moment, or the ISO text of one."""
    if isinstance(value, str):
        return _read_text(value)
    if isinstance(value, datetime):
        return (value.date() - EPOCH).days, _milliseconds(value)
    if isinstance(value, date):
        return (value - EPOCH).days, None
    if isinstance(value, time):
        return None, _milliseconds(value)
    return None


def to_moment(value: Value) -> Moment | None:
    """As read_moment; a number counts as days, with the time of day in its decimals."""
    moment = read_moment(value)
    number = math.nan if moment else to_number(value)
    if not math.isfinite(number):
        return moment
    day = math.floor(number)
    clock = math.floor((number - day) * DAY + 0.5)
    day, clock = day + clock // DAY, clock % DAY
    return (day, clock) if FIRST_DAY <= day <= LAST_DAY else None


def days(moment: Moment) -> float:
    """Days since 1970-01-01, with a fraction for the time of day."""
    return (moment[0] or 0) + (moment[1] or 0) / DAY


def day_of(day: int) -> date:
    """The date, that many days after 1970-01-01."""
    return EPOCH + timedelta(days=day)


def clock_text(clock: int | None) -> str:
    """`HH:MM:SS`, with milliseconds when there are any; empty without a time of day."""
    if clock is None:
        return ""
    seconds, rest = divmod(clock, 1000)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{rest:03}" if rest else text


def time_of(clock: int) -> time:
    """The time of day, that many milliseconds after midnight."""
    return (datetime.min + timedelta(milliseconds=clock)).time()


def _read_text(text: str) -> Moment | None:
    found = ISO_DATE.fullmatch(text)
    if found is None:
        clock = _read_clock(text)
        return None if clock is None else (None, clock)
    clock = None if found[4] is None else _read_clock(found[4])
    if found[4] is not None and clock is None:
        return None
    try:
        return (date(int(found[1]), int(found[2]), int(found[3])) - EPOCH).days, clock
    except ValueError:
        return None


def _read_clock(text: str) -> int | None:
    found = ISO_CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return ((hour * 60 + minute) * 60 + second) * 1000 + int(((found[4] or "") + "000")[:3])


def _milliseconds(clock: time | datetime) -> int:
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    return seconds * 1000 + clock.microsecond // 1000
