"""What an expression reads: questions, tables, and names that stand bare."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.core.expression.tree import (
    Call,
    Instance,
    Literal,
    Node,
    Path,
    Reference,
    Self,
    Start,
    Step,
    children,
    walk,
)

NO_NAME = (".", "..", "*")


def references(node: Node) -> tuple[str, ...]:
    """The names of the questions, groups and repeats that the tree reads, each once, in order.

    `${x}`, and the names in paths (`../x`, `/data/group/x`: not the root) and in their predicates;
    not the columns of a table, and not bare names outside [ ] (see `bare_names`).
    """
    return tuple(dict.fromkeys(_names(node, in_rows=False, in_predicate=False)))


def tables(node: Node) -> tuple[str, ...]:
    """The choice lists and tables that instance() and pulldata() name, each once, in order."""
    found: dict[str, None] = {}
    for item in walk(node):
        if isinstance(item, Path) and isinstance(item.start, Instance):
            found[item.start.name] = None
        if isinstance(item, Call) and item.name == "pulldata":
            found[_text(item.arguments[0])] = None
    return tuple(found)


def bare_names(node: Node) -> tuple[str, ...]:
    """Names without `${}` outside [ ]: columns in a choice_filter, elsewhere most likely a slip."""
    if isinstance(node, Path):
        bare = isinstance(node.start, Start) and node.start.kind == "@"
        return tuple(step.name for step in node.steps[:1] if bare and step.name not in NO_NAME)
    found = (name for child in children(node) for name in bare_names(child))
    return tuple(dict.fromkeys(found))


def _names(node: Node, *, in_rows: bool, in_predicate: bool) -> Iterator[str]:
    if isinstance(node, Reference):
        yield node.name
    elif isinstance(node, Path):
        yield from _names_of_path(node, in_rows, in_predicate)
    elif isinstance(node, Call):
        if node.name == "jr:choice-name":
            yield _text(node.arguments[1])
        for argument in node.arguments:
            yield from _names(argument, in_rows=in_rows, in_predicate=in_predicate)


def _names_of_path(path: Path, in_rows: bool, in_predicate: bool) -> Iterator[str]:
    start = path.start
    relative = isinstance(start, Self) or (isinstance(start, Start) and start.kind in ("..", "@"))
    rows = isinstance(start, Instance) or (relative and in_rows)
    bare = isinstance(start, Start) and start.kind == "@" and not in_predicate
    if isinstance(start, Reference):
        yield start.name
    for step in _below_root(path):
        if step.name not in NO_NAME and not rows and not bare:
            yield step.name
        for test in step.predicates:
            yield from _names(test, in_rows=rows, in_predicate=True)


def _below_root(path: Path) -> tuple[Step, ...]:
    if not (isinstance(path.start, Start) and path.start.kind == "/") or not path.steps:
        return path.steps
    return (Step(".", path.steps[0].predicates), *path.steps[1:])


def _text(node: Node) -> str:
    return str(node.value) if isinstance(node, Literal) else ""
