"""The answers of closed questions: lists of choices, which questions may share."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from fieldapp.core.expression import ExpressionError, parse
from fieldapp.core.expression.tree import Literal
from fieldapp.core.expression.tree import walk as nodes
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.edit.kinds import READY, ReadyChoice
from fieldapp.core.survey.edit.names import LOGIC, slug, unique
from fieldapp.core.survey.edit.rows import drop_unused_lists, ready_row
from fieldapp.core.survey.edit.tree import (
    Definition,
    EditError,
    Row,
    base_type,
    find,
    list_of,
    walk,
)

CELLS = ("signal", "icon", "theme", "media", "columns")


def users_of_list(data: Definition, list_name: str) -> tuple[str, ...]:
    """The names of the questions that offer this list."""
    return tuple(placed.name for placed in walk(data) if list_of(placed.row) == list_name)


def _list(data: Definition, list_name: str) -> list[Row]:
    rows = data["choices"].get(list_name)
    if rows is None:
        raise EditError("no_such_list", found=list_name)
    found: list[Row] = rows
    return found


def _choice(data: Definition, list_name: str, name: str) -> tuple[list[Row], int]:
    rows = _list(data, list_name)
    for index, row in enumerate(rows):
        if row["name"] == name:
            return rows, index
    raise EditError("no_such_choice", found=name)


def add_choice(data: Definition, list_name: str, label: str = "") -> tuple[Definition, str]:
    """(definition with one answer more, its name). It comes before "weet niet" and "liever niet".

    EditError no_such_list.
    """
    made = deepcopy(data)
    rows = _list(made, list_name)
    name = unique(slug(label) or f"keuze_{len(rows) + 1}", _taken(rows))
    row: Row = {"name": name}
    if label:
        row["label"] = {made["settings"]["default_language"]: label}
    end = len(rows)
    while end and rows[end - 1]["name"] in words.RESERVED_CHOICES:
        end -= 1
    rows.insert(end, row)
    return made, name


def _taken(rows: list[Row]) -> set[str]:
    return {row["name"] for row in rows} | words.RESERVED_CHOICES


def add_ready_choice(data: Definition, list_name: str, name: str) -> Definition:
    """With "weet ik niet" or "liever niet" (or another answer of READY) at the end.

    EditError no_such_list, no_such_choice; nothing happens when it is there.
    """
    made = deepcopy(data)
    rows = _list(made, list_name)
    if name not in READY:
        raise EditError("no_such_choice", found=name)
    if name not in {row["name"] for row in rows}:
        rows.append(ready_row(ReadyChoice(name), made["settings"]["languages"]))
    return made


def move_choice(data: Definition, list_name: str, name: str, step: int) -> Definition:
    """One place up (-1) or down (1); at the ends nothing happens."""
    made = deepcopy(data)
    rows, index = _choice(made, list_name, name)
    target = index + step
    if 0 <= target < len(rows):
        rows.insert(target, rows.pop(index))
    return made


def remove_choice(data: Definition, list_name: str, name: str) -> Definition:
    """Without this answer."""
    made = deepcopy(data)
    rows, index = _choice(made, list_name, name)
    rows.pop(index)
    return made


def set_choice(
    data: Definition,
    list_name: str,
    name: str,
    cells: Mapping[str, Any],
    *,
    keep_name: bool = False,
) -> tuple[Definition, str]:
    """(definition with other cells of an answer, its name). `label` is in the default language.

    The name follows the label as long as nothing refers to it and it was made from the label;
    `keep_name` when answers with it may exist. EditError no_such_list, no_such_choice,
    unknown_column.
    """
    made = deepcopy(data)
    rows, index = _choice(made, list_name, name)
    row, language = rows[index], made["settings"]["default_language"]
    for column, value in cells.items():
        if column == "label":
            continue
        if column not in CELLS:
            raise EditError("unknown_column", found=column)
        if value in ("", None, {}):
            row.pop(column, None)
        else:
            row[column] = value
    if "label" not in cells:
        return made, name
    old = (row.get("label") or {}).get(language, "")
    label = str(cells["label"])
    texts = {tag: text for tag, text in (row.get("label") or {}).items() if tag != language}
    row["label"] = ({language: label} if label else {}) | texts
    if not row["label"]:
        del row["label"]
    wanted = slug(label)
    if wanted and not keep_name and _is_made(name, old) and not _is_read(made, list_name, name):
        row["name"] = unique(wanted, _taken([*rows[:index], *rows[index + 1 :]]))
    return made, str(row["name"])


def _is_made(name: str, label: str) -> bool:
    base = slug(label) or "keuze"
    rest = name.removeprefix(base)
    return name.startswith(base) and (not rest or rest.lstrip("_").isdigit())


def _is_read(data: Definition, list_name: str, choice: str) -> bool:
    """Whether any logic holds the name as a text: then it keeps its name."""
    for placed in walk(data):
        for column in LOGIC:
            try:
                tree = parse(str(placed.row.get(column) or "''")).tree
            except ExpressionError:
                if choice in str(placed.row.get(column)):
                    return True
                continue
            if any(isinstance(node, Literal) and node.value == choice for node in nodes(tree)):
                return True
    return False


def own_list(data: Definition, question: str) -> Definition:
    """The question with a list of its own: a copy of the one that it shared.

    EditError no_such_row, no_such_list.
    """
    made = deepcopy(data)
    row = find(made, question).row
    rows = _list(made, list_of(row))
    if len(users_of_list(made, list_of(row))) < 2:
        return made
    fresh = unique(question, [*made["choices"], *(made.get("tables") or {})])
    made["choices"][fresh] = deepcopy(rows)
    row["type"] = f"{base_type(row)} {fresh}"
    return made


def use_list(data: Definition, question: str, list_name: str) -> Definition:
    """The question with the answers of another list. EditError no_such_row, no_such_list."""
    made = deepcopy(data)
    row = find(made, question).row
    _list(made, list_name)
    old = list_of(row)
    row["type"] = f"{base_type(row)} {list_name}"
    drop_unused_lists(made, {old} - {"", list_name})
    return made
