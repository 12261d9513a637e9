"""Texts in all their languages, and the logic cells, out of one row of a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.problems import Problem
from fieldapp.sources.xlsform.book import Book, Cells
from fieldapp.sources.xlsform.headings import TRANSLATED, Column
from fieldapp.sources.xlsform.languages import private_tag, tag_of
from fieldapp.sources.xlsform.limits import problem

STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")
Texts = dict[str, dict[str, str]]  # column -> language tag -> text


@dataclass(slots=True)
class Languages:
    """The tags of the languages of a form: `tags` by name as written, "" for columns without."""

    default: str
    tags: dict[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()


def languages_of(
    book: Book,
    read: Mapping[str, Mapping[str, Column]],
    default_written: str,
    assumed: str,
    chosen: Mapping[str, str],
) -> Languages:
    """Which languages there are: in the order of the labels, then of the other columns.

    `assumed` is the tag of texts above which no language stands and no setting names one.
    """
    written = list(dict.fromkeys(_in_order(book, read)))
    if default_written:
        default = _known(book, default_written, chosen)
        plain = default
    else:
        named = [name for name in written if name]
        plain = assumed
        default = plain if "" in written or not named else _known(book, named[0], chosen)
        if "" in written:
            book.problems.append(problem("language_assumed", "survey", tag=assumed, found=assumed))
    tags = {name: _known(book, name, chosen) if name else plain for name in written}
    order = tuple(dict.fromkeys(tags.values())) or (default,)
    return Languages(default, tags, order if default in order else (default, *order))


def _in_order(book: Book, read: Mapping[str, Mapping[str, Column]]) -> Iterable[str]:
    sheets = ("survey", "choices", "external_choices")
    there = [column for sheet in sheets for column in read.get(sheet, {}).values() if column.name]
    filled = {heading for sheet in sheets for _row, cells in book.rows(sheet) for heading in cells}
    labels = [column for column in there if column.name == "label"]
    for column in (*labels, *there):
        # a media column without a language serves all of them
        is_text = column.name in TRANSLATED and column.name not in words.MEDIA
        if (is_text and column.heading in filled) or (column.language and column.name):
            yield column.language


def _known(book: Book, written: str, chosen: Mapping[str, str]) -> str:
    found = tag_of(written, chosen)
    if found:
        return found
    tag = private_tag(written)
    if not any(p.code == "language_unknown" and p.params["found"] == written
               for p in book.problems):  # fmt: skip
        book.problems.append(problem("language_unknown", "survey", 1, found=written, tag=tag))
    return tag


def texts_in(
    cells: Cells, read: Mapping[str, Column], languages: Languages, sheet: str, row: int
) -> tuple[Texts, list[Problem]]:
    """The translated cells of a row; a text given twice in one language is noted."""
    texts: Texts = {}
    found: list[Problem] = []
    for heading, cell in cells.items():
        column = read.get(heading)
        if column is None or column.name not in TRANSLATED:
            continue
        tag = languages.tags.get(column.language, languages.default)
        there = texts.setdefault(column.name, {})
        if tag not in there:
            there[tag] = cell
        elif there[tag] != cell:
            found.append(problem("text_twice", sheet, row, heading, found=cell, language=tag))
            if column.language:  # what names its language goes before what does not
                there[tag] = cell
    return texts, found


def plain_in(cells: Cells, read: Mapping[str, Column]) -> dict[str, str]:
    """The cells that are not translated, by our column."""
    plain: dict[str, str] = {}
    for heading, cell in cells.items():
        column = read.get(heading)
        if column is not None and column.name and column.name not in TRANSLATED:
            plain.setdefault(column.name, cell)
    return plain


def logic(cell: str) -> str:
    """An expression with the quotes that word processors bend made straight."""
    return cell.translate(STRAIGHT).strip()


def media_of(texts: Texts) -> dict[str, dict[str, str]]:
    """The file names among the texts."""
    return {kind: texts[kind] for kind in words.MEDIA if kind in texts}
