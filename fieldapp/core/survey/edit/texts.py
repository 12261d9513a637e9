"""Texts per language: where they are, changing one, adding and removing a language, holes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.edit.kinds import KINDS, READY
from fieldapp.core.survey.edit.names import all_names, rename, slug, unique
from fieldapp.core.survey.edit.tree import (
    TEXTS_OF_GROUP,
    TEXTS_OF_SURVEY,
    Definition,
    EditError,
    Row,
    find,
    is_group,
    list_of,
    walk,
)


@dataclass(frozen=True, slots=True)
class TextPlace:
    """One text of a survey: `survey//title`, `row/straat/hint`, `choice/goed/label` of a list.

    `owner` is the row or list; `name` the choice; `column` the kind of text.
    """

    sort: str
    owner: str
    name: str
    column: str

    @property
    def key(self) -> str:
        """The place as one word, for a form control."""
        return "/".join((self.sort, self.owner, self.name, self.column))


def place_of_key(key: str) -> TextPlace:
    """The place back from its key. EditError no_such_text."""
    parts = key.split("/")
    if len(parts) != 4:
        raise EditError("no_such_text", found=key)
    return TextPlace(*parts)


def places(data: Definition) -> Iterator[TextPlace]:
    """Every text that exists in at least one language, in the order in which people meet it."""
    for column in ("title", "intro"):
        if data.get(column):
            yield TextPlace("survey", "", "", column)
    seen: set[str] = set()
    for placed in walk(data):
        for column in TEXTS_OF_GROUP if placed.is_group else words.TEXT_COLUMNS:
            if placed.row.get(column):
                yield TextPlace("row", placed.name, "", column)
        list_name = list_of(placed.row)
        if list_name and list_name not in seen:
            seen.add(list_name)
            yield from _of_list(data, list_name)
    for list_name in data["choices"]:
        if list_name not in seen:
            yield from _of_list(data, list_name)
    if data.get("thanks"):
        yield TextPlace("survey", "", "", "thanks")


def _of_list(data: Definition, list_name: str) -> Iterator[TextPlace]:
    for row in data["choices"].get(list_name, ()):
        if row.get("label"):
            yield TextPlace("choice", list_name, row["name"], "label")


def _holder(data: Definition, place: TextPlace) -> Row:
    if place.sort == "survey" and place.column in TEXTS_OF_SURVEY:
        return data
    if place.sort == "row":
        row = find(data, place.owner).row
        known = TEXTS_OF_GROUP if is_group(row) else words.TEXT_COLUMNS
        if place.column in known:
            return row
    if place.sort == "choice" and place.column == "label":
        for row in data["choices"].get(place.owner, ()):
            if row["name"] == place.name:
                found: Row = row
                return found
    raise EditError("no_such_text", found=place.key)


def text_at(data: Definition, place: TextPlace, language: str) -> str:
    """The text there in this language; "" for none. EditError no_such_text, no_such_row."""
    texts: Mapping[str, str] = _holder(data, place).get(place.column) or {}
    return texts.get(language, "")


def set_text(data: Definition, place: TextPlace, language: str, text: str) -> Definition:
    """With another text there; nothing in it takes it away.

    EditError no_such_text, no_such_row, no_such_language.
    """
    made = deepcopy(data)
    if language not in made["settings"]["languages"]:
        raise EditError("no_such_language", found=language)
    _put(_holder(made, place), place.column, language, text)
    return made


def _put(holder: dict[str, Any], column: str, language: str, text: str) -> None:
    texts = dict(holder.get(column) or {})
    texts.pop(language, None)
    if text.strip():
        texts[language] = text.strip()
    if texts:
        holder[column] = texts
    else:
        holder.pop(column, None)


def set_label(
    data: Definition, name: str, label: str, *, keep_name: bool = False
) -> tuple[Definition, str]:
    """(definition with another label of a row in the default language, the name of the row).

    A name that was made from the label follows it, and what refers to it follows too; `keep_name`
    when answers under the name may exist.
    """
    language = data["settings"]["default_language"]
    row = find(data, name).row
    old = (row.get("label") or {}).get(language, "")
    made = set_text(data, TextPlace("row", name, "", "label"), language, label)
    wanted = slug(label)
    if keep_name or not wanted or not _was_made(name, old):
        return made, name
    fresh = unique(wanted, all_names(made) - {name})
    return rename(made, name, fresh), fresh


def _was_made(name: str, label: str) -> bool:
    """Whether the name comes from the label, or is the one that a row without label begins with."""
    starts = [slug(label)] if label else [*KINDS, "vraag"]
    for start in starts:
        rest = name.removeprefix(start)
        if start and name.startswith(start) and (not rest or rest.lstrip("_").isdigit()):
            return True
    return False


def add_language(data: Definition, language: str) -> Definition:
    """With one more language; answers that we know in it are filled in.

    EditError language_is_there, language_not_a_tag.
    """
    if language in data["settings"]["languages"]:
        raise EditError("language_is_there", found=language)
    parts = language.split("-")
    if not (2 <= len(parts[0]) <= 3 and all(p.isascii() and p.isalnum() for p in parts)):
        raise EditError("language_not_a_tag", found=language)
    made = deepcopy(data)
    source = made["settings"]["default_language"]
    made["settings"]["languages"] = [*made["settings"]["languages"], language]
    for rows in made["choices"].values():
        for row in rows:
            ready = READY.get(row["name"], {})
            said = ready.get(language) or ready.get(parts[0])
            if said and (row.get("label") or {}).get(source) == ready.get(source):
                row["label"] = {**row["label"], language: said}
    return made


def remove_language(data: Definition, language: str) -> Definition:
    """Without a language and all its texts. EditError no_such_language, last_language."""
    settings = data["settings"]
    if language not in settings["languages"]:
        raise EditError("no_such_language", found=language)
    if language == settings["default_language"]:
        raise EditError("last_language", found=language)
    made = deepcopy(data)
    made["settings"]["languages"] = [tag for tag in settings["languages"] if tag != language]
    for place in list(places(made)):
        _put(_holder(made, place), place.column, language, "")
    return made


def set_default_language(data: Definition, language: str) -> Definition:
    """With another language as the one that everything is written in first."""
    if language not in data["settings"]["languages"]:
        raise EditError("no_such_language", found=language)
    made = deepcopy(data)
    made["settings"]["default_language"] = language
    return made


def completeness(data: Definition) -> dict[str, tuple[int, int]]:
    """Language -> (texts that it has, texts that there are)."""
    found = list(places(data))
    return {
        tag: (sum(bool(text_at(data, place, tag)) for place in found), len(found))
        for tag in data["settings"]["languages"]
    }
