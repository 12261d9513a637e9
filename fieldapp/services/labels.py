"""The words of choices as they were shown, also of choices that come from a table."""

from __future__ import annotations

from typing import Any

from fieldapp.core.survey import Choice, Question, Survey
from fieldapp.core.survey.choices import survey_choices


def choice_of(survey: Survey, question: Question, name: str) -> Choice | None:
    """The choice with this name, from the list or the table of the question."""
    return next((one for one in survey_choices(question, survey) if one.name == name), None)


def shown_label(survey: Survey, question: Question, value: Any, language: str) -> Any:
    """The label of a chosen name; of several names a list. None for what was not chosen."""
    if value is None or question.list_name is None:
        return None
    names = value if isinstance(value, list) else [value]
    labels = [
        choice.label.in_language(language)
        for name in names
        if (choice := choice_of(survey, question, str(name))) is not None
    ]
    return labels if isinstance(value, list) else (labels[0] if labels else None)
