"""Headings of columns -> our own columns and languages, read as pyxform reads them.

`label::English (en)`, `Label : English`, `caption`, `bind::relevant`, `relevance` all exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.problems import Problem, suggestion
from fieldapp.sources.xlsform import limits
from fieldapp.sources.xlsform.book import Book
from fieldapp.sources.xlsform.limits import problem

# what pyxform makes of a heading -> our column; a language may follow
SURVEY: dict[tuple[str, ...], str] = {
    **{(name,): name for name in ("type", "name", "default", "trigger", "disabled")},
    **{(name,): name for name in ("choice_filter", "parameters", "theme", "role")},
    **{(name,): name for name in ("label", "hint", "guidance_hint")},
    **{("media", kind): kind for kind in words.MEDIA},
    ("bind", "jr:constraintMsg"): "constraint_message",
    ("bind", "jr:requiredMsg"): "required_message",
    ("bind", "relevant"): "relevant",
    ("bind", "required"): "required",
    ("bind", "readonly"): "read_only",
    ("bind", "constraint"): "constraint",
    ("bind", "calculate"): "calculation",
    ("control", "appearance"): "appearance",
    ("control", "jr:count"): "repeat_count",
    ("control", "rows"): "rows",
}
CHOICES: dict[tuple[str, ...], str] = {
    ("list name",): "list_name",
    **{(name,): name for name in ("name", "label", "signal", "icon", "theme")},
    **{("media", kind): kind for kind in words.MEDIA},
}
TRANSLATED = frozenset({*words.TEXT_COLUMNS, *words.MEDIA})
OWN = frozenset({"theme", "role", "signal", "icon"})  # pyxform leaves these as they are written
# columns of XLSForm that mean nothing here: what they would do is in docs/xlsform.md
NOT_USED = frozenset(
    "autoplay save_to bind control body instance intent query compact_tag noapperrorstring "
    "no_app_error_string sms_field sms_option sms_separator sms_allow_media sms_date_format "
    "sms_datetime_format sms_response actions accuracythreshold tick_labelset".split()
)
# what a heading was probably meant to be
KNOWN = {
    "survey": tuple(sorted({*SURVEY.values(), "constraint_message", "calculation"})),
    "choices": tuple(sorted(set(CHOICES.values()))),
}
NEEDED = {"survey": ("type", "name"), "choices": ("list_name", "name")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading as written, our name for it ("" for none) and its language."""

    heading: str
    name: str
    language: str = ""


def columns(book: Book, sheet: str) -> dict[str, Column]:
    """The columns of the survey or a sheet of choices by heading; what is unclear is noted."""
    found = book.sheets.get(sheet)
    if found is None:
        return {}
    rules = "survey" if sheet == "survey" else "choices"
    read = {
        heading: _column(heading, tokens, rules)
        for heading, tokens in _tokens(found.headings, rules).items()
    }
    filled = {heading for _number, cells in found.rows for heading in cells}
    for column in read.values():
        if not column.name and column.heading in filled:
            _note_unknown(book, sheet, rules, column)
    if found.rows or sheet == "survey":
        _need(book, sheet, rules, read)
    return read


def _tokens(headings: Iterable[str], rules: str) -> dict[str, tuple[str, ...]]:
    from pyxform import aliases
    from pyxform.parsing.sheet_headers import process_header
    from pyxform.question import MultipleChoiceQuestion, Option

    kind, known = (
        (MultipleChoiceQuestion, aliases.survey_header)
        if rules == "survey"
        else (Option, aliases.list_header)
    )
    slots = set(kind.get_slot_names())
    written = list(headings)
    doubled = any("::" in heading for heading in written)
    return {
        heading: tuple(process_header(heading, doubled, known, slots)[1]) for heading in written
    }


def _column(heading: str, tokens: tuple[str, ...], rules: str) -> Column:
    table: Mapping[tuple[str, ...], str] = SURVEY if rules == "survey" else CHOICES
    if tokens and tokens[0].lower() in OWN:
        tokens = (tokens[0].lower(), *tokens[1:])
    for size in (2, 1):
        name = table.get(tokens[:size])
        rest = tokens[size:]
        if name is None or len(tokens) < size:
            continue
        if not rest:
            return Column(heading, name)
        if len(rest) == 1 and name in TRANSLATED:
            return Column(heading, name, "" if rest[0] == "default" else rest[0])
    return Column(heading, "")


def _note_unknown(book: Book, sheet: str, rules: str, column: Column) -> None:
    title = book.sheets[sheet].name
    head = column.heading.partition("::")[0].partition(":")[0].strip().lower().replace(" ", "_")
    if head in NOT_USED:
        book.problems.append(
            problem("column_not_used", title, 1, column.heading, found=column.heading)
        )
    elif rules == "survey":
        near = suggestion(head, KNOWN[rules])
        book.problems.append(_misspelt("unknown_column", title, column.heading, near))
    elif " " in column.heading or not column.heading.replace(":", "").isprintable():
        code = "choice_column_not_kept"  # no condition can name it
        book.problems.append(problem(code, title, 1, column.heading, found=column.heading))
    elif (near := suggestion(head, ("label", "list_name"))) and "label" not in _names(book, sheet):
        book.problems.append(_misspelt("unknown_column", title, column.heading, near))


def _names(book: Book, sheet: str) -> set[str]:
    return {
        _column(heading, tokens, "choices").name
        for heading, tokens in _tokens(book.sheets[sheet].headings, "choices").items()
    }


def _need(book: Book, sheet: str, rules: str, read: Mapping[str, Column]) -> None:
    there = {column.name for column in read.values()}
    unknown = [column.heading for column in read.values() if not column.name]
    for name in NEEDED[rules]:
        if name not in there:
            near = next((word for word in unknown if suggestion(word, [name])), None)
            title = book.sheets[sheet].name
            params = {"found": name} | ({"suggestion": near} if near else {})
            book.problems.append(limits.problem("missing_column", title, 1, name, **params))


def _misspelt(code: str, title: str, heading: str, near: str | None) -> Problem:
    params = {"found": heading} | ({"suggestion": near} if near else {})
    return problem(code, title, 1, heading, **params)
