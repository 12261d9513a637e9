"""Trees that no author would write: any function with any arguments, odd names and odd texts."""

from __future__ import annotations

import random
from typing import Any

from fieldapp.core.expression import FUNCTIONS, OPERATORS
from tests.vectors.generate import FORMATS, PATTERNS, TEXTS, paths_in, worlds

CHARACTERS = "aAé٣\U0001d7db0123456789 \t\n\u00a0-.:T%Y+;()[]{}\\*?|^$🏠شßİ\u0301"
NUMBERS = (0, 1, -1, 2, 0.5, -2.5, 1e21, 1e-9, 123456789.123, 1e308, 5e-324, 2932896, 2932897,
           -719162.5)  # fmt: skip
NAMES = ("kamers", "breedte", "soort", "straat", "niet", "ramen", "a", "constructor")
STEPS = (".", "..", "*", "data", "kamers", "soort", "root", "item", "name", "stad", "groep",
         "oppervlak", "breedte", "toString")  # fmt: skip
FLAT: dict[str, Any] = {
    "answers": {"a": 1, "b": "x y", "c": None, "d": ["p", "q"], "f": "2024-02-29", "straat": "s"},
    "own": "12:30",
    "seed": 3,
}
TABLE = {**FUNCTIONS, **OPERATORS}


class Wild:
    """Makes JSON trees; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = sorted(TABLE)

    def text(self) -> str:
        if self.random.random() < 0.5:
            return self.random.choice(TEXTS + FORMATS + PATTERNS)
        return "".join(self.random.choices(CHARACTERS, k=self.random.randrange(8)))

    def leaf(self) -> Any:
        pick = self.random.randrange(5)
        if pick < 2:
            return self.text()
        if pick < 4:
            return self.random.choice([*NUMBERS, self.random.uniform(-1e6, 1e6)])
        return self.random.choice([["."], ["$", self.random.choice(NAMES)], ["path", [".."]]])

    def path(self, depth: int) -> Any:
        starts = [["."], [".."], ["current"], ["/"], ["@"], ["instance", "wijken"],
                  ["instance", "__proto__"], ["$", self.random.choice(NAMES)]]  # fmt: skip
        steps = [
            [self.random.choice(STEPS), *self.trees(self.random.choice([0, 0, 0, 1, 2]), depth)]
            for _ in range(self.random.randrange(4))
        ]
        return ["path", self.random.choice(starts), *steps]

    def trees(self, count: int, depth: int) -> list[Any]:
        return [self.tree(depth - 1) for _ in range(count)]

    def tree(self, depth: int = 3) -> Any:
        """A tree of at most so many levels."""
        kind = self.random.random()
        if depth <= 0 or kind < 0.25:
            return self.leaf()
        if kind < 0.4:
            return self.path(depth)
        name = self.random.choice(self.names)
        row = TABLE[name]
        most = row.least + 2 if row.most is None else row.most
        return [name, *self.trees(self.random.randint(row.least, most), depth)]


def wild_worlds() -> list[dict[str, Any]]:
    """Trees of answers, and one flat set."""
    return [*worlds(7, 12), FLAT]


def wild_cases(seed: int, count: int) -> list[tuple[int, str, Any]]:
    """So many (index of the world, path of the node, JSON tree)."""
    wild, around = Wild(seed), wild_worlds()
    found = []
    for _ in range(count):
        world = wild.random.randrange(len(around))
        paths = paths_in(around[world]) if "shape" in around[world] else [""]
        found.append((world, wild.random.choice(paths), wild.tree()))
    return found
