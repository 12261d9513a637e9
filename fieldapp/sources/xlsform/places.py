"""From a place in a definition (`page > question > label`) to sheet, row and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fieldapp.core.survey.problems import SEPARATOR, Problem
from fieldapp.sources.xlsform.headings import Column

Place = tuple[str, int]  # title of the sheet, row


@dataclass(frozen=True, slots=True)
class Places:
    """Where each question and choice stands, and how the columns are called there."""

    survey: str = "survey"
    rows: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[tuple[str, int], Place] = field(default_factory=dict)
    choice_numbers: Mapping[tuple[str, str], int] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, Column]] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)  # as written -> tag

    def place(self, found: Problem) -> Problem:
        """The problem with `sheet`, `row` and `column` among its parameters."""
        parts = found.where.split(SEPARATOR)
        sheet, row, column = self._find(parts, str(found.params.get("language", "")))
        given = {"sheet": sheet or None, "row": row or None, "column": column or None}
        return replace(found, params={**given, **found.params})

    def by_name(self, found: Problem) -> Problem:
        """A problem that names a question and no row: with the row of that question."""
        row = self.rows.get(str(found.params.get("name", "")))
        if row is None or found.params.get("row"):
            return found
        return replace(found, params={**found.params, "row": row})

    def _find(self, parts: list[str], language: str) -> tuple[str, int, str]:
        head, *rest = parts
        if head in ("settings", "title"):
            return "settings", 0, rest[0] if rest else "form_title"
        if head == "choices" and rest:
            return self._choice(rest, language)
        if head == "tables":
            return "", 0, ""
        if head == "survey" and rest and rest[0] in self.rows:
            head, *rest = rest
        while rest and rest[0] in self.rows:
            head, *rest = rest
        if head in self.rows:
            return self.survey, self.rows[head], self._heading("survey", rest, language)
        return self.survey, 0, ""

    def _choice(self, parts: list[str], language: str) -> tuple[str, int, str]:
        listed, *rest = parts
        if not rest:
            return "choices", 0, ""
        number = self.choice_numbers.get((listed, rest[0]))
        if number is None and rest[0].isdigit():
            number = int(rest[0])
        sheet, row = self.choices.get((listed, number or 0), ("choices", 0))
        return sheet, row, self._heading("choices", rest[1:], language)

    def _heading(self, sheet: str, parts: list[str], language: str) -> str:
        """The heading of our column, in the language that is spoken of when there is one."""
        if not parts:
            return ""
        name = parts[1] if parts[0] == "media" and len(parts) > 1 else parts[0]
        mine = [c for c in self.columns.get(sheet, {}).values() if c.name == name]
        wanted = language or parts[-1]
        for column in mine:
            if self.languages.get(column.language) == wanted:
                return column.heading
        return mine[0].heading if mine else name
