"""The first page of a survey that asks no place itself: which buurt is it about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from fieldapp.db.queries.places import BuurtChoice
from fieldapp.services.drafts import AREA_WHERE
from fieldapp.web.forms.items import FieldItem
from fieldapp.web.forms.page import PageForm, meta_with

# Answers that are no area, with the words of every closed question.
SAID: Mapping[str, Any] = {
    "weet_niet": _l("Weet ik niet"),
    "wil_niet": _l("Zeg ik liever niet"),
}
MOST_TILES = 12  # with more buurten than this, a drop-down list reads easier


def area_form(
    areas: Sequence[BuurtChoice], location: Mapping[str, Any], token: str, *, resident: bool
) -> PageForm:
    """The form with the one question; a resident is asked where they live."""
    options = [SelectChoice(area.code, area.name) for area in areas]
    options += [SelectChoice(value, str(words)) for value, words in SAID.items()]
    listed = len(areas) <= MOST_TILES
    if not listed:
        options.insert(0, SelectChoice("", _("Kies een buurt")))
    maker = RadioField if listed else SelectField
    made = maker(
        _("In welke buurt woont u?") if resident else _("Over welke buurt gaat het?"),
        description=_("Staat uw buurt er niet bij? Kies dan “Weet ik niet”.") if resident else "",
        id=f"q-{AREA_WHERE}",
        choices=options,
    )
    form = PageForm([(AREA_WHERE, made)], meta=meta_with(token))
    chosen = str(location.get("area_code") or location.get("said") or "")
    form.process(MultiDict([(AREA_WHERE, chosen)] if chosen else []))
    form[AREA_WHERE].look = "list" if listed else "select"
    form.items = (FieldItem(form[AREA_WHERE], AREA_WHERE),)
    return form
