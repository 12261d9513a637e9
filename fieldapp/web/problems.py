"""Problems as people read them; the words live in web/forms/texts.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fieldapp.core.survey import Problem
from fieldapp.web.forms.texts import problem_text
from fieldapp.web.language import current_language


def problems_as_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Code, place, words and numbers of each problem."""
    return [
        {
            "code": problem.code,
            "where": problem.where,
            "message": problem_text(problem, current_language()),
            "params": {key: value for key, value in problem.params.items() if _plain(value)},
        }
        for problem in problems
    ]


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
