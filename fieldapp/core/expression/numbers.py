"""Functions on numbers.

The libraries under Python and a phone differ in the last digit of sines, logarithms and powers;
so these are given in 12 digits, the same everywhere (`portable`). Square roots, sums and whole
powers need no such care.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from fieldapp.core.expression.table import Function
from fieldapp.core.expression.values import (
    Result,
    Value,
    half_up,
    spread,
    to_boolean,
    to_number,
    to_string,
)

DIGITS = 12
MOST_PLACES = 15  # a double holds no more decimals


def portable(number: float) -> float:
    """The number in 12 digits."""
    return float(f"{number:.{DIGITS}g}") if math.isfinite(number) else number


def whole(value: Value) -> float:
    """The number without its decimals; minus zero stays."""
    number = to_number(value)
    return math.copysign(math.trunc(number), number) if math.isfinite(number) else number


def rounded(value: Value, places: Value = 0.0) -> float:
    """Rounded to a number of decimals (may be negative), halves upwards as in XPath.

    The decimals are those that a person sees: 1.005 gives 1.01, as in ODK Collect.
    """
    number, decimals = to_number(value), to_number(places)
    if not (math.isfinite(number) and math.isfinite(decimals)):
        return number if math.isinf(number) else math.nan
    shift = max(-MOST_PLACES, min(MOST_PLACES, math.trunc(decimals)))
    scaled = _shifted(number, shift)
    return _shifted(half_up(scaled), -shift) if math.isfinite(scaled) else number


def _shifted(number: float, places: int) -> float:
    digits, _, exponent = repr(number).partition("e")
    return float(f"{digits}e{int(exponent or 0) + places}")


def power(base: Value, exponent: Value) -> float:
    """Base to the exponent; exact steps for whole exponents, else in 12 digits."""
    number, times = to_number(base), to_number(exponent)
    if math.isfinite(times) and times == math.trunc(times):
        return _whole_power(number, int(times))
    if math.isnan(times) or (math.isinf(times) and abs(number) == 1):
        return math.nan  # as JavaScript has it; C says 1
    try:
        return portable(math.pow(number, times))
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if number == 0 else math.nan


def _whole_power(base: float, times: int) -> float:
    result, left = 1.0, abs(times)
    while left:
        result = result * base if left % 2 else result
        base *= base
        left //= 2
    if times >= 0:
        return result
    return 1 / result if result else math.copysign(math.inf, result)


def smooth(compute: Callable[..., float], at_zero: float = math.nan) -> Callable[..., float]:
    """A function of the mathematics library that never raises, in 12 digits."""

    def computed(*values: Value) -> float:
        numbers = [to_number(value) for value in values]
        try:
            return portable(compute(*numbers))
        except OverflowError:
            return math.inf
        except ValueError:
            return at_zero if numbers[0] == 0 else math.nan

    return computed


def _square_root(value: Value) -> float:
    number = to_number(value)
    return math.sqrt(number) if number >= 0 else math.nan


def _numbers(values: tuple[Result, ...]) -> list[float]:
    return [number for number in map(to_number, spread(values)) if not math.isnan(number)]


def total(*values: Result) -> float:
    """The sum of what are numbers; blanks are left out, as in ODK Collect."""
    result = 0.0
    for number in _numbers(values):
        result += number
    return result


def lowest(*values: Result) -> float:
    """The smallest of what are numbers; NaN when none is."""
    return min(_numbers(values), default=math.nan)


def highest(*values: Result) -> float:
    """The largest of what are numbers; NaN when none is."""
    return max(_numbers(values), default=math.nan)


def _to_whole(compute: Callable[[float], int]) -> Callable[[Value], float]:
    def computed(value: Value) -> float:
        number = to_number(value)
        return math.copysign(compute(number), number) if math.isfinite(number) else number

    return computed


def checklist(least: Result, most: Result, *answers: Result) -> bool:
    """Whether so many answers count as true (a number above 0); -1: no limit."""
    count = sum(to_number(value) > 0 for value in spread(answers))
    return _within(count, least, most)


def weighted_checklist(least: Result, most: Result, *pairs: Result) -> bool:
    """As checklist, with a weight after each answer; two node-sets go side by side."""
    score = 0.0
    for answers, weights in zip(pairs[::2], pairs[1::2], strict=False):
        for answer, weight in zip(spread([answers]), spread([weights]), strict=False):
            score += to_number(weight) if to_number(answer) > 0 else 0
    return _within(score, least, most)


def _within(count: float, least: Result, most: Result) -> bool:
    low, high = ((spread([limit]) or [""])[0] for limit in (least, most))
    lowest, highest = to_number(low), to_number(high)
    return (lowest == -1 or count >= lowest) and (highest == -1 or count <= highest)


def _one(compute: Callable[..., float], at_zero: float = math.nan) -> Function:
    return Function(smooth(compute, at_zero), 1, 1)


def _true_text(value: Value) -> bool:
    return to_string(value) in ("true", "1")


NUMBERS: Mapping[str, Function] = {
    "abs": Function(lambda value: abs(to_number(value)), 1, 1),
    "acos": _one(math.acos),
    "asin": _one(math.asin),
    "atan": _one(math.atan),
    "atan2": Function(smooth(math.atan2), 2, 2),
    "boolean": Function(to_boolean, 1, 1),
    "boolean-from-string": Function(_true_text, 1, 1),
    "ceiling": Function(_to_whole(math.ceil), 1, 1),
    "checklist": Function(checklist, 3, None, takes="results"),
    "cos": _one(math.cos),
    "exp": _one(math.exp),
    "exp10": Function(lambda value: power(10.0, value), 1, 1),
    "false": Function(lambda: False, 0, 0),
    "floor": Function(_to_whole(math.floor), 1, 1),
    "int": Function(whole, 1, 1),
    "log": _one(math.log, -math.inf),
    "log10": _one(math.log10, -math.inf),
    "max": Function(highest, 1, None, takes="results"),
    "min": Function(lowest, 1, None, takes="results"),
    "not": Function(lambda value: not to_boolean(value), 1, 1),
    "number": Function(to_number, 1, 1),
    "pi": Function(lambda: math.pi, 0, 0),
    "pow": Function(power, 2, 2),
    "round": Function(rounded, 1, 2),
    "sin": _one(math.sin),
    "sqrt": Function(_square_root, 1, 1),
    "sum": Function(total, 1, 1, takes="results"),
    "tan": _one(math.tan),
    "true": Function(lambda: True, 0, 0),
    "weighted-checklist": Function(weighted_checklist, 4, None, takes="results"),
}
