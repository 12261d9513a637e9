"""CSV files that go with a form -> tables, for choices from a file and pulldata()."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from fieldapp.core.survey.problems import Problem
from fieldapp.sources.xlsform.limits import file_problem

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 50_000, 200, 5_000
LARGEST = 10_000_000
DELIMITERS = (",", ";", "\t")


def read_table(name: str, data: bytes) -> tuple[dict[str, Any] | None, list[Problem]]:
    """A table `{columns, rows}` of text, or None; and what was noticed.

    Columns are parted by commas, as in XLSForm; semicolons and tabs, as Dutch Excel writes them,
    are taken with a note. Rows that are too short are filled up.
    """
    if len(data) > LARGEST:
        return None, [file_problem("file_too_large", name, megabytes=len(data) // 1_000_000,
                                   most=LARGEST // 1_000_000)]  # fmt: skip
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [file_problem("table_not_utf8", name)]
    if "\0" in text or not text.strip():
        return None, [file_problem("table_empty" if not text.strip() else "table_damaged", name)]
    head = text.splitlines()[0]
    delimiter = max(DELIMITERS, key=head.count) if any(map(head.count, DELIMITERS)) else ","
    found: list[Problem] = []
    if delimiter != ",":
        found.append(file_problem("delimiter_read_as", name, found=delimiter.replace("\t", "tab")))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error:
        return None, [*found, file_problem("table_damaged", name)]
    table, wrong = _table(name, lines)
    return table, found + wrong


def _table(name: str, lines: list[list[str]]) -> tuple[dict[str, Any] | None, list[Problem]]:
    columns = [cell.strip() for cell in lines[0]]
    while columns and not columns[-1]:
        columns.pop()
    rows = [line for line in lines[1:] if any(cell.strip() for cell in line)]
    wrong = _wrong(name, columns, rows)
    if wrong is not None:
        return None, [wrong]
    width = len(columns)
    cells = [[*(cell.strip() for cell in line[:width]), *[""] * (width - len(line))]
             for line in rows]  # fmt: skip
    return {"columns": columns, "rows": cells}, []


def _wrong(name: str, columns: list[str], rows: list[list[str]]) -> Problem | None:
    if len(rows) > MOST_ROWS:
        return file_problem("table_too_long", name, most=MOST_ROWS)
    if len(columns) > MOST_COLUMNS:
        return file_problem("table_too_wide", name, most=MOST_COLUMNS)
    if not all(columns):
        return file_problem("table_column_without_name", name, number=columns.index("") + 1)
    double = next((column for column in columns if columns.count(column) > 1), None)
    if double is not None:
        return file_problem("table_column_twice", name, found=double)
    for number, line in enumerate(rows, start=2):
        if any(cell.strip() for cell in line[len(columns) :]):
            return file_problem("table_row_too_long", name, line=number, needed=len(columns))
        if any(len(cell) > LONGEST_CELL for cell in line):
            return file_problem("table_cell_too_long", name, line=number, most=LONGEST_CELL)
    return None


def read_tables(
    files: Mapping[str, bytes],
) -> tuple[dict[str, dict[str, Any]], dict[str, str], list[Problem]]:
    """Every CSV among the files: tables by stem, the file each came from, and what was noticed."""
    tables: dict[str, dict[str, Any]] = {}
    sources: dict[str, str] = {}
    found: list[Problem] = []
    for name, data in files.items():
        place = PurePosixPath(name)
        if place.suffix.lower() != ".csv":
            continue
        table, noticed = read_table(name, data)
        found += noticed
        if table is not None:
            tables[place.stem] = table
            sources[place.stem] = name
    return tables, sources, found
