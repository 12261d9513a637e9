"""What answers say about themes, and what they mean to the product (roles)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fieldapp.core.answers import Answer, answers_of
from fieldapp.core.survey.model import Choice, Question, Survey
from fieldapp.core.survey.vocabulary import RESERVED_CHOICES

BACKGROUND = "background."
CHOSEN_TYPES = frozenset({"select_one", "select_multiple"})


def signals(survey: Survey, answers: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
    """Theme -> the signals in [-1, 1] of all chosen choices that have one, in file order.

    A choice speaks on its own theme when it names one, else on the theme of its question. Each
    chosen choice of a select_multiple counts, and so does each round of a repeat. A rank has no
    signals: every choice is in it. Themes without a signal are absent. Give the answers after
    `prune`, so that nothing unasked speaks.
    """
    found: dict[str, list[float]] = {}
    for question in survey.questions:
        if question.type not in CHOSEN_TYPES or not question.choices:
            continue
        for answer in answers_of(answers, question):
            for choice in _chosen(question, answer):
                theme = choice.theme or question.theme
                if theme is not None and choice.signal is not None:
                    found.setdefault(theme, []).append(choice.signal)
    return {theme: tuple(values) for theme, values in found.items()}


def _chosen(question: Question, answer: Answer) -> Iterable[Choice]:
    names = answer if isinstance(answer, list) else [answer]
    return (choice for choice in question.choices if choice.name in names)


def role_value(survey: Survey, answers: Mapping[str, Any], role: str) -> Answer:
    """The answer to the question with this role; None when blank, not asked or no such question.

    Roles that mean one thing for a whole form are not in repeats (survey/check.py).
    """
    question = survey.with_role(role)
    if question is None or question.repeats:
        return None
    answer: Answer = answers.get(question.name)
    return answer


def background(survey: Survey, answers: Mapping[str, Any]) -> dict[str, str]:
    """age_band, household, tenure, language -> code, for what was answered.

    "Weet niet" and "liever niet" are left out: they say nothing about who was heard.
    """
    found = {
        question.role.removeprefix(BACKGROUND): answers.get(question.name)
        for question in survey.questions
        if question.role is not None
        and question.role.startswith(BACKGROUND)
        and not question.repeats
    }
    return {
        key: answer
        for key, answer in found.items()
        if isinstance(answer, str) and answer not in RESERVED_CHOICES
    }
