"""What a survey asks given the answers so far, and whether those answers will do.

Relevance comes first: a question is asked when all groups around it and it are relevant, and an
answer to a question that is not asked counts as blank everywhere else (walk.py). Then required,
then constraint, for every round of every repeat.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from fieldapp.core.answers import Answers, takes_answer
from fieldapp.core.expression import Data, Element
from fieldapp.core.survey.model import Page, Question, Survey, Text
from fieldapp.core.survey.problems import Problem
from fieldapp.core.survey.vocabulary import METADATA_TYPES, UNANSWERED_TYPES
from fieldapp.core.walk import Surroundings, Walk


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything one walk finds out.

    `answers` are the answers to relevant questions, with calculations worked out (a calculation
    without a result is None) and repeats as lists of answers; a round that is not asked is {} when
    one after it is. `relevant` has the paths of what is asked: questions (`kamers/0/soort`),
    groups, repeats (`kamers`) and rounds (`kamers/0`). `pages` are the names of the pages with
    something to show; `problems` what is wrong, in file order, round by round. `tree` is the form
    as nodes after the walk and `around` works out more expressions in it.
    """

    answers: Answers
    relevant: frozenset[str]
    pages: tuple[str, ...]
    problems: tuple[Problem, ...]
    tree: Data = field(compare=False, repr=False)
    around: Surroundings = field(compare=False, repr=False)


def examine(
    survey: Survey,
    answers: Mapping[str, Any],
    *,
    now: datetime,
    today: date | None = None,
    unreadable: Collection[str] = (),
    language: str = "",
    seed: int | None = None,
) -> Examination:
    """Relevance, calculations and problems at once; never raises for typed answers.

    `now` is the moment on the clock of the form, `today` its date unless given. `unreadable` has
    the paths of answers that could not be parsed: they have their Problem already and are not
    reported as missing. `language` is that of labels which expressions read; `seed` makes what is
    random the same each time.
    """
    walk = Walk(survey, answers, now, today, language, seed)
    harvest = _Harvest(walk, unreadable)
    kept = harvest.level(walk.data.root, answers)
    shown = harvest.shown
    return Examination(
        answers=kept,
        relevant=frozenset(harvest.relevant),
        pages=tuple(name for name, rows in walk.plan.shows.items() if not shown.isdisjoint(rows)),
        problems=tuple(harvest.problems),
        tree=walk.data,
        around=walk.around,
    )


def validate(
    survey: Survey,
    answers: Mapping[str, Any],
    *,
    now: datetime,
    today: date | None = None,
    only: Collection[str] | None = None,
) -> list[Problem]:
    """The problems of the answers; of the paths in `only` (those of one page, say) when given.

    Codes `required`, `constraint` and `choice_not_offered`; `where` is the path of the answer;
    `message` the question's own text when it has one.
    """
    problems = examine(survey, answers, now=now, today=today).problems
    return [problem for problem in problems if only is None or problem.where in only]


def relevant_questions(
    survey: Survey, answers: Mapping[str, Any], *, now: datetime, today: date | None = None
) -> tuple[Question, ...]:
    """The questions that are asked given these answers (in any round), in file order."""
    named = Walk(survey, answers, now, today).data.named
    return tuple(q for q in survey.questions if any(node.relevant for node in named[q.name]))


def relevant_pages(
    survey: Survey, answers: Mapping[str, Any], *, now: datetime, today: date | None = None
) -> tuple[Page, ...]:
    """The pages on which there is something to show given these answers, in file order."""
    shown = set(examine(survey, answers, now=now, today=today).pages)
    return tuple(page for page in survey.pages if page.name in shown)


def prune(
    survey: Survey, answers: Mapping[str, Any], *, now: datetime, today: date | None = None
) -> Answers:
    """The answers without those to questions that are not asked, with calculations worked out."""
    return examine(survey, answers, now=now, today=today).answers


class _Harvest:
    """Gathers out of the tree what is asked (paths, names), the answers, and what is wrong."""

    def __init__(self, walk: Walk, unreadable: Collection[str]) -> None:
        self.walk = walk
        self.unreadable = unreadable
        self.relevant: set[str] = set()
        self.shown: set[str] = set()
        self.problems: list[Problem] = []

    def level(self, node: Element, given: Mapping[str, Any]) -> Answers:
        """The answers of the form itself or of one round, without what is not asked."""
        answers: Answers = {}
        prefix = node.path + "/" if node.path else ""
        self.gather(node, prefix, given, answers)
        return answers

    def gather(
        self, node: Element, prefix: str, given: Mapping[str, Any], answers: Answers
    ) -> None:
        for name in self.walk.plan.repeats_in.get(node.name, ()):
            self.repeat(name, prefix + name, given, answers)
        items = self.walk.plan.items
        for child in node.children:
            if not child.relevant:
                continue
            self.relevant.add(child.path)
            item = items[child.name]
            if isinstance(item, Question):
                self.shown.add(item.name)
                if child.value is not None or _is_kept(item, given):
                    answers[item.name] = child.value
                self.judge(item, child)
            elif item.is_repeat:
                self.round(child, given, answers[item.name])
            else:
                self.gather(child, prefix, given, answers)

    def repeat(self, name: str, path: str, given: Mapping[str, Any], answers: Answers) -> None:
        """A repeat is asked also when it has no rounds (yet)."""
        if path in self.walk.shown_repeats:
            self.relevant.add(path)
            answers[name] = []
            if not given.get(name) and self.walk.survey.groups[name].repeat_count is None:
                self.shown.add(name)

    def round(self, node: Element, given: Mapping[str, Any], found: list[Answers]) -> None:
        rounds = given.get(node.name) or ()
        index = node.position - 1
        found += [{} for _ in range(len(found), index)]
        found.append(self.level(node, rounds[index] if index < len(rounds) else {}))

    def judge(self, question: Question, node: Element) -> None:
        """At most one problem per answer."""
        if node.path in self.unreadable:
            return
        if node.path in self.walk.withdrawn:
            params = {"type": question.type, "found": self.walk.withdrawn[node.path]}
            self.problems.append(Problem("choice_not_offered", node.path, params))
            return
        if node.value is None:
            required = question.required
            if required is None or question.type in UNANSWERED_TYPES:
                return
            if self.walk.around.holds(required, node):
                text = question.required_message
                self.problems.append(_finding("required", question, node, text))
        elif not self.walk.around.holds(question.constraint, node):
            text = question.constraint_message
            self.problems.append(_finding("constraint", question, node, text))


def _is_kept(question: Question, given: Mapping[str, Any]) -> bool:
    """Whether a blank answer is an answer: asked and left open, or a calculation without result."""
    if question.calculation is not None and not question.trigger:
        return True
    return question.name in given and question.type not in METADATA_TYPES and takes_answer(question)


def _finding(code: str, question: Question, node: Element, message: Text | None) -> Problem:
    params: dict[str, Any] = {"type": question.type}
    if code == "constraint" and question.constraint is not None:
        params["constraint"] = question.constraint.source
    return Problem(code, node.path, params, message)
