"""The filter of the inbox."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.form import Form

from fieldapp.web.coding.forms import area_choices
from fieldapp.web.field.words import KINDS, STATES

FILTERS = ("staat", "soort", "gebied", "let_op")


class InboxFilterForm(Form):  # type: ignore[misc]
    """What the inbox shows; read from the address."""

    staat = SelectField(_l("Stand"), validate_choice=False)
    soort = SelectField(_l("Soort"), validate_choice=False)
    gebied = SelectField(_l("Gebied"), validate_choice=False)
    let_op = SelectField(_l("Let op"), validate_choice=False)


def inbox_filter(args: Any, areas: dict[str, str]) -> InboxFilterForm:
    """The filter with the choices that there are."""
    form = InboxFilterForm(args)
    form.staat.choices = _all(_l("alle"), STATES)
    form.soort.choices = _all(_l("alle soorten"), KINDS)
    form.gebied.choices = area_choices(areas, form.gebied.data)
    form.let_op.choices = [
        SelectChoice("", _l("alles")),
        SelectChoice("buiten", _l("buiten alle buurten")),
        SelectChoice("plek", _l("opvallende plek")),
        SelectChoice("dubbel", _l("twee versies")),
    ]
    return form


def _all(whole: Any, words: Any) -> list[SelectChoice]:
    return [SelectChoice("", whole), *(SelectChoice(code, label) for code, label in words.items())]
