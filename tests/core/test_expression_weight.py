"""What the form engine weighs on the wire, and that it was made of the present source."""

from __future__ import annotations

import gzip
import re

import pytest

from fieldapp.core.survey.engine_json import RARE
from tools import engine_js

WHOLE = 8_000  # bytes of gzip: what every form with logic loads


def weight(name: str) -> int:
    return len(gzip.compress((engine_js.TARGET / name).read_bytes(), 9))


def test_minified_files_are_of_their_source() -> None:
    assert engine_js.stale() == [], "run tools/engine_js.py build and commit"


def test_what_every_form_loads() -> None:
    assert weight("expression.js") + weight("form.js") <= WHOLE


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("regex.js", 1_800),
        ("geo.js", 1_000),
        ("digest.js", 1_800),
        ("rare.js", 1_700),
        ("seldom.js", 2_600),
    ],
)
def test_modules_that_only_some_forms_load(name: str, limit: int) -> None:
    assert weight(name) <= limit


def test_the_server_names_every_module_that_is_needed() -> None:
    source = (engine_js.SOURCE / "expression.js").read_text(encoding="utf-8")
    table = source[source.index("const RARE") : source.index("};", source.index("const RARE"))]
    assert set(re.findall(r'"([\w-]+)"', table)) == RARE
