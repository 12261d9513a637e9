"""What somebody who fills in a form is given: first values, the choices on offer, marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from fieldapp.core.answers import MOST_ROUNDS, Answers
from fieldapp.core.expression import Element, Expression, choice_rows
from fieldapp.core.survey.choices import offer_of
from fieldapp.core.survey.model import Choice, Group, Item, Question, Survey
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
from fieldapp.core.validate import Examination
from fieldapp.core.walk import Surroundings, fill_in


def first_answers(
    survey: Survey,
    *,
    now: datetime,
    today: date | None = None,
    language: str = "",
    seed: int | None = None,
) -> Answers:
    """What a new form begins with: all defaults, and the first round of each repeat.

    A repeat with a repeat_count gets its rounds from `examine`. Defaults that are worked out look
    at the ones before them in the file.
    """
    data = grow(survey, _first_rounds(survey.items))
    around = Surroundings(survey, data, now, today or now.date(), language, seed)
    return fill_in(around, survey.items, data.root)


def first_round(survey: Survey, round_path: str, found: Examination) -> Answers:
    """What a new round begins with; `kamers/2` is the path of the round to be.

    Empty when there is no such repeat or no place for it.
    """
    *_, name, number = ("", *round_path.split("/"))
    repeat = survey.groups.get(name)
    if repeat is None or not number.isdecimal() or int(number) >= MOST_ROUNDS:
        return {}
    plan, data = plan_of(survey), found.tree
    prefix = round_path.removesuffix(f"{name}/{number}")
    parent = next((p for p in parents_of(data, repeat) if prefix_below(plan, p) == prefix), None)
    if parent is None:
        return {}
    index = len(rounds_under(parent, name))
    node = round_node(repeat, parent, index, prefix, _first_rounds(repeat.children))
    parent.children.insert(place_for_rounds(plan, parent, repeat), node)
    index_again(data)
    answers = fill_in(found.around, repeat.children, node)
    parent.children.remove(node)
    index_again(data)
    return answers


def _first_rounds(items: Sequence[Item]) -> Answers:
    rounds: Answers = {}
    for item in items:
        if isinstance(item, Group) and not item.is_repeat:
            rounds |= _first_rounds(item.children)
        elif isinstance(item, Group) and item.repeat_count is None:
            rounds[item.name] = [_first_rounds(item.children)]
    return rounds


def offered_choices(survey: Survey, path: str, found: Examination) -> tuple[Choice, ...]:
    """The choices of the question at this path, given the other answers, in the order to show.

    The parameter randomize=true mixes them: by the parameter seed (a number or `${x}`), else by
    the seed of the examination, so that a form keeps its order.
    """
    question = survey.question(path.rpartition("/")[2])
    around = found.around
    offer = offer_of(question, survey, around.language)
    choices = offer.choices
    node = node_at(found, path)
    if question.choice_filter is not None:
        logic = question.choice_filter
        kept = choice_rows(logic.tree, around.at(node, logic), offer.rows)
        choices = tuple(choices[index] for index in kept)
    if question.parameter("randomize") == "true":
        choices = around.mixed(choices, question.parameter("seed"), node)
    return choices


def is_required(survey: Survey, path: str, found: Examination) -> bool:
    """Whether an answer is wanted at this path, given the other answers."""
    return _says(survey.question(path.rpartition("/")[2]).required, path, found)


def is_read_only(survey: Survey, path: str, found: Examination) -> bool:
    """Whether the answer at this path is shown and not asked."""
    question: Question = survey.question(path.rpartition("/")[2])
    if question.calculation is not None and not question.trigger:
        return True
    return _says(question.read_only, path, found)


def _says(expression: Expression | None, path: str, found: Examination) -> bool:
    return expression is not None and found.around.holds(expression, node_at(found, path))


def node_at(found: Examination, path: str) -> Element:
    """The node with this path; one that stands alone when the form has none (yet)."""
    return found.tree.at(path) or Element(path.rpartition("/")[2], None, found.tree.root, path=path)
