"""The answers of one submission as a tree of nodes, which paths walk and references look up.

`static/js/engine/expression.js` builds the same tree from the same shape (`build`). Groups are
nodes although answers do not nest in them, because `..` and `/data/group/x` count them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

ROOT = "data"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a survey can hold: a question, or a group or repeat with what is in it."""

    name: str
    kind: Literal["question", "group", "repeat"] = "question"
    children: tuple[Shape, ...] = ()


@dataclass(slots=True, eq=False)
class Element:
    """A node: the root, a group, one round of a repeat, or a question.

    `value` is the typed answer (None: blank); `position` counts from 1 among siblings of the same
    name; `path` is the path of the answer (`kamers/0/soort`). `relevant` is its own relevance:
    what lies below an irrelevant node is irrelevant too (`is_shown`).
    """

    name: str
    value: Any = None
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    position: int = 1
    relevant: bool = True
    path: str = ""

    def add(self, child: Element) -> Element:
        """Hang `child` under this node, as the last one."""
        child.parent = self
        self.children.append(child)
        return child

    def is_shown(self) -> bool:
        """Whether it and all that is around it are relevant."""
        node: Element | None = self
        while node is not None:
            if not node.relevant:
                return False
            node = node.parent
        return True

    def ancestors(self) -> Iterator[Element]:
        """The node itself, its parent, and so on up to the root."""
        node: Element | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(slots=True, eq=False)
class Data:
    """The tree with its indexes.

    `named`: every node of a name, in document order (a repeat: its rounds); `repeats_of`: name ->
    the repeats around it, outermost first (for a repeat: those around it, without itself).
    """

    root: Element
    named: dict[str, list[Element]] = field(default_factory=dict)
    repeats_of: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, name: str, here: Element | None) -> list[Element]:
        """What `${name}` means at the node `here`, relevant or not, in document order.

        All nodes of that name below the innermost round of a repeat that is around both.
        """
        found = self.named.get(name, [])
        around = self.repeats_of.get(name, ())
        if around and here is not None:
            for base in here.ancestors():
                if base.name in around:
                    return [node for node in found if base in node.ancestors()]
        return found

    def at(self, path: str) -> Element | None:
        """The node with this answer path, such as `kamers/0/soort`."""
        name = next((part for part in reversed(path.split("/")) if not part.isdigit()), "")
        return next((node for node in self.named.get(name, ()) if node.path == path), None)


def build(shape: Sequence[Shape], answers: Mapping[str, Any]) -> Data:
    """The tree for these answers; a question without an answer is a node without a value."""
    data = Data(Element(ROOT))
    _index(data, shape, ())
    _grow(data, data.root, shape, answers, "")
    return data


def _index(data: Data, shape: Sequence[Shape], around: tuple[str, ...]) -> None:
    for item in shape:
        data.named[item.name] = []
        data.repeats_of[item.name] = around
        inside = (*around, item.name) if item.kind == "repeat" else around
        _index(data, item.children, inside)


def _grow(
    data: Data, parent: Element, shape: Sequence[Shape], answers: Mapping[str, Any], prefix: str
) -> None:
    for item in shape:
        path = prefix + item.name
        if item.kind == "repeat":
            for index, answer in enumerate(answers.get(item.name) or ()):
                own = f"{path}/{index}"
                node = _hang(data, parent, Element(item.name, position=index + 1, path=own))
                _grow(data, node, item.children, answer, own + "/")
        elif item.kind == "group":
            node = _hang(data, parent, Element(item.name, path=path))
            _grow(data, node, item.children, answers, prefix)
        else:
            _hang(data, parent, Element(item.name, answers.get(item.name), path=path))


def _hang(data: Data, parent: Element, node: Element) -> Element:
    data.named[node.name].append(node)
    return parent.add(node)


def shape_of(answers: Mapping[str, Any]) -> tuple[Shape, ...]:
    """A shape that holds these answers: a list of mappings is a repeat, all else a question."""
    return tuple(_shape_of(name, answer) for name, answer in answers.items())


def _shape_of(name: str, answer: Any) -> Shape:
    if isinstance(answer, list) and any(isinstance(item, Mapping) for item in answer):
        together = {key: value for item in answer for key, value in item.items()}
        return Shape(name, "repeat", shape_of(together))
    return Shape(name)
