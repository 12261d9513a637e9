"""docs/expressies.md knows every function, and its examples are expressions."""

from __future__ import annotations

import re
from pathlib import Path

from fieldapp.core.expression import FUNCTIONS, parse
from fieldapp.core.expression.dates import PARTS
from fieldapp.core.expression.functions import REFUSED

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "expressies.md").read_text(encoding="utf-8")
BEFORE, _, AFTER = TEXT.partition("### Wat er niet is")
ROWS = re.findall(r"^\| `([a-z0-9:-]+)` \| [^|]+ \| `(.+?)` \|$", BEFORE, re.MULTILINE)


def test_every_function_has_one_row() -> None:
    assert sorted(name for name, _ in ROWS) == sorted(FUNCTIONS)


def test_every_refused_function_has_one_row() -> None:
    rows = re.findall(r"^\| `([a-z:-]+)` \| [^|]+ \| (?:`.+?`|-) \|$", AFTER, re.MULTILINE)
    assert sorted(rows) == sorted(REFUSED)


def test_examples_are_expressions_with_that_function() -> None:
    for name, example in ROWS:
        assert f"{name}(" in example
        assert parse(example).source == example


def test_every_part_of_a_format_is_told() -> None:
    assert [part for part in PARTS if f"`%{part}`" not in TEXT] == []
