"""Forms of the coding pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.form import Form

from fieldapp.services.code_statements import MarkStatement
from fieldapp.services.frames import code_frame
from fieldapp.web.coding.texts import VALENCE_ICONS, VALENCES
from fieldapp.web.field.words import KINDS


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


class StatementForm(FlaskForm):  # type: ignore[misc]
    """Marking a fragment, or changing what was marked. The service checks; this carries."""

    fragment = TextAreaField(
        _l("Fragment"),
        description=_l("Selecteer een stuk tekst, of kopieer het hierheen."),
    )
    question = HiddenField()
    start = HiddenField()
    end = HiddenField()
    codes = SelectMultipleField(_l("Codes"), validate_choice=False)
    valence = RadioField(_l("Hoe klinkt het?"), validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes.choices = [SelectChoice(c.code, c.code) for c in code_frame().codes]
        self.valence.choices = [SelectChoice(str(v), text) for v, text in VALENCES.items()]
        self.valence.look = "faces"
        self.valence.icons = VALENCE_ICONS

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ticked codes."""
        return tuple(self.codes.data or ())

    @property
    def value(self) -> int:
        """The chosen valence; 99, which the service refuses, when none was chosen."""
        return {str(v): v for v in VALENCES}.get(self.valence.data or "", 99)

    @property
    def span(self) -> tuple[int | None, int | None]:
        """The offsets that the browser worked out, if any."""
        return _whole(self.start.data), _whole(self.end.data)


def undo_fields(removed: MarkStatement) -> dict[str, Any]:
    """What a form must carry to bring a removed statement back."""
    return {
        "question": removed.question,
        "start": removed.start,
        "end": removed.end,
        "codes": list(removed.codes),
        "valence": removed.valence,
    }


class QueueFilterForm(Form):  # type: ignore[misc]
    """What the queue shows; read from the address."""

    staat = SelectField(_l("Stand"), validate_choice=False)
    soort = SelectField(_l("Soort"), validate_choice=False)
    gebied = SelectField(_l("Gebied"), validate_choice=False)


def queue_filter(args: Any, areas: dict[str, str]) -> QueueFilterForm:
    """The filter with the choices that there are."""
    form = QueueFilterForm(args)
    form.staat.choices = [SelectChoice("", _l("nog te doen")), SelectChoice("klaar", _l("klaar"))]
    form.soort.choices = [
        SelectChoice("", _l("alle soorten")),
        *(SelectChoice(code, label) for code, label in KINDS.items()),
    ]
    form.gebied.choices = area_choices(areas, form.gebied.data)
    return form


def area_choices(areas: dict[str, str], chosen: str | None) -> list[SelectChoice]:
    """Areas by name, and the chosen one also when the list does not have it."""
    named = sorted(areas.items(), key=lambda item: item[1].casefold())
    if chosen and chosen not in areas:
        named.append((chosen, chosen))
    return [
        SelectChoice("", _l("alle gebieden")),
        *(SelectChoice(code, name) for code, name in named),
    ]
