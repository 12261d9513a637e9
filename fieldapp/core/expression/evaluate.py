"""The server's interpreter of expression trees; static/js holds its twin for the phone."""

from __future__ import annotations

from fieldapp.core.expression.context import Context
from fieldapp.core.expression.functions import FUNCTIONS, OPERATORS, Function
from fieldapp.core.expression.tree import Literal, Node, Reference, Self
from fieldapp.core.expression.values import Value, from_answer, to_boolean

__all__ = ["Context", "evaluate", "is_true"]

TABLE: dict[str, Function] = {**FUNCTIONS, **OPERATORS}


def evaluate(node: Node, context: Context) -> Value:
    """The value of the tree. Never raises for a tree that `parse` or `from_json` made."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Reference):
        return from_answer(context.answers.get(node.name))
    if isinstance(node, Self):
        return from_answer(context.own)
    row = TABLE[node.name]
    arguments = [evaluate(argument, context) for argument in node.arguments]
    return row.apply(context, *arguments) if row.needs_context else row.apply(*arguments)


def is_true(node: Node, context: Context) -> bool:
    """The value of the tree as a boolean: how relevant, required and constraint are read."""
    return to_boolean(evaluate(node, context))
