"""A survey as far as it is filled in: what was typed, read and examined by core."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fieldapp.core.answers import Answers, parse_answers
from fieldapp.core.filling import offered_choices
from fieldapp.core.submission import Location
from fieldapp.core.survey import Problem, Question, Survey
from fieldapp.core.survey.model import Group, Item, leaves
from fieldapp.core.survey.vocabulary import SILENT_TYPES
from fieldapp.core.validate import Examination, examine
from fieldapp.services.place_question import geopoint_question, point_text, unkept_places
from fieldapp.services.rounds import at, leaf, rounds_in, steps, without_keys
from fieldapp.services.typed import Unreadable, for_core


@dataclass(frozen=True, slots=True)
class Filled:
    """Raw answers (nested, as typed) with all that core finds in them.

    `problems` have the path of an answer as their `where`.
    """

    survey: Survey
    raw: Mapping[str, Any]
    found: Examination
    problems: tuple[Problem, ...]
    unkept: frozenset[str] = frozenset()

    @property
    def answers(self) -> Answers:
        """Typed answers to what is asked."""
        return self.found.answers

    def asks(self, path: str) -> bool:
        """Whether the question, group, repeat or round at this path is asked."""
        return path in self.found.relevant and leaf(path) not in self.unkept

    def can_answer(self, question: Question, path: str) -> bool:
        """Whether there is anything to answer with: a filter may leave no choice (yet)."""
        if question.list_name is None or question.choice_filter is None:
            return True
        return bool(offered_choices(self.survey, path, self.found))

    def rounds(self, path: str) -> int:
        """How many rounds the repeat at this path has now."""
        found = at(self.found.answers, path)
        return len(found) if isinstance(found, list) else 0

    def item(self, path: str) -> Item | None:
        """The question, group or repeat that a path belongs to."""
        name = leaf(path)
        return self.survey.by_name.get(name) or self.survey.groups.get(name)

    def page_of(self, path: str) -> str:
        """The page on which something is asked; "" for what is on no page."""
        found = self.item(path)
        return found.page if found is not None else ""


def fill_in(
    survey: Survey,
    raw: Mapping[str, Any],
    *,
    now: datetime,
    today: date | None = None,
    location: Location | None = None,
    seed: int | None = None,
    language: str = "",
) -> Filled:
    """Read and examine what was typed. Never raises for what was typed.

    `raw` holds what drafts keep or what a client sent; the place comes apart, in `location`.
    """
    unkept = unkept_places(survey)
    reading = _Reading(unkept)
    clean = reading.level(survey.items, without_keys(raw), "")
    point = geopoint_question(survey)
    if point is not None and location is not None and location.source != "none":
        clean[point.name] = point_text(location, survey.kind)
    read = parse_answers(survey, clean)
    wrong = [*reading.problems, *(p for p in read.problems if leaf(p.where) not in unkept)]
    found = examine(
        survey,
        read.answers,
        now=now,
        today=today,
        unreadable={problem.where for problem in wrong},
        seed=seed,
        language=language,
    )
    problems = (*wrong, *(p for p in found.problems if leaf(p.where) not in unkept))
    return Filled(survey, raw, found, problems, unkept)


class _Reading:
    """Brings raw values into the form that core knows; what cannot be becomes a problem."""

    def __init__(self, unkept: frozenset[str]) -> None:
        self.problems: list[Problem] = []
        self.unkept = unkept

    def level(self, items: Sequence[Item], raw: Mapping[str, Any], prefix: str) -> dict[str, Any]:
        """The answers of one round, or of the whole survey; what is unknown stays in."""
        clean = dict(raw)
        for item in items:
            if isinstance(item, Question):
                self.question(item, clean, prefix)
            elif not item.is_repeat:
                clean = self.level(item.children, clean, prefix)
            elif isinstance(clean.get(item.name), list):
                clean[item.name] = self.rounds(item, clean[item.name], prefix)
        return clean

    def rounds(self, repeat: Group, rounds: list[Any], prefix: str) -> list[Any]:
        """Every round of a repeat."""
        return [
            self.level(repeat.children, one, f"{prefix}{repeat.name}/{index}/")
            if isinstance(one, Mapping)
            else one
            for index, one in enumerate(rounds)
        ]

    def question(self, question: Question, clean: dict[str, Any], prefix: str) -> None:
        """One answer, in place."""
        if question.name not in clean:
            return
        if question.name in self.unkept:
            del clean[question.name]
            return
        try:
            clean[question.name] = for_core(question, clean[question.name])
        except Unreadable as error:
            del clean[question.name]
            where = prefix + question.name
            self.problems.append(Problem(error.code, where, error.params))


def asked_paths(filled: Filled, items: Sequence[Item], prefix: str = "") -> list[str]:
    """The paths of the questions and notes that are asked among these rows, in order.

    A question without choices to offer is not asked yet, although it stands on the page.
    """
    found: list[str] = []
    for item in items:
        path = prefix + item.name
        if isinstance(item, Question):
            if item.type in SILENT_TYPES or not filled.asks(path):
                continue
            if filled.can_answer(item, path):
                found.append(path)
        elif not item.is_repeat:
            found += asked_paths(filled, item.children, prefix)
        else:
            for index in range(filled.rounds(path)):
                found += asked_paths(filled, item.children, f"{path}/{index}/")
    return found


def seed_of(record: uuid.UUID) -> int:
    """The order of shuffled choices: the same for one draft whenever its pages are shown."""
    return record.int % 2**31


def paths_of(survey: Survey, answers: Mapping[str, Any]) -> list[tuple[str, Question, Any]]:
    """Every answer with its path and question, in file order, round by round."""
    found: list[tuple[str, Question, Any]] = []
    _collect(survey.items, answers, "", found)
    return found


def _collect(
    items: Sequence[Item],
    answers: Mapping[str, Any],
    prefix: str,
    found: list[tuple[str, Question, Any]],
) -> None:
    for item in items:
        if isinstance(item, Question):
            if item.name in answers:
                found.append((prefix + item.name, item, answers[item.name]))
        elif not item.is_repeat:
            _collect(item.children, answers, prefix, found)
        else:
            for index, one in enumerate(rounds_in(answers, item.name)):
                _collect(item.children, one, f"{prefix}{item.name}/{index}/", found)


def in_file_order(survey: Survey, paths: Iterable[str]) -> list[str]:
    """Paths of answers as the survey asks them, the rounds of a repeat one after another."""
    place = {question.name: number for number, question in enumerate(survey.questions)}

    def key(path: str) -> tuple[tuple[int, int], ...]:
        around, last = steps(path)
        first = [(_first_place(survey, name, place), index) for name, index in around]
        return (*first, (place.get(last, len(place)), 0))

    return sorted(paths, key=key)


def _first_place(survey: Survey, repeat: str, place: Mapping[str, int]) -> int:
    group = survey.groups.get(repeat)
    inside = leaves(group.children) if group is not None else ()
    return min((place[question.name] for question in inside), default=0)
