"""How much of a form we read, and how Problems of a workbook say where they are."""

from __future__ import annotations

from typing import Any

from fieldapp.core.survey.problems import Problem, path, short

LARGEST_BOOK = 20_000_000  # bytes of an .xlsx or .md; a form of 1,000 rows in 6 languages is 0.3 MB
LARGEST_XLS = 8_000_000  # xlrd keeps every cell in memory, at about 10 bytes for one in the file
LARGEST_UNPACKED = 150_000_000  # bytes of all parts of a workbook together
LARGEST_PART = 60_000_000  # bytes of one part: a sheet, or the texts that sheets share
MOST_PARTS = 2_000
STEEPEST = 200  # times smaller than unpacked; real sheets come to 10, empty formatted ones to 100
SMALL = 1_000_000  # bytes below which the ratio says nothing
MOST_ROWS = {"survey": 3_000, "choices": 20_000, "external_choices": 20_000, "settings": 100}
MOST_COLUMNS = 400
EMPTY_RUN = 1_000  # empty rows after which nobody expects another
MOST_TEXT = 6_000_000  # characters in all cells together: ten times a form of 1,000 rows
MOST_REFERENCES = 60_000  # ${..} in all cells: each costs pyxform 40 microseconds
LONGEST_CELL = 32_767  # characters, as in Excel
MOST_FOUND = 200  # problems shown of one form


def problem(code: str, sheet: str, row: int = 0, column: str = "", **params: Any) -> Problem:
    """A problem at a place in a workbook; `row` counts as a spreadsheet does; 0: all of it."""
    place = {"sheet": sheet, "row": row or None, "column": column or None}
    where = path(*(str(part) for part in (sheet, row or "", column) if part))
    return Problem(code, where, {**place, **_short(params)})


def file_problem(code: str, name: str, **params: Any) -> Problem:
    """A problem of a file as a whole."""
    place = {"sheet": None, "row": None, "column": None}
    return Problem(code, name, {**place, "file": name, **_short(params)})


def _short(params: dict[str, Any]) -> dict[str, Any]:
    return {key: short(value) if isinstance(value, str) else value for key, value in params.items()}


class NotRead(Exception):
    """The file cannot be read as a form at all; `problem` says why."""

    def __init__(self, found: Problem) -> None:
        self.problem = found
        super().__init__(str(found))
