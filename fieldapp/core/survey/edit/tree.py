"""The rows of a definition as a tree: walking it, finding a row, putting it in the usual shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from fieldapp.core.survey import vocabulary as words

Definition = dict[str, Any]
Row = dict[str, Any]

TEXTS_OF_GROUP = ("label", "hint")
TEXTS_OF_SURVEY = ("title", "intro", "thanks")


class EditError(ValueError):
    """A change that cannot be made: a code to translate, and the values for the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}" if params else code)


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, the list it stands in, its index there, and the groups around it (outermost first)."""

    row: Row
    siblings: list[Row]
    index: int
    around: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name of the row."""
        return str(self.row["name"])

    @property
    def is_group(self) -> bool:
        """Whether it holds other rows."""
        return is_group(self.row)

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the groups around it."""
        return tuple(str(group["name"]) for group in self.around)

    @property
    def repeats(self) -> tuple[str, ...]:
        """The names of the repeats around it."""
        return tuple(str(group["name"]) for group in self.around if group["type"] == "repeat")

    @property
    def parent(self) -> str:
        """The name of the group it stands in; "" at the top."""
        return self.path[-1] if self.around else ""


def is_group(row: Mapping[str, Any]) -> bool:
    """Whether a row is a group or a repeat."""
    return row.get("type") in words.GROUP_TYPES


def list_of(row: Mapping[str, Any]) -> str:
    """The name of the choice list of a question; "" when it has none."""
    return str(row.get("type", "")).partition(" ")[2].strip()


def base_type(row: Mapping[str, Any]) -> str:
    """The type without its list."""
    return str(row.get("type", "")).partition(" ")[0]


def walk(data: Definition) -> Iterator[Placed]:
    """Every row in the order of the file, groups before what they hold."""
    yield from _walk(data.get("survey") or [], ())


def _walk(rows: list[Row], around: tuple[Row, ...]) -> Iterator[Placed]:
    for index, row in enumerate(list(rows)):
        yield Placed(row, rows, index, around)
        if is_group(row):
            yield from _walk(row["children"], (*around, row))


def find(data: Definition, name: str) -> Placed:
    """The row with this name. EditError no_such_row."""
    for placed in walk(data):
        if placed.name == name:
            return placed
    raise EditError("no_such_row", found=name)


def children_of(data: Definition, parent: str) -> list[Row]:
    """The list of rows inside a group; of the survey itself for "". EditError not_a_group."""
    if not parent:
        rows: list[Row] = data["survey"]
        return rows
    placed = find(data, parent)
    if not placed.is_group:
        raise EditError("not_a_group", found=parent)
    inside: list[Row] = placed.row["children"]
    return inside


def normal(data: Mapping[str, Any]) -> Definition:
    """The definition in one shape: texts per language, lists where lists belong, every row named.

    Whatever is there of another shape than expected is left out: the builder cannot show it.
    """
    made: Definition = deepcopy(dict(data))
    settings = made["settings"] = dict(made.get("settings") or {})
    language = settings["default_language"] = str(settings.get("default_language") or "nl")
    tags = settings.get("languages")
    tags = [str(tag) for tag in tags] if isinstance(tags, list) and tags else [language]
    settings["languages"] = tags if language in tags else [language, *tags]
    for column in TEXTS_OF_SURVEY:
        _normal_text(made, column, language)
    made["survey"] = _normal_rows(made.get("survey"), language, top=True)
    lists = made.get("choices")
    made["choices"] = {
        str(name): _normal_choices(rows, language)
        for name, rows in (lists.items() if isinstance(lists, Mapping) else ())
    }
    _name_all(made)
    return made


def _normal_rows(rows: object, language: str, *, top: bool = False) -> list[Row]:
    found = _mappings(rows)
    for row in found:
        row["type"] = str(row.get("type") or "text")
        for column in words.TEXT_COLUMNS:
            _normal_text(row, column, language)
        if is_group(row):
            row["children"] = _normal_rows(row.get("children"), language)
            if row.get("appearance") is None:  # what load_survey takes it for, now in words
                row["appearance"] = words.FIELD_LIST if top and row["type"] == "group" else ""
    return found


def _mappings(rows: object) -> list[Row]:
    return [dict(r) for r in rows if isinstance(r, Mapping)] if isinstance(rows, list) else []


def _normal_choices(rows: object, language: str) -> list[Row]:
    found = _mappings(rows)
    for number, row in enumerate(found, start=1):
        row["name"] = str(row.get("name") or f"keuze_{number}")
        _normal_text(row, "label", language)
    return found


def _normal_text(row: Row, column: str, language: str) -> None:
    value = row.get(column)
    if isinstance(value, str):
        value = {language: value}
    if not isinstance(value, Mapping):
        row.pop(column, None)
        return
    texts = {str(tag): str(text) for tag, text in value.items() if text not in (None, "")}
    row.pop(column, None)
    if texts:
        row[column] = texts


def _name_all(data: Definition) -> None:
    """A name for each row that has none or one that is taken: rows are addressed by it."""
    seen: set[str] = set()
    everything = list(_unnamed(data["survey"]))
    wanted = [str(row.get("name") or "") for row in everything]
    for row, name in zip(everything, wanted, strict=True):
        base = name or "vraag"
        number = 2 if name else 1
        fresh = name
        while not fresh or fresh in seen or (fresh != name and fresh in wanted):
            fresh = f"{base}_{number}"
            number += 1
        row["name"] = fresh
        seen.add(fresh)


def _unnamed(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        if is_group(row):
            yield from _unnamed(row["children"])
