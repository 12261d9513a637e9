"""Functions on text. Lengths and places count UTF-16 units, as on the phone and in ODK."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from fieldapp.core.expression.regex import matches
from fieldapp.core.expression.table import Function, Scope
from fieldapp.core.expression.values import (
    Result,
    Value,
    from_answer,
    half_up,
    single,
    spread,
    to_integer,
    to_number,
    to_string,
    words,
)


def units(text: str) -> bytes:
    """The text in UTF-16, two bytes a unit."""
    return text.encode("utf-16-le", "surrogatepass")


def cut(text: str, start: int, end: int) -> str:
    """The units from start up to end; a half character at an edge is left out."""
    return units(text)[2 * start : 2 * end].decode("utf-16-le", "ignore")


def length(value: Value) -> float:
    """How many UTF-16 units the text has."""
    return float(len(units(to_string(value))) // 2)


def substr(value: Value, start: Value, end: Value | None = None) -> str:
    """From start (counted from 0) up to end; negative numbers count from the end."""
    text = to_string(value)
    size = len(units(text)) // 2

    def place(at: Value) -> int:
        number = to_integer(at) or 0
        return max(0, min(size, number + size if number < 0 else number))

    return cut(text, place(start), size if end is None else place(end))


def substring(value: Value, start: Value, count: Value | None = None) -> str:
    """XPath: from the place start (counted from 1), that many units, both rounded."""
    text = to_string(value)
    size = len(units(text)) // 2
    first = half_up(to_number(start))
    last = math.inf if count is None else first + half_up(to_number(count))
    if math.isnan(first) or math.isnan(last):
        return ""
    return cut(text, int(max(1, min(first, size + 1))) - 1, int(max(1, min(last, size + 1))) - 1)


def before(value: Value, part: Value) -> str:
    """What stands before the first place of part; empty when it is not there."""
    head, found, _ = _split(to_string(value), to_string(part))
    return head if found else ""


def after(value: Value, part: Value) -> str:
    """What stands after the first place of part; empty when it is not there."""
    return _split(to_string(value), to_string(part))[2]


def _split(text: str, part: str) -> tuple[str, bool, str]:
    at = text.find(part)
    return (text[:at], True, text[at + len(part) :]) if at >= 0 else (text, False, "")


def normalize(scope: Scope, value: Value | None = None) -> str:
    """normalize-space(); without an argument of the node itself."""
    text = to_string(from_answer(scope.node.value) if value is None else value)
    return " ".join(words(text))


def translate(value: Value, old: Value, new: Value) -> str:
    """Each character in old becomes the one at its place in new, or goes."""
    there = to_string(new)
    table: dict[int, str] = {}
    for place, character in enumerate(to_string(old)):
        table.setdefault(ord(character), there[place : place + 1])
    return to_string(value).translate(table)


def joined(separator: Result, *parts: Result) -> str:
    """join(): all values, every node of a node-set too, with the separator between."""
    return to_string(single(separator)).join(map(to_string, spread(parts)))


def _text(function: Callable[[str, str], bool]) -> Function:
    return Function(lambda left, right: function(to_string(left), to_string(right)), 2, 2)


STRINGS: Mapping[str, Function] = {
    "concat": Function(
        lambda *parts: "".join(map(to_string, spread(parts))), 0, None, takes="results"
    ),
    "contains": _text(lambda text, part: part in text),
    "ends-with": _text(str.endswith),
    "join": Function(joined, 1, None, takes="results"),
    "normalize-space": Function(normalize, 0, 1, needs_context=True),
    "regex": Function(lambda value, pattern: matches(to_string(pattern), to_string(value)), 2, 2),
    "starts-with": _text(str.startswith),
    "string": Function(to_string, 1, 1),
    "string-length": Function(length, 1, 1),
    "substr": Function(substr, 2, 3),
    "substring": Function(substring, 2, 3),
    "substring-after": Function(after, 2, 2),
    "substring-before": Function(before, 2, 2),
    "translate": Function(translate, 3, 3),
}
