"""Whether what texts, triggers and expressions read is there, and can be one answer."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.core.expression import (
    Call,
    Expression,
    Literal,
    Node,
    Reference,
    bare_names,
    tables,
)
from fieldapp.core.expression.tree import children, walk
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.fill import names_in
from fieldapp.core.survey.graph import rows
from fieldapp.core.survey.model import Group, Item, Question, Survey, Text
from fieldapp.core.survey.problems import Findings, path

# functions that look at every answer of a question, or at the one that they are told
OF_MANY = frozenset(
    "checklist concat count count-non-empty indexed-repeat join max min position randomize sum "
    "weighted-checklist".split()
)
# what a role tells of the whole form; the other roles may be answered in every round
OF_THE_FORM = frozenset(
    role for role in words.ROLES if role.startswith("background.") or role == "consent_quote"
)


def place_of(row: Question | Group) -> str:
    """How problems name a row: `page > name`, or the name alone when it is the page."""
    return path(row.page, row.name) if row.page not in ("", row.name) else row.name


def expressions(survey: Survey) -> Iterator[tuple[Item, str, Expression]]:
    """Every expression of the survey, with its row and column."""
    for row in rows(survey.items):
        columns = (
            ("relevant", "repeat_count") if isinstance(row, Group) else words.EXPRESSION_COLUMNS
        )
        for column in columns:
            logic = getattr(row, column)
            if logic is not None:
                yield row, column, logic
        if isinstance(row, Question) and row.default_logic is not None:
            yield row, "default", row.default_logic


def check_asks(survey: Survey, findings: Findings) -> None:
    """A survey asks at least one question."""
    if not survey.questions:
        findings.add("no_questions", "survey")


def check_texts(survey: Survey, findings: Findings) -> None:
    """Every `${name}` in a text that people see is a question."""
    for row in rows(survey.items):
        for column in words.TEXT_COLUMNS:
            text: Text | None = getattr(row, column, None)
            _check_text(survey, text, path(place_of(row), column), findings)
    for name, choices in survey.choices.items():
        for choice in choices:
            where = path("choices", name, choice.name, "label")
            _check_text(survey, choice.label, where, findings)


def _check_text(survey: Survey, text: Text | None, where: str, findings: Findings) -> None:
    if text is None:
        return
    named = (name for words_in in text.values.values() for name in names_in(words_in))
    for name in dict.fromkeys(named):
        if name not in survey.by_name and name not in survey.groups:
            findings.unknown("unknown_reference", where, name, survey.by_name)


def check_triggers(survey: Survey, findings: Findings) -> None:
    """A trigger is a question."""
    for question in survey.questions:
        for name in question.trigger:
            if name not in survey.by_name:
                where = path(place_of(question), "trigger")
                findings.unknown("unknown_reference", where, name, survey.by_name)


def check_earlier_photos(survey: Survey, findings: Findings) -> None:
    """A photo taken over an earlier one names a photo question that comes before it."""
    before: list[str] = []
    for question in survey.questions:
        name = question.earlier_photo
        if name and name not in before:
            where = path(place_of(question), "appearance")
            findings.unknown("unknown_reference", where, name, before)
        if question.type == "image":
            before.append(question.name)


def check_tables(survey: Survey, findings: Findings) -> None:
    """instance() and pulldata() read a list or a table that goes with the survey."""
    known = (*survey.choices, *survey.tables)
    for row, column, logic in expressions(survey):
        for name in tables(logic.tree):
            if name not in known:
                findings.unknown("unknown_table", path(place_of(row), column), name, known)


def check_choice_names(survey: Survey, findings: Findings) -> None:
    """jr:choice-name() asks after a choice of a question that has choices."""
    for row, column, logic in expressions(survey):
        for node in walk(logic.tree):
            if not (isinstance(node, Call) and node.name == "jr:choice-name"):
                continue
            named = node.arguments[1]
            question = survey.by_name.get(str(named.value)) if isinstance(named, Literal) else None
            if question is not None and not question.list_name:
                where = path(place_of(row), column)
                findings.add("question_without_choices", where, found=question.name)


def check_bare_names(survey: Survey, findings: Findings) -> None:
    """A name without ${} is a column in a choice_filter; elsewhere it is most likely a slip."""
    for row, column, logic in expressions(survey):
        for name in bare_names(logic.tree) if column != "choice_filter" else ():
            findings.add("bare_name", path(place_of(row), column), found=name)


def check_many_answers(survey: Survey, findings: Findings) -> None:
    """From outside a repeat a question in it has many answers; which one is not said."""
    for row, column, logic in expressions(survey):
        for name in dict.fromkeys(_read_alone(logic.tree)):
            question = survey.by_name.get(name)
            own = (*row.repeats, row.name)
            if question is not None and not set(question.repeats) <= set(own):
                where = path(place_of(row), column)
                findings.add("many_answers", where, found=name, repeat=question.repeats[-1])


def _read_alone(node: Node) -> Iterator[str]:
    """References whose value is wanted as it is, not handed to a function of many answers."""
    if isinstance(node, Reference):
        yield node.name
    elif isinstance(node, Call) and node.name not in OF_MANY:
        for child in children(node):
            yield from _read_alone(child)


def check_roles_in_repeats(survey: Survey, findings: Findings) -> None:
    """Who somebody is and what may be quoted is answered once a form."""
    for question in survey.questions:
        if question.role in OF_THE_FORM and question.repeats:
            where = path(place_of(question), "role")
            findings.add("role_in_repeat", where, role=question.role, repeat=question.repeats[-1])


RULES = (
    check_asks,
    check_texts,
    check_triggers,
    check_earlier_photos,
    check_tables,
    check_choice_names,
    check_bare_names,
    check_many_answers,
    check_roles_in_repeats,
)
