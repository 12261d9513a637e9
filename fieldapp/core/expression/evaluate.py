"""The server's interpreter of expression trees; static/js/engine/expression.js is its twin."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from fieldapp.core.expression.context import Context
from fieldapp.core.expression.functions import TABLE
from fieldapp.core.expression.nodes import Element
from fieldapp.core.expression.table import Chance, Scope
from fieldapp.core.expression.tree import Call, Instance, Literal, Node, Path, Reference, Self, Step
from fieldapp.core.expression.values import Nodes, Result, Value, single, to_boolean

Rows = Sequence[Mapping[str, str]]
MOST_TABLES = 64


def evaluate(node: Node, context: Context) -> Value:
    """The value of the tree. Never raises for a tree that `parse` or `from_json` made.

    Of a node-set the value of its first node; empty without nodes.
    """
    return single(_work_out(node, _scope(context)))


def evaluate_nodes(node: Node, context: Context) -> Nodes:
    """The nodes of the tree, in order; none when its value is no node-set."""
    result = _work_out(node, _scope(context))
    return result if isinstance(result, tuple) else ()


def is_true(node: Node, context: Context) -> bool:
    """The value of the tree as a boolean: how relevant, required and constraint are read."""
    return to_boolean(evaluate(node, context))


def choice_rows(node: Node, context: Context, rows: Rows) -> list[int]:
    """The places of the rows for which the tree is true: a choice_filter.

    Bare names are columns of the row; everything else is as in `evaluate`.
    """
    scope = _scope(context)
    items = _table(rows).children[0].children
    return [
        index
        for index, item in enumerate(items)
        if to_boolean(single(_work_out(node, _inside(scope, item, index + 1, len(items), True))))
    ]


def _scope(context: Context) -> Scope:
    start = context.node
    if start is None:
        start = Element("", context.own) if context.data is None else context.data.root
    return Scope(context, _work_out, start, start, start, chance=Chance(context.seed))


def _work_out(node: Node, scope: Scope) -> Result:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Call):
        return _call(node, scope)
    if isinstance(node, Self):
        return (scope.node,)
    if isinstance(node, Reference):
        return _look_up(node.name, scope)
    return _walk(node, scope)


def _call(node: Call, scope: Scope) -> Result:
    row = TABLE[node.name]
    arguments: Sequence[object] = node.arguments
    if row.takes != "trees":
        results = [_work_out(argument, scope) for argument in node.arguments]
        arguments = results if row.takes == "results" else [single(item) for item in results]
    return row.apply(scope, *arguments) if row.needs_context else row.apply(*arguments)


def _look_up(name: str, scope: Scope) -> Nodes:
    """`${name}`: the relevant nodes of that name, as seen from the base."""
    data, answers = scope.context.data, scope.context.answers
    if data is not None:
        return tuple(node for node in data.find(name, scope.base) if node.is_shown())
    return (Element(name, answers[name]),) if name in answers else ()


def _walk(path: Path, scope: Scope) -> Nodes:
    start, steps = path.start, path.steps
    rows = isinstance(start, Instance)
    nodes: Sequence[Element]
    if isinstance(start, Instance):
        nodes = (_table(scope.context.lists.get(start.name, ())),)
    elif isinstance(start, Reference):
        nodes = _look_up(start.name, scope)
    elif isinstance(start, Self) or start.kind == "@":
        nodes, rows = (scope.node,), scope.in_rows
    elif start.kind == "..":
        nodes, rows = _parents((scope.node,)), scope.in_rows
    elif start.kind == "current":
        nodes = (scope.start,)
    else:  # the first step names the root, whatever the form is called
        nodes = () if scope.context.data is None else (scope.context.data.root,)
        steps = (Step(".", steps[0].predicates), *steps[1:]) if steps else ()
    for step in steps:
        nodes = _step(nodes, step, scope, rows)
    return tuple(nodes)


def _step(nodes: Sequence[Element], step: Step, scope: Scope, rows: bool) -> Sequence[Element]:
    if step.name == "..":
        sets = [_parents(nodes)]
    elif step.name == ".":
        sets = _by_parent(nodes) if step.predicates else [list(nodes)]
    else:
        sets = [
            [child for child in node.children if child.relevant and step.name in (child.name, "*")]
            for node in nodes
        ]
    return [node for found in sets for node in _filtered(found, step.predicates, scope, rows)]


def _parents(nodes: Sequence[Element]) -> list[Element]:
    return list(dict.fromkeys(node.parent for node in nodes if node.parent is not None))


def _by_parent(nodes: Sequence[Element]) -> list[list[Element]]:
    """Sets of siblings, so that `${rep}[1]` counts as /data/rep[1] does."""
    sets: dict[int, list[Element]] = {}
    for node in nodes:
        sets.setdefault(id(node.parent), []).append(node)
    return list(sets.values())


def _filtered(
    nodes: list[Element], predicates: Sequence[Node], scope: Scope, rows: bool
) -> list[Element]:
    for test in predicates:
        size = len(nodes)
        nodes = [
            node
            for index, node in enumerate(nodes)
            if _passes(test, _inside(scope, node, index + 1, size, rows), index + 1)
        ]
    return nodes


def _inside(scope: Scope, node: Element, position: int, size: int, rows: bool) -> Scope:
    base = scope.base if rows else node
    return dataclasses.replace(
        scope, node=node, base=base, position=position, size=size, in_rows=rows
    )


def _passes(test: Node, scope: Scope, position: int) -> bool:
    """A number is a place; anything else counts as true or false."""
    result = _work_out(test, scope)
    if isinstance(result, float):
        return result == position
    return to_boolean(single(result))


_tables: dict[int, tuple[Rows, Element]] = {}


def _table(rows: Rows) -> Element:
    """The rows as nodes: root/item/column. Kept, because a list is asked for again and again."""
    known = _tables.get(id(rows))
    if known is not None and known[0] is rows:
        return known[1]
    document = Element("")
    root = document.add(Element("root"))
    for index, row in enumerate(rows):
        item = root.add(Element("item", position=index + 1))
        for name, value in row.items():
            item.add(Element(name, value))
    if len(_tables) >= MOST_TABLES:
        _tables.clear()
    _tables[id(rows)] = (rows, document)
    return document
