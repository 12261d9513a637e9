"""openpyxl's streaming reader, without looking for the size of a sheet first.

That size is what the file says, which may be wrong and then hides rows; where the file says
nothing, openpyxl reads the whole sheet to know it, also when a million empty rows stand in it.
Imported only when a workbook is read.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet


class Page(ReadOnlyWorksheet):
    """A sheet of which the size is not known."""

    def _get_size(self) -> None: ...


class Reader(ExcelReader):
    """A reader whose sheets are Pages; charts are left out."""

    def read_worksheets(self) -> None:
        """The sheets in the order of the workbook."""
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                page = Page(self.wb, sheet.name, relation.target, self.shared_strings)
                page.sheet_state = sheet.state or "visible"
                self.wb._sheets.append(page)  # type: ignore[attr-defined]


@contextmanager
def opened(data: bytes, *, formulas: bool = False) -> Iterator[Reader]:
    """A workbook; its cells hold values, or with `formulas` the formulas themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # extensions that we do not use
        reader = Reader(io.BytesIO(data), read_only=True, data_only=not formulas)
        reader.read()
        try:
            yield reader
        finally:
            reader.wb.close()
            reader.archive.close()
