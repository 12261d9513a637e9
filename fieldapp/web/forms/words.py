"""A typed answer in words, as pages show it beside a question or inside a text."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import format_date, format_datetime, format_decimal, format_time

from fieldapp.core.survey import Question, Survey
from fieldapp.services.labels import shown_label


def shown_value(survey: Survey, question: Question, value: Any, language: str) -> str:
    """The answer to a question: labels of what was chosen, figures and days as people write."""
    if value is None or value == "":
        return ""
    label = shown_label(survey, question, value, language)
    if label:
        return ", ".join(label) if isinstance(label, list) else str(label)
    return in_people_words(value)


def in_people_words(value: Any) -> str:
    """A value by its own type; the clock of the form is never shifted."""
    if isinstance(value, datetime):
        return str(format_datetime(value, "medium", rebase=False))
    if isinstance(value, date):
        return str(format_date(value, "long"))
    if isinstance(value, time):
        moment = datetime.combine(date(2000, 1, 1), value)
        return str(format_time(moment, "short", rebase=False))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(format_decimal(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
