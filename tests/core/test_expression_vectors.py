"""The conformance table on the server's interpreter; tests/browser runs the same on the phone's."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from fieldapp.core.expression import FUNCTIONS, from_json, parse, to_json
from tests.vectors.cases import context_of, expected_text, outcome, read_vectors

WORLDS, CASES = read_vectors()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_vector(case: dict[str, Any]) -> None:
    tree = parse(case["source"]).tree
    context = context_of(WORLDS[case.get("world", "flat")], case.get("at", ""))

    assert outcome(tree, context) == expected_text(case["expected"])
    assert from_json(to_json(tree)) == tree


def test_each_function_has_three_cases() -> None:
    used = Counter(
        name
        for case in CASES
        for name in {found[1] for found in re.finditer(r"([a-z0-9:-]+)\(", case["source"])}
    )
    assert [name for name in FUNCTIONS if used[name] < 3] == []
    assert len(CASES) >= 400
