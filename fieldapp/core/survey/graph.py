"""What each question needs before it is known whether it is asked and what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fieldapp.core.expression import Expression, references
from fieldapp.core.survey.model import Item, groups_in, leaves

Needs = Mapping[str, tuple[str, ...]]


def needs(items: Sequence[Item]) -> Needs:
    """Name -> the questions that its own relevance, its groups', and its calculation read."""
    found: dict[str, tuple[str, ...]] = {}
    groups = {group.name: group for group in groups_in(items)}
    for question in leaves(items):
        around = [groups[name] for name in question.path]
        logic = (
            *(group.relevant for group in around),
            *(group.repeat_count for group in around),
            question.relevant,
            question.calculation,
        )
        found[question.name] = tuple(dict.fromkeys(_read_by(logic)))
    return found


def _read_by(logic: Iterable[Expression | None]) -> Iterable[str]:
    for expression in logic:
        if expression is not None:
            yield from references(expression.tree)


def ordered(graph: Needs) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All names, each after what it needs and else in file order, and the names in circles."""
    done: dict[str, None] = {}
    waiting = dict.fromkeys(graph)
    while waiting:
        ready = [
            name
            for name in waiting
            if all(need in done or need not in graph for need in graph[name])
        ]
        if not ready:
            break
        for name in ready:
            done[name] = None
            del waiting[name]
    return (*done, *waiting), _in_circles(graph, tuple(waiting))


def _in_circles(graph: Needs, stuck: Sequence[str]) -> tuple[str, ...]:
    """Of the names that never became ready: those that reach themselves."""
    return tuple(name for name in stuck if name in reach(graph, name))


def reach(graph: Needs, start: str) -> frozenset[str]:
    """Every name that `start` needs, directly or through others."""
    seen: set[str] = set()
    ahead = list(graph.get(start, ()))
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += graph.get(name, ())
    return frozenset(seen)
