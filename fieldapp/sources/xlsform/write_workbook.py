"""Sheets -> the bytes of an .xlsx file. Every cell is text: a spreadsheet runs nothing of it."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.cell_text import clean, place
from fieldapp.sources.xlsform.write_rows import Sheet

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

LONGEST_CELL = 32_767  # UTF-16 units; Excel: "Excel specifications and limits"
RISKY = tuple("=+-@\t\r")  # what a spreadsheet may take for a formula
WIDTH, WIDE = 18, 50  # in characters of the standard font
WIDE_COLUMNS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """An .xlsx file. SourceError for a cell that Excel cannot hold, with its place."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.worksheets[0])
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for sheet in clean(sheets):
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "C2" if len(sheet.rows) > 1 else "A2"
        for number, column in enumerate(sheet.columns, start=1):
            head = page.cell(row=1, column=number)
            _write(head, column, sheet.name, column)
            head.font = bold
            is_wide = column.partition("::")[0] in WIDE_COLUMNS
            page.column_dimensions[head.column_letter].width = WIDE if is_wide else WIDTH
        for row, cells in enumerate(sheet.cells(), start=2):
            for number, text in enumerate(cells, start=1):
                if text:
                    cell = page.cell(row=row, column=number)
                    _write(cell, text, sheet.name, sheet.columns[number - 1])
                    cell.alignment = wrap
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _write(cell: Cell, text: str, sheet: str, column: str) -> None:
    length = len(text.encode("utf-16-le")) // 2
    if length > LONGEST_CELL:
        params = {"length": length, "limit": LONGEST_CELL, "column": column, "row": cell.row}
        raise SourceError("text_too_long", place(sheet, cell.row, column), params)
    cell.value = text
    cell.data_type = "s"  # openpyxl takes `=1` for a formula and `#N/A` for an error
    if text.startswith(RISKY):
        cell.quotePrefix = True  # stays text when somebody edits the cell
