"""What every maker of a field gives back, and what every field begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.core.survey import Question
from fieldapp.web.forms.look import Asked

SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Made:
    """An unbound field with what the macros want to know about it."""

    field: Any
    extra: Mapping[str, Any] = field(default_factory=dict)


def base(question: Question, path: str, asked: Asked) -> dict[str, Any]:
    """Label, hint and id."""
    return {
        "label": asked.words(question.label, path, live=True) or question.name,
        "description": asked.words(question.hint, path, live=True, part="hint"),
        "id": f"q-{path}",
    }
