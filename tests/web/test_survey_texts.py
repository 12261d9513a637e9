"""Every problem that a definition can have has a sentence, and the sentence fills in whole."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from flask import Flask

from fieldapp.core.survey import Problem
from fieldapp.sources.xlsform.codes import NOTES, WARNINGS
from fieldapp.sources.xlsform.verdict import ERRORS
from fieldapp.sources.xlsform.verdict import WARNINGS as SAID
from fieldapp.web.surveys.texts import TEXTS, definition_text, told

ROOT = Path(__file__).resolve().parents[2] / "fieldapp"
READ = (
    "limits guard book languages headings rows choices names settings tables bundle texts read "
    "verdict"
).split()
FILES = [
    *(
        ROOT / "core/survey" / f"{name}.py"
        for name in ("load", "cells", "check", "texts", "yaml_file")
    ),
    *sorted((ROOT / "core/expression").glob("*.py")),
    *(ROOT / "sources/xlsform" / f"{name}.py" for name in READ),
    ROOT / "services/import_survey.py",
    ROOT / "services/survey_media.py",
]
MAKERS = {"problem", "file_problem", "note", "add", "unknown", "Problem", "ExpressionError",
          "_misspelt", "_note_once"}  # fmt: skip
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def codes() -> set[str]:
    """Every code in a call that makes a problem."""
    found = {code for _pattern, code, _sheet, _column in (*ERRORS, *SAID)}
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and name_of(node.func) in MAKERS:
                found |= {text for argument in node.args[:2] for text in strings(argument)}
            if isinstance(node, ast.Assign) and name_of(node.targets[0]) == "code":
                found |= strings(node.value)
    return found


def name_of(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def strings(node: ast.expr) -> set[str]:
    if isinstance(node, ast.IfExp):
        return strings(node.body) | strings(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value} if CODE.fullmatch(node.value) else set()
    return set()


NO_CODES = {"external_choices"}  # look like one, are the names of sheets


def test_the_search_finds_codes_of_every_source() -> None:
    known = {"unknown_reference", "unknown_function", "regex_wrong", "missing_name", "not_yaml",
             "locked_workbook", "unknown_appearance", "name_renamed", "media_missing",
             "table_column_twice", "several_forms", "media_is_svg"}  # fmt: skip
    assert known <= codes()


def test_every_code_has_a_sentence() -> None:
    assert codes() - NO_CODES - set(TEXTS) == set()


def test_every_weight_is_of_a_code_that_exists() -> None:
    assert (NOTES | WARNINGS) - set(TEXTS) == set()


def test_every_sentence_ends_is_filled_in_and_is_short(app: Flask) -> None:
    with app.test_request_context():
        said = {code: definition_text(Problem(code, "x", {})) for code in TEXTS}
    assert [code for code, text in said.items() if not text.endswith((".", "?", "…"))] == []
    assert [code for code, text in said.items() if "%" in text] == []
    assert [code for code, text in said.items() if len(text.split()) > 40] == []


def test_the_likely_word_and_the_place_are_told(app: Flask) -> None:
    place = {"sheet": "survey", "row": 1, "column": "lable"}
    params = {**place, "found": "lable", "suggestion": "label"}
    problem = Problem("unknown_column", "survey", params)
    with app.test_request_context():
        found = told(problem)
    assert "“lable”" in found.text
    assert found.text.endswith("Bedoelde je “label”?")
    assert (found.sheet, found.row, found.column) == ("survey", "1", "lable")
