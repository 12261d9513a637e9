"""Text, and the tick of an acknowledge."""

from __future__ import annotations

from fieldapp.core.answers.values import Answer, Impossible, one
from fieldapp.core.survey.model import Question
from fieldapp.core.survey.problems import short

LARGEST = 2**53 - 1  # the largest whole number that JSON keeps exact everywhere
LONGEST = 20_000  # characters in one text
OK = "OK"
YES_VALUES = frozenset({"ok", "on", "yes", "ja", "true", "1"})


def string(value: object) -> str:
    """Clean text: without blanks around it, line ends as newlines."""
    value = one(value)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Impossible("not_text", found=type(value).__name__)
    if isinstance(value, str):
        return _clean(value)
    try:
        return str(value)
    except ValueError as error:  # an int of thousands of digits
        raise Impossible("number_too_large", largest=LARGEST) from error


def _clean(text: str) -> str:
    if len(text) > LONGEST:
        raise Impossible("too_long", longest=LONGEST, found=len(text))
    if "\0" in text:
        raise Impossible("nul_character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:  # half a character, which no database takes
            raise Impossible("broken_character", position=error.start) from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def read_text(question: Question, value: object) -> str | None:
    """Text as typed; None when there is nothing but blanks."""
    return string(value) or None


def read_worked_out(question: Question, value: object) -> Answer:
    """What a calculation gave before: a number stays a number."""
    value = one(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return float(value)
    return read_text(question, value)


def read_acknowledge(question: Question, value: object) -> str | None:
    """OK when ticked, None when not."""
    value = one(value)
    if isinstance(value, bool):
        return OK if value else None
    text = string(value)
    if text and text.lower() not in YES_VALUES:
        raise Impossible("unknown_choice", found=short(text), suggestion=OK)
    return OK if text else None
