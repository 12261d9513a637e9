"""A pseudo-language: what is not in it, on a page, was never marked for translation.

Each marked text comes out in full-width letters (U+FF21 and on). So plain letters on a page are
data (names, answers, survey texts), or a text that translators will never see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

KEPT = re.compile(r"%\(\w+\)[sd]|\{\{.*?\}\}|\{\w*\}|<[^>]+>|&\w+;")
WIDE = {code: code + 0xFEE0 for code in (*range(65, 91), *range(97, 123))}
LETTERS = re.compile(r"[^\W\d_\uff21-\uff5a]{2,}")  # one letter alone is a unit or a sign
# Between two pieces: text that was translated, signs, numbers, codes of colours.
BETWEEN = re.compile(
    r"#[0-9a-f]{6}\b|\{\w+\}|[\uff21-\uff5a\u0300-\u036f]+|[,.:;?·•()\[\]“”\"|/–—=%<>\d+]+|\s-\s"
)
SPOKEN = ("aria-label", "title", "alt", "placeholder", "aria-description", "aria-roledescription")
SILENT = ("script", "style", "template", "code", "kbd")  # programs, and what one copies as it is


def pseudo(text: str) -> str:
    """The text in full-width letters; placeholders, tags and entities as they were."""
    parts: list[str] = []
    end = 0
    for kept in KEPT.finditer(text):
        parts += [_widen(text[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join((*parts, _widen(text[end:])))


def _widen(text: str) -> str:
    return unicodedata.normalize("NFD", text).translate(WIDE)


def write_pseudo(source: Catalog, folder: Path, locale: str = "nl") -> None:
    """<folder>/<locale>/LC_MESSAGES/messages.mo with every text of `source`, wide."""
    catalogue = Catalog(locale=locale)
    for message in source:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            wide = tuple(pseudo(one) for one in ids)
            string = wide[0] if isinstance(message.id, str) else wide
            catalogue.add(message.id, string, context=message.context)
    path = folder / locale / "LC_MESSAGES"
    path.mkdir(parents=True)
    with (path / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)


def visible(page: Element) -> Iterator[tuple[str, str]]:
    """(where, text) of all that is read or heard on a page, and what scripts get to show."""
    for element in page.iter():
        if element.tag in SILENT or not isinstance(element.tag, str):
            continue
        if element.text:
            yield element.tag, element.text
        for name, value in element.items():
            if name in SPOKEN or name.startswith("data-text") or _is_button(element, name):
                yield f"{element.tag} {name}", value
    for parent in page.iter():
        yield from ((f"after {child.tag}", child.tail) for child in parent if child.tail)


def _is_button(element: Element, name: str) -> bool:
    return name == "value" and element.tag == "input" and element.get("type") in ("submit", "reset")


def plain_pieces(text: str) -> list[str]:
    """What is left of a text without its full-width letters, signs and numbers."""
    return [piece.strip() for piece in BETWEEN.split(text) if LETTERS.search(piece)]


def words_of_locale(locale: str, languages: Iterable[str]) -> set[str]:
    """Words that Babel brings: days, months, and the names of languages in themselves."""
    known = Locale.parse(locale)
    words: set[str] = set()
    for table in (known.months, known.days):
        for widths in table.values():
            for names in widths.values():
                words |= {part for name in names.values() for part in name.replace(".", "").split()}
    words |= {name for one in languages if (name := Locale.parse(one, sep="-").get_display_name())}
    return {word.casefold() for word in words}


def strings_in(value: Any) -> Iterator[str]:
    """Every string in a nest of mappings and lists, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings_in(key)
            yield from strings_in(inner)
    elif isinstance(value, (list, tuple, set)):
        for inner in value:
            yield from strings_in(inner)
