"""/beheer/vragenlijsten/<id>/bewerken/gegevens: title, begin and end, for whom, version."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from fieldapp.core.survey import edit
from fieldapp.core.survey.edit.texts import set_default_language
from fieldapp.services.edit_survey import Desk
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import StaleDraft
from fieldapp.web.admin.forms import AdminForm, choice, text
from fieldapp.web.context import db_session
from fieldapp.web.language import own_name
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.builder.desk import desk_of, frame, refused, save
from fieldapp.web.surveys.builder.texts import SURVEY_KINDS, WRONG, deed_words, wrong

FIELDS = {"settings > version": "version", "settings > form_id": "form_id"}


class SettingsForm(AdminForm):
    """What holds for the whole survey."""

    title = StringField(_l("Titel"))
    intro = TextAreaField(
        _l("Begin"),
        description=_l("Wie vraagt dit, waarom, en hoe lang duurt het? Drie korte regels."),
    )
    thanks = TextAreaField(_l("Einde"), description=_l("Bedank, en zeg wat er nu gebeurt."))
    kind = RadioField(_l("Voor wie is de vragenlijst?"), validate_choice=False)
    default_language = SelectField(_l("Taal waarin je schrijft"), validate_choice=False)
    version = StringField(_l("Versie"), description=_l("Een nummer dat je herkent."))
    form_id = StringField(
        _l("Naam voor de computer"),
        description=_l("Kleine letters, cijfers en _. Ligt vast na de eerste versie."),
    )

    def prepare(self, desk: Desk) -> None:
        """What can be chosen."""
        self.kind.choices = [choice(code, words) for code, (words, _) in SURVEY_KINDS.items()]
        self.kind.hints = {code: str(hint) for code, (_, hint) in SURVEY_KINDS.items()}
        tags = desk.data["settings"]["languages"]
        self.default_language.choices = [choice(tag, own_name(tag)) for tag in tags]

    def take(self, data: edit.Definition) -> edit.Definition:
        """The definition with what was typed."""
        language = data["settings"]["default_language"]
        for column in ("title", "intro", "thanks"):
            place = edit.TextPlace("survey", "", "", column)
            said = text(self[column].data).replace("\r\n", "\n")
            data = edit.set_text(data, place, language, said)
        named = {key: text(self[key].data) for key in ("kind", "version", "form_id")}
        data["settings"] |= {key: value for key, value in named.items() if value}
        return set_default_language(data, self.default_language.data or language)


@blueprint.route(
    "/<int:version_id>/bewerken/gegevens", methods=("GET", "POST"), endpoint="edit_settings"
)
def settings_page(version_id: int) -> Any:
    """Read and change."""
    try:
        desk = desk_of(version_id)
    except Refusal as refusal:
        return refused(version_id, refusal)
    form = SettingsForm(**_now(desk))
    form.prepare(desk)
    if not form.is_submitted():
        return _show(desk, form)
    form.need("title")
    if not form.is_right:
        return _show(desk, form), 422
    return _save(version_id, desk, form)


def _save(version_id: int, desk: Desk, form: SettingsForm) -> Any:
    try:
        save(version_id, "settings", form.take)
    except StaleDraft:
        db_session().rollback()
        return _show(desk_of(version_id), form, stale=True), 409
    except edit.EditError as error:
        form.refuse("default_language", wrong(error.code))
    except Refusal as refusal:
        if refusal.problem.code not in WRONG:
            return refused(version_id, refusal)
        field = FIELDS.get(refusal.problem.where, "kind")
        form.refuse(field, wrong(refusal.problem.code))
    else:
        address = url_for("surveys.edit_settings", version_id=version_id, gedaan="settings")
        return redirect(address, 303)
    return _show(desk, form), 422


def _now(desk: Desk) -> dict[str, str]:
    settings = desk.data["settings"]
    language = settings["default_language"]
    return {
        **{
            key: (desk.data.get(key) or {}).get(language, "")
            for key in ("title", "intro", "thanks")
        },
        **{key: str(settings.get(key) or "") for key in ("kind", "default_language")},
        "version": desk.version.version,
        "form_id": desk.version.survey.name,
    }


def _show(desk: Desk, form: SettingsForm, *, stale: bool = False) -> str:
    return render_template(
        "surveys/builder/settings.html",
        **frame(desk, "surveys.edit_settings"),
        form=form,
        done=deed_words(request.args.get("gedaan")),
        stale=stale,
        page_hint=_("Deze gegevens gelden voor de hele vragenlijst."),
    )
