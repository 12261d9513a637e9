"""Rows: add, move, copy, remove, change a cell or the kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy

from fieldapp.core.expression import ExpressionError, parse, references
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.edit.kinds import DOOR, KINDS, READY, SIGNALS, Kind, ReadyChoice
from fieldapp.core.survey.edit.names import LOGIC, all_names, refer, slug, unique
from fieldapp.core.survey.edit.tree import (
    Definition,
    EditError,
    Placed,
    Row,
    base_type,
    children_of,
    find,
    is_group,
    list_of,
    normal,
    walk,
)

# columns of a question that another type does not know
_OF_TYPE = ("appearance", "parameters", "constraint", "constraint_message", "choice_filter")
_OF_SILENT = ("required", "required_message")


def blank(name: str, kind: str, title: str, language: str) -> Definition:
    """A survey with nothing in it yet."""
    return normal(
        {
            "settings": {
                "form_id": name,
                "version": "1",
                "kind": kind,
                "default_language": language,
                "languages": [language],
            },
            "title": {language: title},
            "survey": [],
            "choices": {},
        }
    )


def add(
    data: Definition, kind: str, *, beside: str = "", label: str = ""
) -> tuple[Definition, str]:
    """(definition with one row more, its name). `label` is in the default language.

    The row comes after the row `beside`, inside it when that is a group, at the end without one; a
    page always comes at the top level. EditError unknown_kind, no_such_row.
    """
    found = KINDS.get(kind)
    if found is None:
        raise EditError("unknown_kind", found=kind)
    made = deepcopy(data)
    name = unique(slug(label) or slug(found.code) or "vraag", all_names(made))
    row: Row = {"type": found.type, "name": name}
    if label:
        row["label"] = {made["settings"]["default_language"]: label}
    for column in ("appearance", "parameters"):
        if getattr(found, column):
            row[column] = getattr(found, column)
    if found.is_group:
        row["appearance"] = found.appearance
        row["children"] = [_door(made)] if found.code == "doors" else []
    if found.has_list:
        row["type"] = f"{found.type} {_begin_list(made, name, found)}"
    siblings, index = _place_for(made, found, beside)
    siblings.insert(index, row)
    return made, name


def _door(data: Definition) -> Row:
    """The question that every door of `doors` begins with; one that was not tried stays blank."""
    languages = data["settings"]["languages"]
    list_name = unique("deur", [*data["choices"], *(data.get("tables") or {})])
    data["choices"][list_name] = [ready_row(choice, languages) for choice in DOOR]
    label = ready_row(ReadyChoice("deur"), languages)["label"]
    name = unique("deur", all_names(data))
    return {"type": f"select_one {list_name}", "name": name, "label": label}


def _begin_list(data: Definition, name: str, kind: Kind) -> str:
    list_name = unique(name, [*data["choices"], *(data.get("tables") or {})])
    languages = data["settings"]["languages"]
    data["choices"][list_name] = [ready_row(choice, languages) for choice in kind.choices]
    return list_name


def ready_row(choice: ReadyChoice, languages: list[str]) -> Row:
    """The row of a ready answer, in every language of the survey that we know it in."""
    known: Mapping[str, str] = READY.get(choice.name, {})
    label = {
        tag: choice.said or known.get(tag) or known.get(tag.partition("-")[0]) for tag in languages
    }
    row: Row = {"name": choice.name, "label": {tag: text for tag, text in label.items() if text}}
    if choice.icon:
        row["icon"] = choice.icon
    return row


def _place_for(data: Definition, kind: Kind, beside: str) -> tuple[list[Row], int]:
    if not beside:
        return data["survey"], len(data["survey"])
    placed = find(data, beside)
    if kind.code == "page":
        top = placed if not placed.around else find(data, placed.path[0])
        return data["survey"], top.index + 1
    if placed.is_group:
        return placed.row["children"], len(placed.row["children"])
    return placed.siblings, placed.index + 1


def move(data: Definition, name: str, step: int) -> Definition:
    """One place up (-1) or down (1). A question goes into a group it meets, and out at its edge;
    groups and repeats pass each other. At the end of the survey nothing happens.
    """
    made = deepcopy(data)
    placed = find(made, name)
    target = placed.index + step
    if 0 <= target < len(placed.siblings):
        neighbour = placed.siblings[target]
        placed.siblings.pop(placed.index)
        if is_group(neighbour) and not placed.is_group:
            inside = neighbour["children"]
            inside.insert(len(inside) if step < 0 else 0, placed.row)
        else:
            placed.siblings.insert(target, placed.row)
    elif placed.around:
        outer = find(made, placed.parent)
        placed.siblings.pop(placed.index)
        outer.siblings.insert(outer.index + (0 if step < 0 else 1), placed.row)
    return made


def move_to(data: Definition, name: str, parent: str, index: int) -> Definition:
    """To a place in another group ("" is the survey itself); `index` counts without the row.

    EditError no_such_row, not_a_group, into_itself.
    """
    made = deepcopy(data)
    placed = find(made, name)
    if parent and name in (parent, *find(made, parent).path):
        raise EditError("into_itself", found=name)
    target = children_of(made, parent)
    placed.siblings.pop(placed.index)
    target.insert(max(0, min(index, len(target))), placed.row)
    return made


def copy(data: Definition, name: str) -> tuple[Definition, str]:
    """(definition with the row once more behind itself, the name of the copy).

    What is inside gets names of its own, and refers to itself where the original did so.
    """
    made = deepcopy(data)
    placed = find(made, name)
    twin = deepcopy(placed.row)
    taken = set(all_names(made))
    names: dict[str, str] = {}
    for row in _rows_below(twin):
        fresh = unique(row["name"], taken)
        names[row["name"]] = fresh
        taken.add(fresh)
        row["name"] = fresh
    refer({"survey": [twin]}, names)
    placed.siblings.insert(placed.index + 1, twin)
    return made, names[name]


def _rows_below(row: Row) -> Iterator[Row]:
    yield row
    for child in row["children"] if is_group(row) else ():
        yield from _rows_below(child)


def remove(data: Definition, name: str) -> Definition:
    """Without the row and all that is in it; lists of answers that nobody uses go along."""
    made = deepcopy(data)
    placed = find(made, name)
    gone = {list_of(row) for row in _rows_below(placed.row)} - {""}
    placed.siblings.pop(placed.index)
    drop_unused_lists(made, gone)
    return made


def drop_unused_lists(data: Definition, lists: set[str]) -> None:
    """Take away those of these lists that no question and no expression uses, in place."""
    used = {list_of(placed.row) for placed in walk(data)}
    logic = " ".join(str(placed.row.get(column) or "") for placed in walk(data) for column in LOGIC)
    for name in lists - used:
        if f"'{name}'" not in logic and f'"{name}"' not in logic:
            data["choices"].pop(name, None)


def names_below(data: Definition, name: str) -> tuple[str, ...]:
    """The row itself and all that is in it, outer ones first."""
    return tuple(str(row["name"]) for row in _rows_below(find(data, name).row))


def users_of(data: Definition, name: str) -> tuple[str, ...]:
    """The rows whose logic reads this one, other than itself and what is in it."""
    inside = names_below(data, name)
    found = [
        placed.name
        for placed in walk(data)
        if placed.name not in inside and _reads(placed.row) & set(inside)
    ]
    return tuple(found)


def _reads(row: Row) -> set[str]:
    found: set[str] = set()
    for column in LOGIC:
        try:
            found |= set(references(parse(str(row.get(column) or "''")).tree))
        except ExpressionError:
            continue
    return found


def set_cell(data: Definition, name: str, column: str, value: object) -> Definition:
    """The definition with another value in one column of a row; nothing in it takes it away.

    EditError no_such_row; unknown_column for what is no column of such a row.
    """
    made = deepcopy(data)
    row = find(made, name).row
    known = words.GROUP_COLUMNS if is_group(row) else words.QUESTION_COLUMNS
    if column not in known or column in ("name", "type", "children"):
        raise EditError("unknown_column", found=column)
    if value in ("", None, {}, []) and not (is_group(row) and column == "appearance"):
        row.pop(column, None)
    else:
        row[column] = value
    return made


def change_kind(data: Definition, name: str, kind: str) -> Definition:
    """The row as another kind: its texts, condition and, where both have them, answers stay.

    EditError unknown_kind; kind_does_not_fit between groups and questions.
    """
    found = KINDS.get(kind)
    if found is None:
        raise EditError("unknown_kind", found=kind)
    made = deepcopy(data)
    placed: Placed = find(made, name)
    row = placed.row
    if found.is_group != placed.is_group:
        raise EditError("kind_does_not_fit", found=kind)
    if found.is_group:
        row["type"], row["appearance"] = found.type, found.appearance
        if found.type != "repeat":
            row.pop("repeat_count", None)
        return made
    old_list, was = list_of(row), base_type(row)
    for column in _OF_TYPE if was != found.type else ("appearance",):
        row.pop(column, None)
    if found.type in words.SILENT_TYPES:
        for column in _OF_SILENT:
            row.pop(column, None)
    for column in ("appearance", "parameters"):
        if getattr(found, column):
            row[column] = getattr(found, column)
    row["type"] = found.type
    if found.has_list:
        kept = old_list if _worth_keeping(made, old_list, found) else ""
        row["type"] = f"{found.type} {kept or _begin_list(made, name, found)}"
    drop_unused_lists(made, {old_list} - {""})
    return made


def set_theme(data: Definition, name: str, theme: str) -> Definition:
    """The question speaks on a theme, or on none (""). Ready answers get their signal with it.

    Without a theme no answer of the list may count, unless it names its own or another question
    that offers it has one. EditError no_such_row.
    """
    made = set_cell(data, name, "theme", theme)
    list_name = list_of(find(made, name).row)
    others = [p.row.get("theme") for p in walk(made) if list_of(p.row) == list_name]
    for row in made["choices"].get(list_name, ()) if list_name else ():
        if theme and row.get("signal") is None and row["name"] in SIGNALS:
            row["signal"] = SIGNALS[row["name"]]
        if not any(others) and not row.get("theme"):
            row.pop("signal", None)
    return made


def _worth_keeping(data: Definition, list_name: str, kind: Kind) -> bool:
    """Answers that people made stay; an empty list makes place for the kind's own."""
    return bool(list_name) and bool(data["choices"].get(list_name) or not kind.choices)
