"""Texts of the surveys that ship against surveys/<name>/texts/<language>.yaml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fieldapp.core.survey.texts import FOLDER, default_language, text_files, written_texts
from fieldapp.core.survey.yaml_file import read_yaml
from fieldapp.paths import SURVEYS

PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
TAG = re.compile(r"</?\w+|\*\*|^#+ ", re.MULTILINE)
UNUSED = "# No longer in survey.yaml:"


def definitions(folder: Path = SURVEYS) -> list[Path]:
    """Every survey.yaml of the project."""
    return sorted(folder.glob("*/survey.yaml"))


def problems(definition: Path) -> Iterator[str]:
    """What is wrong with the translations of one survey, one readable line each."""
    data = read_yaml(definition)
    wanted = written_texts(data)
    files = text_files(definition)
    for language in _languages(data):
        place = f"{definition.parent.name}/{language}"
        if language not in files:
            yield f"{place}: no file {FOLDER}/{language}.yaml"
            continue
        stored = read_yaml(files[language])
        yield from (f"{place}: no longer used: {text!r}" for text in stored if text not in wanted)
        for text in wanted:
            fault = _fault(text, stored.get(text))
            if fault:
                yield f"{place}: {fault}: {text!r}"


def _languages(data: Mapping[str, Any]) -> list[str]:
    """The languages of a survey beside the one that it is written in."""
    return [tag for tag in data["settings"]["languages"] if tag != default_language(data)]


def _fault(text: str, translation: object) -> str | None:
    if not isinstance(translation, str) or not translation.strip():
        return "not translated"
    if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(translation)):
        return "placeholders differ from the Dutch text"
    if sorted(TAG.findall(text)) != sorted(TAG.findall(translation)):
        return "tags differ from the Dutch text"
    return None


def update(definition: Path) -> Iterator[str]:
    """Renew the files of one survey; one line a language.

    New texts come with an empty translation, which falls back to Dutch. What is no longer used
    stays at the end as a comment: a text that was only reworded still helps its translator.
    """
    data = read_yaml(definition)
    wanted = written_texts(data)
    for language in _languages(data):
        file = definition.parent / FOLDER / f"{language}.yaml"
        stored = read_yaml(file) if file.exists() else {}
        found = {text: str(stored.get(text) or "") for text in wanted}
        unused = {text: str(stored[text]) for text in stored if text not in found}
        file.parent.mkdir(exist_ok=True)
        file.write_text(_written(definition.parent.name, language, found, unused, file), "utf-8")
        missing = sum(not translation for translation in found.values())
        yield f"{definition.parent.name}/{language}: {len(found)} texts, {missing} to translate"


def _written(
    survey: str, language: str, found: dict[str, str], unused: dict[str, str], file: Path
) -> str:
    head = f"# {survey} in {language}: text of survey.yaml -> translation.\n"
    if file.exists():
        first = file.read_text("utf-8").partition("\n")[0]
        head = f"{first}\n" if first.startswith("#") else head
    text = head + "".join(map(_entry, found.items()))
    kept = "".join(map(_entry, unused.items()))
    if kept:
        text += "\n" + "".join(f"# {line}\n" for line in (UNUSED, *kept.splitlines()))
    return text


def _entry(pair: tuple[str, str]) -> str:
    """`"Dutch":` with the translation below it; long texts of more lines as blocks."""
    text, translation = pair
    if "\n" not in text + translation:
        return f"{_quoted(text)}:\n  {_quoted(translation)}\n"
    return f"? {_block(text)}: {_block(translation)}"


def _block(text: str) -> str:
    return "|-\n" + "".join(f"  {line}".rstrip() + "\n" for line in text.split("\n"))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # JSON's strings are YAML's too
