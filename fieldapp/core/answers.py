"""Raw values from a form or from JSON -> typed answers, by type of question.

Three kinds of silence stay apart: a question that was not asked is absent from the answers, one
that was left blank is None, and "weet niet" is the choice `weet_niet` like any other.

Typed answers: text, select_one, hidden and acknowledge ("OK") are str; integer int; decimal float;
date date; select_multiple and image list[str]; geopoint "lat lon altitude accuracy" as in ODK.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from fieldapp.core.survey.model import Question, Survey
from fieldapp.core.survey.problems import Problem, misspelt, short
from fieldapp.core.survey.vocabulary import UNANSWERED_TYPES

Answer = str | int | float | date | list[str] | None
Answers = dict[str, Answer]

LONGEST = 20_000  # characters in one text
LARGEST = 2**53 - 1  # the largest whole number that JSON keeps exact everywhere
MOST_FILES = 50
MOST_SUGGESTIONS = 10  # looking for near names costs time; a sender of thousands gets none
OK = "OK"

INTEGER = re.compile(r"[+-]?\d{1,17}")
DECIMAL = re.compile(r"[+-]?(\d{1,17}([.,\u066b]\d{0,17})?|[.,\u066b]\d{1,17})")
ISO_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
DUTCH_DATE = re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})")
YES_VALUES = frozenset({"ok", "on", "yes", "ja", "true", "1"})


class Parsed(NamedTuple):
    """The answers that could be read, and a Problem (where = question name) for each other one."""

    answers: Answers
    problems: list[Problem]


class _Impossible(Exception):
    """A value that this question cannot have."""

    def __init__(self, code: str, **params: Any) -> None:
        self.problem = (code, params)
        super().__init__(code)


def parse_answers(survey: Survey, raw: object, asked: Collection[str] = ()) -> Parsed:
    """Typed answers from raw values by question name. Never raises.

    `asked` names the questions of the page that was shown: those that a browser leaves out when
    nothing is chosen count as blank rather than as not asked.
    """
    if not isinstance(raw, Mapping):
        return Parsed({}, [Problem("answers_not_a_mapping", "answers")])
    answers: Answers = {
        name: None
        for name in asked
        if name in survey.by_name and survey.by_name[name].type not in UNANSWERED_TYPES
    }
    problems: list[Problem] = []
    unknown = 0
    for name, value in raw.items():
        question = survey.by_name.get(name) if isinstance(name, str) else None
        if question is None:
            unknown += 1
            problems.append(_unknown(name, survey, look_near=unknown <= MOST_SUGGESTIONS))
        elif question.type not in UNANSWERED_TYPES:  # what a client sends for those is ignored
            try:
                answers[question.name] = READERS[question.type](question, value)
            except _Impossible as impossible:
                answers.pop(question.name, None)
                code, params = impossible.problem
                problems.append(Problem(code, question.name, params))
    return Parsed(answers, problems)


def _unknown(name: object, survey: Survey, *, look_near: bool) -> Problem:
    shown = short(name).encode("utf-8", "replace").decode()
    params = misspelt(name, survey.by_name) if look_near else {}
    return Problem("unknown_question", shown, {**params, "found": shown})


def _one(value: object) -> object:
    """The only value of a list, as forms send them; blank for an empty list."""
    if not isinstance(value, list | tuple):
        return value
    if len(value) > 1:
        raise _Impossible("too_many_values", count=len(value))
    return value[0] if value else None


def _string(value: object) -> str:
    """Clean text: without blanks around it, line ends as newlines."""
    value = _one(value)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Impossible("not_text", found=type(value).__name__)
    if isinstance(value, str):
        return _clean(value)
    try:
        return str(value)
    except ValueError as error:  # an int of thousands of digits
        raise _Impossible("number_too_large", largest=LARGEST) from error


def _clean(text: str) -> str:
    if len(text) > LONGEST:
        raise _Impossible("too_long", longest=LONGEST, found=len(text))
    if "\0" in text:
        raise _Impossible("nul_character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:  # half a character, which no database takes
            raise _Impossible("broken_character", position=error.start) from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def read_text(question: Question, value: object) -> str | None:
    """Text as typed; None when there is nothing but blanks."""
    return _string(value) or None


def read_integer(question: Question, value: object) -> int | None:
    """A whole number, in any script's digits."""
    value = _one(value)
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST:
        return int(value)
    text = _string(value)
    if not text:
        return None
    if not INTEGER.fullmatch(text):
        too_large = text.lstrip("+-").isdecimal()
        raise _Impossible("number_too_large" if too_large else "not_an_integer", found=short(text))
    return int(_within(int(text)))


def read_decimal(question: Question, value: object) -> float | None:
    """A number with a decimal comma or point; no thousands marks, which would be guesswork."""
    value = _one(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _Impossible("not_a_number", found=str(value))
        return float(_within(value))
    text = _string(value)
    if not text:
        return None
    if not DECIMAL.fullmatch(text):
        raise _Impossible("not_a_number", found=short(text))
    return float(_within(float(text.replace(",", ".").replace("\u066b", "."))))


def _within(number: float) -> float:
    if abs(number) > LARGEST:
        raise _Impossible("number_too_large", largest=LARGEST)
    return number


def read_date(question: Question, value: object) -> date | None:
    """A date as 2026-01-31 or as typed in Dutch, 31-1-2026."""
    value = _one(value)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    text = _string(value)
    if not text:
        return None
    match = ISO_DATE.fullmatch(text) or DUTCH_DATE.fullmatch(text)
    try:
        if match:
            return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        pass  # a day that is not on the calendar
    raise _Impossible("not_a_date", found=short(text))


def read_one(question: Question, value: object) -> str | None:
    """The name of one of the choices."""
    name = _string(value)
    if not name:
        return None
    _check_choice(question, name)
    return name


def read_multiple(question: Question, value: object) -> list[str] | None:
    """Names of choices, each once, in the order given; a list, or text with spaces between."""
    parts = value if isinstance(value, list | tuple) else [value]
    if len(parts) > len(question.choices) + MOST_FILES:
        raise _Impossible("too_many_values", count=len(parts))
    names = dict.fromkeys(name for part in parts for name in _string(part).split())
    for name in names:
        _check_choice(question, name)
    return list(names) or None


def _check_choice(question: Question, name: str) -> None:
    if name not in question.choice_names:
        raise _Impossible("unknown_choice", **misspelt(name, question.choice_names))


def read_files(question: Question, value: object) -> list[str] | None:
    """Names of files that came along; a name is never a path."""
    parts = value if isinstance(value, list | tuple) else [value]
    if len(parts) > MOST_FILES:
        raise _Impossible("too_many_values", count=len(parts), most=MOST_FILES)
    names = [name for name in map(_string, parts) if name]
    for name in names:
        if len(name) > 255 or name in (".", "..") or "/" in name or "\\" in name or "\n" in name:
            raise _Impossible("not_a_file_name", found=short(name))
    return list(dict.fromkeys(names)) or None


def read_acknowledge(question: Question, value: object) -> str | None:
    """OK when ticked, None when not."""
    value = _one(value)
    if isinstance(value, bool):
        return OK if value else None
    text = _string(value)
    if text and text.lower() not in YES_VALUES:
        raise _Impossible("unknown_choice", found=short(text), suggestion=OK)
    return OK if text else None


def read_geopoint(question: Question, value: object) -> str | None:
    """A WGS 84 point: "lat lon [altitude [accuracy]]", or {lat, lon, accuracy_m}."""
    value = _one(value)
    if isinstance(value, Mapping):
        parts = [value.get("lat"), value.get("lon"), 0, value.get("accuracy_m") or 0]
        text = " ".join(_string(part) for part in parts)
    else:
        text = _string(value)
    if not text.strip():
        return None
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError as error:
        raise _Impossible("not_a_point", found=short(text)) from error
    if "_" in text or not 2 <= len(numbers) <= 4 or not all(map(math.isfinite, numbers)):
        raise _Impossible("not_a_point", found=short(text))
    lat, lon, altitude, accuracy = (*numbers, 0.0, 0.0)[:4]
    if abs(lat) > 90 or abs(lon) > 180 or accuracy < 0:
        raise _Impossible("point_off_earth", found=short(text))
    return f"{lat!r} {lon!r} {altitude!r} {accuracy!r}"


READERS: Mapping[str, Callable[[Question, object], Answer]] = {
    "text": read_text,
    "hidden": read_text,
    "integer": read_integer,
    "decimal": read_decimal,
    "date": read_date,
    "select_one": read_one,
    "select_multiple": read_multiple,
    "image": read_files,
    "acknowledge": read_acknowledge,
    "geopoint": read_geopoint,
}
