"""The one error of this package."""

from __future__ import annotations

from typing import Any


class ExpressionError(ValueError):
    """A text or JSON value that is no expression.

    `code` is one of expression_syntax, expression_too_deep, expression_too_long, unknown_function,
    function_not_supported, wrong_argument_count, path_not_supported, not_a_node_set,
    literal_needed, regex_wrong, format_wrong, algorithm_unknown; `params` fill the sentence and
    hold `position` (characters from 0) when the expression was text, and where one is known a
    `suggestion`: what to write instead.
    """

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}")
