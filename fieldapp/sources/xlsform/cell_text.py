"""What a cell of any sheet can hold: characters that XML knows, lines that end in one way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.write_rows import Sheet

# XML 1.0, production Char; a workbook and an XForm are both XML
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE_END = re.compile(r"\r\n?")


def clean(sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    """The sheets with line ends alike. SourceError for a character that no file can hold."""
    return tuple(
        replace(
            sheet,
            rows=tuple(
                {
                    column: clean_cell(cell, sheet.name, column, row)
                    for column, cell in cells.items()
                }
                for row, cells in enumerate(sheet.rows, start=2)
            ),
        )
        for sheet in sheets
    )


def clean_cell(text: str, sheet: str, column: str, row: int) -> str:
    """One cell; `row` as a spreadsheet counts, the heading is row 1."""
    if found := NOT_IN_XML.search(text):
        params = {"found": f"U+{ord(found[0]):04X}", "column": column, "row": row}
        raise SourceError("character_not_allowed", place(sheet, row, column), params)
    return LINE_END.sub("\n", text)


def place(sheet: str, row: int, column: str) -> str:
    """Where in a workbook."""
    return f"{sheet} > {row} > {column}"
