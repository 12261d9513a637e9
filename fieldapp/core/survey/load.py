"""A definition as written (YAML or JSON values) -> Survey, or all that is wrong with it at once.

Reading (this module) checks each cell by itself; check.py then checks how cells hang together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldapp.core.expression import Expression, ExpressionError, parse
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.cells import NO, YES, Cells
from fieldapp.core.survey.check import check_definition, evaluation_order
from fieldapp.core.survey.model import Choice, Group, Item, Question, Survey, Table, Text
from fieldapp.core.survey.problems import REMARKS, Findings, Problem, SurveyError, path
from fieldapp.core.survey.texts import with_texts
from fieldapp.core.survey.yaml_file import read_yaml


def read_survey(file: Path) -> Survey:
    """The survey in a survey.yaml with the translations beside it (texts.py).

    Raises SurveyError with all problems, OSError when unreadable.
    """
    data = read_yaml(file)
    stale = with_texts(file, data)
    if stale:
        raise SurveyError(stale)
    return load_survey(data)


def load_survey(
    data: Mapping[str, Any], themes: Sequence[str] = words.THEMES, *, strict: bool = True
) -> Survey:
    """A checked Survey from the mapping that survey.yaml holds.

    `themes` are the theme codes that questions and choices may name. Raises SurveyError with every
    problem found, never only the first. What a form can live with (REMARKS: a text that is not
    there in the default language, a condition that looks ahead) is a problem only when `strict`.
    """
    survey, found = judge_survey(data, themes)
    wrong = [item for item in found if strict or item.code not in REMARKS]
    if wrong or survey is None:
        raise SurveyError(wrong)
    return survey


def judge_survey(
    data: Mapping[str, Any], themes: Sequence[str] = words.THEMES
) -> tuple[Survey | None, tuple[Problem, ...]]:
    """The survey, when there is one to speak of, and all that was found, remarks included."""
    findings = Findings()
    survey = _Reader(findings, themes).survey(data)
    if survey is not None:
        check_definition(survey, findings)
    return survey, tuple(findings.problems)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree a row stands: its groups, the repeats among them, the page, the depth."""

    path: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    page: str = ""

    def inside(self, group: str, *, is_repeat: bool, page: str) -> _Place:
        repeats = (*self.repeats, group) if is_repeat else self.repeats
        return _Place((*self.path, group), repeats, page)

    def named(self, row: str) -> str:
        """How problems name a row: its page first, when that is another thing."""
        return path(self.page, row) if self.page else row


TOP = _Place()
DEEPEST_GROUP = 30
DYNAMIC = re.compile(r"\$\{|[\w-]\(")  # a default that has to be worked out


class _Reader(Cells):
    """Reads rows, from settings down to choices."""

    def __init__(self, findings: Findings, themes: Sequence[str]) -> None:
        super().__init__(findings)
        self.themes = themes
        self.choices: dict[str, tuple[Choice, ...]] = {}
        self.tables: dict[str, Table] = {}

    def survey(self, data: object) -> Survey | None:
        if not isinstance(data, Mapping):
            self.findings.add("not_a_mapping", "survey.yaml")
            return None
        self.known_columns(data, words.TOP_KEYS, "")
        settings = self.mapping(data.get("settings"), "settings", required=True)
        self.known_columns(settings, words.SETTINGS, "settings")
        self.read_languages(settings)
        # in the order of the file, so that the problems come in that order
        head = {
            "name": self.setting(settings, "form_id"),
            "version": self.setting(settings, "version"),
            "kind": self.one_of(settings, "kind", words.KINDS),
        }
        title = self.text(data.get("title"), "title", "title", needed=True)
        intro = self.text(data.get("intro"), "intro", "intro")
        thanks = self.text(data.get("thanks"), "thanks", "thanks")
        for list_name, rows in self.mapping(data.get("choices"), "choices").items():
            self.choices[str(list_name)] = self.choice_list(rows, path("choices", str(list_name)))
        for name, table in self.mapping(data.get("tables"), "tables").items():
            self.tables[str(name)] = self.table(table, path("tables", str(name)))
        items = tuple(self.items(self.rows(data.get("survey"), "survey"), "survey", TOP))
        return Survey(
            **head,
            default_language=self.default_language,
            languages=self.languages,
            title=title or Text({}, self.default_language, "title"),
            intro=intro,
            thanks=thanks,
            style=self.plain(settings.get("style"), path("settings", "style")),
            instance_name=self.expression(settings, "instance_name", "settings"),
            items=items,
            choices=self.choices,
            tables=self.tables,
            files=self.words(data.get("files"), "files"),
            order=evaluation_order(items),
        )

    # settings

    def read_languages(self, settings: Mapping[str, Any]) -> None:
        written = self.plain(settings.get("default_language"), path("settings", "default_language"))
        self.default_language = written or self.default_language
        tags = settings.get("languages", [self.default_language])
        if not isinstance(tags, list) or not tags:
            self.findings.add("not_a_list", path("settings", "languages"))
            tags = [self.default_language]
        self.languages = tuple(self.plain(tag, path("settings", "languages")) for tag in tags)
        if self.default_language not in self.languages:
            self.findings.add(
                "default_language_not_listed",
                path("settings", "languages"),
                language=self.default_language,
            )

    def setting(self, settings: Mapping[str, Any], key: str) -> str:
        value = self.plain(settings.get(key), path("settings", key))
        if not value:
            self.findings.add("missing_setting", path("settings", key), setting=key)
        return value

    def one_of(self, settings: Mapping[str, Any], key: str, known: Sequence[str]) -> str:
        value = self.setting(settings, key)
        if value and value not in known:
            self.findings.unknown(f"unknown_{key}", path("settings", key), value, known)
        return value

    # choices

    def choice_list(self, rows: object, where: str) -> tuple[Choice, ...]:
        items = [row for row in self.rows(rows, where) if isinstance(row, Mapping)]
        return tuple(self.choice(row, where, number) for number, row in enumerate(items, start=1))

    def choice(self, row: Mapping[str, Any], where: str, number: int) -> Choice:
        name = self.name_cell(row, path(where, str(number)))
        where = path(where, name or str(number))
        self.known_columns(row, words.CHOICE_COLUMNS, where)
        label = self.text(row.get("label"), path(where, "label"), name, needed=True)
        return Choice(
            name=name,
            label=label or Text({}, self.default_language, name),
            signal=self.signal(row.get("signal"), path(where, "signal")),
            icon=self.plain(row.get("icon"), path(where, "icon")) or None,
            theme=self.theme(row, where),
            media=self.media(row, where),
            columns=self.words(row.get("columns"), path(where, "columns")),
        )

    def table(self, value: object, where: str) -> Table:
        found = self.mapping(value, where, required=True)
        self.known_columns(found, ("columns", "rows"), where)
        columns = [self.plain(name, where) for name in self.rows_of(found.get("columns"), where)]
        rows = []
        for row in self.rows_of(found.get("rows", []), where):
            cells = [self.plain(cell, where) for cell in row] if isinstance(row, list) else []
            if len(cells) != len(columns):
                self.findings.add("row_too_short", where, found=len(cells), needed=len(columns))
                continue
            rows.append(tuple(cells))
        return Table(tuple(columns), tuple(rows))

    def signal(self, value: object, where: str) -> float | None:
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or math.isnan(float(value)):  # type: ignore[arg-type]
            self.findings.add("signal_not_a_number", where, found=str(value)[:80])
            return None
        if not -1 <= value <= 1:  # type: ignore[operator]
            self.findings.add("signal_out_of_range", where, found=value)
            return None
        return float(value)  # type: ignore[arg-type]

    # groups and questions

    def items(self, rows: Sequence[Any], where: str, place: _Place) -> Iterable[Item]:
        if len(place.path) > DEEPEST_GROUP:
            self.findings.add("groups_too_deep", where, deepest=DEEPEST_GROUP)
            return
        for number, row in enumerate(rows, start=1):
            if not isinstance(row, Mapping):
                continue
            if row.get("type") in words.GROUP_TYPES:
                yield self.group(row, where, number, place)
            else:
                yield self.question(row, where, number, place)

    def group(self, row: Mapping[str, Any], where: str, number: int, place: _Place) -> Group:
        name = self.name_cell(row, path(where, str(number)))
        kind = str(row["type"])
        where = place.named(name or str(number))
        self.known_columns(row, words.GROUP_COLUMNS, where)
        # our own files mean a page when they write a group; "" says that it is none
        usual = words.FIELD_LIST if kind == "group" and place == TOP else ""
        appearance = (
            self.plain(row.get("appearance"), path(where, "appearance"))
            if row.get("appearance") is not None
            else usual
        )
        is_page = kind == "repeat" or words.FIELD_LIST in appearance.split()
        page = place.page or (name if is_page else "")
        inside = place.inside(name, is_repeat=kind == "repeat", page=page)
        children = self.rows(row.get("children"), where)
        return Group(
            name=name,
            type=kind,
            label=self.text(row.get("label"), path(where, "label"), name),
            hint=self.text(row.get("hint"), path(where, "hint"), name),
            relevant=self.expression(row, "relevant", where),
            repeat_count=self.expression(row, "repeat_count", where),
            appearance=appearance,
            page=page,
            path=place.path,
            repeats=place.repeats,
            children=tuple(self.items(children, where, inside)),
        )

    def question(self, row: Mapping[str, Any], where: str, number: int, place: _Place) -> Question:
        name = self.name_cell(row, path(where, str(number)))
        where = place.named(name or str(number))
        self.known_columns(row, words.QUESTION_COLUMNS, where)
        kind, list_name = self.type_cell(row, where)
        media = self.media(row, where)
        shown = kind not in words.SILENT_TYPES and not media and "hint" not in row
        texts: dict[str, Any] = {
            column: self.text(
                row.get(column), path(where, column), name, needed=shown and column == "label"
            )
            for column in words.TEXT_COLUMNS
        }
        logic: dict[str, Any] = {
            key: self.expression(row, key, where) for key in words.EXPRESSION_COLUMNS
        }
        plain: dict[str, Any] = {
            key: self.plain(row.get(key), path(where, key)) for key in words.PLAIN_COLUMNS
        }
        dynamic = bool(DYNAMIC.search(plain["default"]))
        return Question(
            name=name,
            type=kind,
            page=place.page or name,
            list_name=list_name,
            choices=self.choices.get(list_name, ()) if list_name else (),
            default_logic=self.expression(row, "default", where) if dynamic else None,
            trigger=tuple(self.names(row.get("trigger"), path(where, "trigger"))),
            media=media,
            theme=self.theme(row, where),
            role=self.role(row, where),
            path=place.path,
            repeats=place.repeats,
            **texts,
            **logic,
            **plain,
        )

    def media(self, row: Mapping[str, Any], where: str) -> dict[str, Text]:
        """File names by kind of medium and language."""
        where = path(where, "media")
        found = self.mapping(row.get("media"), where)
        self.known_columns(found, words.MEDIA, where)
        texts = {kind: self.file_names(found.get(kind), path(where, kind)) for kind in words.MEDIA}
        return {kind: text for kind, text in texts.items() if text is not None}

    def type_cell(self, row: Mapping[str, Any], where: str) -> tuple[str, str | None]:
        written = self.plain(row.get("type"), path(where, "type"))
        kind, _, list_name = written.partition(" ")
        list_name = list_name.strip()
        place = path(where, "type")
        if kind not in words.TYPES:
            self.findings.unknown("unknown_type", place, written, words.TYPES)
            return "text", None
        if kind not in words.LIST_TYPES:
            if list_name:
                self.findings.unknown("unknown_type", place, written, words.TYPES)
            return kind, None
        if not list_name:
            self.findings.add("missing_list", place)
        elif list_name not in self.choices and list_name not in self.tables:
            self.findings.unknown("unknown_list", place, list_name, [*self.choices, *self.tables])
        return kind, list_name or None

    def expression(self, row: Mapping[str, Any], column: str, where: str) -> Expression | None:
        value = row.get(column)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        source = self.plain(value, path(where, column))
        yes_or_no = column in ("required", "read_only")
        if yes_or_no and source.lower() in YES:
            source = "true()"
        if not source or (yes_or_no and source.lower() in NO):
            return None
        try:
            return parse(source)
        except ExpressionError as error:
            params = {"expression": source[:200], **error.params}
            self.findings.add(error.code, path(where, column), **params)
            return None

    def theme(self, row: Mapping[str, Any], where: str) -> str | None:
        value = self.plain(row.get("theme"), path(where, "theme"))
        if value and value not in self.themes:
            self.findings.unknown("unknown_theme", path(where, "theme"), value, self.themes)
        return value or None

    def role(self, row: Mapping[str, Any], where: str) -> str | None:
        value = self.plain(row.get("role"), path(where, "role"))
        if value and value not in words.ROLES:
            self.findings.unknown("unknown_role", path(where, "role"), value, words.ROLES)
        return value or None
