"""A workbook or Markdown file -> its XLSForm sheets as rows of text, with row numbers.

Read with openpyxl and xlrd, the readers under pyxform, but by ourselves: pyxform's stops at 60
empty rows without a word, and turns no-break spaces into plain ones.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldapp.core.survey.problems import Problem
from fieldapp.sources.xlsform import limits
from fieldapp.sources.xlsform.guard import kind_of
from fieldapp.sources.xlsform.limits import NotRead, file_problem, problem
from fieldapp.sources.xlsform.write_markdown import read_cell

SHEETS = ("survey", "choices", "settings", "external_choices", "osm", "entities")
FORMULA_ROWS = 5_000
BESIDE = 20  # columns behind the last heading in which we still see that something stands
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the headings of its columns, and its rows by heading; row 1 is the headings."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, Cells], ...]

    def as_pyxform(self) -> list[Cells]:
        """Every row from the second on, empty ones included, so that row numbers stay right."""
        found = dict(self.rows)
        last = self.rows[-1][0] if self.rows else 1
        return [dict(found.get(number, {})) for number in range(2, last + 1)]


@dataclass(slots=True)
class Book:
    """The sheets that mean something, all sheet names, and what was noticed while reading."""

    name: str
    kind: str
    sheets: dict[str, Sheet] = field(default_factory=dict)
    sheet_names: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    characters: int = 0  # in all cells read so far
    references: int = 0

    def rows(self, sheet: str) -> tuple[tuple[int, Cells], ...]:
        """The filled rows of a sheet; none when it is not there."""
        return self.sheets[sheet].rows if sheet in self.sheets else ()


def read_book(name: str, data: bytes) -> Book:
    """The sheets of a file. NotRead when it is no form at all."""
    kind = kind_of(name, data)
    if kind == "zip":
        raise NotRead(file_problem("not_a_workbook", name))
    book = Book(name, kind)
    READERS[kind](book, data)
    return book


def _read_xlsx(book: Book, data: bytes) -> None:
    from fieldapp.sources.xlsform.xlsx_pages import opened

    try:
        with opened(data) as reader:
            pages = reader.wb.worksheets
            book.sheet_names = tuple(page.title for page in pages)
            for page, wanted in _wanted(book.sheet_names, pages):
                if page.sheet_state != "visible":
                    book.problems.append(problem("sheet_hidden", page.title))
                _keep(book, page.title, wanted, _lines(page))
                _look_inside(book, page, reader, data)
    except NotRead:
        raise
    except Exception as error:  # a damaged file makes openpyxl raise nearly anything
        raise NotRead(file_problem("damaged_workbook", book.name)) from error


def _lines(page: Any) -> Iterator[Iterable[Any]]:
    """The headings, then the rows; a cell far to the right must not make every row that wide."""
    head = next(page.iter_rows(max_row=1, values_only=True), ())
    yield head
    last = max((place for place, cell in enumerate(head, start=1) if cell is not None), default=0)
    width = min(last, limits.MOST_COLUMNS) + BESIDE
    yield from page.iter_rows(min_row=2, max_col=width, values_only=True)


def _look_inside(book: Book, page: Any, reader: Any, data: bytes) -> None:
    """What the values alone do not show: merged cells, and formulas that were never worked out."""
    with reader.archive.open(page._worksheet_path) as part:
        xml = part.read(limits.LARGEST_PART)
    if b"<mergeCell " in xml:
        book.problems.append(problem("cells_merged", page.title))
    if b"<f" not in xml:
        return
    from fieldapp.sources.xlsform.xlsx_pages import opened

    with opened(data, formulas=True) as other:
        rows, columns = FORMULA_ROWS, limits.MOST_COLUMNS
        formulas = other.wb[page.title].iter_rows(max_row=rows, max_col=columns)
        values = page.iter_rows(max_row=rows, max_col=columns, values_only=True)
        for number, (row, line) in enumerate(zip(formulas, values, strict=False), start=1):
            for cell, value in zip(row, line, strict=False):
                if cell.data_type == "f" and value is None:
                    letter, formula = str(getattr(cell, "column_letter", "")), str(cell.value)
                    book.problems.append(
                        problem("formula_without_value", page.title, number, letter, found=formula)
                    )
                    return  # one is enough to say what to do


def _read_xls(book: Book, data: bytes) -> None:
    import xlrd

    try:
        with xlrd.open_workbook(file_contents=data, on_demand=True, logfile=io.StringIO()) as wb:
            book.sheet_names = tuple(wb.sheet_names())
            for number, wanted in _wanted(book.sheet_names, range(wb.nsheets)):
                page = wb.sheet_by_index(number)
                if page.visibility:
                    book.problems.append(problem("sheet_hidden", page.name))
                rows = (
                    [_xls_value(cell, wb.datemode) for cell in page.row(at)]
                    for at in range(page.nrows)
                )
                _keep(book, page.name, wanted, rows)
    except NotRead:
        raise
    except xlrd.XLRDError as error:
        code = "locked_workbook" if "encrypted" in str(error).lower() else "damaged_workbook"
        raise NotRead(file_problem(code, book.name)) from error
    except Exception as error:  # as above
        raise NotRead(file_problem("damaged_workbook", book.name)) from error


def _xls_value(cell: Any, datemode: int) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            parts = xlrd.xldate_as_tuple(cell.value, datemode)
            return dt.time(*parts[3:]) if parts[:3] == (0, 0, 0) else dt.datetime(*parts)
        except ValueError:  # also the dates that no calendar has
            return cell.value
    return cell.value


def _read_markdown(book: Book, data: bytes) -> None:
    from pyxform.xls2json_backends import _md_table_to_ss_structure

    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    tables = {str(name): rows for name, rows in _md_table_to_ss_structure(text).items() if name}
    book.sheet_names = tuple(tables)
    for name, wanted in _wanted(book.sheet_names, book.sheet_names):
        rows = ([read_cell(cell) if cell else None for cell in row] for row in tables[name])
        _keep(book, name, wanted, rows)


READERS = {"xlsx": _read_xlsx, "xls": _read_xls, "md": _read_markdown}


def _wanted(names: Sequence[str], pages: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """The sheets of a form; a single sheet is the survey, whatever its name."""
    for name, page in zip(names, pages, strict=True):
        if name.lower() in SHEETS:
            yield page, name.lower()
        elif len(names) == 1:
            yield page, "survey"


def _keep(book: Book, title: str, wanted: str, rows: Iterable[Iterable[Any]]) -> None:
    """Add a sheet; what cannot be is a problem of the book."""
    lines = iter(rows)
    headings = _headings(book, title, next(lines, ()))
    most = limits.MOST_ROWS.get(wanted, limits.MOST_ROWS["settings"])
    kept: list[tuple[int, Cells]] = []
    empty = 0
    for number, line in enumerate(lines, start=2):
        cells = _cells(book, title, number, headings, line)
        if not cells:
            empty += 1
            if empty > limits.EMPTY_RUN:
                break
            continue
        empty = 0
        kept.append((number, cells))
        book.characters += sum(map(len, cells.values()))
        book.references += sum(cell.count("${") for cell in cells.values())
        if book.characters > limits.MOST_TEXT:
            raise NotRead(problem("too_much_text", title, number))
        if book.references > limits.MOST_REFERENCES:
            raise NotRead(problem("too_many_references", title, number))
        if len(kept) > most:
            raise NotRead(problem("too_many_rows", title, most=most))
    named = tuple(heading for heading in headings if heading)
    book.sheets[wanted] = Sheet(title, named, tuple(kept))


def _headings(book: Book, title: str, line: Iterable[Any]) -> list[str]:
    found = [" ".join(_text(value).split()) for value in line]
    while found and not found[-1]:
        found.pop()
    if len(found) > limits.MOST_COLUMNS:
        raise NotRead(problem("too_many_columns", title, most=limits.MOST_COLUMNS))
    for heading in dict.fromkeys(found):
        if heading and found.count(heading) > 1:
            book.problems.append(problem("column_twice", title, 1, heading, found=heading))
    return found


def _cells(
    book: Book, title: str, number: int, headings: Sequence[str], line: Iterable[Any]
) -> Cells:
    cells: Cells = {}
    for place, value in enumerate(line):
        if value is None or value == "":
            continue
        text = _text(value).strip(" \t\r\n")
        if not text:
            continue
        heading = headings[place] if place < len(headings) else ""
        if not heading:
            _note_once(book, "cell_without_heading", title, number, found=text)
        elif len(text) > limits.LONGEST_CELL:
            book.problems.append(problem("cell_too_long", title, number, heading))
        elif heading not in cells:
            cells[heading] = text
    return cells


def _note_once(book: Book, code: str, title: str, row: int, **params: Any) -> None:
    """One remark of a kind for a sheet is enough."""
    if not any(p.code == code and p.params["sheet"] == title for p in book.problems):
        book.problems.append(problem(code, title, row, **params))


def _text(value: Any) -> str:
    """A cell as a person reads it: 1.0 is 1, a date is 2026-01-31."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n")
