"""A definition as written (YAML or JSON values) -> Survey, or all that is wrong with it at once.

Reading (this module) checks each cell by itself; check.py then checks how cells hang together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fieldapp.core.expression import Expression, ExpressionError, parse
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.cells import NO, YES, Cells
from fieldapp.core.survey.check import check_definition, evaluation_order
from fieldapp.core.survey.model import Choice, Page, Question, Survey, Text
from fieldapp.core.survey.problems import Findings, SurveyError, path
from fieldapp.core.survey.yaml_file import read_yaml


def read_survey(file: Path) -> Survey:
    """The survey in a survey.yaml. SurveyError with all problems; OSError when unreadable."""
    return load_survey(read_yaml(file))


def load_survey(data: Mapping[str, Any], themes: Sequence[str] = words.THEMES) -> Survey:
    """A checked Survey from the mapping that survey.yaml holds.

    `themes` are the theme codes that questions and choices may name.
    Raises SurveyError with every problem found, never only the first.
    """
    findings = Findings()
    survey = _Reader(findings, themes).survey(data)
    if survey is not None:
        check_definition(survey, findings)
    if findings.problems or survey is None:
        raise SurveyError(findings.problems)
    return survey


class _Reader(Cells):
    """Reads rows, from settings down to choices."""

    def __init__(self, findings: Findings, themes: Sequence[str]) -> None:
        super().__init__(findings)
        self.themes = themes
        self.choices: dict[str, tuple[Choice, ...]] = {}

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
        pages = tuple(self.pages(data.get("survey")))
        return Survey(
            **head,
            default_language=self.default_language,
            languages=self.languages,
            title=title or Text({}, self.default_language, "title"),
            intro=intro,
            thanks=thanks,
            pages=pages,
            choices=self.choices,
            order=evaluation_order(pages),
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
        )

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

    # pages and questions

    def pages(self, rows: object) -> Iterable[Page]:
        found = self.rows(rows, "survey", required=True)
        for number, row in enumerate(found, start=1):
            if not isinstance(row, Mapping):
                continue
            name = self.name_cell(row, path("survey", str(number)))
            if row.get("type") != "group":
                self.findings.add(
                    "not_a_page", name or path("survey", str(number)), found=str(row.get("type"))
                )
                continue
            yield self.page(row, name or str(number))

    def page(self, row: Mapping[str, Any], name: str) -> Page:
        self.known_columns(row, words.PAGE_COLUMNS, name)
        children = [
            item for item in self.rows(row.get("children"), name) if isinstance(item, Mapping)
        ]
        return Page(
            name=name,
            label=self.text(row.get("label"), path(name, "label"), name),
            relevant=self.expression(row, "relevant", name),
            appearance=self.plain(row.get("appearance"), path(name, "appearance")) or "field-list",
            same_page_relevant=self.flag(row, "same_page_relevant", name),
            questions=tuple(
                self.question(item, name, number) for number, item in enumerate(children, start=1)
            ),
        )

    def question(self, row: Mapping[str, Any], page: str, number: int) -> Question:
        name = self.name_cell(row, path(page, str(number)))
        where = path(page, name or str(number))
        self.known_columns(row, words.QUESTION_COLUMNS, where)
        kind, list_name = self.type_cell(row, where)
        shown = kind not in words.SILENT_TYPES
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
        return Question(
            name=name,
            type=kind,
            page=page,
            list_name=list_name,
            choices=self.choices.get(list_name, ()) if list_name else (),
            theme=self.theme(row, where),
            role=self.role(row, where),
            **texts,
            **logic,
            **plain,
        )

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
        elif list_name not in self.choices:
            self.findings.unknown("unknown_list", place, list_name, self.choices)
        return kind, list_name or None

    def expression(self, row: Mapping[str, Any], column: str, where: str) -> Expression | None:
        value = row.get(column)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        source = self.plain(value, path(where, column))
        if column == "required" and source.lower() in YES:
            source = "true()"
        if not source or (column == "required" and source.lower() in NO):
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
