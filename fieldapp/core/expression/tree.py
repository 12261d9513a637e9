"""The tree of an expression: four kinds of node, and the same thing as nested JSON lists.

JSON form, which the phone interprets: a literal is a number or a string; `["$", "name"]` is a
reference; `["."]` is the question's own value; `[name, argument, ...]` is a call. Operators are
calls too: `${x} = 'ja' and . > 0` is `["and", ["=", ["$", "x"], "ja"], [">", ["."], 0]]`;
unary minus is `["neg", x]`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fieldapp.core.expression.errors import ExpressionError
from fieldapp.core.expression.functions import FUNCTIONS, OPERATORS, check_arguments

DEEPEST = 100  # levels; far above any real form, far below the interpreter's own limit


@dataclass(frozen=True, slots=True)
class Literal:
    """A number (always float, as in XPath) or a string."""

    value: float | str


@dataclass(frozen=True, slots=True)
class Reference:
    """`${name}`: the answer to another question."""

    name: str


@dataclass(frozen=True, slots=True)
class Self:
    """`.`: the answer to the question the expression belongs to."""


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function with its arguments."""

    name: str
    arguments: tuple[Node, ...]


Node = Literal | Reference | Self | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """The text as the author wrote it, and its tree."""

    source: str
    tree: Node


def depth(node: Node) -> int:
    """How many levels the tree has; a literal has one."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for item in level if isinstance(item, Call) for child in item.arguments]
    return deepest


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, parents first."""
    yield node
    if isinstance(node, Call):
        for argument in node.arguments:
            yield from walk(argument)


def references(node: Node) -> tuple[str, ...]:
    """The names of the questions that the tree reads, each once, in order of appearance."""
    return tuple(dict.fromkeys(item.name for item in walk(node) if isinstance(item, Reference)))


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
        case [str(name), *arguments]:
            return _call(name, tuple(from_json(item, _level + 1) for item in arguments))
    raise ExpressionError("expression_syntax", found=repr(data)[:80])


def _number(data: int | float) -> Literal:
    try:
        value = float(data)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ExpressionError("expression_syntax", found=repr(data)[:80])
    return Literal(value)


def _call(name: str, arguments: tuple[Node, ...]) -> Call:
    check_arguments({**FUNCTIONS, **OPERATORS}, name, len(arguments))
    return Call(name, arguments)
