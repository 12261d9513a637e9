"""What a row of the function table is, and what a function can see of its surroundings."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

from fieldapp.core.expression.context import Context
from fieldapp.core.expression.nodes import Element
from fieldapp.core.expression.values import Result

if TYPE_CHECKING:
    from fieldapp.core.expression.tree import Node

Item = TypeVar("Item")

MODULUS, MULTIPLIER = 2_147_483_647, 16_807  # Park and Miller 1988, "minimal standard"


@dataclass(frozen=True, slots=True)
class Function:
    """A row of the table: values in, value out, never raises. `most` None: any number.

    `takes`: "values" (of a node-set the first), "results" (node-sets as they are) or "trees" (the
    arguments not worked out). With `needs_context` the Scope comes first.
    """

    apply: Callable[..., Result]
    least: int
    most: int | None
    needs_context: bool = False
    takes: Literal["values", "results", "trees"] = "values"


class Chance:
    """Random numbers: repeatable with a seed, else from the machine."""

    def __init__(self, seed: float | None) -> None:
        self.state = None if seed is None else _start(seed)

    def next(self) -> float:
        """A number from 0 up to, not including, 1."""
        if self.state is None:
            return secrets.randbelow(1 << 53) / (1 << 53)
        self.state = self.state * MULTIPLIER % MODULUS
        return (self.state - 1) / (MODULUS - 1)

    def shuffled(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """The items in an order by chance: Fisher-Yates from the inside out, as ODK does it."""
        mixed: list[Item] = []
        for index, item in enumerate(items):
            place = math.floor(self.next() * (index + 1))
            mixed.append(item)
            mixed[index], mixed[place] = mixed[place], item
        return tuple(mixed)


def _start(seed: float) -> float:
    whole = float(math.trunc(seed)) if math.isfinite(seed) else 0.0
    state = math.fmod(whole, MODULUS)
    return state if state > 0 else state + MODULUS - 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in the data an expression is being worked out.

    `node`, `position` and `size` change inside a predicate; `start` is the node the expression
    belongs to; `base` the node from which `${x}` is looked up; `in_rows`: among rows of a table.
    """

    context: Context
    work_out: Callable[[Node, Scope], Result]
    start: Element
    node: Element
    base: Element
    position: int | None = None
    size: int | None = None
    in_rows: bool = False
    chance: Chance = field(default_factory=lambda: Chance(None))
