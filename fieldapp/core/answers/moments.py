"""Dates, times of day and moments on the clock of the form (no time zone)."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from fieldapp.core.answers.texts import string
from fieldapp.core.answers.values import Impossible, one
from fieldapp.core.survey.model import Question
from fieldapp.core.survey.problems import short

ISO_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
DUTCH_DATE = re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})")
ISO_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")
DUTCH_MONTH = re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})")
YEAR = re.compile(r"(?P<year>[0-9]{4})")
CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2}))?"
    r"(?:[.,](?P<fraction>[0-9]{1,6})[0-9]*)?(?: ?uur)?"
)
ZONE = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")

# appearance -> what may be written beside a whole date; the rest counts as the first
SHORTER = {"month-year": (ISO_MONTH, DUTCH_MONTH), "year": (YEAR, ISO_MONTH, DUTCH_MONTH)}


def read_date(question: Question, value: object) -> date | None:
    """A date as 2026-01-31 or as typed in Dutch, 31-1-2026; a month or year where asked so."""
    value = one(value)
    if isinstance(value, date):
        return _cut(question, date(value.year, value.month, value.day))
    text = string(value)
    if not text:
        return None
    patterns = [ISO_DATE, DUTCH_DATE]
    for word in SHORTER.keys() & question.appearances:
        patterns += SHORTER[word]
    return _cut(question, _date(text, patterns))


def _date(text: str, patterns: list[re.Pattern[str]]) -> date:
    for pattern in patterns:
        match = pattern.fullmatch(text)
        if match:
            parts = {"month": "1", "day": "1"} | match.groupdict()
            try:
                return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
            except ValueError:
                break  # a day that is not on the calendar
    raise Impossible("not_a_date", found=short(text))


def _cut(question: Question, day: date) -> date:
    """The first of the month or year, where no more than that is asked."""
    if "year" in question.appearances:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if "month-year" in question.appearances else day


def read_time(question: Question, value: object) -> time | None:
    """A time of day as 09:30, 9.30 or 09:30:15.5; a zone behind it is left out."""
    value = one(value)
    if isinstance(value, time):
        return value.replace(tzinfo=None, fold=0)
    text = string(value)
    return _time(text, text, "not_a_time") if text else None


def _time(text: str, whole: str, code: str) -> time:
    match = CLOCK.fullmatch(ZONE.sub("", text))
    if match:
        micro = int((match["fraction"] or "0").ljust(6, "0"))
        try:
            return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), micro)
        except ValueError:
            pass  # 25:00
    raise Impossible(code, found=short(whole))


def read_moment(question: Question, value: object) -> datetime | None:
    """A date and a time of day with T or a blank between: 2026-01-31T09:30, 31-1-2026 9.30."""
    value = one(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, fold=0)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = string(value)
    if not text:
        return None
    day, _, clock = text.replace("T", " ", 1).partition(" ")
    try:
        found = _date(day, [ISO_DATE, DUTCH_DATE])
    except Impossible:
        raise Impossible("not_a_moment", found=short(text)) from None
    at = _time(clock.strip(), text, "not_a_moment") if clock else time()
    return datetime.combine(found, at)
