"""Whether the cells of a definition hang together: names, references, signals, roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from fieldapp.core.expression import Expression, references
from fieldapp.core.survey import check_reads
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.check_reads import place_of as place_of
from fieldapp.core.survey.graph import circles, graph_of, names_read, ordered
from fieldapp.core.survey.model import Choice, Group, Item, Question, Survey, groups_in, leaves
from fieldapp.core.survey.problems import Findings, path

NAME = re.compile(r"[^\W\d][\w.-]*")  # as XML has it, in any script
FORM_ID = re.compile(r"[a-z][a-z0-9_]*")
MOST_OF_A_CIRCLE = 20  # mending one row opens a circle; nobody reads ten thousand findings
# these are worked out while the page is filled in, so they can only look back
BACKWARD = ("relevant", "required", "constraint")


def evaluation_order(items: Sequence[Item]) -> tuple[str, ...]:
    """The question names so that each comes after what it depends on."""
    questions = {question.name for question in leaves(items)}
    return tuple(name for name in ordered(graph_of(items)) if name in questions)


def check_definition(survey: Survey, findings: Findings) -> None:
    """Add every problem of meaning to `findings`."""
    for rule in RULES:
        rule(survey, findings)


def check_names(survey: Survey, findings: Findings) -> None:
    """Names are unique, readable by XForms, and not taken by the product."""
    if survey.name and not FORM_ID.fullmatch(survey.name):
        findings.add("name_not_allowed", path("settings", "form_id"), found=survey.name)
    names = [group.name for group in groups_in(survey.items)]
    names += [question.name for question in survey.questions]
    _check_unique(names, "duplicate_name", "survey", findings)
    for question in survey.questions:
        where = place_of(question)
        if question.name and not NAME.fullmatch(question.name):
            findings.add("name_not_allowed", where, found=question.name)
        if question.name in words.RESERVED_NAMES or question.name.startswith("__"):
            findings.add("reserved_name", where, found=question.name)
    for group in survey.groups.values():
        if group.name and not NAME.fullmatch(group.name):
            findings.add("name_not_allowed", place_of(group), found=group.name)


def _check_unique(names: Iterable[str], code: str, where: str, findings: Findings) -> None:
    for name, times in Counter(name for name in names if name).items():
        if times > 1:
            findings.add(code, path(where, name), found=name, times=times)


def check_choices(survey: Survey, findings: Findings) -> None:
    """Choice names are one word and unique; "weet niet" never has a signal."""
    for list_name, choices in survey.choices.items():
        where = path("choices", list_name)
        _check_unique((choice.name for choice in choices), "duplicate_choice", where, findings)
        for choice in choices:
            _check_choice(choice, path(where, choice.name), findings)


def _check_choice(choice: Choice, where: str, findings: Findings) -> None:
    if len(choice.name.split()) > 1:
        findings.add("choice_name_with_space", where, found=choice.name)
    if choice.name in words.RESERVED_CHOICES and choice.signal is not None:
        findings.add("signal_on_reserved", where, found=choice.name)


def check_signals(survey: Survey, findings: Findings) -> None:
    """A signal is lost unless the question or the choice says which theme it speaks on."""
    for question in survey.questions:
        if question.theme is None and any(
            choice.signal is not None and choice.theme is None for choice in question.choices
        ):
            findings.add("signal_without_theme", path(place_of(question), "theme"))


def check_roles(survey: Survey, findings: Findings) -> None:
    """One question a role, of a type that can carry it, with choices that have a meaning."""
    carrying = [question for question in survey.questions if question.role in words.ROLES]
    _check_unique(
        (question.role or "" for question in carrying), "duplicate_role", "survey", findings
    )
    for question in carrying:
        _check_role(question, findings)


def _check_role(question: Question, findings: Findings) -> None:
    role = question.role or ""
    where = path(place_of(question), "role")
    if question.type not in words.ROLES[role]:
        findings.add(
            "role_on_wrong_type", where, role=role, found=question.type,
            allowed=sorted(words.ROLES[role]),
        )  # fmt: skip
    known = words.ROLE_CHOICES.get(role)
    for choice in question.choices if known else ():
        if choice.name not in (*(known or ()), *words.RESERVED_CHOICES):
            place = path("choices", question.list_name or "", choice.name)
            findings.unknown("role_choice_unknown", place, choice.name, known or ())


def check_columns(survey: Survey, findings: Findings) -> None:
    """A calculate has a calculation."""
    for question in survey.questions:
        if question.type == "calculate" and question.calculation is None:
            findings.add("missing_calculation", path(place_of(question), "calculation"))


def check_references(survey: Survey, findings: Findings) -> None:
    """Every `${name}` exists and, where an answer is needed to go on, was asked before."""
    position = {question.name: index for index, question in enumerate(survey.questions)}
    for group in survey.groups.values():
        first = min((position[row.name] for row in leaves([group])), default=0)
        for column in ("relevant", "repeat_count"):
            logic = getattr(group, column)
            _check_logic(survey, position, first, logic, path(place_of(group), column), findings)
    for question in survey.questions:
        here = position[question.name]
        for column in words.EXPRESSION_COLUMNS:
            limit = here + (column != "relevant") if column in BACKWARD else None
            where = path(place_of(question), column)
            _check_logic(survey, position, limit, getattr(question, column), where, findings)


def _check_logic(
    survey: Survey,
    position: dict[str, int],
    limit: int | None,
    logic: Expression | None,
    where: str,
    findings: Findings,
) -> None:
    """`limit`: only questions before this position may be read; None: any."""
    for name in references(logic.tree) if logic else ():
        if name in survey.groups:
            continue
        if name not in position:
            findings.unknown("unknown_reference", where, name, position)
        elif survey.question(name).type == "calculate":
            continue  # what it reads is judged by check_cycles
        elif limit is not None and position[name] >= limit:
            findings.add("forward_reference", where, found=name)


def check_cycles(survey: Survey, findings: Findings) -> None:
    """Nothing may need itself, directly or through others, groups and numbers of rounds."""
    needs = graph_of(survey.items).needs
    for circle in circles(needs):
        for name in circle[:MOST_OF_A_CIRCLE]:
            row = survey.by_name.get(name) or survey.groups[name]
            through = [other for other in needs[name] if other in circle]
            if through != list(row.path[-1:]):  # else it only lies in a group that is in the circle
                place = path(place_of(row), _column_in_circle(row, circle))
                findings.add("calculation_cycle", place, found=name, through=through)


def _column_in_circle(row: Question | Group, circle: Sequence[str]) -> str:
    columns = (
        ("relevant", "repeat_count") if isinstance(row, Group) else ("calculation", "relevant")
    )
    for column in columns:
        logic = getattr(row, column)
        if logic is not None and not set(names_read(logic)).isdisjoint(circle):
            return column
    return columns[0]


RULES: tuple[Callable[[Survey, Findings], None], ...] = (
    check_names,
    check_columns,
    check_choices,
    check_signals,
    check_roles,
    check_references,
    check_cycles,
    *check_reads.RULES,
)
