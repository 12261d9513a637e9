"""One walk over a form to the fixed point: what is asked, what is worked out, how many rounds.

Rows are taken in the order of the graph (survey/graph.py), so that each comes after all that its
relevance, calculation and rounds depend on, and for each row all its nodes in all rounds. What is
not asked loses its value in the tree, and so reads as blank everywhere. The phone walks the same
way (static/js/engine/form.js).

A calculation with a trigger: the phone works it out when the trigger changes. A walk cannot see
change, so its rule is: an answer that is there stays; without one it is worked out as soon as a
trigger has an answer. Emptying the answer and walking again is what a change amounts to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from fieldapp.core.answers.readers import read
from fieldapp.core.answers.rounds import MOST_ROUNDS
from fieldapp.core.answers.values import Answer, Answers, Impossible
from fieldapp.core.expression import (
    Context,
    Data,
    Element,
    Expression,
    choice_rows,
    evaluate,
    is_true,
)
from fieldapp.core.expression.table import MODULUS, Chance
from fieldapp.core.expression.values import Value, from_answer, to_number, to_string
from fieldapp.core.survey.choices import Lists, offer_of, survey_choices
from fieldapp.core.survey.model import Choice, Group, Item, Question, Survey
from fieldapp.core.survey.vocabulary import METADATA_TYPES
from fieldapp.core.tree import (
    grow,
    index_again,
    parents_of,
    place_for_rounds,
    plan_of,
    prefix_below,
    round_node,
    rounds_under,
)

SPREAD = 31  # a prime; the phone has the same
PLAIN_TYPES = frozenset({"text", "calculate", "hidden", "barcode", "note"})


def uses_chance(expression: Expression) -> bool:
    """Whether random(), randomize() or uuid() may be in it."""
    return "random" in expression.source or "uuid" in expression.source


def seed_at(seed: int, path: str) -> int:
    """The seed of one answer, so that chance differs from one answer and round to another."""
    number = seed % MODULUS
    for letter in path:
        number = (number * SPREAD + ord(letter)) % MODULUS
    return number


class Surroundings:
    """How expressions of one form are worked out: its tree, its clock, its lists, its language."""

    def __init__(
        self,
        survey: Survey,
        data: Data,
        now: datetime,
        today: date,
        language: str = "",
        seed: int | None = None,
    ) -> None:
        self.survey = survey
        self.data = data
        self.language = language or survey.default_language
        self.now = now.replace(tzinfo=None)
        self.today = today
        self.seed = seed
        self.context = Context(
            now=self.now,
            today=today,
            data=data,
            lists=Lists(survey, self.language),
            choice_label=self.choice_label,
            seed=seed,
            version=survey.version,
        )

    def at(self, node: Element, expression: Expression) -> Context:
        """The context of this expression where it belongs to this node (of the form's one tree)."""
        # a new Context for each of thousands of expressions costs more than working them out
        object.__setattr__(self.context, "node", node)
        if self.seed is not None and uses_chance(expression):
            object.__setattr__(self.context, "seed", seed_at(self.seed, node.path))
        return self.context

    def value(self, expression: Expression, node: Element) -> Value:
        """The value of an expression that belongs to this node."""
        return evaluate(expression.tree, self.at(node, expression))

    def holds(self, expression: Expression | None, node: Element) -> bool:
        """Whether it is true; an expression that is not there is."""
        return expression is None or is_true(expression.tree, self.at(node, expression))

    def choice_label(self, name: str, choice: str) -> str:
        """The label of a choice, for jr:choice-name; the name itself when there is none."""
        question = self.survey.by_name.get(name)
        for known in survey_choices(question, self.survey) if question else ():
            if known.name == choice:
                return known.label.in_language(self.language)
        return choice

    def offered(self, question: Question, node: Element, names: list[str]) -> list[str]:
        """Of these chosen names those that the choice_filter offers."""
        if question.choice_filter is None:
            return names
        offer = offer_of(question, self.survey, self.language)
        places = [place for name in names for place in offer.places.get(name, ())]
        rows = [offer.rows[place] for place in places]
        logic = question.choice_filter
        kept = choice_rows(logic.tree, self.at(node, logic), rows)
        still = {offer.choices[places[index]].name for index in kept}
        return [name for name in names if name in still]

    def mixed(self, choices: tuple[Choice, ...], seed: str, node: Element) -> tuple[Choice, ...]:
        """The choices in an order by chance; `seed` is a number, `${name}` or empty."""
        number = float(self.seed or 0)
        if seed:
            nodes = self.data.find(seed.strip("${} "), node) if "$" in seed else []
            number = to_number(from_answer(nodes[0].value) if nodes else seed)
        return Chance(number).shuffled(choices)

    def outcome(self, question: Question, node: Element, expression: Expression) -> Answer:
        """The value of a calculation or default as an answer to this question."""
        return as_answer(question, self.value(expression, node), self.survey)


def as_answer(question: Question, value: Value, survey: Survey) -> Answer:
    """What was worked out as something to store; what the question cannot hold becomes blank."""
    if question.type not in PLAIN_TYPES:
        try:
            return read(question, to_string(value), survey)
        except (Impossible, KeyError):
            return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime | time):
        return to_string(value)
    return value if value != "" else None


class Walk:
    """The tree of a form after one walk.

    `shown_repeats`: paths of repeats that are asked; `withdrawn`: paths of answers that hold a
    choice which is not offered (any more).
    """

    def __init__(
        self,
        survey: Survey,
        answers: Mapping[str, Any],
        now: datetime,
        today: date | None = None,
        language: str = "",
        seed: int | None = None,
    ) -> None:
        self.survey = survey
        self.plan = plan_of(survey)
        self.data = grow(survey, answers)
        day = today or now.date()
        self.around = Surroundings(survey, self.data, now, day, language, seed)
        self.shown_repeats: set[str] = set()
        self.withdrawn: dict[str, list[str]] = {}
        for item in self.plan.steps:
            if not isinstance(item, Group):
                self.question(item)
            elif item.is_repeat:
                self.repeat(item)
            else:
                self.group(item)

    def group(self, group: Group) -> None:
        for node in self.data.named[group.name]:
            node.relevant = self.is_asked(group, node)

    def is_asked(self, item: Question | Group, node: Element) -> bool:
        parent = node.parent
        if parent is not None and not parent.relevant:
            return False
        return item.relevant is None or self.around.holds(item.relevant, node)

    def repeat(self, repeat: Group) -> None:
        changed = False
        for parent in parents_of(self.data, repeat):
            if repeat.repeat_count is not None and parent.relevant:
                changed |= self.count(repeat, repeat.repeat_count, parent)
            rounds = rounds_under(parent, repeat.name)
            for node in rounds:
                node.relevant = self.is_asked(repeat, node)
            path = prefix_below(self.plan, parent) + repeat.name
            next_one = Element(repeat.name, None, parent, position=len(rounds) + 1, path=path)
            if any(node.relevant for node in rounds) or self.is_asked(repeat, next_one):
                self.shown_repeats.add(path)
        if changed:
            index_again(self.data)

    def count(self, repeat: Group, expression: Expression, parent: Element) -> bool:
        """Give the repeat as many rounds as its repeat_count says."""
        prefix = prefix_below(self.plan, parent)
        asking = Element(f"{repeat.name}_count", None, parent, path=prefix + repeat.name)
        number = to_number(self.around.value(expression, asking))
        wanted = min(max(int(number), 0), MOST_ROUNDS) if math.isfinite(number) else 0
        rounds = rounds_under(parent, repeat.name)
        for node in rounds[wanted:]:
            parent.children.remove(node)
        for index in range(len(rounds), wanted):
            node = round_node(repeat, parent, index, prefix, {})
            parent.children.insert(place_for_rounds(self.plan, parent, repeat), node)
            fill_in(self.around, repeat.children, node)
        return wanted != len(rounds)

    def question(self, question: Question) -> None:
        plain = question.calculation is None and question.choice_filter is None
        plain = plain and question.type not in METADATA_TYPES
        for node in self.data.named[question.name]:
            node.relevant = self.is_asked(question, node)
            if not node.relevant:
                node.value = None
            elif not plain:
                self.work_out(question, node)

    def work_out(self, question: Question, node: Element) -> None:
        if question.type in METADATA_TYPES:
            node.value = self.metadata(question, node.value)
        elif question.calculation is not None and self.is_due(question, node):
            node.value = self.around.outcome(question, node, question.calculation)
        if question.choice_filter is not None and node.value is not None:
            self.withdraw(question, node)

    def metadata(self, question: Question, given: Answer) -> Answer:
        if question.type == "today":
            return self.around.today
        if question.type in ("start", "end"):
            return given or self.around.now.replace(microsecond=0)
        return given if question.type == "deviceid" else None

    def is_due(self, question: Question, node: Element) -> bool:
        """Whether a calculation is worked out now (see the top of this module)."""
        if not question.trigger:
            return True
        if node.value is not None:
            return False
        return any(
            other.value is not None and other.is_shown()
            for name in question.trigger
            for other in self.data.find(name, node)
        )

    def withdraw(self, question: Question, node: Element) -> None:
        """Take back choices that are not offered given the other answers."""
        chosen = node.value if isinstance(node.value, list) else [str(node.value)]
        kept = self.around.offered(question, node, chosen)
        if len(kept) < len(chosen):
            self.withdrawn[node.path] = [name for name in chosen if name not in kept]
            node.value = (kept or None) if isinstance(node.value, list) else None


def fill_in(around: Surroundings, items: Sequence[Item], node: Element) -> Answers:
    """Give the blank questions below `node` their defaults, in file order.

    `items` are the rows that belong there. Returns what was filled in, with all rounds that the
    tree has.
    """
    found: Answers = {}
    _fill_in(around, items, node, found)
    return found


def _fill_in(around: Surroundings, items: Sequence[Item], node: Element, found: Answers) -> None:
    for item in items:
        nodes = [child for child in node.children if child.name == item.name]
        if isinstance(item, Question):
            for child in nodes:
                child.value = default_of(around, item, child)
                if child.value is not None:
                    found[item.name] = child.value
        elif not item.is_repeat:
            for child in nodes:
                _fill_in(around, item.children, child, found)
        elif nodes:
            found[item.name] = [fill_in(around, item.children, child) for child in nodes]


def default_of(around: Surroundings, question: Question, node: Element) -> Answer:
    """The default of a question as an answer; None when it has none or it cannot be read."""
    if not question.default:
        return None
    if question.default_logic is not None:
        return around.outcome(question, node, question.default_logic)
    if question.calculation is not None and not question.trigger:
        return None
    try:
        return read(question, question.default, around.survey)
    except (Impossible, KeyError):
        return None
