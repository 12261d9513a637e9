"""Single cells of a definition: what was written -> a value, or a note of what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldapp.core.survey.model import Text
from fieldapp.core.survey.problems import Findings, path

YES = frozenset({"yes", "true", "true()", "ja"})
NO = frozenset({"", "no", "false", "false()", "nee"})


class Cells:
    """Reads cells; notes what is wrong and goes on with something harmless."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.default_language = "nl"
        self.languages: tuple[str, ...] = ("nl",)

    def name_cell(self, row: Mapping[str, Any], where: str) -> str:
        name = self.plain(row.get("name"), path(where, "name"))
        if not name:
            self.findings.add("missing_name", where)
        return name

    def plain(self, value: object, where: str) -> str:
        """A cell that holds one word or line. Whole numbers are taken as they are written."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        # yes, no, 1.10 and 2026-01-01 mean something else in YAML than what was typed
        code = "not_text" if isinstance(value, Mapping | list) else "needs_quotes"
        self.findings.add(code, where, found=str(value)[:80])
        return ""

    def text(self, value: object, where: str, name: str, *, needed: bool = False) -> Text | None:
        if isinstance(value, str):
            value = {self.default_language: value}
        if value is not None and not isinstance(value, Mapping):
            self.findings.add("not_a_text", where, found=str(value)[:80])
            return None
        found = {str(tag): text for tag, text in (value or {}).items() if text is not None}
        for tag, text in found.items():
            if tag not in self.languages:
                self.findings.unknown("unknown_language", where, tag, self.languages)
            if not isinstance(text, str):
                self.findings.add("needs_quotes", path(where, tag), found=str(text)[:80])
        filled = {
            tag: text.strip()
            for tag, text in found.items()
            if isinstance(text, str)
            if text.strip()
        }
        if (needed or filled) and self.default_language not in filled:
            self.findings.add("missing_text", where, language=self.default_language)
        return Text(filled, self.default_language, name) if filled else None

    def file_names(self, value: object, where: str) -> Text | None:
        """As `text`, but no language is asked for: one picture may serve all."""
        if value is None:
            return None
        found = {self.default_language: value} if isinstance(value, str) else value
        names = self.words(found, where)
        return Text(names, self.default_language) if names else None

    def words(self, value: object, where: str) -> dict[str, str]:
        """A mapping from words to words; empty ones are left out."""
        found = self.mapping(value, where)
        cells = {str(key): self.plain(cell, path(where, str(key))) for key, cell in found.items()}
        return {key: cell for key, cell in cells.items() if cell}

    def names(self, value: object, where: str) -> list[str]:
        """A list of names; absent is empty."""
        return [self.plain(name, where) for name in self.rows_of(value, where)] if value else []

    def rows_of(self, value: object, where: str) -> list[Any]:
        """A list of anything, which may be empty."""
        if isinstance(value, list):
            return value
        self.findings.add("not_a_list", where)
        return []

    def known_columns(self, row: Mapping[Any, Any], known: Sequence[str], where: str) -> None:
        for column in row:
            if column not in known:
                self.findings.unknown(
                    "unknown_column", path(where, str(column)) if where else str(column),
                    column, known,
                )  # fmt: skip

    def mapping(self, value: object, where: str, *, required: bool = False) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        if value is not None or required:
            self.findings.add("not_a_mapping", where)
        return {}

    def rows(self, value: object, where: str, *, required: bool = True) -> list[Any]:
        if not isinstance(value, list) or not value:
            if value is not None or required:
                self.findings.add("not_a_list", where)
            return []
        for number, row in enumerate(value, start=1):
            if not isinstance(row, Mapping):
                self.findings.add("not_a_mapping", path(where, str(number)))
        return value
