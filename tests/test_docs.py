"""README and CONTRIBUTING against the code: what they name exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_every_setting_is_in_the_readme_and_the_other_way_round() -> None:
    read = set(re.findall(r'"(FIELDAPP_[A-Z_]+)"', (ROOT / "fieldapp/config.py").read_text()))
    told = set(re.findall(r"^\| (`FIELDAPP.*?) \|", README, re.MULTILINE))
    told_names = {name for cell in told for name in re.findall(r"FIELDAPP_[A-Z_]+", cell)}

    assert told_names == read


def test_every_make_command_named_exists_and_help_lists_them_all() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    with_help = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z]+)", README + CONTRIBUTING, re.MULTILINE))

    assert named <= targets
    assert with_help == targets


def test_every_file_named_exists() -> None:
    named = re.findall(r"`([\w./-]+/[\w./-]*|[A-Z]+\.md|LICENCE)`", README + CONTRIBUTING)
    rooms = {"core/", "db/", "sources/", "services/", "web/", "cli/", "db/engine.py", "db/geo.py"}
    elsewhere = {"data/", "../shared/data", "migrations/versions/"}

    for name in set(named) - elsewhere:
        base = ROOT / "fieldapp" if name in rooms else ROOT
        assert (base / name).exists(), name


def test_decisions_are_numbered_dated_and_short() -> None:
    pages = sorted((ROOT / "docs/adr").glob("*.md"))

    for number, page in enumerate(pages, start=1):
        text = page.read_text()
        assert page.name.startswith(f"{number:04d}-")
        assert text.startswith(f"# {number}. ")
        assert re.search(r"^\d{4}-\d\d-\d\d\. (Accepted|Replaced by \d+)\.", text, re.MULTILINE)
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text
        assert len(text.splitlines()) <= 60
