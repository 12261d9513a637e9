"""The tree as nested JSON lists, which the phone interprets.

A literal is a number or a string; `["$", "name"]` is a reference; `["."]` is the own value;
`[name, argument, ...]` is a call. Operators are calls too: `${x} = 'ja' and . > 0` is
`["and", ["=", ["$", "x"], "ja"], [">", ["."], 0]]`; unary minus is `["neg", x]`.
A path is `["path", start, step, ...]`: start is a reference, `["."]`, `[".."]`, `["current"]`,
`["/"]`, `["instance", "list"]` or `["@"]` (a bare name follows); a step is `[name, test, ...]`.
"""

from __future__ import annotations

import math
from typing import Any

from fieldapp.core.expression.checks import check_arguments
from fieldapp.core.expression.errors import ExpressionError
from fieldapp.core.expression.functions import TABLE
from fieldapp.core.expression.lexer import NAME
from fieldapp.core.expression.tree import (
    DEEPEST,
    Call,
    Instance,
    Literal,
    Node,
    Path,
    Reference,
    Self,
    Start,
    Step,
)


def to_json(node: Node) -> Any:
    """The tree as nested lists, numbers and strings (see the top of this module)."""
    match node:
        case Literal(value):
            return value
        case Reference(name):
            return ["$", name]
        case Self():
            return ["."]
        case Call(name, arguments):
            return [name, *map(to_json, arguments)]
        case Path(start, steps):
            walked = ([step.name, *map(to_json, step.predicates)] for step in steps)
            return ["path", _start_to_json(start), *walked]


def _start_to_json(start: Reference | Self | Start | Instance) -> Any:
    match start:
        case Start(kind):
            return [kind]
        case Instance(name):
            return ["instance", name]
        case _:
            return to_json(start)


def from_json(data: Any, _level: int = 1) -> Node:
    """The tree back from its JSON form. ExpressionError for anything that is not one."""
    if _level > DEEPEST:
        raise ExpressionError("expression_too_deep", deepest=DEEPEST)
    if isinstance(data, str):
        return Literal(data)
    if isinstance(data, int | float) and not isinstance(data, bool):
        return _number(data)
    match data:
        case ["."]:
            return Self()
        case ["$", str(name)]:
            return Reference(name)
        case ["path", start, *steps]:
            return Path(_start(start), tuple(_step(step, _level + 1) for step in steps))
        case [str(name), *arguments]:
            check_arguments(TABLE, name, len(arguments))
            return Call(name, tuple(from_json(item, _level + 1) for item in arguments))
    raise _wrong(data)


def _start(data: Any) -> Reference | Self | Start | Instance:
    match data:
        case ["."]:
            return Self()
        case ["$", str(name)]:
            return Reference(name)
        case ["instance", str(name)]:
            return Instance(name)
        case [".." | "current" | "/" | "@" as kind]:
            return Start(kind)
    raise _wrong(data)


def _step(data: Any, level: int) -> Step:
    match data:
        case [str(name), *tests] if name in (".", "..", "*") or NAME.fullmatch(name):
            return Step(name, tuple(from_json(test, level) for test in tests))
    raise _wrong(data)


def _number(data: int | float) -> Literal:
    try:
        value = float(data)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise _wrong(data)
    return Literal(value)


def _wrong(data: Any) -> ExpressionError:
    return ExpressionError("expression_syntax", found=repr(data)[:80])
