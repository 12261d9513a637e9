"""The way through a survey as a drawing: a box for each page, an arrow around what can be skipped.

Laid out here, drawn by templates/surveys/flow.html. Everything is in a column, so that it can be
read on a phone; a table with the same stands beside it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from fieldapp.core.expression import Expression
from fieldapp.core.survey import Page, Survey
from fieldapp.core.survey.choices import survey_choices
from fieldapp.core.survey.conditions import OR, Rule, read_condition
from fieldapp.core.survey.reachable import reach_of
from fieldapp.core.survey.vocabulary import SILENT_TYPES

LEFT, TOP, WIDE, HIGH, GAP, ROUND_AT = 8, 8, 236, 46, 26, 300
LINE, LINES = 30, 2  # letters on a line of a box, lines in it
MOST_BOXES = 150
SAID: Mapping[str, Any] = {
    "is": _l("“%(question)s” is “%(value)s”"),
    "is_not": _l("“%(question)s” is niet “%(value)s”"),
    "contains": _l("bij “%(question)s” hoort “%(value)s”"),
    "contains_not": _l("bij “%(question)s” hoort niet “%(value)s”"),
    "has": _l("in “%(question)s” staat “%(value)s”"),
    "has_not": _l("in “%(question)s” staat niet “%(value)s”"),
    "more": _l("“%(question)s” is meer dan %(value)s"),
    "at_least": _l("“%(question)s” is minstens %(value)s"),
    "less": _l("“%(question)s” is minder dan %(value)s"),
    "at_most": _l("“%(question)s” is hoogstens %(value)s"),
    "filled": _l("“%(question)s” is ingevuld"),
    "empty": _l("“%(question)s” is leeg"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One page: its words, when it is shown ("" always), whether it ever is; where it is drawn."""

    number: int
    name: str
    title: str
    lines: tuple[str, ...]
    questions: int
    when: tuple[str, ...]
    dead: bool
    y: int

    @property
    def middle(self) -> int:
        """Height of its middle."""
        return self.y + HIGH // 2


@dataclass(frozen=True, slots=True)
class Flow:
    """The drawing. `around`: path of each arrow past a page that can be skipped."""

    boxes: tuple[Box, ...]
    down: tuple[str, ...]
    around: tuple[str, ...]
    height: int
    left_out: int  # pages too many to draw


def flow_of(survey: Survey, language: str) -> Flow:
    """The pages in order, with what lets one skip them."""
    never = reach_of(survey).never
    boxes = tuple(
        _box(survey, page, number, language, never) for number, page in enumerate(survey.pages)
    )
    drawn = boxes[:MOST_BOXES]
    x = LEFT + WIDE // 2
    down = tuple(f"M{x} {a.y + HIGH}V{a.y + HIGH + GAP - 5}" for a in drawn[:-1])
    around = tuple(_around(drawn, place) for place, box in enumerate(drawn) if box.when)
    height = TOP + len(drawn) * (HIGH + GAP)
    return Flow(boxes, down, around, height, len(boxes) - len(drawn))


def _around(boxes: tuple[Box, ...], place: int) -> str:
    """From the arrow above a box, along its side, to the arrow below."""
    box = boxes[place]
    above, below = box.y - GAP // 2, box.y + HIGH + GAP // 2
    start = LEFT + WIDE // 2
    if place == 0:
        above = box.y - 4
    side = LEFT + WIDE + 28
    return f"M{start} {above}H{side - 10}Q{side} {above} {side} {above + 10}V{below - 10}" + (
        f"Q{side} {below} {side - 10} {below}H{start + 6}"
    )


def _box(survey: Survey, page: Page, number: int, language: str, never: Mapping[str, str]) -> Box:
    asked = [q for q in page.questions if q.type not in SILENT_TYPES]
    title = _title(survey, page, language)
    names = [page.name, *(q.name for q in asked)]
    return Box(
        number=number + 1,
        name=page.name,
        title=title,
        lines=tuple(textwrap.wrap(title, LINE, max_lines=LINES, placeholder=" …")) or (page.name,),
        questions=sum(q.type != "note" for q in asked),
        when=tuple(in_words(survey, e, language) for e in _conditions(survey, page)),
        dead=page.name in never or (bool(asked) and all(n in never for n in names[1:])),
        y=TOP + number * (HIGH + GAP),
    )


def _title(survey: Survey, page: Page, language: str) -> str:
    label = page.label or next((q.label for q in page.questions if q.label is not None), None)
    return label.in_language(language) if label is not None else page.name


def _conditions(survey: Survey, page: Page) -> list[Expression]:
    """What must hold for the page to be shown; of the questions only when each has a condition."""
    first = next(iter(page.questions), None)
    around = first.path if first is not None else ()
    if page.name in survey.groups and page.name not in around:
        around = (*survey.groups[page.name].path, page.name)
    above: list[Expression] = []
    for name in around:
        group = survey.groups[name]
        if group.relevant is not None:
            above.append(group.relevant)
        if name == page.name:
            break
    asked = [q for q in page.questions if q.type not in SILENT_TYPES]
    own = {q.relevant.source: q.relevant for q in asked if q.relevant is not None}
    if asked and all(q.relevant is not None for q in asked) and len(own) == 1:
        above += own.values()
    return above


def in_words(survey: Survey, expression: Expression, language: str) -> str:
    """A condition as a sentence; as it is written when it says more than simple rules."""
    found = read_condition(expression.source)
    if found is None or not found.rules:
        return expression.source
    join = _l("of") if found.join == OR else _l("en")
    return f" {join} ".join(_rule(survey, rule, language) for rule in found.rules)


def _rule(survey: Survey, rule: Rule, language: str) -> str:
    question = survey.by_name.get(rule.question)
    label, value = rule.question, rule.value
    if question is not None:
        if question.label is not None:
            label = question.label.in_language(language)
        choices = survey_choices(question, survey)
        known = next((choice for choice in choices if choice.name == value), None)
        value = known.label.in_language(language) if known is not None else value
    return str(SAID[rule.test]) % {"question": label, "value": value}
