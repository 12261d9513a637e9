"""Every problem that core and the services can find has a sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from fieldapp.core.survey import Problem, Text
from fieldapp.web.forms.texts import TEXTS, problem_text

ROOT = Path(__file__).resolve().parents[2] / "fieldapp"
# Where problems of answers, submissions and photos are made, and by which call.
SOURCES = (
    "core/answers",
    "core/validate.py",
    "core/submission.py",
    "services/photos.py",
    "services/uploads.py",
    "services/typed.py",
    "services/filled.py",
    "services/intake",
    "services/drafts.py",
    "services/draft_pages.py",
    "web/api",
)
MAKERS = {"Problem", "Impossible", "PhotoError", "WrongFile", "Unreadable", "_finding"}
CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def codes() -> set[str]:
    """First arguments of the calls that make a problem; a condition gives both its codes."""
    found = set()
    for source in SOURCES:
        path = ROOT / source
        for file in [path] if path.is_file() else sorted(path.glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MAKERS:
                    found |= _strings(node.args[0]) if node.args else set()
                # code = "a" if ... else "b", read later
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
                    found |= _strings(node.value)
    return found


def _strings(node: ast.expr) -> set[str]:
    if isinstance(node, ast.IfExp):
        return _strings(node.body) | _strings(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value} if CODE.fullmatch(node.value) else set()
    return set()


def test_the_search_for_codes_finds_them() -> None:
    known = {"required", "constraint", "not_a_date", "photo_damaged", "location_rd", "unknown_area"}
    assert known <= codes()
    assert len(codes()) > 30


def test_every_code_has_a_sentence() -> None:
    assert codes() - set(TEXTS) == set()


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_a_sentence_says_what_to_do_and_has_no_holes(app: Flask, code: str) -> None:
    names = re.findall(r"%\((\w+)\)s", str(TEXTS[code]._args[0]))
    params = dict.fromkeys(names, 7) | {"size": 30 * 1024**2, "most": 20 * 1024**2}
    with app.test_request_context():
        text = problem_text(Problem(code, "x", params))
    assert "%" not in text
    assert "…" not in text
    assert text[0].isupper() or text[0] == "“"
    assert len(re.findall(r"[.:]( |$)", text)) >= 2, "what is wrong, and what to do"


def test_megabytes_are_readable(app: Flask) -> None:
    params = {"size": 40 * 1024**2 + 600_000, "most": 20 * 1024**2}
    with app.test_request_context():
        text = problem_text(Problem("photo_too_large", "foto", params))
    assert text.startswith("De foto is te groot: 40,6 MB, er past 20 MB.")


def test_the_authors_own_message_wins_in_the_asked_language(app: Flask) -> None:
    own = Text({"nl": "Vul het portiek in.", "ar": "أدخل المدخل."}, "nl")
    with app.test_request_context():
        assert problem_text(Problem("required", "x", {}, own), "ar") == "أدخل المدخل."
        assert problem_text(Problem("required", "x", {}, own), "tr") == "Vul het portiek in."


def test_an_unknown_code_still_says_something(app: Flask) -> None:
    with app.test_request_context():
        assert problem_text(Problem("brand_new", "x")).startswith("Hier klopt iets niet")
