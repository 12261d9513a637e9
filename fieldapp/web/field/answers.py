"""Answers of a stored submission as people read them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from fieldapp.core.survey import Question, Survey
from fieldapp.db.models import Submission

HIDDEN = ("image", "geopoint", "calculate", "hidden", "note")


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One question with its answer in words, as it was shown when it was given."""

    question: str
    answer: str
    multiline: bool


def shown_answers(survey: Survey, submission: Submission, language: str) -> list[ShownAnswer]:
    """What was answered, in the order of the survey; questions left blank are left out."""
    found = []
    for question in survey.questions:
        stored = submission.answers.get(question.name)
        if stored is None or question.type in HIDDEN or stored.get("v") is None:
            continue
        label = question.label.in_language(language) if question.label else question.name
        found.append(ShownAnswer(label, _words(question, stored), question.type == "text"))
    return found


def _words(question: Question, stored: Mapping[str, Any]) -> str:
    value, label = stored["v"], stored.get("l")
    if label is not None:
        return ", ".join(label) if isinstance(label, list) else str(label)
    if question.type == "date":
        return str(format_date(date.fromisoformat(value), "full"))
    if question.type in ("integer", "decimal"):
        return str(format_decimal(value))
    if question.type == "acknowledge":
        return str(_("Ja"))
    return str(value)
