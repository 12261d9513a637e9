"""Whether a question can ever be asked: its conditions tried on all answers that can make a
difference.

A condition reads questions, and those have conditions of their own. For each row the inputs that
count in the end are gathered; every combination of their possible answers is tried, as long as
there are few enough. Where they are too many, or where the possible answers cannot be listed (free
text that is searched, sums, dates, repeats, chance), nothing is said: what is said here is certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, pairwise, product
from math import prod
from typing import Any

from fieldapp.core.expression import (
    Call,
    Context,
    Expression,
    Literal,
    Path,
    evaluate,
    is_true,
    references,
)
from fieldapp.core.expression.tree import Node, walk
from fieldapp.core.survey.choices import survey_choices
from fieldapp.core.survey.graph import graph_of, ordered, rows
from fieldapp.core.survey.model import Group, Item, Question, Survey

MOST_COMBINATIONS = 3_000  # for one row
MOST_TRIED = 60_000  # for one survey: about a second
MOST_SUBSETS = 6  # choices of a select_multiple of which every subset is tried

# What a condition may use for a list of possible numbers and texts to be complete: the outcome
# changes only at the numbers and texts that stand in it.
COMPARES = frozenset(
    {"=", "!=", "<", "<=", ">", ">=", "and", "or", "not", "neg", "true", "false", "number"}
    | {"selected", "boolean", "coalesce"}
)
# of closed questions all answers are known, so these may be used too
ON_CHOICES = COMPARES | frozenset(
    {"if", "count-selected", "string", "concat", "+", "-", "*", "string-length", "starts-with"}
    | {"contains", "selected-at", "once", "ends-with", "int", "div", "mod", "round"}
)
CLOSED = frozenset({"select_one", "select_multiple", "acknowledge"})
NUMBERS = frozenset({"integer", "decimal", "range"})
WORDS = frozenset({"text", "hidden", "barcode"})
SOME_MOMENT = datetime(2026, 1, 1, 12)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is certain about the conditions: names of rows in file order.

    `never`: rows that no answers bring up, each with the row whose own condition is to blame;
    `always`: rows whose condition holds whatever is answered; `impossible`: questions of which the
    constraint refuses every answer.
    """

    never: Mapping[str, str]
    always: tuple[str, ...]
    impossible: tuple[str, ...]


def reach_of(survey: Survey) -> Reach:
    """Try every condition and constraint of the survey."""
    return _Trial(survey).result()


class _Trial:
    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        graph = graph_of(survey.items)
        self.needs = graph.needs
        self.items: dict[str, Item] = {item.name: item for item in rows(survey.items)}
        self.order = ordered(graph)
        self.tried = 0

    def result(self) -> Reach:
        never: dict[str, str] = {}
        always: list[str] = []
        for item in self.items.values():
            above = next((name for name in reversed(item.path) if name in never), None)
            if above is not None:
                never[item.name] = never[above]
            elif item.relevant is not None:
                outcomes = self.outcomes(item)
                if outcomes == {False}:
                    never[item.name] = item.name
                elif outcomes == {True}:
                    always.append(item.name)
        impossible = tuple(q.name for q in self.survey.questions if self.refuses_all(q))
        return Reach(never, tuple(always), impossible)

    def outcomes(self, item: Item) -> set[bool] | None:
        """Both, or the only outcome of a condition; None: not certain."""
        around = self.closure(item.name)
        if around is None:
            return None
        inputs = [row for row in around if isinstance(row, Question) and _takes_answer(row)]
        logic = [e for row in (*around, item) for e in _logic(row)]
        domains = [_domain(question, self.survey, logic) for question in inputs]
        possible = [domain for domain in domains if domain is not None]
        if len(possible) < len(domains) or not _is_certain(logic, inputs):
            return None
        number = prod(map(len, possible))
        self.tried += number
        if number > MOST_COMBINATIONS or self.tried > MOST_TRIED:
            return None
        found: set[bool] = set()
        for answers in product(*possible):
            given = {q.name: a for q, a in zip(inputs, answers, strict=True)}
            found.add(_shown(item, around, given))
            if len(found) == 2:
                break
        return found

    def closure(self, name: str) -> list[Item] | None:
        """All rows that this one's condition depends on, in an order in which they can be worked
        out; None when a repeat is among them.
        """
        found: dict[str, None] = {}
        waiting = [name]
        while waiting:
            for other in self.needs.get(waiting.pop(), ()):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        found.pop(name, None)
        around = [self.items[other] for other in self.order if other in found]
        own = self.items[name]
        if any(item.type == "repeat" or item.repeats for item in (*around, own)):
            return None
        return around

    def refuses_all(self, question: Question) -> bool:
        """Whether a constraint refuses every answer that can be given."""
        constraint = question.constraint
        if constraint is None or references(constraint.tree):
            return False
        domain = _domain(question, self.survey, [constraint])
        if domain is None or not _is_certain([constraint], [question]):
            return False
        return not any(
            is_true(constraint.tree, Context(own=own, now=SOME_MOMENT, today=SOME_MOMENT.date()))
            for own in domain
            if own is not None
        )


def _takes_answer(question: Question) -> bool:
    return question.calculation is None or bool(question.trigger)


def _logic(item: Item) -> Iterator[Expression]:
    if item.relevant is not None:
        yield item.relevant
    if isinstance(item, Question) and item.calculation is not None and not item.trigger:
        yield item.calculation


def _is_certain(logic: Iterable[Expression], inputs: Iterable[Question]) -> bool:
    """Whether the answers tried are all that can make a difference to these expressions."""
    allowed = ON_CHOICES if all(question.type in CLOSED for question in inputs) else COMPARES
    return all(_is_simple(node, allowed) for e in logic for node in walk(e.tree))


def _is_simple(node: Node, allowed: frozenset[str]) -> bool:
    if isinstance(node, Path):
        return False
    return not isinstance(node, Call) or node.name in allowed


def _domain(question: Question, survey: Survey, logic: Iterable[Expression]) -> list[Any] | None:
    """Answers that together bring out every outcome; None when they cannot be listed."""
    if question.type == "select_one":
        return [None, *(choice.name for choice in survey_choices(question, survey))]
    if question.type == "select_multiple":
        names = [choice.name for choice in survey_choices(question, survey)]
        if len(names) > MOST_SUBSETS:
            return None
        return [
            list(some) or None
            for size in range(len(names) + 1)
            for some in combinations(names, size)
        ]
    if question.type == "acknowledge":
        return [None, "OK"]
    if question.type in NUMBERS:
        return [None, *_numbers(logic, whole=question.type == "integer")]
    if question.type in WORDS:
        return [None, *_words(logic)]
    return None


def _literals(logic: Iterable[Expression]) -> Iterator[float | str]:
    for expression in logic:
        for node in walk(expression.tree):
            if isinstance(node, Literal):
                yield node.value


def _numbers(logic: Iterable[Expression], *, whole: bool) -> list[float]:
    """Each number that stands in the expressions, between two of them, below and above all."""
    marks = {0.0}
    for value in _literals(logic):
        try:
            marks |= {float(value), -float(value)}
        except ValueError:
            continue
    ordered = sorted(marks)
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    near = [mark + step for mark in ordered for step in (-1, 1)]
    found = sorted({*ordered, *between, *near})
    if whole:
        return [int(number) for number in found if number == int(number)]
    return found


def _words(logic: Iterable[Expression]) -> list[str]:
    """Each text and number that stands in the expressions, and one that does not."""
    found = [str(value) for value in _literals(logic) if str(value)]
    numbers = [f"{number:g}" for number in _numbers(logic, whole=False)]
    return list(dict.fromkeys([*found, *numbers, "een ander woord"]))


def _shown(item: Item, around: Iterable[Item], given: Mapping[str, Any]) -> bool:
    """Whether the row is asked with these answers, as the form works it out."""
    answers: dict[str, Any] = {}
    shown: dict[str, bool] = {}

    def holds(row: Item) -> bool:
        if not all(shown.get(name, True) for name in row.path):
            return False
        return row.relevant is None or is_true(row.relevant.tree, _context(answers))

    for row in around:
        shown[row.name] = holds(row)
        if isinstance(row, Group) or not shown[row.name]:
            continue
        if row.name in given:
            answers[row.name] = given[row.name]
        elif row.calculation is not None:
            answers[row.name] = evaluate(row.calculation.tree, _context(answers))
    return holds(item)


def _context(answers: Mapping[str, Any]) -> Context:
    return Context(answers=answers, now=SOME_MOMENT, today=date(2026, 1, 1))
