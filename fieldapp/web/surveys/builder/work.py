"""What a sent form of the editor does to the definition: first its fields, then its button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from fieldapp.core.survey import edit
from fieldapp.core.survey.edit.tree import list_of
from fieldapp.services.edit_survey import Desk
from fieldapp.web.surveys.builder.fields import take_fields

Data = edit.Definition


@dataclass
class Work:
    """One sent form: the row it is about, what was typed, the button; and what came of it."""

    desk: Desk
    form: MultiDict[str, str]
    row: str
    button: str
    argument: str = ""
    focus: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)  # names of answers that changed

    @property
    def number(self) -> int:
        """The argument as a number; -1 for anything else."""
        return int(self.argument) if self.argument.isdecimal() else -1

    def do(self, data: Data) -> Data:
        """The definition after this form. EditError for what cannot be done."""
        if self.row and self.form.get("editor"):
            data, self.row = take_fields(self, data)
        deed = BUTTONS.get(self.button)
        return deed(self, data) if deed else data


def read_work(desk: Desk, form: MultiDict[str, str]) -> Work:
    """The work of a sent form; `do` holds the button and perhaps, behind a colon, what it is on."""
    button, _, argument = str(form.get("do") or "save").partition(":")
    return Work(desk, form, str(form.get("row") or ""), button, argument)


def _add(work: Work, data: Data) -> Data:
    kind = work.argument or str(work.form.get("kind") or "")
    data, work.row = edit.add(data, kind, beside=work.row)
    work.focus = "b-label"
    return data


def _move(step: int) -> Callable[[Work, Data], Data]:
    def move(work: Work, data: Data) -> Data:
        work.focus = "b-up" if step < 0 else "b-down"
        return edit.move(data, work.row, step)

    return move


def _to(work: Work, data: Data) -> Data:
    """Into another group; from the form at its end, by dragging at a place (parent/index)."""
    if work.argument:
        parent, _, index = work.argument.rpartition("/")
        return edit.move_to(data, work.row, parent, int(index) if index.isdecimal() else 0)
    work.focus = "b-to"
    return edit.move_to(data, work.row, str(work.form.get("into") or ""), 10_000)


def _copy(work: Work, data: Data) -> Data:
    data, work.row = edit.copy(data, work.row)
    work.focus = "b-label"
    return data


def _remove(work: Work, data: Data) -> Data:
    """Away with it; the row before it, or the next, is what one looks at then."""
    names = [placed.name for placed in edit.walk(data)]
    gone = set(edit.names_below(data, work.row))
    before = [name for name in names[: names.index(work.row)] if name not in gone]
    after = [name for name in names[names.index(work.row) :] if name not in gone]
    data = edit.remove(data, work.row)
    work.row = (before[-1:] or after[:1] or [""])[0]
    work.focus = "b-title" if work.row else "b-add"
    return data


def _choice(work: Work, data: Data) -> tuple[str, str]:
    """(list, name of the answer) that a button is on; the name may just have changed."""
    list_name = list_of(edit.find(data, work.row).row)
    return list_name, work.choices.get(work.argument, work.argument)


def _choice_place(data: Data, list_name: str, name: str) -> int:
    names = [str(row["name"]) for row in data["choices"].get(list_name, ())]
    return names.index(name) if name in names else 0


def _choice_move(step: int) -> Callable[[Work, Data], Data]:
    def move(work: Work, data: Data) -> Data:
        list_name, name = _choice(work, data)
        data = edit.move_choice(data, list_name, name, step)
        work.focus = f"c-{_choice_place(data, list_name, name)}-{'up' if step < 0 else 'down'}"
        return data

    return move


def _choice_remove(work: Work, data: Data) -> Data:
    list_name, name = _choice(work, data)
    work.focus = f"c-{max(0, _choice_place(data, list_name, name) - 1)}-label"
    return edit.remove_choice(data, list_name, name)


def _choice_ready(work: Work, data: Data) -> Data:
    list_name = list_of(edit.find(data, work.row).row)
    data = edit.add_ready_choice(data, list_name, work.argument)
    work.focus = f"c-{len(data['choices'][list_name]) - 1}-label"
    return data


def _own_list(work: Work, data: Data) -> Data:
    work.focus = "c-0-label"
    return edit.own_list(data, work.row)


def _rule_remove(work: Work, data: Data) -> Data:
    """The fields are taken without the rule already (fields.py); what is left is the focus."""
    work.focus = "r-0-question"
    return data


BUTTONS: Mapping[str, Callable[[Work, Data], Data]] = {
    "add": _add,
    "up": _move(-1),
    "down": _move(1),
    "to": _to,
    "copy": _copy,
    "remove": _remove,
    "choice_up": _choice_move(-1),
    "choice_down": _choice_move(1),
    "choice_remove": _choice_remove,
    "choice_ready": _choice_ready,
    "own_list": _own_list,
    "rule_remove": _rule_remove,
}
