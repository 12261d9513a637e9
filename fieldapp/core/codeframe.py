"""Themakaders: themes and sub-codes as frozen values, with crosswalks to other frameworks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldapp.core.survey.model import Text
from fieldapp.core.survey.problems import Findings, SurveyError, path
from fieldapp.core.survey.yaml_file import read_yaml

LANGUAGES = ("nl", "en")
FIRST_LANGUAGE = LANGUAGES[0]
SLUG = re.compile(r"[a-z][a-z0-9_-]*")

TOP_KEYS = ("name", "version", "label", "themes", "crosswalks")
THEME_KEYS = ("code", "number", "label", "definition", "codes")
CODE_KEYS = ("code", "label", "definition", "belongs", "not_belongs", "crosswalk")
CODE_TEXTS = ("label", "definition", "belongs", "not_belongs")


class CodeFrameError(SurveyError):
    """A themakader that cannot be used; `problems` holds all findings."""


@dataclass(frozen=True, slots=True)
class Code:
    """A sub-code `<theme>.<slug>`: what it means, an example that belongs and one that does not."""

    code: str
    theme: str
    label: Text
    definition: Text
    belongs: Text
    not_belongs: Text
    crosswalk: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its number and sub-codes, in file order."""

    code: str
    number: int
    label: Text
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class CodeFrame:
    """A named and versioned set of themes. `crosswalks`: framework -> the names it knows."""

    name: str
    version: str
    themes: tuple[Theme, ...]
    crosswalks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _codes: Mapping[str, Code] = field(init=False, compare=False, repr=False)
    _themes: Mapping[str, Theme] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        codes = {code.code: code for theme in self.themes for code in theme.codes}
        object.__setattr__(self, "_codes", codes)
        object.__setattr__(self, "_themes", {theme.code: theme for theme in self.themes})

    @property
    def codes(self) -> tuple[Code, ...]:
        """All sub-codes, in file order."""
        return tuple(self._codes.values())

    def theme(self, code: str) -> Theme:
        """The theme with this code; KeyError when there is none."""
        return self._themes[code]

    def code(self, code: str) -> Code:
        """The sub-code `<theme>.<slug>`; KeyError when there is none."""
        return self._codes[code]

    def theme_of(self, code: str) -> Theme:
        """The theme of a theme code or a sub-code; KeyError when unknown."""
        return self._themes[code] if code in self._themes else self._themes[self._codes[code].theme]

    def crosswalk(self, code: str, framework: str) -> tuple[str, ...]:
        """The names that a sub-code has in another framework; of a theme: those of all its codes.

        KeyError for a code or framework that does not exist; empty when nothing corresponds.
        """
        if framework not in self.crosswalks:
            raise KeyError(framework)
        codes = self._themes[code].codes if code in self._themes else (self._codes[code],)
        names = (name for item in codes for name in item.crosswalk.get(framework, ()))
        return tuple(dict.fromkeys(names))

    def codes_for(self, framework: str, name: str) -> tuple[Code, ...]:
        """The sub-codes that correspond to a name of another framework."""
        if name not in self.crosswalks[framework]:
            raise KeyError(name)
        return tuple(code for code in self.codes if name in code.crosswalk.get(framework, ()))


def theme_code(code: str) -> str:
    """The theme's part of a sub-code `<theme>.<slug>`, also of a code that no frame knows."""
    return code.partition(".")[0]


def load_codeframe(file: Path) -> CodeFrame:
    """The themakader in a YAML file. CodeFrameError with all problems; OSError when unreadable."""
    try:
        data = read_yaml(file)
    except SurveyError as error:
        raise CodeFrameError(error.problems) from error
    return codeframe_from(data)


def codeframe_from(data: Mapping[str, Any]) -> CodeFrame:
    """The themakader in plain values. CodeFrameError with every problem found."""
    reader = _Reader()
    frame = reader.frame(data)
    _check_unique(frame, reader.findings)
    if reader.findings.problems:
        raise CodeFrameError(reader.findings.problems)
    return frame


class _Reader:
    """Reads a themakader; notes what is wrong and goes on."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.crosswalks: dict[str, tuple[str, ...]] = {}

    def frame(self, data: Mapping[str, Any]) -> CodeFrame:
        self.known(data, TOP_KEYS, "")
        for framework, names in self.mapping(data.get("crosswalks"), "crosswalks").items():
            self.crosswalks[str(framework)] = self.names(names, path("crosswalks", str(framework)))
        return CodeFrame(
            name=self.word(data.get("name"), "name"),
            version=self.word(data.get("version"), "version"),
            themes=tuple(self.theme(row, where) for where, row in self.rows(data, "themes", "")),
            crosswalks=self.crosswalks,
        )

    def theme(self, row: Mapping[str, Any], where: str) -> Theme:
        self.known(row, THEME_KEYS, where)
        code = self.word(row.get("code"), path(where, "code"))
        if code and not SLUG.fullmatch(code):
            self.findings.add("name_not_allowed", path(where, "code"), found=code)
        number = row.get("number")
        if not isinstance(number, int) or isinstance(number, bool):
            self.findings.add("not_an_integer", path(where, "number"), found=str(number)[:80])
            number = 0
        rows = self.rows(row, "codes", where)
        return Theme(
            code=code,
            number=number,
            label=self.text(row.get("label"), path(where, "label"), code),
            codes=tuple(self.code(item, place, code) for place, item in rows),
        )

    def code(self, row: Mapping[str, Any], where: str, theme: str) -> Code:
        self.known(row, CODE_KEYS, where)
        code = self.word(row.get("code"), path(where, "code"))
        head, _, slug = code.partition(".")
        if code and not (head == theme and SLUG.fullmatch(slug)):
            self.findings.add("code_outside_theme", path(where, "code"), found=code, theme=theme)
        texts = {key: self.text(row.get(key), path(where, key), code) for key in CODE_TEXTS}
        place = path(where, "crosswalk")
        return Code(code=code, theme=theme, crosswalk=self.crosswalk(row, place), **texts)

    def crosswalk(self, row: Mapping[str, Any], where: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for framework, names in self.mapping(row.get("crosswalk"), where).items():
            place = path(where, str(framework))
            if framework not in self.crosswalks:
                self.findings.unknown("unknown_framework", place, framework, self.crosswalks)
                continue
            found[framework] = self.names(names, place)
            for name in found[framework]:
                if name not in self.crosswalks[framework]:
                    known = self.crosswalks[framework]
                    self.findings.unknown("unknown_crosswalk_name", place, name, known)
        return found

    def rows(
        self, data: Mapping[str, Any], key: str, where: str
    ) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """(place, row) of a list of mappings; the place is the row's code, or its number."""
        value = data.get(key)
        here = path(where, key) if where else key
        if not isinstance(value, list) or not value:
            self.findings.add("not_a_list", here)
            return
        for number, row in enumerate(value, start=1):
            if isinstance(row, Mapping):
                name = str(row.get("code") or f"{key} {number}")
                yield (path(where, name) if where else name), row
            else:
                self.findings.add("not_a_mapping", path(here, str(number)))

    def names(self, value: object, where: str) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(name, str) for name in value):
            return tuple(value)
        self.findings.add("not_a_list", where)
        return ()

    def mapping(self, value: object, where: str) -> Mapping[str, Any]:
        if value is None:
            return {}
        if isinstance(value, Mapping):
            return value
        self.findings.add("not_a_mapping", where)
        return {}

    def word(self, value: object, where: str) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value.strip():
            return value.strip()
        code = "missing_name" if value is None or value == "" else "needs_quotes"
        self.findings.add(code, where, found=str(value)[:80])
        return ""

    def text(self, value: object, where: str, name: str) -> Text:
        """A text that must exist in every language of LANGUAGES; more languages are welcome."""
        found = self.mapping(value, where)
        filled = {
            str(tag): text.strip()
            for tag, text in found.items()
            if isinstance(text, str) and text.strip()
        }
        for language in LANGUAGES:
            if language not in filled:
                self.findings.add("missing_text", where, language=language)
        return Text(filled, FIRST_LANGUAGE, name)

    def known(self, row: Mapping[Any, Any], known: Iterable[str], where: str) -> None:
        for key in row:
            if key not in tuple(known):
                place = path(where, str(key)) if where else str(key)
                self.findings.unknown("unknown_column", place, key, known)


def _check_unique(frame: CodeFrame, findings: Findings) -> None:
    columns: Iterable[tuple[str, list[Any]]] = (
        ("duplicate_theme", [theme.code for theme in frame.themes]),
        ("duplicate_number", [theme.number for theme in frame.themes]),
        ("duplicate_code", [code.code for theme in frame.themes for code in theme.codes]),
    )
    for problem, values in columns:
        for value, times in Counter(values).items():
            if times > 1:
                findings.add(problem, path("themes", str(value)), found=value, times=times)
