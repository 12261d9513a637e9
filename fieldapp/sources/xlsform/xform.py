"""A Survey as an XForm (the XML that ODK Collect and Enketo run), made by pyxform.

pyxform gets the rows of our own export. What JavaRosa, the engine of ODK, would stumble over is
taken away first; those rows are for the XForm alone, a workbook keeps what the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.model import Survey
from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.cell_text import clean
from fieldapp.sources.xlsform.write_rows import Row, Sheet, sheets

# The letters that pyxform and the XPath reader of JavaRosa both know in names, found by asking ODK
# Validate letter by letter: Latin, Greek, Cyrillic, Armenian; nothing of Arabic, Hebrew, Asia.
READABLE = re.compile("[A-Za-z0-9_.Ø-öø-ıĴ-ľŁ-ňŊ-žΆΈ-ΊΌΎ-ΡΣ-ώЁ-ЌЎ-яё-ќў-ҁҐ-ӄԱ-Ֆա-ֆ-]+")


@dataclass(frozen=True, slots=True)
class XForm:
    """The XML, and what pyxform remarks about it (in English, for authors)."""

    xml: str
    warnings: tuple[str, ...]


def to_xform(survey: Survey) -> XForm:
    """The XForm of a survey.

    SourceError `name_not_for_odk` or `xform_refused` (`reason`: the words of pyxform).
    """
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    check_names(survey)
    asked, choices, settings = clean(sheets(survey, fill=True))
    asked = replace(
        asked,
        columns=tuple(dict.fromkeys((*asked.columns, "relevant"))),
        rows=tuple(_quoted(_never_empty(asked), survey)),
    )
    warnings: list[str] = []
    try:
        result = convert(_book(asked, choices, settings), warnings=warnings, pretty_print=True)
    except PyXFormError as error:
        raise SourceError("xform_refused", survey.name, {"reason": str(error)}) from error
    return XForm(result.xform, tuple(warnings))


def _book(*pages: Sheet) -> dict[str, object]:
    """What pyxform's own readers make of a file."""
    book: dict[str, object] = {}
    for sheet in pages:
        if sheet.rows:
            book[sheet.name] = [
                {column: row[column] for column in sheet.columns if column in row}
                for row in sheet.rows
            ]
            book[f"{sheet.name}_header"] = [dict.fromkeys(sheet.columns)]
    return book | {"sheet_names": [sheet.name for sheet in pages if sheet.rows]}


def check_names(survey: Survey) -> None:
    """SourceError for the first name in a script that JavaRosa cannot read."""
    for name in (*survey.by_name, *survey.groups):
        if not READABLE.fullmatch(name):
            raise SourceError("name_not_for_odk", name, {"found": name})


def _never_empty(sheet: Sheet) -> Iterator[Row]:
    """A group that holds nothing to see gets a note that is never shown: JavaRosa asks for one."""
    label = dict.fromkeys((column for column in sheet.columns if column.startswith("label::")), "-")
    seen: list[bool] = []  # for each open group, whether something in it can be seen
    for row in sheet.rows:
        if row["type"].startswith("begin_"):
            seen.append(False)
        elif row["type"].startswith("end_"):
            if not seen.pop():
                name = f"{row['name']}.leeg"
                yield {"type": "note", "name": name, **label, "relevant": "false()"}
            seen[-1:] = [True] if seen else []
        elif seen and row["type"] not in words.SILENT_TYPES:
            seen[-1] = True
        yield row


def _quoted(rows: Iterable[Row], survey: Survey) -> Iterator[Row]:
    """A default that is a text, and that pyxform would take for an expression, is made one."""
    from pyxform.utils import default_is_dynamic

    for row in rows:
        question = survey.by_name.get(row["name"])
        if question is None or question.default_logic is not None or "default" not in row:
            yield row
        elif default_is_dynamic(row["default"], question.type):
            yield row | {"default": literal(row["default"])}
        else:
            yield row


def literal(text: str) -> str:
    """A text as an XPath expression: `it's | x` -> `concat('it', "'", 's | x')`."""
    parts = ', "\'", '.join(f"'{part}'" for part in text.split("'"))
    return f"concat({parts})"
