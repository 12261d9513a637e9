"""Functions on node-sets: rounds of repeats, rows of tables, and chance."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fieldapp.core.expression.nodes import Element
from fieldapp.core.expression.table import Chance, Function, Scope
from fieldapp.core.expression.tree import Node, Path, Reference
from fieldapp.core.expression.values import (
    Result,
    Value,
    from_answer,
    single,
    to_integer,
    to_number,
)

MOST_CHARACTERS = 1_000
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def position(scope: Scope, nodes: Result | None = None) -> float:
    """The place of a node among its namesakes, from 1; inside [ ] the place among the nodes."""
    if nodes is None:
        return float(scope.position or scope.node.position)
    if not isinstance(nodes, tuple) or not nodes:
        return math.nan
    return float(nodes[0].position)


def last(scope: Scope) -> float:
    """How many nodes there are inside [ ]; elsewhere how many namesakes the node has."""
    if scope.size is not None:
        return float(scope.size)
    parent = scope.node.parent
    if parent is None:
        return 1.0
    return float(sum(child.name == scope.node.name for child in parent.children))


def node_name(scope: Scope, nodes: Result | None = None) -> str:
    """The name of the first node, or of the node itself."""
    if nodes is None:
        return scope.node.name
    return nodes[0].name if isinstance(nodes, tuple) and nodes else ""


def count(nodes: Result) -> float:
    """How many nodes there are."""
    return float(len(nodes)) if isinstance(nodes, tuple) else 1.0


def count_non_empty(nodes: Result) -> float:
    """How many nodes hold an answer, or hold other nodes."""
    if not isinstance(nodes, tuple):
        return float(nodes != "")
    return float(sum(bool(node.children) or from_answer(node.value) != "" for node in nodes))


def indexed_repeat(scope: Scope, target: Node, *pairs: Node) -> Result:
    """The answer to a question in given rounds: `indexed-repeat(${x}, ${rep}, 2, ${inner}, 1)`."""
    data, base = scope.context.data, scope.base
    if data is None:
        return ""
    for repeat, index in zip(pairs[::2], pairs[1::2], strict=False):
        at = to_integer(single(scope.work_out(index, scope)))
        rounds = _below(scope, _name(repeat), base)
        found = next((node for node in rounds if node.position == at), None)
        if found is None:
            return ""
        base = found
    return tuple(node for node in data.find(_name(target), base) if node.is_shown())


def _below(scope: Scope, name: str, base: Element) -> list[Element]:
    assert scope.context.data is not None
    return [node for node in scope.context.data.find(name, base) if node.is_shown()]


def _name(node: Node) -> str:
    """The last name in a reference or path."""
    if isinstance(node, Path):
        named = [step.name for step in node.steps if step.name not in (".", "..", "*")]
        start = node.start.name if isinstance(node.start, Reference) else ""
        return named[-1] if named else start
    return node.name if isinstance(node, Reference) else ""


def randomized(scope: Scope, nodes: Result, seed: Result | None = None) -> Result:
    """The nodes in another order; with a seed always the same one, and the same as in ODK.

    The generator is that of Park and Miller.
    """
    if not isinstance(nodes, tuple):
        return nodes
    chance = scope.chance if seed is None else Chance(to_number(single(seed)))
    return chance.shuffled(nodes)


def uuid(scope: Scope, size: Value | None = None) -> str:
    """A random UUID (RFC 4122, version 4), or so many random characters."""
    if size is not None:
        wanted = max(0, min(MOST_CHARACTERS, to_integer(size) or 0))
        return "".join(ALPHABET[math.floor(scope.chance.next() * 36)] for _ in range(wanted))
    numbers = [math.floor(scope.chance.next() * 256) for _ in range(16)]
    numbers[6] = numbers[6] % 16 + 64
    numbers[8] = numbers[8] % 64 + 128
    text = bytes(numbers).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


NODESETS: Mapping[str, Function] = {
    "count": Function(count, 1, 1, takes="results"),
    "count-non-empty": Function(count_non_empty, 1, 1, takes="results"),
    "indexed-repeat": Function(indexed_repeat, 3, 11, needs_context=True, takes="trees"),
    "last": Function(last, 0, 0, needs_context=True),
    "local-name": Function(node_name, 0, 1, needs_context=True, takes="results"),
    "name": Function(node_name, 0, 1, needs_context=True, takes="results"),
    "position": Function(position, 0, 1, needs_context=True, takes="results"),
    "random": Function(lambda scope: scope.chance.next(), 0, 0, needs_context=True),
    "randomize": Function(randomized, 1, 2, needs_context=True, takes="results"),
    "uuid": Function(uuid, 0, 1, needs_context=True),
}
