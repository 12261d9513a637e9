"""A Survey as the sheets of an XLSForm workbook: rows of text, nothing of Excel yet.

What XLSForm has no column for: `theme` and `role` (survey), `signal`, `icon` and `theme` (choices),
`kind` and `form_title_<tag>` (settings) are columns that other tools pass over; intro and thanks
are notes with role `intro` and `thanks`, so that other tools show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from fieldapp.core.expression import Expression
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.model import Choice, Group, Item, Question, Survey, Text
from fieldapp.sources.errors import SourceError

INTRO, THANKS = "intro", "thanks"  # roles of the notes that hold what is said around the questions
FROM_FILE = frozenset({"select_one", "select_multiple"})  # types that can take a CSV file
OWN_CHOICE_COLUMNS = ("signal", "icon", "theme")
# a choice column by one of these names would be read as something else
TAKEN = frozenset(
    {"list_name", "list name", "name", "value", "label", "caption", "media"}
    | {*words.MEDIA, *OWN_CHOICE_COLUMNS}
)
YES_OR_LOGIC = ("required", "read_only")
# the order of the columns; those per language are written out for each of them
SURVEY_COLUMNS = (
    *("type", "name", "label", "hint", "guidance_hint", *words.MEDIA),
    *("required", "required_message", "relevant", "constraint", "constraint_message"),
    *("calculation", "choice_filter", "default", "trigger", "read_only", "repeat_count"),
    *("appearance", "parameters", "theme", "role"),
)
CHOICE_COLUMNS = ("list_name", "name", "label", *words.MEDIA, *OWN_CHOICE_COLUMNS)
PER_LANGUAGE = frozenset({*words.TEXT_COLUMNS, *words.MEDIA})

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its column names and its rows; each row maps some of these columns to a text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def cells(self) -> Iterator[tuple[str, ...]]:
        """Each row in the order of the columns; what is absent is ''."""
        for row in self.rows:
            yield tuple(row.get(column, "") for column in self.columns)


def sheets(survey: Survey, *, fill: bool = False) -> tuple[Sheet, Sheet, Sheet]:
    """The sheets survey, choices and settings.

    With `fill` a text that misses a language is written in the default language (for an XForm:
    there a missing text is shown as "-"). Raises SourceError for what a workbook cannot say.
    """
    return _Writer(survey, fill).sheets()


def language_label(tag: str) -> str:
    """`nl` -> `Nederlands (nl)`: a language by its own name, as XLSForm wants it in columns."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        name = tag
    name = name.partition(" (")[0]
    return f"{name[:1].upper()}{name[1:]} ({tag})"


def number(value: float) -> str:
    """1.0 -> `1`, 0.5 -> `0.5`: a number as people write it, without losing any of it."""
    return str(int(value)) if value == int(value) else repr(value)


class _Writer:
    """Holds what every row needs to know: the survey, and its languages as columns name them."""

    def __init__(self, survey: Survey, fill: bool) -> None:
        self.survey = survey
        self.fill = fill
        self.languages = {tag: language_label(tag) for tag in survey.languages}

    def sheets(self) -> tuple[Sheet, Sheet, Sheet]:
        choices = [
            self.choice_row(name, choice)
            for name, listed in self.survey.choices.items()
            for choice in listed
        ]
        return (
            self.sheet("survey", SURVEY_COLUMNS, list(self.survey_rows())),
            self.sheet("choices", CHOICE_COLUMNS, choices),
            self.sheet("settings", (), [self.settings_row()]),
        )

    def sheet(self, name: str, order: Iterable[str], rows: list[Row]) -> Sheet:
        """Columns in their usual order; only those in use and, always, every label column."""
        used = dict.fromkeys(column for row in rows for column in row)
        labels = {f"label::{language}" for language in self.languages.values()}
        known = [column for head in order for column in self.columns(head)]
        columns = [column for column in known if column in used or column in labels]
        extra = [column for column in used if column not in known]
        return Sheet(name, (*columns, *extra), tuple(rows))

    def columns(self, head: str) -> list[str]:
        if head not in PER_LANGUAGE:
            return [head]
        return [f"{head}::{language}" for language in self.languages.values()]

    # survey

    def survey_rows(self) -> Iterator[Row]:
        taken = {*self.survey.by_name, *self.survey.groups}
        yield from self.note(INTRO, self.survey.intro, taken)
        for item in self.survey.items:
            yield from self.item(item)
        yield from self.note(THANKS, self.survey.thanks, taken)

    def note(self, role: str, text: Text | None, taken: set[str]) -> Iterator[Row]:
        if text is None:
            return
        tries = (role, *(f"{role}_{number}" for number in range(2, len(taken) + 3)))
        name = next(name for name in tries if name not in taken)
        taken.add(name)
        yield {"type": "note", "name": name, **self.texts("label", text), "role": role}

    def item(self, item: Item) -> Iterator[Row]:
        if isinstance(item, Question):
            yield self.question(item)
            return
        yield self.begin(item)
        for child in item.children:
            yield from self.item(child)
        yield {"type": f"end_{item.type}", "name": item.name}

    def begin(self, group: Group) -> Row:
        row = {"type": f"begin_{group.type}", "name": group.name}
        row |= self.texts("label", group.label) | self.texts("hint", group.hint)
        return row | _logic(group, ("relevant", "repeat_count")) | _filled(group, ("appearance",))

    def question(self, question: Question) -> Row:
        row = {"type": self.type_cell(question), "name": question.name}
        for column in words.TEXT_COLUMNS:
            row |= self.texts(column, getattr(question, column))
        row |= self.media(question.media)
        row |= _logic(question, words.EXPRESSION_COLUMNS)
        row |= _filled(question, (*words.PLAIN_COLUMNS, "theme", "role"))
        if question.trigger:
            row["trigger"] = ", ".join(f"${{{name}}}" for name in question.trigger)
        return row

    def type_cell(self, question: Question) -> str:
        listed = question.list_name
        if not listed:
            return question.type
        if listed in self.survey.choices or listed not in self.survey.tables:
            return f"{question.type} {listed}"
        if question.type not in FROM_FILE:
            raise SourceError(
                "type_from_table", question.name, {"type": question.type, "table": listed}
            )
        if len(listed.split()) > 1:  # the type cell would break at the space
            raise SourceError("file_name_not_allowed", question.name, {"found": listed})
        return f"{question.type}_from_file {listed}.csv"

    # choices

    def choice_row(self, list_name: str, choice: Choice) -> Row:
        row = {"list_name": list_name, "name": choice.name}
        row |= self.texts("label", choice.label) | self.media(choice.media)
        row |= _filled(choice, ("icon", "theme"))
        if choice.signal is not None:
            row["signal"] = number(choice.signal)
        for column, cell in choice.columns.items():
            if column.partition(":")[0].strip().lower() in TAKEN:
                raise SourceError("column_taken", f"choices > {list_name}", {"column": column})
            row[column] = cell
        return row

    # settings

    def settings_row(self) -> Row:
        survey = self.survey
        default = survey.default_language
        titles = {
            f"form_title_{tag}": text
            for tag, text in survey.title.values.items()
            if tag != default
        }  # fmt: skip
        return {
            "form_title": survey.title.values.get(default, ""),
            **titles,
            "form_id": survey.name,
            "version": survey.version,
            "kind": survey.kind,
            "default_language": self.languages[default],
            **_filled(survey, ("style",)),
            **_logic(survey, ("instance_name",)),
        }

    # cells per language

    def texts(self, column: str, text: Text | None) -> Row:
        if text is None:
            return {}
        found = {tag: self.text_cell(text.values, tag) for tag in self.languages}
        return {f"{column}::{self.languages[tag]}": cell for tag, cell in found.items() if cell}

    def media(self, media: Mapping[str, Text]) -> Row:
        row: Row = {}
        for kind, files in media.items():
            row |= self.texts(kind, files)
        return row

    def text_cell(self, values: Mapping[str, str], tag: str) -> str:
        if tag in values or not self.fill:
            return values.get(tag, "")
        return values.get(self.survey.default_language) or next(iter(values.values()), "")


def _logic(thing: object, columns: Iterable[str]) -> Row:
    row: Row = {}
    for column in columns:
        logic: Expression | None = getattr(thing, column)
        if logic is not None:
            is_yes = column in YES_OR_LOGIC and logic.source == "true()"
            row[column] = "yes" if is_yes else logic.source
    return row


def _filled(thing: object, columns: Iterable[str]) -> Row:
    return {column: getattr(thing, column) for column in columns if getattr(thing, column)}
