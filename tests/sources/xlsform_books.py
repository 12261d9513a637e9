"""Small forms for tests: sheets as lists of rows -> Markdown or a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from fieldapp.core.survey import Problem
from fieldapp.sources.xlsform.read import Reading, read_form

Rows = Sequence[Sequence[Any]]
SETTINGS: Rows = [["form_id", "version", "default_language"], ["proef", "1", "Nederlands (nl)"]]


def workbook(**sheets: Rows) -> bytes:
    """An .xlsx with these sheets; the first row of each holds the headings."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def markdown(**sheets: Rows) -> bytes:
    """The same as Markdown tables."""
    lines = []
    for name, rows in sheets.items():
        lines.append(f"| {name} |")
        lines += [f"| | {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines).encode()


def read(*survey: Sequence[Any], head: str = "type name label", **sheets: Rows) -> Reading:
    """Read a form with these rows in the survey sheet; `head` names its columns."""
    given = {"survey": [head.split(), *survey], "settings": SETTINGS} | sheets
    return read_form("proef.xlsx", workbook(**given), kind="observatie")


def found(problems: Sequence[Problem]) -> set[tuple[str, Any, Any, Any]]:
    """(code, sheet, row, column) of each."""
    return {(p.code, p.params["sheet"], p.params["row"], p.params["column"]) for p in problems}


def codes(problems: Sequence[Problem]) -> list[str]:
    """The codes alone."""
    return [p.code for p in problems]
