"""What the form engine weighs on the wire, and that it was made of the present source."""

from __future__ import annotations

import gzip

import pytest

from tools import engine_js

LIMIT = 5_500  # bytes of gzip, of the 8 kB for the whole engine


def test_minified_files_are_of_their_source() -> None:
    assert engine_js.stale() == [], "run tools/engine_js.py build and commit"


@pytest.mark.parametrize(
    ("name", "limit"),
    [("expression.js", LIMIT), ("regex.js", 1_800), ("geo.js", 1_000), ("digest.js", 1_800)],
)
def test_weight(name: str, limit: int) -> None:
    assert len(gzip.compress((engine_js.TARGET / name).read_bytes(), 9)) <= limit
