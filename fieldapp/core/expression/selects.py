"""Functions on choices, conditions on blanks, and what the form knows of itself."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fieldapp.core.expression.table import Function, Scope
from fieldapp.core.expression.values import (
    Value,
    from_answer,
    to_boolean,
    to_integer,
    to_string,
    words,
)


def selected(value: Value, name: Value) -> bool:
    """Whether `name` is among the chosen names."""
    return to_string(name).strip(" \t\r\n") in words(to_string(value))


def selected_at(value: Value, index: Value) -> str:
    """The chosen name at an index from 0; empty outside the list."""
    names, number = words(to_string(value)), to_integer(index)
    return names[number] if number is not None and 0 <= number < len(names) else ""


def choice_name(scope: Scope, value: Value, question: Value) -> str:
    """The label of a choice of a question, in the language of the form."""
    name, label = to_string(value), scope.context.choice_label
    return label(to_string(question), name) if label and name else name


def pulldata(scope: Scope, table: Value, column: Value, key_column: Value, key: Value) -> str:
    """The cell in the first row whose key column holds the key; empty without such a row."""
    wanted, where = to_string(key), to_string(key_column)
    for row in scope.context.lists.get(to_string(table), ()):
        if row.get(where) == wanted:
            return row.get(to_string(column), "")
    return ""


def is_empty(value: Value) -> bool:
    """Whether it is the empty text or no number, as coalesce() reads it."""
    return value == "" or (isinstance(value, float) and math.isnan(value))


def coalesce(*values: Value) -> Value:
    """The first value that is not empty."""
    return next((value for value in values if not is_empty(value)), "")


def once(scope: Scope, value: Value) -> Value:
    """Its own answer, or the value as long as there is none."""
    own = from_answer(scope.start.value)
    return value if own == "" else own


SELECTS: Mapping[str, Function] = {
    "coalesce": Function(coalesce, 1, None),
    "count-selected": Function(lambda value: float(len(words(to_string(value)))), 1, 1),
    "if": Function(lambda test, then, other: then if to_boolean(test) else other, 3, 3),
    "jr:choice-name": Function(choice_name, 2, 2, needs_context=True),
    "once": Function(once, 1, 1, needs_context=True),
    "property": Function(
        lambda scope, name: scope.context.properties.get(to_string(name), ""),
        1,
        1,
        needs_context=True,
    ),
    "pulldata": Function(pulldata, 4, 4, needs_context=True),
    "selected": Function(selected, 2, 2),
    "selected-at": Function(selected_at, 2, 2),
    "version": Function(lambda scope: scope.context.version, 0, 0, needs_context=True),
}
