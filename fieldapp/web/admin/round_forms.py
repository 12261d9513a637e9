"""The form that opens a round."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField

from fieldapp.services.open_round import OpenRound
from fieldapp.web.admin.area_picker import AreaForm
from fieldapp.web.admin.forms import choice, text


class RoundForm(AreaForm):
    """Survey, name, areas, days, public or not."""

    survey = SelectField(_l("Vragenlijst"), validate_choice=False)
    name = StringField(
        _l("Naam van de ronde"),
        description=_l("Bewoners kunnen deze naam zien. Bijvoorbeeld: Lente 2026."),
    )
    opens_on = StringField(_l("Eerste dag"))
    closes_on = StringField(
        _l("Laatste dag"), description=_l("Mag leeg blijven. De ronde blijft dan open.")
    )
    is_public = BooleanField(_l("Bewoners mogen zelf invullen, via een link of QR-code"))

    def __init__(self, surveys: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey.choices = [choice(*item) for item in surveys]

    def command(self) -> OpenRound | None:
        """What was asked; None when something is refused."""
        self.need("name")
        if len(text(self.name.data)) > 120:
            self.refuse("name", _("Deze naam is te lang. Er passen %(limit)s tekens.", limit=120))
        if self.survey.data not in [item.value for item in self.survey.choices]:
            self.refuse("survey", _("Kies een vragenlijst uit de lijst."))
        opens = self._day("opens_on", needed=True)
        closes = self._day("closes_on", needed=False)
        if opens and closes and closes < opens:
            self.refuse("closes_on", _("De laatste dag ligt voor de eerste dag."))
        if not self.is_right or opens is None:
            return None
        return OpenRound(
            survey=str(self.survey.data),
            name=text(self.name.data),
            area_codes=tuple(self.areas.data or ()),
            opens_on=opens,
            closes_on=closes,
            is_public=bool(self.is_public.data),
        )

    def _day(self, name: str, *, needed: bool) -> date | None:
        typed = text(self[name].data)
        if not typed and not needed:
            return None
        try:
            return date.fromisoformat(typed)
        except ValueError:
            self.refuse(name, _("Vul een dag in, zoals 2026-03-31."))
            return None
