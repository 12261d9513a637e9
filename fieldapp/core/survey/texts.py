"""Translations beside a definition: texts/<language>.yaml maps each text to its translation.

survey.yaml then holds each text once, in its default language, and a new language is a new file.
A translation may also stand in survey.yaml itself (`label: {nl: ..., en: ...}`), which wins: that
is for the rare text that needs two translations in one survey.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.problems import Problem, path, short
from fieldapp.core.survey.yaml_file import read_yaml

FOLDER = "texts"
HEAD = ("title", "intro", "thanks")


def text_files(definition: Path) -> dict[str, Path]:
    """Language -> its file of translations, for the survey.yaml at this path."""
    folder = definition.parent / FOLDER
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def written_texts(data: Mapping[str, Any]) -> list[str]:
    """Every text of a definition in its default language, each once, in file order."""
    default = default_language(data)
    found: dict[str, None] = {}
    for holder, key in _cells(data):
        cell = holder[key]
        text = cell if isinstance(cell, str) else cell.get(default)
        if isinstance(text, str) and text.strip():
            found[text.strip()] = None
    return list(found)


def default_language(data: Mapping[str, Any]) -> str:
    """The language that texts without a tag are in."""
    settings = data.get("settings")
    found = settings.get("default_language") if isinstance(settings, Mapping) else None
    return found if isinstance(found, str) else "nl"


def with_texts(definition: Path, data: dict[str, Any]) -> list[Problem]:
    """Put the translations beside `definition` into its data, in place.

    What comes back are translations of texts that no longer exist, or that are no text.
    """
    problems: list[Problem] = []
    default = default_language(data)
    for language, file in text_files(definition).items():
        place = f"{FOLDER}/{file.name}"
        texts = read_yaml(file)
        problems += [
            Problem("needs_quotes", path(place, short(key)), {"found": short(value)})
            for key, value in texts.items()
            if not (isinstance(key, str) and isinstance(value, str))
        ]
        stale = set(texts) - set(written_texts(data))
        problems += [
            Problem("stale_text", path(place, short(key)), {"found": short(key)})
            for key in texts
            if key in stale
        ]
        _add(data, default, language, texts)
    return problems


def _add(data: dict[str, Any], default: str, language: str, texts: Mapping[Any, Any]) -> None:
    for holder, key in _cells(data):
        cell = holder[key]
        by_language = {default: cell} if isinstance(cell, str) else cell
        source = by_language.get(default)
        translated = texts.get(source.strip()) if isinstance(source, str) else None
        if isinstance(translated, str) and language not in by_language:
            holder[key] = {**by_language, language: translated}


def _cells(data: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """(row, column) of every text, so that it can be read and replaced."""
    yield from _texts_of(data, HEAD)
    yield from _row_cells(data.get("survey"))
    choices = data.get("choices")
    for rows in choices.values() if isinstance(choices, Mapping) else ():
        for row in rows if isinstance(rows, list) else ():
            yield from _texts_of(row, ("label",))


def _row_cells(rows: object) -> Iterator[tuple[Any, str]]:
    for row in rows if isinstance(rows, list) else ():
        yield from _texts_of(row, words.TEXT_COLUMNS)
        if isinstance(row, Mapping):
            yield from _row_cells(row.get("children"))


def _texts_of(row: object, columns: tuple[str, ...]) -> Iterator[tuple[Any, str]]:
    if isinstance(row, Mapping):
        for column in columns:
            if isinstance(row.get(column), str | Mapping):
                yield row, column
