"""What the codes of an export mean, in words for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.cli.sentences import fill, line
from fieldapp.sources.errors import SourceError

WRONG: Mapping[str, str] = {
    "text_too_long": "{length} characters, a cell of Excel holds {limit}; shorten the text, "
    "or export as md",
    "character_not_allowed": "{found} is a control character that no workbook can hold; remove it",
    "column_taken": "an extra column of choices cannot be called {column!r}: XLSForm means "
    "something else by it; rename the column",
    "file_name_not_allowed": "{found!r} cannot be the name of a file; rename it",
    "type_from_table": "{type} cannot take its choices from the table {table!r} in XLSForm; "
    "make it a list of choices",
    "name_not_for_odk": "ODK cannot read the name {found}; rename it with Latin letters",
    "xform_refused": "pyxform cannot make an XForm of it: {reason}",
}


def error_text(error: SourceError) -> str:
    """One line: where, what is wrong, what to do."""
    return line(error.where, fill(WRONG, error.code, error.params))
