"""Documents against the code: settings, commands, files and words that they name exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
import yaml

from fieldapp.cli import cli
from fieldapp.config import load_settings
from fieldapp.core.survey.texts import written_texts

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
PAGES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
        *(ROOT / room / "README.md" for room in ("migrations", "tests", "bench", "surveys")),
        *sorted((ROOT / "fieldapp").glob("**/README.md")),
    )
}
GUIDES = {name: text for name, text in PAGES.items() if name.startswith("docs/handleiding/")}


# --- settings ---------------------------------------------------------------------------------


def settings_table() -> dict[str, str]:
    """Setting -> the default that the README tells."""
    rows = re.findall(r"^\| `(FIELDAPP_\w+)` \| .*? \| ([^|]*?) \|$", README, re.MULTILINE)
    return dict(rows)


def test_every_setting_is_in_the_readme_and_the_other_way_round() -> None:
    read = set(re.findall(r'"(FIELDAPP_[A-Z_]+)"', (ROOT / "fieldapp/config.py").read_text()))

    assert set(settings_table()) == read


def test_the_defaults_told_are_the_defaults(tmp_path: Path) -> None:
    settings = load_settings({"FIELDAPP_DATA_DIR": str(tmp_path)})
    names = {"FIELDAPP_ENV": "environment"}

    for setting, told in settings_table().items():
        field = names.get(setting, setting.removeprefix("FIELDAPP_").lower())
        if quoted := re.fullmatch(r"`(.*)`", told):
            value = Path("data") if field == "data_dir" else getattr(settings, field)
            assert str(value) == quoted[1], setting
        elif told == "empty":
            assert getattr(settings, field) == "", setting


# --- commands ---------------------------------------------------------------------------------


def told_commands(name: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """Every `fieldapp ...` in a document: where, and its words."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    blocks = [line.strip() for line in lines if line.startswith("    ")]
    pieces = [part for line in lines for part in re.findall(r"`([^`]+)`", line)]
    for piece in blocks + pieces:
        found = re.search(r"(?:^|[ /|])fieldapp ([a-z].*)", piece.split(" #")[0])
        if found and not piece.startswith(("cd ", "from ")):
            yield f"{name}: {piece}", shlex.split(re.split(r" [|>] ", found[1])[0])


def problem_with(words: list[str]) -> str:
    """What is wrong with a call of fieldapp; empty when its command and options exist."""
    command: click.Command = cli
    context = click.Context(cli)
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(context, rest[0])
        if found is None:
            return f"no command {rest[0]}"
        command, rest = found, rest[1:]
    options = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
    used = {word.split("=")[0] for word in rest if word.startswith("--")}
    unknown = used - options - {"--help"}
    return f"no option {', '.join(sorted(unknown))}" if unknown else ""


def test_every_fieldapp_command_named_exists_with_its_options() -> None:
    told = [one for name, text in PAGES.items() for one in told_commands(name, text)]
    wrong = [f"{where}: {why}" for where, words in told if (why := problem_with(words))]

    assert len(told) > 30
    assert not wrong


@pytest.mark.parametrize(
    "words", [["areas", "inport"], ["areas", "import", "x", "--jaar", "2024"], ["nothing"]]
)
def test_a_command_that_does_not_exist_would_be_found(words: list[str]) -> None:
    assert problem_with(words)


def test_every_make_command_named_exists_and_help_lists_them_all() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    with_help = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
    named = {
        target
        for text in PAGES.values()
        for target in re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE)
    }

    assert named <= targets
    assert with_help == targets


# --- files ------------------------------------------------------------------------------------


def test_every_file_named_exists() -> None:
    # tests/vectors: ADR 3; the last three are names of answers and controls (ADR 26)
    elsewhere = (
        "data/",
        "../shared/data",
        "media/",
        "/",
        "tests/vectors/",
        "kamers/",
        "form/",
        "plek/",
    )
    missing = []
    for name, text in PAGES.items():
        here = (ROOT / name).parent
        package = ROOT / "fieldapp"
        inside = (package, package / "core", package / "static", package / "static" / "js")
        bases = (ROOT, here, *inside, here / "core", here / "core" / "profile")
        paths = re.findall(r"`([\w.-]*[\w-]/[\w./*-]*|[\w-]+\.md|LICENCE)`", text)
        for path in paths:
            if path.startswith(elsewhere) or "<" in path or path in ("sqlite:////path",):
                continue
            if not any(any(base.glob(path.rstrip("/"))) for base in bases):
                missing.append(f"{name}: {path}")

    assert not missing


def test_every_room_has_a_readme() -> None:
    rooms = [
        path.parent
        for path in (ROOT / "fieldapp").glob("*/__init__.py")
        if not path.parent.name.startswith("_")
    ]

    assert [str(room) for room in rooms if not (room / "README.md").is_file()] == []


# --- decisions --------------------------------------------------------------------------------


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


def test_decisions_referred_to_exist() -> None:
    there = {int(page.name[:4]) for page in (ROOT / "docs/adr").glob("*.md")}
    named = {int(n) for text in PAGES.values() for n in re.findall(r"\bADR (\d+)", text)}

    assert named <= there


# --- the guides in Dutch ----------------------------------------------------------------------


@cache
def words_on_pages() -> str:
    """All texts of pages and surveys, Dutch, in one string."""
    from babel.messages.pofile import read_po

    with (ROOT / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    texts = []
    for message in catalogue:
        texts += [message.id] if isinstance(message.id, str) else list(message.id)
    for path in (ROOT / "surveys").glob("*/survey.yaml"):
        texts += written_texts(yaml.safe_load(path.read_text()))
    texts += ["CSV", "GeoJSON", "JSON"]  # names of formats are not translated
    return "\n".join(texts)


def test_words_in_bold_in_the_guides_stand_on_the_pages() -> None:
    absent = []
    for name, text in GUIDES.items():
        for bold in re.findall(r"\*\*(.+?)\*\*", text):
            pieces = [piece.strip() for piece in bold.split("…")]
            if not all(re.search(re.escape(p), words_on_pages()) for p in pieces):
                absent.append(f"{name}: {bold}")

    assert len(GUIDES) == 6
    assert not absent
