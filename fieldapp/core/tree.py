"""The data tree of a survey: a node for every question, group and round (expression/nodes.py)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.core.expression import Data, Element
from fieldapp.core.expression.nodes import ROOT
from fieldapp.core.survey.graph import graph_of, ordered, rows
from fieldapp.core.survey.model import Group, Item, Survey, groups_in, leaves
from fieldapp.core.survey.vocabulary import SILENT_TYPES


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for every form of a survey.

    `steps`: every row in the order to work in; `items`: every row by name; `repeats_of`: the
    repeats around it; `repeats_in`: name of a group (or of the root) -> the repeats directly in
    it; `shows`: page -> its questions that can be seen, and its repeats that hold such.
    """

    steps: tuple[Item, ...]
    items: Mapping[str, Item]
    repeats_of: dict[str, tuple[str, ...]]
    repeats_in: Mapping[str, tuple[str, ...]]
    shows: Mapping[str, frozenset[str]]

    def is_round(self, node: Element) -> bool:
        """Whether the node is one round of a repeat."""
        item = self.items.get(node.name)
        return isinstance(item, Group) and item.is_repeat


def plan_of(survey: Survey) -> Plan:
    """The plan of this survey, made once."""
    plan: Plan | None = survey.derived.get("plan")
    if plan is None:
        items = {item.name: item for item in rows(survey.items)}
        steps = tuple(items[name] for name in ordered(graph_of(survey.items)))
        around = {name: item.repeats for name, item in items.items()}
        plan = Plan(steps, items, around, _repeats_in(items), _shows(survey))
        survey.derived["plan"] = plan
    return plan


def _repeats_in(items: Mapping[str, Item]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, item in items.items():
        if isinstance(item, Group) and item.is_repeat:
            around = item.path[-1] if item.path else ROOT
            found[around] = (*found.get(around, ()), name)
    return found


def _shows(survey: Survey) -> dict[str, frozenset[str]]:
    seen = {q.name for q in survey.questions if q.type not in SILENT_TYPES}
    found = {}
    for page in survey.pages:
        names = {question.name for question in page.questions if question.name in seen}
        for group in groups_in(page.items):
            if group.is_repeat and any(q.name in seen for q in leaves(group.children)):
                names.add(group.name)
        found[page.name] = frozenset(names)
    return found


def grow(survey: Survey, answers: Mapping[str, Any]) -> Data:
    """The tree for typed answers; a question without an answer is a node without a value."""
    plan = plan_of(survey)
    data = Data(Element(ROOT), {name: [] for name in plan.items}, plan.repeats_of)
    hang(data.root, survey.items, answers, "", data.named)
    return data


def hang(
    parent: Element,
    items: Sequence[Item],
    answers: Mapping[str, Any],
    prefix: str,
    named: dict[str, list[Element]] | None,
) -> None:
    """Nodes for these rows under `parent`; also noted by name when `named` is given."""
    for item in items:
        name = item.name
        if not isinstance(item, Group):
            node = Element(name, answers.get(name), parent, path=prefix + name)
        elif item.is_repeat:
            for index, given in enumerate(answers.get(name) or ()):
                node = round_node(item, parent, index, prefix, given, named)
                parent.children.append(node)
            continue
        else:
            node = Element(name, None, parent, path=prefix + name)
            hang(node, item.children, answers, prefix, named)
        parent.children.append(node)
        if named is not None:
            named[name].append(node)


def round_node(
    repeat: Group,
    parent: Element,
    index: int,
    prefix: str,
    answers: Mapping[str, Any],
    named: dict[str, list[Element]] | None = None,
) -> Element:
    """One round, with what is in it; it knows its parent, but the parent not yet it."""
    path = f"{prefix}{repeat.name}/{index}"
    node = Element(repeat.name, None, parent, position=index + 1, path=path)
    if named is not None:
        named[repeat.name].append(node)
    hang(node, repeat.children, answers, path + "/", named)
    return node


def prefix_below(plan: Plan, node: Element) -> str:
    """What the paths of answers below this node begin with: that of the round it is in."""
    round_ = next((around for around in node.ancestors() if plan.is_round(around)), None)
    return "" if round_ is None else round_.path + "/"


def rounds_under(parent: Element, repeat: str) -> list[Element]:
    """The rounds of this repeat directly under a node."""
    return [child for child in parent.children if child.name == repeat]


def parents_of(data: Data, item: Item) -> Sequence[Element]:
    """The nodes that the row stands under: every round or group around it, or the root."""
    return data.named[item.path[-1]] if item.path else (data.root,)


def place_for_rounds(plan: Plan, parent: Element, repeat: Group) -> int:
    """Where among the children of `parent` the next round belongs."""
    around = plan.items.get(parent.name)
    siblings = around.children if isinstance(around, Group) else ()
    later: set[str] = set()
    names = [item.name for item in siblings] or [item.name for item in plan.items.values()]
    if repeat.name in names:
        later = set(names[names.index(repeat.name) + 1 :])
    return next(
        (number for number, child in enumerate(parent.children) if child.name in later),
        len(parent.children),
    )


def index_again(data: Data) -> None:
    """Note every node by name again, in document order, after rounds came or went."""
    for nodes in data.named.values():
        nodes.clear()
    for node in below(data.root):
        data.named[node.name].append(node)


def below(node: Element) -> Iterator[Element]:
    """Every node below, in document order."""
    for child in node.children:
        yield child
        yield from below(child)
