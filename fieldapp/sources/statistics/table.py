"""A table as a file holds it: a DataFrame of raw cells that still knows its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fieldapp.sources.statistics.cells import clean_text

HEADER_WITHIN = 20  # rows in which the header may stand: some put a title above it
IsHeader = Callable[[frozenset[str]], bool]


@dataclass(frozen=True, slots=True)
class Table:
    """Clean column names beside the cells as they were read. `sheet` is set for workbooks.

    `cells`: index = number of the row in the file, from 1; columns = place from 0, as names may
    stand there twice; dtype object, because one column holds numbers and text side by side.
    """

    name: str
    header: tuple[str, ...]
    cells: pd.DataFrame
    sheet: str = ""
    edition: str = ""

    @property
    def where(self) -> str:
        """The file, and the sheet when there is one."""
        return f"{self.name}, {self.sheet}".rstrip(", ")

    def place_of(self, *names: str) -> int | None:
        """Place of the first of these columns that the table has."""
        return next((self.header.index(name) for name in names if name in self.header), None)

    def text(self, place: int) -> pd.Series[Any]:
        """A column as clean text; empty for a cell without anything."""
        return self.cells[place].map(clean_text)

    def address(self, row: int, place: int) -> str:
        """Where a cell is, as its program shows it: `kwb-2023!C12` or `12:"column"`."""
        if self.sheet:
            return f"{self.sheet}!{column_letters(place)}{row}"
        return f'{row}:"{self.header[place]}"'


def frame(rows: Iterable[tuple[int, Sequence[Any]]], width: int) -> pd.DataFrame:
    """The cells of a Table from (row number, cells); short rows end in None, long ones are cut."""
    numbers: list[int] = []
    cells: list[list[Any]] = []
    for number, row in rows:
        numbers.append(number)
        cells.append([*row[:width], *[None] * (width - len(row))])
    return pd.DataFrame(cells, index=numbers, columns=range(width), dtype=object)


def column_letters(place: int) -> str:
    """Spreadsheet letters of a column counted from 0: 0 -> A, 26 -> AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
