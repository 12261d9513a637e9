"""The tree of an expression: five kinds of node. `json_form.py` has the same as nested lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as Fixed

DEEPEST = 100  # levels; far above any real form, far below the interpreter's own limit

# where a path starts, beside a reference and `.`
ParentNode, CurrentNode, Document, BareName = "..", "current", "/", "@"


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
    """`.`: the answer to the question the expression belongs to; inside [ ] the node there."""


@dataclass(frozen=True, slots=True)
class Start:
    """Another place where a path starts: `..`, `current()`, `/`, or a bare name ("@")."""

    kind: Fixed["..", "current", "/", "@"]


@dataclass(frozen=True, slots=True)
class Instance:
    """`instance('name')`: a choice list or table; its rows are at `root/item`."""

    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a name, `.`, `..` or `*`, and what stands behind it in [ ]."""

    name: str
    predicates: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A place to start and the steps from there: a node-set."""

    start: Reference | Self | Start | Instance
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function with its arguments."""

    name: str
    arguments: tuple[Node, ...]


Node = Literal | Reference | Self | Path | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """The text as the author wrote it, and its tree."""

    source: str
    tree: Node


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below: arguments, or where a path starts and its predicates."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Path):
        start = (node.start,) if isinstance(node.start, Reference | Self) else ()
        return (*start, *(test for step in node.steps for test in step.predicates))
    return ()


def depth(node: Node) -> int:
    """How many levels the tree has; a literal has one."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for item in level for child in children(item)]
    return deepest


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)
