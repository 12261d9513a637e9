"""A Survey as an XForm (the XML that ODK Collect and Enketo run), made by pyxform."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.core.survey.model import Survey
from fieldapp.sources.errors import SourceError
from fieldapp.sources.xlsform.cell_text import clean
from fieldapp.sources.xlsform.write_rows import sheets


@dataclass(frozen=True, slots=True)
class XForm:
    """The XML, and what pyxform remarks about it (in English, for authors)."""

    xml: str
    warnings: tuple[str, ...]


def to_xform(survey: Survey) -> XForm:
    """The XForm of a survey. SourceError xform_refused with the words of pyxform."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    book: dict[str, object] = {}
    for sheet in clean(sheets(survey, fill=True)):
        rows = [{column: row[column] for column in sheet.columns if column in row}
                for row in sheet.rows]  # fmt: skip
        if rows:
            book[sheet.name] = rows
            book[f"{sheet.name}_header"] = [dict.fromkeys(sheet.columns)]
    book["sheet_names"] = [name for name in book if not name.endswith("_header")]
    warnings: list[str] = []
    try:
        result = convert(book, warnings=warnings, pretty_print=True)
    except PyXFormError as error:
        raise SourceError("xform_refused", survey.name, {"reason": str(error)}) from error
    return XForm(result.xform, tuple(warnings))
