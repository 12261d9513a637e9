"""Delimited text from StatLine, Excel or a city's own system: encoding, delimiter, lines.

Not pandas.read_csv: it does not tell on which line a row stands once lines are empty or quoted.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics.cells import clean_text
from fieldapp.sources.statistics.table import HEADER_WITHIN, IsHeader, Table, frame
from fieldapp.sources.statistics.workbook import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, check_size

DELIMITERS = (";", ",", "\t", "|")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text_table(path: Path, is_header: IsHeader, delimiter: str = "") -> Table:
    """The table in a text file; the delimiter is found by the header unless it is given."""
    check_size(path, MAX_BYTES)
    text = decode(path)
    tried = (delimiter,) if delimiter else DELIMITERS
    for mark in tried:
        head = _lines(path.name, text, mark, HEADER_WITHIN)
        for index, (number, cells) in enumerate(head):
            if is_header(frozenset(map(clean_text, cells))):
                return _table(path.name, text, mark, index, number)
    first = text.splitlines()[0][:200] if text.strip() else ""
    raise SourceError("no_header", path.name, {"first_line": first}, "check_header")


def decode(path: Path) -> str:
    """Text of a file: UTF-8 or UTF-16 with a mark, UTF-8, else Windows-1252 as Excel writes it."""
    raw = path.read_bytes()
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(path, raw, encoding)
    if b"\0" in raw[:65536] or raw[:4] == b"PK\x03\x04":
        raise SourceError("not_text", path.name, {}, "save_as_csv")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(path, raw, "cp1252")


def _decoded(path: Path, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError("not_text", path.name, {"encoding": encoding}, "save_as_csv") from error


def _lines(
    name: str, text: str, delimiter: str, limit: int | None = None
) -> list[tuple[int, list[str]]]:
    """Rows with the number of the line on which each ends; empty lines are left out."""
    # newline="": the csv reader itself must see line breaks inside quoted cells.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cells):
                found.append((reader.line_num, cells))
            if limit is not None and len(found) >= limit:
                break
            if len(found) > MAX_ROWS:
                raise SourceError("too_many_rows", name, {"limit": MAX_ROWS}, "split_file")
            if len(cells) > MAX_COLUMNS:
                params = {"columns": len(cells), "limit": MAX_COLUMNS}
                raise SourceError("too_many_columns", name, params, "split_file")
    except csv.Error as error:
        reason: dict[str, object] = {"reason": str(error), "row": reader.line_num}
        raise SourceError("not_csv", f"{name}:{reader.line_num}", reason, "save_as_csv") from error
    return found


def _table(name: str, text: str, delimiter: str, skip: int, header_line: int) -> Table:
    lines = _lines(name, text, delimiter)
    header = tuple(map(clean_text, lines[skip][1]))
    rows = lines[skip + 1 :]
    for number, cells in rows:
        if len(cells) > len(header) and any(map(str.strip, cells[len(header) :])):
            # More cells than columns: everything after the stray mark has moved one place.
            params = {"cells": len(cells), "columns": len(header), "row": number}
            raise SourceError("ragged_row", f"{name}:{number}", params, "check_delimiter")
    if not rows:
        raise SourceError("no_rows", f"{name}:{header_line}", {}, "download_again")
    return Table(name, header, frame(rows, len(header)), edition=date_in_name(name))


def date_in_name(name: str) -> str:
    """The day StatLine puts in a file name (`_22032020_165940`) as YYYY-MM-DD, else empty."""
    match = re.search(r"(?<!\d)([0-3]\d)([01]\d)(20\d\d)_\d{6}(?!\d)", name)
    return "-".join(reversed(match.groups())) if match else ""
