"""Operators: XPath 1.0 chapter 3. With node-sets a comparison holds when it does for any pair."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping

from fieldapp.core.expression.table import Function
from fieldapp.core.expression.values import (
    Result,
    Value,
    spread,
    to_boolean,
    to_number,
    to_string,
)


def equal(left: Value, right: Value) -> bool:
    """As booleans if one is, else as numbers if one is, else as text."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return to_string(left) == to_string(right)


def divide(left: Value, right: Value) -> float:
    """Division of doubles: by zero gives Infinity or NaN, with the sign of both sides."""
    over, under = to_number(left), to_number(right)
    if under != 0:
        return over / under
    if over == 0 or math.isnan(over):
        return math.nan
    return math.inf * math.copysign(1, over) * math.copysign(1, under)


def modulo(left: Value, right: Value) -> float:
    """The remainder with the sign of the left side, as in XPath and JavaScript."""
    over, under = to_number(left), to_number(right)
    if under == 0 or math.isinf(over):
        return math.nan
    return math.fmod(over, under)


def _numbers(compute: Callable[[float, float], float]) -> Function:
    return Function(lambda left, right: compute(to_number(left), to_number(right)), 2, 2)


def _comparison(holds: Callable[[Value, Value], bool]) -> Function:
    def any_pair(left: Result, right: Result) -> bool:
        rights = spread([right]) or [""]
        return any(holds(one, other) for one in spread([left]) or [""] for other in rights)

    return Function(any_pair, 2, 2, takes="results")


def _ordered(compare: Callable[[float, float], bool]) -> Function:
    return _comparison(lambda left, right: compare(to_number(left), to_number(right)))


OPERATORS: Mapping[str, Function] = {
    "or": Function(lambda left, right: to_boolean(left) or to_boolean(right), 2, 2),
    "and": Function(lambda left, right: to_boolean(left) and to_boolean(right), 2, 2),
    "=": _comparison(equal),
    "!=": _comparison(lambda left, right: not equal(left, right)),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "+": _numbers(operator.add),
    "-": _numbers(operator.sub),
    "*": _numbers(operator.mul),
    "div": Function(divide, 2, 2),
    "mod": Function(modulo, 2, 2),
    "neg": Function(lambda value: -to_number(value), 1, 1),
}
