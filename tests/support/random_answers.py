"""Answers by chance to any survey: right, wrong, blank, with rounds in rounds, and what comes next.

Seeded, so that a difference comes back with its number. Raw values, as a page or phone sends them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from fieldapp.core.answers import survey_choices
from fieldapp.core.survey.model import Group, Item, Question, Survey
from fieldapp.core.survey.vocabulary import LIST_TYPES, UNANSWERED_TYPES

TEXTS = (
    "ja",
    "nee",
    "een 2 drie",
    "AB12",
    "ab",
    "Ж 👩🏽‍🌾",
    "12",
    " x ",
    "0",
    "2026-03-01",
    "regel\r\ntwee",
)
NUMBERS = ("0", "1", "2", "3", "5", "7", "12", "18", "21", "40", "64", "99", "150", "-4", "+8", "٣")
VALUES: dict[str, Sequence[str]] = {
    "integer": (*NUMBERS, "3,5", "x", "99999999999999999999"),
    "decimal": (*NUMBERS, "3,5", ".25", "30.75", "7.", "1e3", "1.000,5"),
    "range": ("1", "2", "3", "4,5", "5.5", "10", "0", "11", "3.3", "x"),
    "date": (
        "2026-03-01", "1-3-2026", "31/12/2025", "29.2.2024", "29.2.2025", "2026-3-1", "2026-03",
        "03-2026", "2024", "0000-01-01", "morgen", "9999-12-31",
    ),
    "time": ("09:30", "9.30", "23:59:59.5", "18:00", "12:00:00", "9.30 uur", "24:00", "x", "8:15Z"),
    "dateTime": ("2026-03-01T09:30", "1-3-2026 9.30", "2026-03-01", "2026-03-01T25:00", "x",
                 "2026-03-01T09:30:15.250+01:00"),
    "geopoint": ("52.08 4.3", "52 4 0 5", "91 0", "52.08", "x y", "52,08 4,3", "-0.00001 4 1 2.5"),
    "geotrace": ("52.08 4.3; 52.09 4.31", "52 4", "52.08 4.3 0 0;52.0801 4.3001;", ";", "x;y"),
    "geoshape": ("52.08 4.3; 52.09 4.31; 52.09 4.3", "52.08 4.3; 52.09 4.31", "1 1;2 2;1 2;1 1"),
    "acknowledge": ("OK", "on", "ja", "nee", "true"),
    "image": ("foto.jpg", "../x", "a/b"),
}  # fmt: skip
FILES = ("image", "audio", "video", "file")
RARELY, MOST = 0.2, 3


def raw_answers(survey: Survey, seed: int) -> dict[str, Any]:
    """One raw set of answers."""
    return _level(survey, survey.items, Random(seed))


def _level(survey: Survey, items: Sequence[Item], dice: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Question):
            if dice.random() > RARELY:
                found[item.name] = raw_value(survey, item, dice)
        elif item.is_repeat:
            if dice.random() > RARELY / 2:
                rounds = range(dice.randint(0, MOST))
                found[item.name] = [_level(survey, item.children, dice) for _ in rounds]
        else:
            found |= _level(survey, item.children, dice)
    return found


def raw_value(survey: Survey, question: Question, dice: Random) -> Any:
    """One value for this question; sometimes blank, sometimes one it cannot have."""
    if dice.random() < RARELY / 2:
        return ""
    if question.type in LIST_TYPES:
        return _chosen(survey, question, dice)
    kind = "image" if question.type in FILES else question.type
    values = VALUES.get(kind, (*TEXTS, *NUMBERS))
    value = dice.choice(values)
    return [value, dice.choice(values)] if kind == "image" else value


def _chosen(survey: Survey, question: Question, dice: Random) -> Any:
    names = [choice.name for choice in survey_choices(question, survey)]
    if dice.random() < RARELY / 4 or not names:
        names = ["bestaat_niet"]
    if question.type == "select_one":
        return dice.choice(names)
    picked = dice.sample(names, dice.randint(0, len(names)))
    return picked + picked[:1] if dice.random() < RARELY / 4 else picked


def actions(survey: Survey, seed: int, answers: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """What somebody does next in a form with these (typed) answers: rounds first, then answers."""
    dice = Random(seed + 1)
    repeats = [path for path, item in places(survey.items, answers) if isinstance(item, Group)]
    found: list[tuple[str, str, Any]] = []
    for path in dice.sample(repeats, min(len(repeats), 2)):
        found.append(("add", path, None) if dice.random() < 0.6 else ("remove", f"{path}/0", None))
    asked = [
        (path, item)
        for path, item in places(survey.items, answers)
        if isinstance(item, Question)
        and item.calculation is None
        and item.type not in UNANSWERED_TYPES
    ]
    for _ in range(dice.randint(0, 8) if asked else 0):
        path, question = dice.choice(asked)
        found.append(("set", path, raw_value(survey, question, dice)))
    return found


def places(
    items: Sequence[Item], answers: dict[str, Any], prefix: str = ""
) -> Iterator[tuple[str, Item]]:
    """Every question (with its path, in the rounds there are) and every repeat."""
    for item in items:
        if isinstance(item, Question):
            yield prefix + item.name, item
        elif not item.is_repeat:
            yield from places(item.children, answers, prefix)
        else:
            yield prefix + item.name, item
            for index, level in enumerate(answers.get(item.name) or ()):
                yield from places(item.children, level, f"{prefix}{item.name}/{index}/")
