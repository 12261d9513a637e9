"""Choices out of a list, and names of files."""

from __future__ import annotations

from fieldapp.core.answers.texts import string
from fieldapp.core.answers.values import Impossible
from fieldapp.core.survey.choices import choice_names
from fieldapp.core.survey.model import Question, Survey
from fieldapp.core.survey.problems import misspelt, short

MOST_FILES = 50
LONGEST_FILE_NAME = 255
MOST_COMPARED = 500  # a suggestion out of a list of thousands of places is not worth its time


def read_one(question: Question, value: object, survey: Survey) -> str | None:
    """The name of one of the choices."""
    name = string(value)
    if not name:
        return None
    _check_choice(question, name, survey)
    return name


def read_multiple(question: Question, value: object, survey: Survey) -> list[str] | None:
    """Names of choices, each once, in the order given; a list, or text with spaces between."""
    names = list(dict.fromkeys(_names(question, value, survey)))
    for name in names:
        _check_choice(question, name, survey)
    return names or None


def read_rank(question: Question, value: object, survey: Survey) -> list[str] | None:
    """All choices in the order of importance, each once."""
    names = _names(question, value, survey)
    for name in names:
        _check_choice(question, name, survey)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Impossible("ranked_twice", found=twice)
    return names or None


def _names(question: Question, value: object, survey: Survey) -> list[str]:
    parts = value if isinstance(value, list | tuple) else [value]
    most = len(choice_names(question, survey)) + MOST_FILES
    if len(parts) > most:
        raise Impossible("too_many_values", count=len(parts))
    names = [name for part in parts for name in string(part).split()]
    if len(names) > most + LONGEST_FILE_NAME:
        raise Impossible("too_many_values", count=len(names))
    return names


def _check_choice(question: Question, name: str, survey: Survey) -> None:
    known = choice_names(question, survey)
    if name not in known:
        params = misspelt(name, known) if len(known) <= MOST_COMPARED else {"found": short(name)}
        raise Impossible("unknown_choice", **params)


def read_files(question: Question, value: object) -> list[str] | None:
    """Names of files that came along; a name is never a path."""
    parts = value if isinstance(value, list | tuple) else [value]
    if len(parts) > MOST_FILES:
        raise Impossible("too_many_values", count=len(parts), most=MOST_FILES)
    names = [name for name in map(string, parts) if name]
    for name in names:
        too_long = len(name) > LONGEST_FILE_NAME
        if too_long or name in (".", "..") or "/" in name or "\\" in name or "\n" in name:
            raise Impossible("not_a_file_name", found=short(name))
    return list(dict.fromkeys(names)) or None
