"""The one error of this package."""

from __future__ import annotations

from typing import Any


class ExpressionError(ValueError):
    """A text or JSON value that is no expression.

    `code` is one of expression_syntax, unknown_function, wrong_argument_count,
    expression_too_deep, expression_too_long, regex_wrong; `params` fill the sentence and hold
    `position` (characters from 0) when the expression was text.
    """

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}")
