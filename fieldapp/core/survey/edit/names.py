"""Names made from what people type, and changing one with everything that refers to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from typing import Any

from fieldapp.core.expression import ExpressionError, parse, references
from fieldapp.core.expression.lexer import tokens
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.check import NAME
from fieldapp.core.survey.edit.tree import Definition, EditError, find, walk

LONGEST = 40
LOGIC = (*words.EXPRESSION_COLUMNS, "default", "repeat_count")

# letters that carry no accent to take off
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i", "œ": "oe"})

_REFERENCE = re.compile(r"\$\{\s*(?P<name>[^{}\s]+)\s*\}")
_SENTINEL = "renamed_row"  # stands in for a name while the tree is asked what it means


def slug(text: str, longest: int = LONGEST) -> str:
    """A name from a text: "Hoe gaat het?" is hoe_gaat_het. "" when no letter of it can stay.

    Letters of other scripts stay as they are (names may be in any script); accents go.
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(PLAIN))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    made = re.sub(r"[\W_]+", "_", unicodedata.normalize("NFC", plain)).strip("_")
    if len(made) > longest:
        made = made[:longest].rpartition("_")[0] or made[:longest]
    made = re.sub(r"^[\d_]+", "", made)
    return made if NAME.fullmatch(made) else ""


def unique(wanted: str, taken: Collection[str]) -> str:
    """The name itself, or with a number behind it when it is taken or reserved."""
    name, number = wanted, 2
    while name in taken or name in words.RESERVED_NAMES:
        name = f"{wanted}_{number}"
        number += 1
    return name


def all_names(data: Definition) -> frozenset[str]:
    """The names of all rows."""
    return frozenset(placed.name for placed in walk(data))


def rename(data: Definition, old: str, new: str) -> Definition:
    """The definition in which a row has another name and everything that refers to it follows.

    EditError no_such_row, name_not_allowed, name_taken.
    """
    made = deepcopy(data)
    placed = find(made, old)
    if new == old:
        return made
    if not NAME.fullmatch(new) or new in words.RESERVED_NAMES or new.startswith("__"):
        raise EditError("name_not_allowed", found=new)
    if new in all_names(made):
        raise EditError("name_taken", found=new)
    placed.row["name"] = new
    refer(made, {old: new})
    return made


def refer(data: Definition, names: Mapping[str, str]) -> None:
    """Let every expression, trigger and text of a definition refer to the new names, in place."""
    for holder, column in _logic_cells(data):
        holder[column] = in_logic(str(holder[column]), names)
    for placed in walk(data):
        triggers = placed.row.get("trigger")
        if isinstance(triggers, list):
            placed.row["trigger"] = [names.get(str(name), name) for name in triggers]
    for texts in _all_texts(data):
        for tag, text in texts.items():
            texts[tag] = in_text(text, names)


def in_logic(source: str, names: Mapping[str, str]) -> str:
    """An expression with other names; only what its tree reads as a row, nothing between quotes.

    One that cannot be read gets other names in its `${x}`.
    """
    for old, new in names.items():
        try:
            source = _renamed(source, old, new)
        except ExpressionError:
            source = in_text(source, {old: new})
    return source


def _renamed(source: str, old: str, new: str) -> str:
    if old not in references(parse(source).tree):
        return source
    made, shift = source, 0
    for token in tokens(source):
        if token.text.strip("'\"${} ") != old:
            continue
        start = source.index(old, token.position)
        trial = source[:start] + _SENTINEL + source[start + len(old) :]
        if _SENTINEL in references(parse(trial).tree):
            at = start + shift
            made = made[:at] + new + made[at + len(old) :]
            shift += len(new) - len(old)
    return made


def in_text(text: str, names: Mapping[str, str]) -> str:
    """A text with `${x}` in it, with other names."""
    return _REFERENCE.sub(
        lambda m: f"${{{names[m['name']]}}}" if m["name"] in names else m[0], text
    )


def _logic_cells(data: Definition) -> Iterator[tuple[dict[str, Any], str]]:
    settings = data.get("settings") or {}
    if isinstance(settings.get("instance_name"), str):
        yield settings, "instance_name"
    for placed in walk(data):
        for column in LOGIC:
            if isinstance(placed.row.get(column), str):
                yield placed.row, column


def _all_texts(data: Definition) -> Iterator[dict[str, str]]:
    for placed in walk(data):
        yield from _texts(placed.row, words.TEXT_COLUMNS)
    for rows in (data.get("choices") or {}).values():
        for row in rows:
            yield from _texts(row, ("label",))
    yield from _texts(data, ("title", "intro", "thanks"))


def _texts(row: Mapping[str, Any], columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for column in columns:
        if isinstance(row.get(column), dict):
            yield row[column]
