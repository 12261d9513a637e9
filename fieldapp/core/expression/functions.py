"""All operators and functions of the expression language, one row each.

To add one: write it (values in, value out, never raises) and give it a row. A function that needs
the surroundings (today, now, the question's own answer) takes the Context first and is marked so.
Meanings: XPath 1.0 for operators, the ODK XForms specification for the rest.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from fieldapp.core.expression.context import Context
from fieldapp.core.expression.errors import ExpressionError
from fieldapp.core.expression.values import (
    Value,
    from_answer,
    to_boolean,
    to_date,
    to_number,
    to_string,
)

MOST_PLACES = 15  # a double holds no more decimals


@dataclass(frozen=True, slots=True)
class Function:
    """A row of the table. `most` None: any number of arguments."""

    apply: Callable[..., Value]
    least: int
    most: int | None
    needs_context: bool = False


# operators


def equal(left: Value, right: Value) -> bool:
    """As booleans if one is, else as numbers if one is, else as text."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return to_string(left) == to_string(right)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Value, Value], bool]:
    def ordered(left: Value, right: Value) -> bool:
        if isinstance(left, date) or isinstance(right, date):
            return compare(_as_days(left), _as_days(right))
        return compare(to_number(left), to_number(right))

    return ordered


def _as_days(value: Value) -> float:
    """Beside a date, ISO text counts as a date too."""
    if isinstance(value, str) and "-" in value:
        found = to_date(value)
        return math.nan if found is None else to_number(found)
    return to_number(value)


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


# functions


def selected(value: Value, name: Value) -> bool:
    """Whether `name` is among the chosen names."""
    return to_string(name).strip() in to_string(value).split()


def selected_at(value: Value, index: Value) -> str:
    """The chosen name at an index from 0; empty outside the list."""
    names, number = to_string(value).split(), to_number(index)
    if math.isnan(number) or not 0 <= number < len(names):
        return ""
    return names[int(number)]


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or None when it is no regular expression."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(pattern)
        except (re.error, OverflowError, RecursionError):
            return None


def matches(value: Value, pattern: Value) -> bool:
    """Whether the pattern matches the whole text."""
    known = compiled(to_string(pattern))
    return known is not None and known.fullmatch(to_string(value)) is not None


def whole(value: Value) -> float:
    """The number without its decimals."""
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def rounded(value: Value, places: Value = 0.0) -> float:
    """Rounded to a number of decimals (may be negative), halves upwards as in XPath."""
    number, decimals = to_number(value), to_number(places)
    if not (math.isfinite(number) and math.isfinite(decimals)):
        return number if math.isinf(number) else math.nan
    factor = 10.0 ** max(-MOST_PLACES, min(MOST_PLACES, math.trunc(decimals)))
    scaled = number * factor
    return math.floor(scaled + 0.5) / factor if math.isfinite(scaled) else number


def coalesce(*values: Value) -> Value:
    """The first value that is not empty."""
    return next((value for value in values if value != ""), "")


def as_date(value: Value) -> Value:
    """A date, or empty."""
    found = to_date(value)
    return "" if found is None else found


def lowest(*values: Value) -> float:
    """The smallest number; NaN when one is no number."""
    numbers = [to_number(value) for value in values]
    return math.nan if any(map(math.isnan, numbers)) else min(numbers)


def highest(*values: Value) -> float:
    """The largest number; NaN when one is no number."""
    numbers = [to_number(value) for value in values]
    return math.nan if any(map(math.isnan, numbers)) else max(numbers)


def _once(context: Context, value: Value) -> Value:
    own = from_answer(context.own)
    return value if own == "" else own


def _text(function: Callable[[str, str], bool]) -> Callable[[Value, Value], bool]:
    return lambda left, right: function(to_string(left), to_string(right))


OPERATORS: Mapping[str, Function] = {
    "or": Function(lambda left, right: to_boolean(left) or to_boolean(right), 2, 2),
    "and": Function(lambda left, right: to_boolean(left) and to_boolean(right), 2, 2),
    "=": Function(equal, 2, 2),
    "!=": Function(lambda left, right: not equal(left, right), 2, 2),
    "<": Function(_ordered(lambda left, right: left < right), 2, 2),
    "<=": Function(_ordered(lambda left, right: left <= right), 2, 2),
    ">": Function(_ordered(lambda left, right: left > right), 2, 2),
    ">=": Function(_ordered(lambda left, right: left >= right), 2, 2),
    "+": Function(lambda left, right: to_number(left) + to_number(right), 2, 2),
    "-": Function(lambda left, right: to_number(left) - to_number(right), 2, 2),
    "*": Function(lambda left, right: to_number(left) * to_number(right), 2, 2),
    "div": Function(divide, 2, 2),
    "mod": Function(modulo, 2, 2),
    "neg": Function(lambda value: -to_number(value), 1, 1),
}

FUNCTIONS: Mapping[str, Function] = {
    "boolean": Function(to_boolean, 1, 1),
    "coalesce": Function(coalesce, 1, None),
    "concat": Function(lambda *parts: "".join(map(to_string, parts)), 0, None),
    "contains": Function(_text(lambda text, part: part in text), 2, 2),
    "count-selected": Function(lambda value: float(len(to_string(value).split())), 1, 1),
    "date": Function(as_date, 1, 1),
    "false": Function(lambda: False, 0, 0),
    "if": Function(lambda test, then, other: then if to_boolean(test) else other, 3, 3),
    "int": Function(whole, 1, 1),
    "max": Function(highest, 1, None),
    "min": Function(lowest, 1, None),
    "not": Function(lambda value: not to_boolean(value), 1, 1),
    "now": Function(lambda context: context.now or "", 0, 0, needs_context=True),
    "number": Function(to_number, 1, 1),
    "once": Function(_once, 1, 1, needs_context=True),
    "regex": Function(matches, 2, 2),
    "round": Function(rounded, 1, 2),
    "selected": Function(selected, 2, 2),
    "selected-at": Function(selected_at, 2, 2),
    "starts-with": Function(_text(str.startswith), 2, 2),
    "string": Function(to_string, 1, 1),
    "string-length": Function(lambda value: float(len(to_string(value))), 1, 1),
    "today": Function(lambda context: context.today or "", 0, 0, needs_context=True),
    "true": Function(lambda: True, 0, 0),
}


def check_arguments(table: Mapping[str, Function], name: str, count: int, **place: int) -> None:
    """ExpressionError when the function does not exist or does not take that many arguments."""
    row = table.get(name)
    if row is None:
        near = get_close_matches(name, table, n=1)
        raise ExpressionError(
            "unknown_function", found=name, **({"suggestion": near[0]} if near else {}), **place
        )
    if count < row.least or (row.most is not None and count > row.most):
        raise ExpressionError(
            "wrong_argument_count",
            function=name,
            found=count,
            least=row.least,
            most=row.most,
            **place,
        )
