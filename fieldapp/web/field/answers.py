"""Answers of a stored submission as people read them back: words, lists, files, rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import url_for
from flask_babel import format_date, format_datetime, format_decimal, format_time
from flask_babel import gettext as _

from fieldapp.core.survey import Question, Survey
from fieldapp.core.survey.model import Group, Item
from fieldapp.core.survey.vocabulary import FILE_TYPES, GEO_TYPES, METADATA_TYPES
from fieldapp.db.geo import cell_100m
from fieldapp.db.models import Attachment, Submission
from fieldapp.services.intake.files import LONGEST_NAME, LONGEST_QUESTION

HIDDEN = frozenset({"calculate", "hidden", "note"}) | METADATA_TYPES
FileUrls = Mapping[tuple[str, str], str]  # (question, file name) -> address


@dataclass(frozen=True, slots=True)
class ShownRound:
    """One round of a repeat."""

    heading: str
    answers: tuple[ShownAnswer, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One question with its answer in words, as it was shown when it was given.

    `parts`: an answer of several parts, in the order that was given (a ranking, points of a line).
    `files`: (name, address). `rounds`: of a repeat; `question` is then its heading.
    """

    question: str
    answer: str = ""
    multiline: bool = False
    parts: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    rounds: tuple[ShownRound, ...] = ()


def shown_answers(
    survey: Survey,
    submission: Submission,
    language: str,
    *,
    attachments: Sequence[Attachment] = (),
    exact: bool = True,
) -> list[ShownAnswer]:
    """What was answered, in the order of the survey; questions left blank are left out.

    `exact` False: points in an answer become the middle of their 100 m cell, lines a number.
    """
    urls = {
        (a.question, a.file_name): url_for(
            "media.photo", submission_id=submission.id, attachment_id=a.id
        )
        for a in attachments
    }
    return shown_stored(survey, submission.answers, language, urls=urls, exact=exact)


def shown_stored(
    survey: Survey,
    stored: Mapping[str, Any],
    language: str,
    *,
    urls: FileUrls | None = None,
    exact: bool = True,
) -> list[ShownAnswer]:
    """The same for answers as they are stored, or as they would be."""
    return _Reader(language, urls or {}, exact).level(survey.items, stored, inside=False)


def other_files(attachments: Sequence[Attachment]) -> list[Attachment]:
    """What is no photo: shown with the answers, not among the pictures."""
    return [one for one in attachments if not one.width]


def photos_among(attachments: Sequence[Attachment]) -> list[Attachment]:
    """The photos among the files of a submission."""
    return [one for one in attachments if one.width]


class _Reader:
    def __init__(self, language: str, urls: FileUrls, exact: bool) -> None:
        self.language, self.urls, self.exact = language, urls, exact

    def level(
        self, items: Sequence[Item], stored: Mapping[str, Any], *, inside: bool
    ) -> list[ShownAnswer]:
        """`inside` a round, photos are named; those at the top stand apart."""
        found: list[ShownAnswer] = []
        for item in items:
            if isinstance(item, Question):
                found += self.answer(item, stored.get(item.name), inside=inside)
            elif not item.is_repeat:
                found += self.level(item.children, stored, inside=inside)
            else:
                found += self.repeat(item, stored.get(item.name))
        return found

    def repeat(self, repeat: Group, entry: Any) -> list[ShownAnswer]:
        rounds = (entry or {}).get("v") if isinstance(entry, Mapping) else None
        if not isinstance(rounds, list) or not rounds:
            return []
        label = repeat.label.in_language(self.language) if repeat.label else _("Ronde")
        shown = tuple(
            ShownRound(
                _("%(name)s %(number)s", name=label, number=number),
                tuple(self.level(repeat.children, one, inside=True)),
            )
            for number, one in enumerate(rounds, start=1)
            if isinstance(one, Mapping)
        )
        return [ShownAnswer(label, rounds=shown)]

    def answer(self, question: Question, entry: Any, *, inside: bool) -> list[ShownAnswer]:
        if not isinstance(entry, Mapping) or entry.get("v") is None or question.type in HIDDEN:
            return []
        label = question.label.in_language(self.language) if question.label else question.name
        if question.type in FILE_TYPES:
            if question.type == "image" and not inside:
                return []
            return [ShownAnswer(label, files=self.files(question, entry["v"]))]
        if question.type in GEO_TYPES:
            return [self.place(question, label, str(entry["v"]))]
        said = entry.get("l")
        if question.type == "rank":
            names = said if isinstance(said, list) and said else entry["v"]
            return [ShownAnswer(label, parts=tuple(map(str, names)))]
        return [ShownAnswer(label, words_of(question, entry), question.type == "text")]

    def files(self, question: Question, names: Any) -> tuple[tuple[str, str], ...]:
        kept = names if isinstance(names, list) else [names]
        key = question.name[:LONGEST_QUESTION]
        return tuple((str(n), self.urls.get((key, str(n)[:LONGEST_NAME]), "")) for n in kept)

    def place(self, question: Question, label: str, text: str) -> ShownAnswer:
        points = [part.split() for part in text.split(";") if len(part.split()) >= 2]
        if question.type == "geopoint":
            return ShownAnswer(label, self.point(points[0]) if points else text)
        count = _("%(count)s punten", count=len(points))
        return ShownAnswer(label, count, parts=tuple(map(self.point, points)) if self.exact else ())

    def point(self, parts: Sequence[str]) -> str:
        lat, lon = float(parts[0]), float(parts[1])
        if not self.exact:
            lon, lat = cell_100m(lon, lat)
        shown = {"lat": _degrees(lat), "lon": _degrees(lon)}
        return str(_("%(lat)s noord, %(lon)s oost", **shown))


def _degrees(number: float) -> str:
    return str(format_decimal(number, "0.#####"))


def words_of(question: Question, stored: Mapping[str, Any]) -> str:
    """One stored answer in words."""
    value, label = stored["v"], stored.get("l")
    if label is not None:
        return ", ".join(map(str, label)) if isinstance(label, list) else str(label)
    say = WORDS.get(question.type)
    if say is None:
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    try:
        return str(say(question, value))
    except (ValueError, TypeError):  # stored by an older version of the survey, as another type
        return str(value)


def _day(question: Question, value: Any) -> str:
    day = date.fromisoformat(value)
    if "month-year" in question.appearances:
        return str(format_date(day, "LLLL y"))
    return str(format_date(day, "y" if "year" in question.appearances else "full"))


WORDS: Mapping[str, Callable[[Question, Any], str]] = {
    "date": _day,
    "time": lambda _question, value: format_time(
        datetime.combine(date.min, time.fromisoformat(value)), "short", rebase=False
    ),
    "dateTime": lambda _question, value: format_datetime(
        datetime.fromisoformat(value), "medium", rebase=False
    ),
    "integer": lambda _question, value: format_decimal(value),
    "decimal": lambda _question, value: format_decimal(value),
    "range": lambda _question, value: format_decimal(value),
    "acknowledge": lambda _question, _value: str(_("Ja")),
}
