"""What a survey asks given the answers so far, and whether those answers will do.

Relevance comes first: a question is asked when its page and it are relevant, and an answer to a
question that is not asked counts as blank everywhere else. `Survey.order` puts each question after
all that this depends on, so one walk reaches the fixed point. Then required, then constraint.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fieldapp.core.answers import Answer, Answers
from fieldapp.core.expression import Context, evaluate, is_true
from fieldapp.core.expression.values import Value
from fieldapp.core.survey.model import Page, Question, Survey, Text
from fieldapp.core.survey.problems import Problem
from fieldapp.core.survey.vocabulary import SILENT_TYPES, UNANSWERED_TYPES


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything one walk finds out.

    `answers` are the answers to relevant questions, with calculations worked out (a calculation
    without a result is None); `relevant` the names of the questions that are asked; `pages` the
    names of the pages with something to show; `problems` what is wrong, in file order.
    """

    answers: Answers
    relevant: frozenset[str]
    pages: tuple[str, ...]
    problems: tuple[Problem, ...]


def examine(
    survey: Survey,
    answers: Mapping[str, Answer],
    *,
    now: datetime,
    today: date | None = None,
    unreadable: Collection[str] = (),
) -> Examination:
    """Relevance, calculations and problems at once; never raises for typed answers.

    `today` is the date of `now` unless given. `unreadable` names questions whose answer could not
    be parsed: they have their Problem already and are not reported as missing.
    """
    asked, kept = _walk(survey, answers, now, today or now.date())
    problems = [
        problem
        for question in survey.questions
        if question.name in asked and question.name not in unreadable
        if (problem := _problem(question, kept, now, today or now.date())) is not None
    ]
    pages = tuple(page.name for page in survey.pages if _is_shown(page, asked))
    return Examination(kept, frozenset(asked), pages, tuple(problems))


def validate(
    survey: Survey,
    answers: Mapping[str, Answer],
    *,
    now: datetime,
    today: date | None = None,
    only: Collection[str] | None = None,
) -> list[Problem]:
    """The problems of the answers; of the questions in `only` (one page, say) when given.

    Codes `required` and `constraint`; `where` is the name of the question; `message` the
    question's own text when it has one.
    """
    problems = examine(survey, answers, now=now, today=today).problems
    return [problem for problem in problems if only is None or problem.where in only]


def relevant_questions(
    survey: Survey, answers: Mapping[str, Answer], *, now: datetime, today: date | None = None
) -> tuple[Question, ...]:
    """The questions that are asked given these answers, in file order."""
    asked, _ = _walk(survey, answers, now, today or now.date())
    return tuple(question for question in survey.questions if question.name in asked)


def relevant_pages(
    survey: Survey, answers: Mapping[str, Answer], *, now: datetime, today: date | None = None
) -> tuple[Page, ...]:
    """The pages on which there is something to show given these answers, in file order."""
    asked, _ = _walk(survey, answers, now, today or now.date())
    return tuple(page for page in survey.pages if _is_shown(page, asked))


def _is_shown(page: Page, asked: Collection[str]) -> bool:
    return any(
        question.name in asked and question.type not in SILENT_TYPES for question in page.questions
    )


def prune(
    survey: Survey, answers: Mapping[str, Answer], *, now: datetime, today: date | None = None
) -> Answers:
    """The answers without those to questions that are not asked, with calculations worked out."""
    return _walk(survey, answers, now, today or now.date())[1]


def _walk(
    survey: Survey, answers: Mapping[str, Answer], now: datetime, today: date
) -> tuple[set[str], Answers]:
    """Names of the questions that are asked, and the answers that count."""
    asked: set[str] = set()
    kept: Answers = {}
    groups: dict[str, bool] = {}
    context = Context(kept, None, now, today)
    for question in survey.in_order:
        shown = True
        for name in question.path:
            if name not in groups:
                # the order guarantees that all a group's relevance reads is known by now
                logic = survey.groups[name].relevant
                groups[name] = logic is None or is_true(logic.tree, context)
            shown = shown and groups[name]
        if shown and (question.relevant is None or is_true(question.relevant.tree, context)):
            asked.add(question.name)
            _keep(question, answers, kept, context)
    return asked, kept


def _keep(
    question: Question, answers: Mapping[str, Answer], kept: Answers, context: Context
) -> None:
    name = question.name
    if question.calculation is not None:
        own = Context(context.answers, answers.get(name), context.now, context.today)
        kept[name] = _as_answer(evaluate(question.calculation.tree, own))
    elif name in answers and question.type not in UNANSWERED_TYPES:
        kept[name] = answers[name]


def _as_answer(value: Value) -> Answer:
    """The outcome of a calculation as something to store: a number that is none becomes blank."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value != "" else None


def _problem(question: Question, kept: Answers, now: datetime, today: date) -> Problem | None:
    answer = kept.get(question.name)
    if answer is None:
        required = question.required
        if required is None or question.type in UNANSWERED_TYPES:
            return None
        missing = is_true(required.tree, Context(kept, None, now, today))
        return _finding("required", question, question.required_message) if missing else None
    constraint = question.constraint
    if constraint is None or is_true(constraint.tree, Context(kept, answer, now, today)):
        return None
    return _finding("constraint", question, question.constraint_message)


def _finding(code: str, question: Question, message: Text | None) -> Problem:
    params: dict[str, Any] = {"type": question.type}
    if code == "constraint" and question.constraint is not None:
        params["constraint"] = question.constraint.source
    return Problem(code, question.name, params, message)
