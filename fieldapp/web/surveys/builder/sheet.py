"""What the editor shows of one row: values to fill in, answers, conditions, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from fieldapp.core.survey import THEMES, edit
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.cells import NO, YES
from fieldapp.core.survey.conditions import (
    TESTS,
    WITHOUT_VALUE,
    Condition,
    Rule,
    askable,
    read_condition,
    sort_of,
)
from fieldapp.core.survey.edit.kinds import READY
from fieldapp.core.survey.edit.limits import FITTING
from fieldapp.core.survey.edit.tree import base_type, list_of
from fieldapp.services.edit_survey import Desk
from fieldapp.web.surveys.builder import texts
from fieldapp.web.surveys.builder.outline import label_of

Options = tuple[tuple[str, str], ...]

TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
PLAIN = ("default", "appearance", "parameters", "repeat_count", "calculation", "choice_filter")
MOST_NAMED = 8
RANGE = {"start": "1", "end": "10", "step": "1"}


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One answer; `name` is blank for the row in which a new one is typed."""

    name: str
    label: str
    signal: str
    icon: str
    theme: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One comparison; `question` is blank for the row in which a new one is begun."""

    question: str
    test: str
    value: str
    tests: Options
    answers: Options
    sort: str
    error: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the form of one row shows."""

    name: str
    kind: edit.Kind | None
    is_group: bool
    type: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    required: bool
    required_formula: str
    choices: tuple[ChoiceRow, ...]
    ready: Options
    sharers: tuple[str, ...]
    rules: tuple[RuleRow, ...]
    join: str
    formula: bool
    can_choose: bool
    questions: Options
    limits: Mapping[str, str]
    limits_formula: bool
    kinds: Options
    groups: Options
    parent: str
    used_by: tuple[str, ...]
    kept: bool
    has_list: bool
    from_file: bool
    icons: Options = field(default=())
    themes: Options = field(default=())
    signals: Options = field(default=())


def make_sheet(
    desk: Desk,
    name: str,
    *,
    typed: MultiDict[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    formula: bool = False,
) -> Sheet:
    """The sheet of a row, with what was typed when that was not (all) taken. EditError."""
    data = desk.data
    rows_of = {one.name: one.row for one in edit.walk(data)}
    placed = edit.find(data, name)
    row = placed.row
    kind = edit.kind_of(row)
    source = str(row.get("relevant") or "")
    condition = read_condition(source)
    shown = condition if condition is not None and _all_known(data, condition) else None
    language = data["settings"]["default_language"]
    list_name = list_of(row)
    choices = _choices(data, list_name, language)
    rules = shown.rules if shown else ()
    join = shown.join if shown else "and"
    values = _values(row, language) | {"name": name, "relevant": source}
    limits_source = str(row.get("constraint") or "")
    limits = edit.read_limits(limits_source)
    fitting = FITTING.get(base_type(row), ())
    limit_values = limits.filled() if limits else {}
    if typed is not None:
        values |= {key: typed[key] for key in values if key in typed}
        limit_values |= {key: typed[key] for key in fitting if key in typed}
        if "choice" in typed:
            choices = _typed_choices(typed)
        if "rule_question" in typed:
            rules, join = tuple(typed_rules(data, typed)), typed.get("join", "and")
    wrong = errors or {}
    known = {question: rows_of[question] for question in askable(data, name)}
    return Sheet(
        name=name,
        kind=kind,
        is_group=placed.is_group,
        type=base_type(row),
        values=values,
        errors=wrong,
        required=is_yes(str(row.get("required") or "")),
        required_formula=_formula_of_required(row),
        choices=choices,
        ready=_ready(data, list_name),
        sharers=_labels(data, edit.users_of_list(data, list_name), name, rows_of)
        if list_name
        else (),
        rules=(
            *(_rule_row(data, rule, wrong.get(f"rule-{n}", "")) for n, rule in enumerate(rules)),
            *((_blank_rule(),) if known else ()),
        ),
        join=join,
        formula=formula or (bool(source) and shown is None),
        can_choose=shown is not None,
        questions=tuple((q, label_of(row, language)) for q, row in known.items()),
        limits={key: limit_values.get(key, "") for key in fitting},
        limits_formula=limits is None or (bool(limits_source) and not fitting),
        kinds=_kinds(is_group=placed.is_group),
        groups=_groups(data, name, language),
        parent=placed.parent,
        used_by=_labels(data, edit.users_of(data, name), name, rows_of),
        kept=name in desk.kept,
        has_list=bool(list_name) and list_name in data["choices"],
        from_file=list_name in (data.get("tables") or {}),
        icons=_options(texts.ICON_WORDS),
        themes=(("", str(texts.THEME_WORDS[""])), *((t, _theme(t)) for t in THEMES)),
        signals=_options(texts.SIGNAL_WORDS),
    )


def _labels(
    data: edit.Definition, names: Iterable[str], but: str, rows_of: Mapping[str, edit.Row]
) -> tuple[str, ...]:
    """What these rows are called; of many the first few."""
    language = data["settings"]["default_language"]
    found = [label_of(rows_of[name], language) for name in names if name != but]
    return (*found[:MOST_NAMED], *(("\u2026",) if len(found) > MOST_NAMED else ()))


def _theme(code: str) -> str:
    return str(texts.THEME_WORDS.get(code, code))


def _options(table: Mapping[str, Any]) -> Options:
    return tuple((code, str(said)) for code, said in table.items())


def _values(row: edit.Row, language: str) -> dict[str, str]:
    found = {column: (row.get(column) or {}).get(language, "") for column in TEXTS}
    found |= {column: str(row.get(column) or "") for column in PLAIN}
    found |= {column: str(row.get(column) or "") for column in ("theme", "role", "constraint")}
    parts = dict(p.partition("=")[::2] for p in found["parameters"].replace(",", " ").split())
    found |= {f"range_{part}": parts.get(part, usual) for part, usual in RANGE.items()}
    kind = edit.kind_of(row)
    return found | {"kind": kind.code if kind else ""}


def is_yes(source: str) -> bool:
    """Whether the required column says always."""
    return source.lower() in YES


def _formula_of_required(row: edit.Row) -> str:
    source = str(row.get("required") or "")
    return "" if is_yes(source) or source.lower() in NO else source


def signal_code(value: object) -> str:
    """A signal as the form has it: 1.0 is "1"."""
    return f"{value:g}" if isinstance(value, int | float) else ""


def _choices(data: edit.Definition, list_name: str, language: str) -> tuple[ChoiceRow, ...]:
    rows = data["choices"].get(list_name)
    if rows is None:
        return ()
    made = tuple(
        ChoiceRow(
            name=str(row["name"]),
            label=(row.get("label") or {}).get(language, ""),
            signal=signal_code(row.get("signal")),
            icon=str(row.get("icon") or ""),
            theme=str(row.get("theme") or ""),
        )
        for row in rows
    )
    return (*made, ChoiceRow("", "", "", "", ""))


def _typed_choices(typed: MultiDict[str, str]) -> tuple[ChoiceRow, ...]:
    columns = [typed.getlist(key) for key in CHOICE_CONTROLS]
    return tuple(ChoiceRow(*cells) for cells in zip(*columns, strict=False))


CHOICE_CONTROLS = ("choice", "choice_label", "choice_signal", "choice_icon", "choice_theme")


def _ready(data: edit.Definition, list_name: str) -> Options:
    """The answers that can be added with one press, as far as they are not there."""
    rows = data["choices"].get(list_name)
    if rows is None:
        return ()
    language = data["settings"]["default_language"]
    there = {row["name"] for row in rows}
    return tuple(
        (name, READY[name].get(language) or READY[name]["nl"])
        for name in (words.WEET_NIET, words.WIL_NIET)
        if name not in there
    )


def _all_known(data: edit.Definition, condition: Condition) -> bool:
    names = edit.all_names(data)
    return all(rule.question in names for rule in condition.rules)


def typed_rules(
    data: edit.Definition, typed: MultiDict[str, str], without: int = -1
) -> Iterable[Rule]:
    """The rules of a sent form, each meant as its question means it; one may be left out."""
    columns = [typed.getlist(key) for key in ("rule_question", "rule_test", "rule_value")]
    for number, (question, test, value) in enumerate(zip(*columns, strict=False)):
        if not question or number == without:
            continue
        try:
            row = edit.find(data, question).row
        except edit.EditError:
            continue
        sort = sort_of(row)
        yield Rule(question, test, value.strip(), sort if sort in ("number", "day") else "text")


def _rule_row(data: edit.Definition, rule: Rule, error: str) -> RuleRow:
    row = edit.find(data, rule.question).row
    sort = sort_of(row)
    said = {**texts.TEST_WORDS, **(texts.DAY_WORDS if sort == "day" else {})}
    tests = [*TESTS[sort], *([rule.test] if rule.test not in TESTS[sort] else [])]
    return RuleRow(
        question=rule.question,
        test=rule.test,
        value=rule.value,
        tests=tuple((test, str(said.get(test, test))) for test in tests if test),
        answers=answers_of(data, row, rule.value),
        sort="none" if sort == "other" or (rule.test in WITHOUT_VALUE and sort in CLOSED) else sort,
        error=error,
    )


CLOSED = ("one", "many")


def answers_of(data: edit.Definition, row: edit.Row, also: str) -> Options:
    """(name, text) of the answers to a closed question; `also` when it is not among them."""
    language = data["settings"]["default_language"]
    rows = data["choices"].get(list_of(row), ())
    found = tuple(
        (str(r["name"]), (r.get("label") or {}).get(language) or str(r["name"])) for r in rows
    )
    if also and rows and also not in {name for name, _ in found}:
        found = (*found, (also, also))
    return found


def _blank_rule() -> RuleRow:
    return RuleRow("", "", "", (), (), "none", "")


def _kinds(*, is_group: bool) -> Options:
    return tuple(
        (code, str(said)) for code, (said, _) in texts.KIND_WORDS.items()
        if edit.KINDS[code].is_group == is_group and code != "yes_no"
    )  # fmt: skip


def _groups(data: edit.Definition, name: str, language: str) -> Options:
    """(name, text) of the groups that the row may be put into."""
    inside = set(edit.names_below(data, name))
    return tuple(
        (placed.name, "\u2003" * len(placed.around) + label_of(placed.row, language))
        for placed in edit.walk(data)
        if placed.is_group and placed.name not in inside
    )
