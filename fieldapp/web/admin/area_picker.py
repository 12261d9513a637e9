"""Choose areas by name without scripts: type, press Zoek, tick; what was ticked stays ticked."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import SelectMultipleField, StringField

from fieldapp.db.queries.admin import AreaLabel, area_labels, search_areas
from fieldapp.web.admin.forms import AdminForm, choice, text

SEARCH = "zoek"  # the name of the button
LEVELS: dict[str, Any] = {
    "gemeente": _l("gemeente"),
    "wijk": _l("wijk"),
    "buurt": _l("buurt"),
    "complex": _l("complex"),
    "portiek": _l("portiek"),
}


def area_words(area: AreaLabel) -> str:
    """'Sterrenbuurt (buurt in Lindestad, BU99990101)'."""
    level = str(LEVELS.get(area.level, area.level))
    words = {"name": area.name, "level": level, "code": area.code}
    if area.gemeente_name and area.level != "gemeente":
        words["gemeente"] = area.gemeente_name
        told = _("%(name)s (%(level)s in %(gemeente)s, %(code)s)", **words)
    else:
        told = _("%(name)s (%(level)s, %(code)s)", **words)
    return str(told)


class AreaForm(AdminForm):
    """A form with chosen areas and a place to look for more."""

    areas = SelectMultipleField(_l("Gebieden"), validate_choice=False)
    area_query = StringField(
        _l("Zoek een gebied"), description=_l("Typ het begin van een naam of een code.")
    )

    found_nothing = False

    def prepare_areas(self, session: Session) -> None:
        """Offer what was chosen and, after Zoek, what was found."""
        chosen = [text(code) for code in self.areas.data or [] if text(code)][:200]
        known = area_labels(session, chosen)
        self.areas.data = [code for code in chosen if code in known]
        offered = {code: known[code] for code in self.areas.data}
        if self.wants_search:
            hits = search_areas(session, text(self.area_query.data))
            self.found_nothing = not hits
            offered |= {area.code: area for area in hits if area.code not in offered}
        self.areas.choices = [choice(area.code, area_words(area)) for area in offered.values()]

    @property
    def wants_search(self) -> bool:
        """Whether Zoek was pressed: then nothing else is judged or stored."""
        return SEARCH in request.form
