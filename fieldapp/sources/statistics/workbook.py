"""Excel files from anywhere: looked at from the outside before they are opened, then read whole.

A workbook is a zip file; a small one can unpack to gigabytes, so sizes come first. Formulas are
taken at the value that Excel stored; a formula without one (written by a program that never
calculated) has no value at all, and the file is refused with the addresses.

Not pandas.read_excel: it makes #N/A an empty cell and cannot stop at a limit of rows and columns.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics.cells import clean_text
from fieldapp.sources.statistics.table import (
    HEADER_WITHIN,
    IsHeader,
    Table,
    column_letters,
    frame,
)

MAX_BYTES = 100 * 1024**2
MAX_UNPACKED = 1024**3
MAX_RATIO = 200  # real statistics unpack to about 8 times their size
MAX_ROWS = 500_000
MAX_COLUMNS = 1_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, or a workbook with a password
_FORMULA = re.compile(rb"<(\w+:)?f[ >/]")


def read_workbook(path: Path, is_header: IsHeader) -> Table:
    """The one sheet that has the header row; SourceError when there is none or more than one.

    Sheets are found by what is in them, not by name: people rename them.
    """
    check_size(path, MAX_BYTES)
    has_formulas = _look_inside(path)
    tables, titles = _read_sheets(path, is_header)
    if not tables:
        raise SourceError("no_header", path.name, {"sheets": titles}, "check_header")
    if len(tables) > 1:
        found = [table.sheet for table in tables]
        raise SourceError("several_sheets", path.name, {"sheets": found}, "keep_one_sheet")
    table = tables[0]
    if has_formulas:
        _refuse_formulas(path, table)
    return table


def check_size(path: Path, limit: int) -> None:
    """SourceError for a file that is not there, empty, or larger than `limit` bytes."""
    try:
        size = path.stat().st_size
        is_file = path.is_file()
    except OSError as error:
        raise SourceError("file_not_found", path.name, {}, "check_path") from error
    if not is_file:
        raise SourceError("file_not_found", path.name, {}, "check_path")
    if size == 0:
        raise SourceError("empty_file", path.name, {}, "download_again")
    if size > limit:
        params = {"megabytes": round(size / 1024**2), "limit": limit // 1024**2}
        raise SourceError("file_too_large", path.name, params, "split_file")


def _look_inside(path: Path) -> bool:
    """Check the zip before anything is unpacked into memory; True when a sheet has formulas."""
    with path.open("rb") as file:
        if file.read(8) == _OLE:
            raise SourceError("old_or_locked_workbook", path.name, {}, "save_as_xlsx")
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            unpacked = sum(info.file_size for info in infos)
            packed = max(1, sum(info.compress_size for info in infos))
            # Small files may compress well; the ratio only counts when there is something to fear.
            if unpacked > MAX_UNPACKED or (unpacked > MAX_BYTES and unpacked / packed > MAX_RATIO):
                params = {"megabytes": round(unpacked / 1024**2), "limit": MAX_UNPACKED // 1024**2}
                raise SourceError("unpacks_too_large", path.name, params, "split_file")
            names = {info.filename for info in infos}
            if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
                raise SourceError("not_a_workbook", path.name, {}, "save_as_xlsx")
            return any(
                _contains_formula(archive, name)
                for name in names
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)
            )
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise SourceError("not_a_workbook", path.name, {}, "save_as_xlsx") from error
    except Exception as error:  # zlib.error and its kin: a damaged archive, whatever the library
        if isinstance(error, SourceError):
            raise
        raise SourceError("damaged_workbook", path.name, {}, "download_again") from error


def _contains_formula(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as stream:
        while block := stream.read(1 << 20):
            if _FORMULA.search(tail + block):
                return True
            tail = block[-16:]
    return False


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[Any]:
    """The workbook; whatever goes wrong inside other than a SourceError means it is damaged.

    We hold the file ourselves: a row generator that is left half-way would keep it open.
    """
    from openpyxl import load_workbook

    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names styles and extensions it leaves out
        try:
            yield load_workbook(file, read_only=True, data_only=values)
        except SourceError:
            raise
        except Exception as error:  # openpyxl lets KeyError, ValueError and XML errors through
            raise SourceError("damaged_workbook", path.name, {}, "save_as_xlsx") from error


def _read_sheets(path: Path, is_header: IsHeader) -> tuple[list[Table], list[str]]:
    tables: list[Table] = []
    titles: list[str] = []
    with _opened(path, values=True) as book:
        for sheet in book.worksheets:
            titles.append(sheet.title)
            sheet.reset_dimensions()  # the stated size may be wrong, even hostile
            lines = sheet.iter_rows(values_only=True)
            table = _read_sheet(path.name, sheet.title, lines, is_header)
            if table is not None:
                tables.append(table)
    return tables, titles


def _read_sheet(
    name: str, title: str, lines: Iterator[tuple[Any, ...]], is_header: IsHeader
) -> Table | None:
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[Any, ...]]] = []
    for number, cells in enumerate(lines, start=1):
        if len(cells) > MAX_COLUMNS and any(cell is not None for cell in cells[MAX_COLUMNS:]):
            params = {"columns": len(cells), "limit": MAX_COLUMNS}
            raise SourceError("too_many_columns", f"{name}, {title}", params, "split_file")
        if not header:
            names = tuple(map(clean_text, cells[:MAX_COLUMNS]))
            if is_header(frozenset(names)):
                header = names
            elif number >= HEADER_WITHIN:
                return None
        elif any(cell is not None for cell in cells):
            rows.append((number, cells))
            if len(rows) > MAX_ROWS:
                params = {"limit": MAX_ROWS}
                raise SourceError("too_many_rows", f"{name}, {title}", params, "split_file")
    return Table(name, header, frame(rows, len(header)), sheet=title) if header else None


def _refuse_formulas(path: Path, table: Table) -> None:
    """SourceError naming the formulas (at most ten) for which Excel stored no value."""
    with _opened(path, values=False) as book:
        sheet = book[table.sheet]
        sheet.reset_dimensions()
        has_value = table.cells.notna()
        bare = [
            f"{table.sheet}!{column_letters(index)}{number}"
            for number, cells in enumerate(sheet.iter_rows(), start=1)
            for index, cell in enumerate(cells[: len(table.header)])
            if cell.data_type == "f"
            and not (number in has_value.index and has_value.at[number, index])
        ]
    if bare:
        params = {"cells": bare[:10], "count": len(bare)}
        raise SourceError(
            "formula_without_value", f"{path.name}, {bare[0]}", params, "paste_values"
        )


def stated_date(path: Path) -> str:
    """The day (YYYY-MM-DD) the workbook says it was last saved; empty when it does not say."""
    try:
        with zipfile.ZipFile(path) as archive:
            core = archive.read("docProps/core.xml")[:65536]
    except (KeyError, zipfile.BadZipFile, OSError):
        return ""
    match = re.search(rb"<dcterms:modified[^>]*>(\d{4}-\d{2}-\d{2})", core)
    return match.group(1).decode() if match else ""
