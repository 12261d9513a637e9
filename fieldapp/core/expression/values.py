"""Values of the expression language and how they turn into each other (XPath 1.0 chapter 4).

A value is a float, str, bool, date or datetime. An unanswered question is the empty string.
Dates count as days since 1970-01-01; a datetime adds the part of the day on its own clock, so that
today and now agree whatever the time zone is.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

Value = float | str | bool | date

EPOCH = date(1970, 1, 1)
NUMBER = re.compile(r"[ \t\r\n]*-?([0-9]+(\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})([T ].*)?", re.DOTALL)
DAY = 86_400


def from_answer(answer: Any) -> Value:
    """A typed answer as a value: lists become names separated by spaces, as in OpenRosa."""
    if answer is None:
        return ""
    if isinstance(answer, int) and not isinstance(answer, bool):
        return float(answer)
    if isinstance(answer, list | tuple):
        return " ".join(answer)
    if isinstance(answer, str | float | bool | date):
        return answer
    return str(answer)


def to_number(value: Value) -> float:
    """The number() of XPath: NaN for the empty string and for text that is no number."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, str):
        return float(value) if NUMBER.fullmatch(value) else math.nan
    return days(value)


def to_string(value: Value) -> str:
    """The string() of XPath: whole numbers without a point, never an exponent, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    return value.isoformat()


def to_boolean(value: Value) -> bool:
    """The boolean() of XPath: true for text that is not empty and numbers other than 0 and NaN."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def number_text(number: float) -> str:
    """A number as XPath writes it."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def days(moment: date) -> float:
    """Days since 1970-01-01, with a fraction for a datetime."""
    if isinstance(moment, datetime):
        clock = timedelta(
            hours=moment.hour,
            minutes=moment.minute,
            seconds=moment.second,
            microseconds=moment.microsecond,
        )
        return (moment.date() - EPOCH).days + clock.total_seconds() / DAY
    return float((moment - EPOCH).days)


def to_date(value: Value) -> date | None:
    """A date from ISO text, a number of days, or a moment; None when it is none of these."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and (match := ISO_DATE.fullmatch(value)):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    try:
        return EPOCH + timedelta(days=math.floor(to_number(value)))
    except (OverflowError, ValueError):  # beyond the calendar, or NaN
        return None
