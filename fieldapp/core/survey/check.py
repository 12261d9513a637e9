"""Whether the cells of a definition hang together: names, references, signals, roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from fieldapp.core.expression import Expression, references
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.graph import Needs, needs, ordered, reach
from fieldapp.core.survey.model import Choice, Page, Question, Survey
from fieldapp.core.survey.problems import Findings, path

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
FORM_ID = re.compile(r"[a-z][a-z0-9_]*")
# these are worked out while the page is filled in, so they can only look back
BACKWARD = ("relevant", "required", "constraint")


def evaluation_order(pages: Sequence[Page]) -> tuple[str, ...]:
    """The question names so that each comes after what it depends on."""
    return ordered(needs(pages))[0]


def check_definition(survey: Survey, findings: Findings) -> None:
    """Add every problem of meaning to `findings`."""
    for rule in RULES:
        rule(survey, findings)


def check_names(survey: Survey, findings: Findings) -> None:
    """Names are unique, readable by XForms, and not taken by the product."""
    if survey.name and not FORM_ID.fullmatch(survey.name):
        findings.add("name_not_allowed", path("settings", "form_id"), found=survey.name)
    _check_unique((page.name for page in survey.pages), "duplicate_page", "survey", findings)
    _check_unique(
        (question.name for question in survey.questions), "duplicate_name", "survey", findings
    )
    for question in survey.questions:
        where = path(question.page, question.name)
        if question.name and not NAME.fullmatch(question.name):
            findings.add("name_not_allowed", where, found=question.name)
        if question.name in words.RESERVED_NAMES or question.name.startswith("__"):
            findings.add("reserved_name", where, found=question.name)
    for page in survey.pages:
        if not NAME.fullmatch(page.name):
            findings.add("name_not_allowed", page.name, found=page.name)


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
            findings.add("signal_without_theme", path(question.page, question.name, "theme"))


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
    where = path(question.page, question.name, "role")
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
            findings.add("missing_calculation", path(question.page, question.name, "calculation"))


def check_references(survey: Survey, findings: Findings) -> None:
    """Every `${name}` exists and, where an answer is needed to go on, was asked before."""
    position = {question.name: index for index, question in enumerate(survey.questions)}
    first = 0
    for page in survey.pages:
        _check_logic(survey, position, first, page.relevant, path(page.name, "relevant"), findings)
        for question in page.questions:
            here = position[question.name]
            for column in words.EXPRESSION_COLUMNS:
                limit = here + (column != "relevant") if column in BACKWARD else None
                where = path(page.name, question.name, column)
                _check_logic(survey, position, limit, getattr(question, column), where, findings)
        first += len(page.questions)


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
        if name not in position:
            findings.unknown("unknown_reference", where, name, position)
        elif survey.question(name).type == "calculate":
            continue  # what it reads is judged by check_cycles
        elif limit is not None and position[name] >= limit:
            findings.add("forward_reference", where, found=name)


def check_cycles(survey: Survey, findings: Findings) -> None:
    """Nothing may need itself, directly or through others."""
    graph = needs(survey.pages)
    for name in ordered(graph)[1]:
        question = survey.question(name)
        column = "calculation" if question.calculation else "relevant"
        findings.add(
            "calculation_cycle", path(question.page, name, column), found=name,
            through=[other for other in graph[name] if other in graph],
        )  # fmt: skip


def check_same_page(survey: Survey, findings: Findings) -> None:
    """Without scripts a question cannot appear while its own page is being filled in."""
    graph = needs(survey.pages)
    for page in survey.pages:
        if not page.same_page_relevant:
            shown = {item.name for item in page.questions if item.type not in words.SILENT_TYPES}
            for question in page.questions:
                _check_shown_together(question, shown, graph, findings)


def _check_shown_together(
    question: Question, shown: set[str], graph: Needs, findings: Findings
) -> None:
    if question.relevant is None or question.name not in shown:
        return
    direct = references(question.relevant.tree)
    read = set(direct).union(*(reach(graph, name) for name in direct if name not in shown))
    for name in sorted(read & shown):
        findings.add("same_page_relevant", path(question.page, question.name, "relevant"),
                     found=name)  # fmt: skip


RULES: tuple[Callable[[Survey, Findings], None], ...] = (
    check_names,
    check_columns,
    check_choices,
    check_signals,
    check_roles,
    check_references,
    check_cycles,
    check_same_page,
)
