"""Sheets -> Markdown tables as pyxform reads them, and the way back of a cell.

A cell is one line: a newline is written `<br>`. A text that holds `<br>` itself is kept apart from
it as `&lt;br>`, and one that holds that as `&amp;lt;br>`, and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fieldapp.sources.xlsform.cell_text import clean
from fieldapp.sources.xlsform.write_rows import Sheet

ESCAPED = re.compile(r"&(?=(?:amp;)*lt;br>)")
MARK = re.compile(r"<br>|&(?:amp;)*lt;br>")


def write_markdown(sheets: Iterable[Sheet]) -> str:
    """One table per sheet, one under the other, with the name of the sheet in the first column."""
    return "\n".join(_table(sheet) for sheet in clean(sheets))


def _table(sheet: Sheet) -> str:
    rows = [(sheet.name,), ("", *sheet.columns), *(("", *cells) for cells in sheet.cells())]
    return "".join(f"| {' | '.join(map(write_cell, row))} |\n" for row in rows)


def write_cell(text: str) -> str:
    """A text as the inside of a cell of a Markdown table."""
    text = ESCAPED.sub("&amp;", text).replace("<br>", "&lt;br>")
    return text.replace("\n", "<br>").replace("|", r"\|")


def read_cell(text: str) -> str:
    """What `write_cell` wrote, after a reader has taken away the backslash before each `|`."""
    return MARK.sub(_unmark, text)


def _unmark(found: re.Match[str]) -> str:
    if found[0] == "<br>":
        return "\n"
    return "<br>" if found[0] == "&lt;br>" else found[0].replace("&amp;", "&", 1)
