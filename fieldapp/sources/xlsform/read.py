"""An XLSForm (.xlsx, .xls, Markdown) -> our definition, and everything there is to say about it.

pyxform judges the form as XLSForm, `judge_survey` as a survey of ours; both are heard. The
definition is read from the sheets themselves, because what pyxform keeps of them (`_pyxform`) has
no row numbers, lists no choices that are filtered or shuffled, and has bent quotes made straight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from fieldapp.core.survey import Problem, Survey, judge_survey
from fieldapp.sources.xlsform import limits
from fieldapp.sources.xlsform.book import SHEETS, Book, read_book
from fieldapp.sources.xlsform.choices import Choices, read_choices
from fieldapp.sources.xlsform.codes import NOTES, is_error, sorted_out
from fieldapp.sources.xlsform.headings import columns
from fieldapp.sources.xlsform.limits import NotRead, file_problem, problem
from fieldapp.sources.xlsform.names import make_unique
from fieldapp.sources.xlsform.places import Places
from fieldapp.sources.xlsform.rows import Survey as SurveyRows
from fieldapp.sources.xlsform.rows import SurveySheet
from fieldapp.sources.xlsform.settings import read_settings, settings_part
from fieldapp.sources.xlsform.tables import read_tables
from fieldapp.sources.xlsform.texts import Languages, languages_of
from fieldapp.sources.xlsform.verdict import verdict_of, without_doubles

Item = dict[str, Any]
# what pyxform says -> what we say of the same thing
SAME = {
    "choice_without_label": ("missing_text",),
    "language_without_code": ("language_unknown",),
    "or_other_translated": (),
    "column_twice": ("column_twice",),
    "sheet_missing": ("sheet_missing",),
    "entities_not_supported": ("entities_not_supported",),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a form. `definition` is empty when it could not be read at all.

    `files`: media by name as the form uses them. `unknown_languages`: names in the sheets for
    which a person may choose a tag (`languages` of read_form).
    """

    definition: Mapping[str, Any] = field(default_factory=dict)
    survey: Survey | None = None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    unknown_languages: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """`refused`, `warned` or `taken`; notes on what was done do not count as warnings."""
        if self.errors:
            return "refused"
        return "warned" if any(w.code not in NOTES for w in self.warnings) else "taken"


def read_form(
    name: str,
    data: bytes,
    files: Mapping[str, bytes] | None = None,
    *,
    kind: str = "",
    language: str = "nl",
    languages: Mapping[str, str] | None = None,
) -> Reading:
    """Read a form. Never raises for what is in the file: all of it is in errors and warnings.

    `files` are the CSV and media files beside it; `kind` goes before the kind in the settings;
    `language` is that of texts without one; `languages` maps names of languages to tags.
    """
    try:
        book = read_book(name, data)
    except NotRead as error:
        return Reading(errors=(error.problem,))
    return _Form(book, files or {}, kind, language, languages or {}).reading()


class _Form:
    """One form being read."""

    def __init__(
        self,
        book: Book,
        files: Mapping[str, bytes],
        kind: str,
        language: str,
        languages: Mapping[str, str],
    ) -> None:
        self.book = book
        self.files = files
        self.kind = kind
        self.language = language
        self.languages = languages

    def reading(self) -> Reading:
        book = self.book
        refused, warned = verdict_of(book)
        if "survey" not in book.sheets:
            return Reading(errors=refused or (problem("sheet_missing", "survey", name="survey"),))
        self.refuse_sheets()
        read = {sheet: columns(book, sheet) for sheet in ("survey", "choices", "external_choices")}
        written = read_settings(book, {})
        tags = languages_of(
            book, read, written.get("default_language", ""), self.language, self.languages
        )
        choices = read_choices(book, read, tags)
        sheet = SurveySheet(book, read["survey"], tags, choices.lists, choices.external)
        found = sheet.survey()
        make_unique(book, sheet.title, found.items)
        written |= _missing(written, found)
        definition, media = self.definition(written, tags, choices, found)
        survey, judged = judge_survey(definition)
        places = Places(
            sheet.title,
            found.rows,
            choices.rows,
            _numbers(choices),
            read,
            tags.tags,
        )
        ours = [*book.problems, *(places.place(item) for item in judged)]
        refused = tuple(places.by_name(item) for item in refused)
        return self.finish(definition, survey, ours, refused, warned, media)

    def refuse_sheets(self) -> None:
        """Sheets of XLSForm that we do not take."""
        for sheet, code in (("entities", "entities_not_supported"),):
            if self.book.rows(sheet):
                self.book.problems.append(problem(code, self.book.sheets[sheet].name))

    def definition(
        self, written: Mapping[str, str], tags: Languages, choices: Choices, found: SurveyRows
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        """The definition as load_survey reads it, and the media files it uses."""
        tables, _sources, noticed = read_tables(self.files)
        self.book.problems.extend(noticed)
        for file, row in found.asked_tables.items():
            if file.rpartition(".")[0] not in tables and not noticed:
                self.book.problems.append(
                    problem("file_needed", self.book.sheets["survey"].name, row, "type", found=file)
                )
        stem = PurePosixPath(self.book.name).stem
        data: dict[str, Any] = settings_part(self.book, written, tags, stem, self.kind)
        data |= {role: text for role, text in found.texts.items() if text}
        data["survey"] = found.items
        data["choices"] = choices.lists
        if tables:
            data["tables"] = tables
            self.check_columns(found.items, tables)
        media = self.media(data, choices)
        found.rows.update(_rows(found.items))
        _strip(found.items)
        return data, media

    def check_columns(self, items: Sequence[Item], tables: Mapping[str, Item]) -> None:
        """A list from a table has the columns that its names and labels come from."""
        for item in items:
            self.check_columns(item.get("children", []), tables)
            table = tables.get(str(item["type"]).partition(" ")[2])
            parameters = dict(
                part.split("=", 1) for part in item.get("parameters", "").split() if "=" in part
            )
            for key, usual in (("value", "name"), ("label", "label")) if table else ():
                column = parameters.get(key, usual)
                if table is not None and column not in table["columns"]:
                    title, row = self.book.sheets["survey"].name, item.get("#", 0)
                    self.book.problems.append(
                        problem("table_column_missing", title, row, "type", found=column)
                    )

    def media(self, data: Mapping[str, Any], choices: Choices) -> dict[str, bytes]:
        """The media files that the form names and that are here; the others are noted."""
        given = {name: content for name, content in self.files.items()
                 if not name.lower().endswith(".csv")}  # fmt: skip
        used: dict[str, bytes] = {}
        missing: dict[str, tuple[str, int]] = {}
        for sheet, row, file in _file_names(self.book.sheets["survey"].name, data, choices):
            if file in given:
                used[file] = given[file]
            else:
                missing.setdefault(file, (sheet, row))
        for file, (sheet, row) in missing.items():
            self.book.problems.append(problem("media_missing", sheet, row, found=file))
        for file in given:
            if file not in used:
                self.book.problems.append(file_problem("file_not_used", file))
        return used

    def finish(
        self,
        definition: dict[str, Any],
        survey: Survey | None,
        ours: Sequence[Problem],
        refused: Sequence[Problem],
        warned: Sequence[Problem],
        media: Mapping[str, bytes],
    ) -> Reading:
        """Ours and pyxform's together, each thing once."""
        wrong = [found for found in ours if is_error(found)]
        waits = {found.params["row"] for found in wrong if found.code == "file_needed"}
        wrong = [f for f in wrong if f.code != "unknown_list" or f.params["row"] not in waits]
        rest = [found for found in ours if not is_error(found)]
        if not wrong or not all(found.code == "xlsform_refused" for found in refused):
            wrong += without_doubles(refused, wrong, SAME)
        rest += without_doubles(warned, [f for f in rest if f.code not in NOTES], SAME)
        everything = sorted((*_once(wrong), *_once(rest)), key=_in_file_order)
        errors, warnings = sorted_out(everything)
        unknown = tuple(
            str(found.params["found"]) for found in warnings if found.code == "language_unknown"
        )
        return Reading(
            definition,
            None if errors else survey,
            errors[: limits.MOST_FOUND],
            warnings[: limits.MOST_FOUND],
            media,
            unknown,
        )


def _missing(written: Mapping[str, str], found: SurveyRows) -> dict[str, str]:
    return {key: cell for key, cell in found.settings.items() if key not in written}


def _numbers(choices: Choices) -> dict[tuple[str, str], int]:
    return {
        (listed, str(choice.get("name", ""))): number
        for listed, rows in choices.lists.items()
        for number, choice in reversed(list(enumerate(rows, start=1)))
    }


def _rows(items: Sequence[Item]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for item in items:
        rows.setdefault(item["name"], item.get("#", 0))
        rows |= {name: row for name, row in _rows(item.get("children", [])).items()
                 if name not in rows}  # fmt: skip
    return rows


def _strip(items: Sequence[Item]) -> None:
    """Take the row numbers out: they are no part of the definition."""
    for item in items:
        item.pop("#", None)
        _strip(item.get("children", []))


def _file_names(
    title: str, data: Mapping[str, Any], choices: Choices
) -> list[tuple[str, int, str]]:
    """(sheet, row, file name) of every media cell."""
    found = [
        (*choices.rows.get((listed, number), ("choices", 0)), file)
        for listed, rows in data["choices"].items()
        for number, choice in enumerate(rows, start=1)
        for files in choice.get("media", {}).values()
        for file in files.values()
    ]

    def walk(items: Sequence[Item]) -> None:
        for item in items:
            for files in item.get("media", {}).values():
                found.extend((title, item.get("#", 0), file) for file in files.values())
            walk(item.get("children", []))

    walk(data["survey"])
    return found


def _in_file_order(found: Problem) -> tuple[int, int]:
    """What is about a whole sheet or the form goes before its rows."""
    sheet = str(found.params.get("sheet") or "").lower()
    place = SHEETS.index(sheet) + 1 if sheet in SHEETS else 0
    return place, found.params.get("row") or 0


def _once(found: Sequence[Problem]) -> list[Problem]:
    """Each finding once, with how often it was found when that is more."""
    kept: dict[tuple[Any, ...], Problem] = {}
    for item in found:
        key = (item.code, item.where, str(item.params.get("found")), str(item.params.get("row")))
        kept.setdefault(key, item)
    return list(kept.values())
