"""Expressions by the thousand, the same ones each time: every function, every kind of argument."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

SHAPE = [
    {"name": "straat"},
    {"name": "aantal"},
    {"name": "prijs"},
    {"name": "dag"},
    {"name": "tijd"},
    {"name": "moment"},
    {"name": "keuzes"},
    {"name": "plek"},
    {"name": "vorm"},
    {"name": "leeg"},
    {
        "name": "kamers",
        "kind": "repeat",
        "children": [
            {"name": "soort"},
            {"name": "groep", "kind": "group", "children": [{"name": "oppervlak"}]},
            {"name": "ramen", "kind": "repeat", "children": [{"name": "breedte"}, {"name": "عرض"}]},
        ],
    },
]
LISTS = {
    "wijken": [
        {"name": "w1", "label": "Noord", "stad": "a", "n": "3"},
        {"name": "w2", "label": "Zuid", "stad": "b", "n": "10"},
        {"name": "w3", "label": "Öst 🏠", "stad": "a", "n": ""},
    ]
}
SURROUNDINGS: Mapping[str, Any] = {
    "lists": LISTS,
    "labels": {"keuzes": {"a": "Eerste", "b": "Tweede"}},
    "now": "2026-03-02T18:30:15.250",
    "today": "2026-03-02",
    "seed": 42,
    "version": "2026-1",
    "properties": {"deviceid": "toestel"},
}
TEXTS = ("", " ", "a", "ja", "Dorpsstraat 12", "a b  c", "12", "-3.50", "1e3", "2024-02-29",
         "2026-12-31T23:59:59.999", "2025-02-29", "08:30", "24:00", "true", "NaN", "شارع",
         "naïef 🏠x", "52.1 5.1 0 0", "w1", "a;b")  # fmt: skip
NUMBERS = ("0", "1", "2", "3", "10", "0.5", "2.5", "1.005", "100", "1000000",
           "12345678901234567890", "0.000000012", "20000", "-1", "-2.5", "-0.4",
           "(0 div 0)", "(1 div 0)", "(-1 div 0)", "(-0)")  # fmt: skip
DATES = ("'2024-02-29'", "'2025-12-31'", "'1969-12-31'", "'2026-03-02T18:30:15'", "'0001-01-01'",
         "'9999-12-31'", "'23:59:59.5'", "today()", "now()", "${dag}", "${tijd}",
         "${moment}")  # fmt: skip
PATTERNS = ("[a-z]+", "(a|b)*c?", "(a+)+", "[0-9]{4} ?[A-Z]{2}", "\\w+\\s\\d+", ".*", "^a$",
            "[^a-c]x?", "a{2,3}|b{0,2}", "\\bja\\b", "a\\B.*", "(", "(?=a)", "\\p{L}",
            "[\\d-]+", "a**", "")  # fmt: skip
FORMATS = ("%Y-%m-%d", "%e %b %Y", "%a %d/%n/%y", "%H:%M:%S.%3", "%h uur%%", "")
POINTS = ("'52.1 5.1 0 0'", "'52.1 5.1 0 0;52.2 5.1 0 0;52.2 5.3 0 0;52.1 5.1 0 0'", "${plek}",
          "${vorm}", "'0 0;1 1;0 1;1 0;0 0'", "'x y'", "''")  # fmt: skip
NODES = ("${oppervlak}", "${kamers}", "${breedte}", "${soort}", "${عرض}", "${straat}", "${leeg}",
         ".", "..", "../..", "../soort", "current()/..", "/data/kamers/groep/oppervlak", "/data/*",
         "${kamers}[1]/soort", "${kamers}[last()]/ramen/breedte", "${kamers}[groep/oppervlak > 10]",
         "${kamers}[./soort = 'woon']/groep/oppervlak", "${ramen}[2]/breedte", "${kamers}/ramen",
         "${breedte}[. > 1]", "${kamers}[position() = 2]", "${breedte}[position() != last()]",
         "instance('wijken')/root/item/name", "instance('wijken')/root/item[stad = 'a']/label",
         "instance('wijken')/root/item[n > ${aantal}]/n", "instance('niets')/root/item",
         "instance('wijken')/root/item[name = current()/../keuzes]/label")  # fmt: skip
ALGORITHMS = ("'MD5'", "'SHA-1'", "'SHA-256'", "'SHA-384'", "'SHA-512'")

# function -> kinds of its arguments; "?" may be left out, "*" may be repeated
CALLS: Mapping[str, str] = {
    "abs": "n", "acos": "n", "area": "g g*", "asin": "n", "atan": "n", "atan2": "n n",
    "base64-decode": "k", "boolean": "x", "boolean-from-string": "x", "ceiling": "n",
    "checklist": "l l x x*", "coalesce": "x x*", "concat": "x x*", "contains": "s s", "cos": "n",
    "count": "N", "count-non-empty": "N", "count-selected": "s", "date": "d", "date-time": "d",
    "decimal-date-time": "d", "decimal-time": "d", "digest": "s h e?", "distance": "g g*",
    "ends-with": "s s", "exp": "n", "exp10": "n", "false": "", "floor": "n", "format-date": "d f",
    "format-date-time": "d f", "geofence": "g g", "if": "b x x", "indexed-repeat": "1",
    "int": "n", "intersects": "g g*", "join": "s x x*", "jr:choice-name": "c q", "last": "",
    "local-name": "N?", "log": "n", "log10": "n", "max": "x x*", "min": "x x*", "name": "N?",
    "normalize-space": "s?", "not": "b", "now": "", "number": "x", "once": "x", "pi": "",
    "position": "N?", "pow": "n l", "property": "p", "pulldata": "t w w s", "random": "",
    "randomize": "N n?", "regex": "s r", "round": "n l?", "selected": "s s", "selected-at": "s l",
    "sin": "n", "sqrt": "n", "starts-with": "s s", "string": "x", "string-length": "s",
    "substr": "s l l?", "substring": "s n n?", "substring-after": "s s", "substring-before": "s s",
    "sum": "N", "tan": "n", "today": "", "translate": "s s s", "true": "", "uuid": "l?",
    "version": "", "weighted-checklist": "l l x n",
}  # fmt: skip
OPERATORS: Mapping[str, str] = {
    "or": "b b", "and": "b b", "=": "x x", "!=": "x x", "<": "x x", "<=": "x x", ">": "x x",
    ">=": "x x", "+": "n n", "-": "n n", "*": "n n", "div": "n n", "mod": "n n", "neg": "n",
}  # fmt: skip
BY_KIND: Mapping[str, Sequence[str]] = {
    "n": ("abs", "count", "sum", "round", "number", "string-length", "min", "max", "int", "+", "*",
          "-", "div", "mod", "neg", "pow", "sqrt", "decimal-date-time", "position", "sin"),
    "s": ("concat", "substr", "string", "join", "coalesce", "if", "format-date", "substring-after",
          "translate", "jr:choice-name", "pulldata", "normalize-space", "selected-at", "date"),
    "b": ("=", "!=", "<", ">", "and", "or", "not", "selected", "contains", "regex", "checklist"),
    "d": ("date", "date-time", "if", "+", "coalesce"),
}  # fmt: skip


class Generator:
    """Writes expressions; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        leaves: dict[str, Callable[[], str]] = {
            kind: lambda pool=pool: self.random.choice(pool)  # type: ignore[misc]
            for kind, pool in {
                "n": NUMBERS, "d": DATES, "g": POINTS, "N": NODES, "h": ALGORITHMS,
                "e": ("'hex'", "'base64'"), "l": ("-1", "0", "1", "2", "3", "-3", "1.5", "''"),
                "q": ("'${keuzes}'",), "c": ("'a'", "'b'", "'z'", "${keuzes}", "''"),
                "t": ("'wijken'", "'niets'"), "w": ("'name'", "'label'", "'stad'", "'x'"),
                "p": ("'deviceid'", "'niets'"),
                "k": ("'YWJj'", "'w7w='", "'8J+PoA=='", "'YW Jj'", "'YWJ'", "'/w=='", "'é'"),
                "b": ("true()", "false()", "${leeg} = ''", "1"),
            }.items()
        }  # fmt: skip
        self.leaves = leaves
        leaves["s"] = lambda: quoted(self.random.choice(TEXTS))
        leaves["r"] = lambda: quoted(self.random.choice(PATTERNS))
        leaves["f"] = lambda: quoted(self.random.choice(FORMATS))

    def one(self, function: str, depth: int = 2) -> str:
        """An expression with this function or operator on the outside."""
        if function == "indexed-repeat":
            return self.indexed(depth)
        if function == "regex":  # a wrong pattern is refused when it is literal
            pattern = self.leaves["r"]()
            return f"regex({self.value('s', depth)}, concat({pattern}, ''))"
        kinds = (CALLS.get(function) or OPERATORS.get(function) or "").split()
        arguments = [self.value(kind[0], depth) for kind in kinds if self.wanted(kind)]
        if function == "neg":
            return f"(- {arguments[0]})"
        if function in OPERATORS:
            return f"({arguments[0]} {function} {arguments[1]})"
        return f"{function}({', '.join(arguments)})"

    def wanted(self, kind: str) -> bool:
        return len(kind) == 1 or self.random.random() < 0.5

    def indexed(self, depth: int) -> str:
        index = self.value("l", depth)
        if self.random.random() < 0.5:
            return f"indexed-repeat(${{soort}}, ${{kamers}}, {index})"
        other = self.value("l", depth)
        return f"indexed-repeat(${{breedte}}, ${{kamers}}, {index}, ${{ramen}}, {other})"

    def value(self, kind: str, depth: int) -> str:
        """An argument of a kind; now and then of another kind, as people do."""
        if kind == "x" or (kind in "nsbd" and self.random.random() < 0.15):
            kind = self.random.choice("nsbdNg")
        if kind in BY_KIND and depth > 0 and self.random.random() < 0.55:
            return self.one(self.random.choice(BY_KIND[kind]), depth - 1)
        if kind in "ns" and self.random.random() < 0.3:
            return self.random.choice(NODES)
        return self.leaves[kind]()


def quoted(text: str) -> str:
    """A literal of the expression language."""
    return f"'{text}'" if "'" not in text else f'"{text}"'


def worlds(seed: int, count: int) -> list[dict[str, Any]]:
    """Answers with repeats in them, some blank, some not relevant; the same for a seed."""
    chance = random.Random(seed)
    return [_world(chance, index) for index in range(count)]


def _world(chance: random.Random, index: int) -> dict[str, Any]:
    kamers = [
        {
            "soort": chance.choice(["woon", "slaap", None, "غرفة"]),
            "oppervlak": chance.choice([None, 8, 12.5, 20]),
            "ramen": [
                {"breedte": chance.choice([None, 0.5, 1, 2, 3]), "عرض": chance.choice(TEXTS)}
                for _ in range(chance.randrange(4))
            ],
        }
        for _ in range(index % 4)
    ]
    away = [f"kamers/{at}" for at in range(len(kamers)) if chance.random() < 0.2]
    return {
        **SURROUNDINGS,
        "seed": index + 1,
        "shape": SHAPE,
        "answers": {
            "straat": chance.choice(TEXTS),
            "aantal": chance.choice([None, 0, 3, -2]),
            "prijs": chance.choice([None, 2.675, 1e-7, 1e21]),
            "dag": chance.choice([None, "2024-02-29", "2026-03-01"]),
            "tijd": chance.choice([None, "08:30:00", "23:59:59"]),
            "moment": chance.choice([None, "2025-12-31T23:59:59", "2026-03-02T18:30:15.250"]),
            "keuzes": chance.choice([None, ["a"], ["a", "b", "weet_niet"], []]),
            "plek": chance.choice([None, "52.0907 5.1214 0 4"]),
            "vorm": chance.choice([None, "52 5 0 0; 52.01 5 0 0; 52.01 5.02 0 0; 52 5 0 0"]),
            "leeg": None,
            "kamers": kamers,
        },
        "irrelevant": [*away, *(["straat"] if chance.random() < 0.2 else [])],
    }


def paths_in(world: dict[str, Any]) -> list[str]:
    """Some nodes of a world to stand at: the root, a question, one in a round, one deeper."""
    found = ["", "aantal"]
    for at, kamer in enumerate(world["answers"]["kamers"]):
        found += [f"kamers/{at}/soort", f"kamers/{at}/oppervlak"]
        found += [f"kamers/{at}/ramen/{place}/breedte" for place in range(len(kamer["ramen"]))]
    return found


def expressions(seed: int, count: int) -> list[tuple[int, str, str]]:
    """So many (index of the world, path of the node, source); each function in its turn."""
    generator = Generator(seed)
    around = worlds(seed, 12)
    functions = [*CALLS, *OPERATORS]
    found = []
    for index in range(count):
        world = generator.random.randrange(len(around))
        path = generator.random.choice(paths_in(around[world]))
        found.append((world, path, generator.one(functions[index % len(functions)])))
    return found
