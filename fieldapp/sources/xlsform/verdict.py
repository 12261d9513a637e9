"""What pyxform says of a form: its reasons and warnings as problems of ours, with their places.

pyxform's sentences are English and made for authors of workbooks. Those we know become codes, the
others travel along as they are (`xlsform_refused`, `xlsform_remark`), so that nothing is lost.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fieldapp.core.survey.problems import Problem
from fieldapp.sources.xlsform.book import Book
from fieldapp.sources.xlsform.limits import problem

ROW = re.compile(r"\[row : (\d+)\]")
PLACE = re.compile(r"On the '([^']+)' sheet, the '([^']+)' value")
LONGEST_REASON = 300

# (what pyxform writes, our code, our sheet and column when it does not name them)
# named groups become parameters
WARNINGS: tuple[tuple[str, str, str, str], ...] = (
    (r"Choices should have a label", "choice_without_label", "choices", "label"),
    (r"Use the max-pixels parameter", "image_size_by_us", "survey", "parameters"),
    (r"is no longer supported on most devices", "question_left_blank", "survey", "type"),
    (r"Language '(?P<language>[^']+)' is missing the (?P<where>survey|choices) (?:columns )?"
     r"(?P<columns>[^.]+?)(?: column)?\.", "language_columns_missing", "survey", ""),
    (r"do not contain valid machine-readable codes: (?P<found>.*?)\. Learn",
     "language_without_code", "survey", "label"),
    (r"uses or_other and translations", "or_other_translated", "survey", "type"),
    (r"Repeat has no label: .*'name': '(?P<name>[^']*)'", "repeat_without_label", "survey",
     "label"),
    (r"Row without name, text, or label is being skipped", "row_skipped", "survey", "type"),
    (r"The 'disabled' column header", "row_disabled", "survey", "disabled"),
    (r"looking for a sheet named '(?P<name>[^']+)'.* found: '(?P<found>[^']+)'",
     "sheet_misspelt", "", ""),
    (r"the 'name' value '(?P<found>[^']+)' is problematic", "name_differs_by_case", "survey",
     "name"),
    (r"\[column : (?P<found>[^\]]*)\] On the 'choices' sheet|'(?P<found2>[^']*)' column value is "
     r"invalid", "choice_column_not_kept", "choices", ""),
)  # fmt: skip
ERRORS: tuple[tuple[str, str, str, str], ...] = (
    (r"must have a sheet named '(?P<name>\w+)'.*(?:found: '(?P<suggestion>[^']+)')?",
     "sheet_missing", "", ""),
    (r"should be an? (?P<name>\w+) sheet", "sheet_missing", "", ""),
    (r"Duplicate column header: (?P<found>.*)", "column_twice", "survey", ""),
    (r"different names for the same column were found: '(?P<first>[^']+)', '(?P<found>[^']+)'",
     "column_twice_named", "survey", ""),
    (r"Question or group with no name", "missing_name", "survey", "name"),
    (r"Question with no type", "missing_type", "survey", "type"),
    (r"Missing calculation", "missing_calculation", "survey", "calculation"),
    (r"Unknown question type '(?P<found>[^']+)'", "unknown_type", "survey", "type"),
    (r"List name not in (?:choices|columns|external choices) sheet: (?P<found>.*)",
     "unknown_list", "survey", "type"),
    (r"the 'name' value '(?P<found>[^']+)' is invalid\. Questions, groups", "duplicate_name",
     "survey", "name"),
    (r"the 'name' value '(?P<found>[^']+)' is invalid\. Repeat names must unique",
     "repeat_name_twice", "survey", "name"),
    (r"the 'name' value '(?P<found>[^']+)' is invalid\. Repeat names must not",
     "reserved_name", "survey", "name"),
    (r"the 'name' value 'meta' is invalid", "reserved_name", "survey", "name"),
    (r"Names must begin with a letter", "name_not_allowed", "survey", "name"),
    (r"Choices must have a name", "choice_without_name", "choices", "name"),
    (r"Choice names must be unique", "duplicate_choice", "choices", "name"),
    (r"Choice names with spaces .*See \[(?P<found>[^\]]*)\]", "choice_name_with_space", "choices",
     "name"),
    (r"Could not find the name '(?P<found>[^']+)'", "unknown_reference", "survey", ""),
    (r"The name '(?P<found>[^']+)' appears more than once", "reference_to_double_name", "survey",
     ""),
    (r"Reference variables? (?:must start|lists)", "reference_syntax", "survey", ""),
    (r"Unmatched 'end_(?P<found>\w+)'", "group_not_opened", "survey", "type"),
    (r"Unmatched 'begin_(?P<found>\w+)'.*name '(?P<name>[^']*)'", "group_not_closed", "survey",
     "type"),
    (r"This section has not been included", "type_not_supported", "survey", "type"),
    (r"The question \$\{(?P<found>[^}]+)\} is not user-visible.*question \$\{(?P<name>[^}]+)\}",
     "trigger_not_shown", "survey", "trigger"),
    (r"Choice filter not supported with or_other", "filter_with_or_other", "survey",
     "choice_filter"),
    (r"accepted parameter keys .* are '(?P<known>[^']*)'.*invalid parameter key\(s\): "
     r"'(?P<found>[^']*)'", "unknown_parameter", "survey", "parameters"),
    (r"Parameters must be in the form", "parameters_syntax", "survey", "parameters"),
    (r"the 'parameters' value is invalid", "parameter_wrong", "survey", "parameters"),
    (r"Headers? that (?:is|are) missing|missing .*headers?|required headers? .*missing",
     "missing_column", "", ""),
    (r"should end with one of", "file_kind_not_supported", "survey", "type"),
    (r"[Ee]ntit|save_to", "entities_not_supported", "entities", ""),
)  # fmt: skip


def verdict_of(book: Book) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """(why pyxform refuses, what it warns of)."""
    refused, warned = _converted(book)
    errors = tuple(_all(book, refused, ERRORS, "xlsform_refused"))
    return errors, tuple(_all(book, warned, WARNINGS, "xlsform_remark"))


def _converted(book: Book) -> tuple[Sequence[str], Sequence[str]]:
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    logging.getLogger("pyxform").setLevel(logging.ERROR)
    warnings: list[str] = []
    try:
        convert(_as_pyxform(book), warnings=warnings)
    except PyXFormError as error:
        return (str(error) or type(error).__name__,), warnings
    except RecursionError:
        return ("groups within groups, too deep to read",), warnings
    except Exception as error:  # a fault of pyxform's own is no reason for a page to break
        logging.getLogger("fieldapp").warning("pyxform failed: %r", error)
        return (f"pyxform: {type(error).__name__}: {error}",), warnings
    return (), warnings


def _as_pyxform(book: Book) -> dict[str, Any]:
    """The book as pyxform's own readers would give it."""
    given: dict[str, Any] = {"sheet_names": list(book.sheet_names)}
    for name, sheet in book.sheets.items():
        given[name] = sheet.as_pyxform()
        given[f"{name}_header"] = [dict.fromkeys(sheet.headings)]
    return given


def _all(
    book: Book, said: Iterable[str], table: Sequence[tuple[str, str, str, str]], other: str
) -> Iterable[Problem]:
    for message in said:
        lines = [line for line in message.split("\n") if line.strip()]
        several = len(lines) > 1 and all(ROW.match(line) or line.startswith("Language '")
                                         for line in lines)  # fmt: skip
        for line in lines if several else [message]:
            yield _one(book, line, table, other)


def _one(
    book: Book, message: str, table: Sequence[tuple[str, str, str, str]], other: str
) -> Problem:
    row = ROW.search(message)
    place = PLACE.search(message)
    number = int(row[1]) if row else 0
    flat = " ".join(message.split())
    for pattern, code, sheet, column in table:
        found = re.search(pattern, flat)
        if found is not None:
            params = {_plain(key): value for key, value in found.groupdict().items() if value}
            sheet, column = (place[1], place[2]) if place else (sheet, column)
            return problem(code, _title(book, sheet), number, column, **params)
    reason = ROW.sub("", flat).strip()[:LONGEST_REASON]
    sheet, column = (place[1], place[2]) if place else ("survey", "")
    made = problem(other, _title(book, sheet), number, column)
    return Problem(other, made.where or book.name, {**made.params, "reason": reason})


def _plain(key: str) -> str:
    return key.rstrip("2")


def _title(book: Book, sheet: str) -> str:
    return book.sheets[sheet].name if sheet in book.sheets else sheet


def without_doubles(
    said: Iterable[Problem], ours: Sequence[Problem], same: Mapping[str, Sequence[str]]
) -> list[Problem]:
    """What pyxform says that we did not find ourselves at the same place or by the same code."""
    places = {(found.params.get("sheet"), found.params.get("row")) for found in ours}
    codes = {found.code for found in ours}
    kept = []
    for found in said:
        row = found.params.get("row")
        if row:
            is_new = (found.params.get("sheet"), row) not in places
        else:
            is_new = not codes & {found.code, *same.get(found.code, ())}
        if is_new:
            kept.append(found)
    return kept
