"""The fields of the editor's form into the definition; what cannot be is told beside its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldapp.core.survey import edit
from fieldapp.core.survey import vocabulary as words
from fieldapp.core.survey.conditions import (
    Condition,
    ConditionError,
    Rule,
    steady,
    write_condition,
)
from fieldapp.core.survey.edit.limits import FITTING
from fieldapp.core.survey.edit.texts import TextPlace
from fieldapp.core.survey.edit.tree import base_type, list_of
from fieldapp.web.surveys.builder.sheet import (
    CHOICE_CONTROLS,
    PLAIN,
    RANGE,
    TEXTS,
    answers_of,
    is_yes,
    signal_code,
    typed_rules,
)
from fieldapp.web.surveys.builder.texts import wrong

if TYPE_CHECKING:
    from fieldapp.web.surveys.builder.work import Data, Work

NO_SIGN = "\0"  # PostgreSQL cannot keep it


def said(work: Work, key: str) -> str:
    """What was typed."""
    return str(work.form.get(key) or "").replace(NO_SIGN, "").replace("\r\n", "\n").strip()


def take_fields(work: Work, data: Data) -> tuple[Data, str]:
    """(definition with all fields of the form in it, the name of the row after that)."""
    name = work.row
    for take in (_kind, _texts, _plain, _theme, _required, _choices, _range, _limits, _condition):
        data = take(work, data, name)
    return _name(work, data, name)


def _kind(work: Work, data: Data, name: str) -> Data:
    kind = edit.kind_of(edit.find(data, name).row)
    wanted = said(work, "kind")
    if not wanted or kind is None or wanted == kind.code or wanted not in edit.KINDS:
        return data
    if work.button == "save":
        work.button = "kind"
    work.focus = "b-kind"
    return edit.change_kind(data, name, wanted)


def _texts(work: Work, data: Data, name: str) -> Data:
    """Texts other than the label, which may change the name and so comes last."""
    language = data["settings"]["default_language"]
    for column in TEXTS[1:]:
        if column in work.form:
            place = TextPlace("row", name, "", column)
            data = edit.set_text(data, place, language, said(work, column))
    return data


def _plain(work: Work, data: Data, name: str) -> Data:
    kind_changed = work.button == "kind"
    for column in (*PLAIN, "role"):
        if column not in work.form or (kind_changed and column in ("appearance", "parameters")):
            continue
        known = words.GROUP_COLUMNS if edit.find(data, name).is_group else words.QUESTION_COLUMNS
        if column in known:
            data = edit.set_cell(data, name, column, said(work, column))
    return data


def _theme(work: Work, data: Data, name: str) -> Data:
    if "theme" not in work.form:
        return data
    before = str(edit.find(data, name).row.get("theme") or "")
    theme = said(work, "theme")
    return data if theme == before else edit.set_theme(data, name, theme)


def _required(work: Work, data: Data, name: str) -> Data:
    if "has_required" not in work.form:
        return data
    before = str(edit.find(data, name).row.get("required") or "")
    usual = before if is_yes(before) else "yes"  # yes, true(): as it was written
    value = said(work, "required_formula") or (usual if work.form.get("required") else "")
    return edit.set_cell(data, name, "required", value)


def _choices(work: Work, data: Data, name: str) -> Data:
    list_name = list_of(edit.find(data, name).row)
    if "choice" not in work.form or list_name not in data["choices"]:
        return data
    columns = [work.form.getlist(key) for key in CHOICE_CONTROLS]
    there = {str(row["name"]): row for row in data["choices"][list_name]}
    kept = work.desk.kept_choices.get(list_name, frozenset())
    language = data["settings"]["default_language"]
    for choice, label, signal, icon, theme in zip(*columns, strict=False):
        label = label.replace(NO_SIGN, "").strip()
        if not choice and label:
            data, _ = edit.add_choice(data, list_name, label)
        row = there.get(choice)
        if row is None:
            continue
        cells: dict[str, object] = {"icon": icon, "theme": theme}
        if signal != signal_code(row.get("signal")) and work.form.get("theme") == (
            edit.find(data, name).row.get("theme") or ""
        ):
            cells["signal"] = _signal(signal)
        if label != (row.get("label") or {}).get(language, ""):
            cells["label"] = label
        data, fresh = edit.set_choice(data, list_name, choice, cells, keep_name=choice in kept)
        work.choices[choice] = fresh
    return data


def _signal(code: str) -> float | None:
    try:
        return max(-1.0, min(1.0, float(code)))
    except ValueError:
        return None


def _range(work: Work, data: Data, name: str) -> Data:
    if not any(f"range_{part}" in work.form for part in RANGE):
        return data
    numbers = {part: said(work, f"range_{part}").replace(",", ".") for part in RANGE}
    for part, number in numbers.items():
        try:
            float(number or "0")
        except ValueError:
            work.errors[f"range_{part}"] = wrong("not_a_number")
            return data
    source = str(edit.find(data, name).row.get("parameters") or "")
    others = [p for p in source.split() if p.partition("=")[0] not in RANGE]
    made = [f"{part}={number}" for part, number in numbers.items() if number]
    return edit.set_cell(data, name, "parameters", " ".join([*made, *others]))


def _limits(work: Work, data: Data, name: str) -> Data:
    if work.button == "kind":
        return data
    row = edit.find(data, name).row
    fitting = FITTING.get(base_type(row), ())
    if "constraint" in work.form:
        return edit.set_cell(data, name, "constraint", said(work, "constraint"))
    if not any(key in work.form for key in fitting):
        return data
    typed = {key: said(work, key) for key in fitting}
    for key in ("lowest", "highest"):
        if key in typed:
            typed[key] = typed[key].replace(",", ".")
    try:
        source = edit.write_limits(edit.Limits(**typed))
    except edit.LimitsError as error:
        work.errors[error.field] = wrong(error.code)
        return data
    return edit.set_cell(data, name, "constraint", source)


def _condition(work: Work, data: Data, name: str) -> Data:
    if "relevant" in work.form:
        return edit.set_cell(data, name, "relevant", said(work, "relevant"))
    if "rule_question" not in work.form:
        return data
    without = work.number if work.button == "rule_remove" else -1
    rules = [_steady(data, rule) for rule in typed_rules(data, work.form, without)]
    join = "or" if said(work, "join") == "or" else "and"
    try:
        source = write_condition(Condition(tuple(rules), join))
    except ConditionError as error:
        work.errors[f"rule-{error.rule}"] = wrong(error.code)
        return data
    return edit.set_cell(data, name, "relevant", source)


def _steady(data: Data, rule: Rule) -> Rule:
    row = edit.find(data, rule.question).row
    answers = tuple(choice for choice, _ in answers_of(data, row, ""))
    return steady(rule, row, answers)


def _name(work: Work, data: Data, name: str) -> tuple[Data, str]:
    """The label, and the name: as typed, else as the label makes it."""
    wanted = said(work, "name")
    if wanted and wanted != name:
        try:
            data, name = edit.rename(data, name, wanted), wanted
        except edit.EditError as error:
            work.errors["name"] = wrong(error.code)
    if "label" in work.form:
        keep = name in work.desk.kept or (bool(wanted) and wanted != work.row)
        data, name = edit.set_label(data, name, said(work, "label"), keep_name=keep)
    return data, name
