"""Worlds (answers and surroundings) in which expressions are worked out, in both languages."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from fieldapp.core.expression import Context, Data, Shape, build, evaluate, parse, to_json
from fieldapp.core.expression.tree import Node
from fieldapp.core.expression.values import Value, to_string

FOLDER = Path(__file__).parent
World = Mapping[str, Any]


def read_vectors() -> tuple[dict[str, World], list[dict[str, Any]]]:
    """The worlds by name and the cases of expressions.json."""
    data = json.loads((FOLDER / "expressions.json").read_text(encoding="utf-8"))
    return data["worlds"], data["cases"]


def shape_from(rows: Sequence[Mapping[str, Any]]) -> tuple[Shape, ...]:
    """The shape of a world from its JSON."""
    return tuple(
        Shape(row["name"], row.get("kind", "question"), shape_from(row.get("children", ())))
        for row in rows
    )


def typed(answer: Any) -> Any:
    """An answer of a world as the server has it: ISO texts of dates become dates and times."""
    if isinstance(answer, Mapping):
        return {name: typed(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [typed(item) for item in answer]
    if isinstance(answer, str):
        for kind in (date, datetime, time):
            try:
                found = kind.fromisoformat(answer)
            except ValueError:
                continue
            if to_string(found) == answer:
                return found
    return answer


def context_of(world: World, path: str = "") -> Context:
    """The Context of a world, at the node with that path."""
    labels = world.get("labels", {})
    data: Data | None = None
    if "shape" in world:
        data = build(shape_from(world["shape"]), typed(world["answers"]))
        for away in world.get("irrelevant", ()):
            node = data.at(away)
            assert node is not None, away
            node.relevant = False
    now, today = world.get("now"), world.get("today")
    return Context(
        answers=typed(world.get("answers", {})),
        own=typed(world.get("own")),
        now=datetime.fromisoformat(now) if now else None,
        today=date.fromisoformat(today) if today else None,
        data=data,
        node=data.at(path) if data and path else None,
        lists=world.get("lists", {}),
        choice_label=lambda question, name: labels.get(question, {}).get(name, name),
        seed=world.get("seed"),
        version=world.get("version", ""),
        properties=world.get("properties", {}),
    )


def canonical(value: Value) -> str:
    """A value as text with its type; a date is text."""
    if isinstance(value, bool):
        return f"boolean {to_string(value)}"
    if isinstance(value, float):
        minus_zero = value == 0 and math.copysign(1, value) < 0
        return "number -0" if minus_zero else f"number {to_string(value)}"
    return f"string {to_string(value)}"


def outcome(tree: Node, context: Context) -> str:
    """What the server's interpreter makes of a tree, as text with its type."""
    return canonical(evaluate(tree, context))


def tree_of(source: str) -> Any:
    """The JSON tree of a source, as it goes to the phone."""
    return to_json(parse(source).tree)


def expected_text(expected: Any) -> str:
    """The expected value of a vector in the form of `canonical`."""
    if isinstance(expected, Mapping):
        return f"number {expected['number']}"
    if isinstance(expected, bool | str):
        return canonical(expected)
    return canonical(float(expected))
