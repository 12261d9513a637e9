"""Questions about where: the place of the submission, other points, lines and areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from fieldapp.core.survey import Question
from fieldapp.services.place_question import geopoint_question
from fieldapp.web.forms.look import Asked
from fieldapp.web.forms.made import SEPARATOR, Made, base

# Key of a stored location -> name of its part in the geopoint form.
PLACE_PARTS: Mapping[str, str] = {
    "lat": "lat",
    "lon": "lon",
    "accuracy_m": "accuracy",
    "source": "source",
    "taken_at": "taken_at",
    "area_code": "area",
}
MAPS = ("placement-map", "maps", "map")


def geopoint(question: Question, path: str, asked: Asked) -> Made:
    """A point; for the place of the submission also an area from a list."""
    around = base(question, path, asked)
    is_place = question is geopoint_question(asked.survey)
    if is_place and not asked.look.exact_place:
        return Made(area_field(asked.look.areas, around), {"look": "select"})
    parts: dict[str, Any] = {
        "lat": StringField(_("Breedtegraad"), id=f"{around['id']}-lat"),
        "lon": StringField(_("Lengtegraad"), id=f"{around['id']}-lon"),
        "accuracy": HiddenField(id=f"{around['id']}-accuracy"),
        "source": HiddenField(id=f"{around['id']}-source"),
        "taken_at": HiddenField(id=f"{around['id']}-taken_at"),
    }
    if is_place and asked.look.areas:
        area = {"label": _("Of kies een buurt"), "id": f"{around['id']}-area"}
        parts["area"] = area_field(asked.look.areas, area)
    where = type("WhereForm", (Form,), parts)
    look = "place" if "place" in question.appearances else "geopoint"
    made = FormField(where, separator=SEPARATOR, **around)
    return Made(made, {"look": look, "map": asked.look.map, "is_place": is_place})


def line(question: Question, path: str, asked: Asked) -> Made:
    """A line or an area, as points below each other."""
    made = TextAreaField(**base(question, path, asked))
    return Made(made, {"look": question.type, "map": asked.look.map, "rows": 4})


def area_field(areas: tuple[tuple[str, str], ...], around: Mapping[str, Any]) -> SelectField:
    """A drop-down list of areas, with "no choice" first."""
    options = [SelectChoice("", _("Kies een buurt")), *(SelectChoice(*area) for area in areas)]
    return SelectField(choices=options, validate_choice=False, **around)
