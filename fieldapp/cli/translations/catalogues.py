"""Texts in code and templates against translations/*.po: nothing stale, nothing missing.

Msgids are Dutch (docs/adr/0008), so Dutch needs no catalogue of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from fieldapp.paths import ROOT, TRANSLATIONS

# These may not miss a text; other languages fall back to Dutch.
COMPLETE = ("ar", "en", "pl", "tr", "uk")
METHODS = [
    ("fieldapp/**.py", "python"),
    ("fieldapp/templates/**.html", "jinja2"),
    ("fieldapp/templates/**.txt", "jinja2"),
]
OPTIONS = {method[0]: {"silent": "false", "trimmed": "true"} for method in METHODS[1:]}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+")


def texts_in_source() -> Catalog:
    """Every marked text of the product, with the places where it stands."""
    catalogue = Catalog(project="fieldapp", locale=None)
    found = extract_from_dir(
        ROOT, METHODS, OPTIONS, KEYWORDS, comment_tags=("Vertaler:",), strip_comment_tags=True
    )
    for file, _, message, comments, context in sorted(found, key=lambda row: row[:2]):
        # A file name is enough: line numbers would change every .po with every edit.
        catalogue.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalogue


def catalogues() -> dict[str, Path]:
    """Language -> its .po file."""
    return {path.parts[-3]: path for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))}


def problems(language: str, stored: Catalog, source: Catalog) -> list[str]:
    """What is wrong with one language, one readable line each."""
    wanted = {_key(message) for message in source if message.id}
    have = {_key(message): message for message in stored if message.id}
    lines = [f"{language}: not collected yet: {_show(key)}" for key in sorted(wanted - set(have))]
    lines += [f"{language}: no longer used: {_show(key)}" for key in sorted(set(have) - wanted)]
    for key in sorted(wanted & set(have)):
        lines += [f"{language}: {fault}: {_show(key)}" for fault in _faults(language, have[key])]
    return lines


def _faults(language: str, message: Message) -> list[str]:
    """Faults of one translated message."""
    translated = strings(message.string)
    if not all(translated):
        return ["not translated"] if language in COMPLETE else []
    if message.fuzzy:
        return ["marked fuzzy, read it once more"]
    faults = []
    originals = "".join(strings(message.id))
    for name, pattern in (("placeholders", PLACEHOLDER), ("tags", TAG)):
        allowed = set(pattern.findall(originals))
        if any(not set(pattern.findall(text)) <= allowed for text in translated):
            faults.append(f"{name} the Dutch text does not have")
        if set(pattern.findall(translated[-1])) != set(pattern.findall(strings(message.id)[-1])):
            faults.append(f"{name} differ from the Dutch text")
    return faults[:1]


def read(language: str, path: Path) -> Catalog:
    """The stored catalogue of one language."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> Iterator[str]:
    """Renew every .po; a text that is gone goes, a new one comes empty. One line a language."""
    source = texts_in_source()
    for language, path in catalogues().items():
        stored = read(language, path)
        stored.update(source, no_fuzzy_matching=True)
        stored.obsolete.clear()
        write(stored, path)
        missing = sum(not all(strings(m.string)) for m in stored if m.id)
        yield f"{language}: {len(stored)} texts, {missing} to translate"


def begun(language: str) -> Catalog:
    """A catalogue with every text and no translation."""
    catalogue = Catalog(project="fieldapp", locale=language, fuzzy=False)
    catalogue.update(texts_in_source(), no_fuzzy_matching=True)
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    """Keep a catalogue the way this project does, so that a change shows as that change alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)


def check() -> list[str]:
    """Everything wrong with the catalogues, one readable line each."""
    source = texts_in_source()
    stored = catalogues()
    lines = [f"{language}: no catalogue" for language in COMPLETE if language not in stored]
    for language, path in stored.items():
        lines += problems(language, read(language, path), source)
    return lines


def _key(message: Message) -> tuple[str, str]:
    return (message.context or "", "\x04".join(strings(message.id)))


def _show(key: tuple[str, str]) -> str:
    return repr(key[1].replace("\x04", " / "))


def strings(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """A message or its plural forms as a tuple; '' for what is not translated."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)
