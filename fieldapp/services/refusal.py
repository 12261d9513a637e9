"""A rule that says no, as a code with parameters; the words are chosen at the edge."""

from __future__ import annotations

from typing import Any

from fieldapp.core.survey import Problem


class Refusal(ValueError):
    """What was asked cannot be done; `problem.code` says why, `problem.where` at which field."""

    def __init__(self, code: str, where: str = "", **params: Any) -> None:
        self.problem = Problem(code, where, params)
        super().__init__(str(self.problem))
