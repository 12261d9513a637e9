"""What each row needs before it is known whether it is asked and what it holds.

Rows are questions, groups and repeats. A row needs the group it lies in, what its relevance reads,
and its calculation or number of rounds. A row would like to come after what its choice_filter, its
triggers and a triggered calculation read; such wishes give way when they would run in circles,
because those look at answers as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from fieldapp.core.expression import Expression, references
from fieldapp.core.survey.model import Group, Item, Question

Needs = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Graph:
    """Name -> the rows it needs; name -> the rows it would like to come after. In file order."""

    needs: Needs
    wishes: Needs


def rows(items: Iterable[Item]) -> Iterator[Item]:
    """Every row of the survey, groups before what is in them."""
    for item in items:
        yield item
        if isinstance(item, Group):
            yield from rows(item.children)


def graph_of(items: Sequence[Item]) -> Graph:
    """The graph over all rows."""
    known = {item.name for item in rows(items)}
    needs: dict[str, tuple[str, ...]] = {}
    wishes: dict[str, tuple[str, ...]] = {}
    for item in rows(items):
        own, wished = _own(item)
        around = item.path[-1:]
        needs[item.name] = tuple(dict.fromkeys((*around, *_named(own, known))))
        if wished or (isinstance(item, Question) and item.trigger):
            triggers = item.trigger if isinstance(item, Question) else ()
            names = (*_named(wished, known), *(name for name in triggers if name in known))
            wishes[item.name] = tuple(dict.fromkeys(n for n in names if n != item.name))
    return Graph(needs, wishes)


def _own(item: Item) -> tuple[list[Expression], list[Expression]]:
    """The expressions that must, and that had better, be worked out after what they read."""
    if isinstance(item, Group):
        must, better = [item.relevant, item.repeat_count], []
    elif item.trigger:
        must, better = [item.relevant], [item.calculation, item.choice_filter]
    else:
        must, better = [item.relevant, item.calculation], [item.choice_filter]
    return [e for e in must if e is not None], [e for e in better if e is not None]


def _named(expressions: Iterable[Expression], known: Collection[str]) -> Iterator[str]:
    for expression in expressions:
        yield from (name for name in names_read(expression) if name in known)


def names_read(expression: Expression) -> tuple[str, ...]:
    """Every name that the expression may read."""
    return references(expression.tree)


def ordered(graph: Graph) -> tuple[str, ...]:
    """All names, each after what it needs and as much as can be in file order.

    Time grows with rows and references together (a heap by place in the file). In a circle of
    needs, which a sound survey has not, the first in the file goes first.
    """
    place = {name: number for number, name in enumerate(graph.needs)}
    names = tuple(place)
    waits = _Waits(graph, place)
    hurried = 0
    order: list[str] = []
    while len(order) < len(names):
        number = waits.next()
        while number is None:
            if hurried not in waits.done:
                number = hurried
            hurried += 1
        order.append(names[number])
        waits.finish(number)
    return tuple(order)


class _Waits:
    """Counts for each row what it still waits for."""

    def __init__(self, graph: Graph, place: Mapping[str, int]) -> None:
        self.done: set[int] = set()
        self.needed_by: list[list[int]] = [[] for _ in place]
        self.wished_by: list[list[int]] = [[] for _ in place]
        self.needs = [0] * len(place)
        self.wishes = [0] * len(place)
        for names, users, counts in (
            (graph.needs, self.needed_by, self.needs),
            (graph.wishes, self.wished_by, self.wishes),
        ):
            for name, others in names.items():
                for other in others:
                    if other in place:
                        users[place[other]].append(place[name])
                        counts[place[name]] += 1
        free = [number for number, count in enumerate(self.needs) if count == 0]
        self.content = [number for number in free if self.wishes[number] == 0]
        self.possible = free  # both are heaps: they are sorted

    def next(self) -> int | None:
        """The first row that may go: one that waits for nothing, else one whose needs are met."""
        for heap in (self.content, self.possible):
            while heap:
                number = heappop(heap)
                if number not in self.done:
                    return number
        return None

    def finish(self, number: int) -> None:
        self.done.add(number)
        for other in self.needed_by[number]:
            self.needs[other] -= 1
            if self.needs[other] == 0:
                heappush(self.possible, other)
                if self.wishes[other] == 0:
                    heappush(self.content, other)
        for other in self.wished_by[number]:
            self.wishes[other] -= 1
            if self.wishes[other] == 0 and self.needs[other] == 0:
                heappush(self.content, other)


def circles(needs: Needs) -> tuple[tuple[str, ...], ...]:
    """The sets of names that need each other or themselves (Tarjan 1972), in file order."""
    found = [part for part in _components(needs) if len(part) > 1 or part[0] in needs[part[0]]]
    place = {name: number for number, name in enumerate(needs)}
    inside = [tuple(sorted(part, key=place.__getitem__)) for part in found]
    return tuple(sorted(inside, key=lambda part: place[part[0]]))


def _components(needs: Needs) -> Iterator[list[str]]:
    """Strongly connected components, without recursion: forms can be deep chains."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for start in needs:
        if start in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        _open(start, needs, index, low, stack, on_stack, work)
        while work:
            name, ahead = work[-1]
            other = next(ahead, None)
            if other is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    yield _close(name, stack, on_stack)
            elif other not in index:
                _open(other, needs, index, low, stack, on_stack, work)
            elif other in on_stack:
                low[name] = min(low[name], index[other])


def _open(
    name: str,
    needs: Needs,
    index: dict[str, int],
    low: dict[str, int],
    stack: list[str],
    on_stack: set[str],
    work: list[tuple[str, Iterator[str]]],
) -> None:
    index[name] = low[name] = len(index)
    stack.append(name)
    on_stack.add(name)
    work.append((name, iter([other for other in needs[name] if other in needs])))


def _close(name: str, stack: list[str], on_stack: set[str]) -> list[str]:
    part = []
    while True:
        part.append(stack.pop())
        on_stack.discard(part[-1])
        if part[-1] == name:
            return part
