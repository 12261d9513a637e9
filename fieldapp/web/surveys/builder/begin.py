"""/beheer/vragenlijsten/nieuw: a survey from nothing, or as a copy of one that is there."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField

from fieldapp.db.queries.surveys import all_surveys
from fieldapp.services.edit_survey import begin
from fieldapp.services.refusal import Refusal
from fieldapp.web.admin.forms import AdminForm, choice, text
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.builder.languages import offered_languages
from fieldapp.web.surveys.builder.texts import SURVEY_KINDS, wrong
from fieldapp.web.surveys.trail import survey_trail, title_of

NOTHING = "0"


class BeginForm(AdminForm):
    """Title, from what, and for a new one the kind and the language."""

    title = StringField(
        _l("Hoe heet de vragenlijst?"), description=_l("Wie invult ziet deze naam bovenaan.")
    )
    copy_of = SelectField(_l("Waarmee begin je?"), validate_choice=False)
    kind = RadioField(_l("Voor wie is de vragenlijst?"), validate_choice=False, default="enquete")
    language = SelectField(
        _l("In welke taal schrijf je?"),
        description=_l("Andere talen komen er later bij."),
        validate_choice=False,
        default="nl",
    )

    def prepare(self, versions: list[tuple[str, str]]) -> None:
        """What can be chosen."""
        start = choice(NOTHING, _("Met een lege vragenlijst"))
        self.copy_of.choices = [start, *(choice(*item) for item in versions)]
        self.kind.choices = [choice(code, words) for code, (words, _) in SURVEY_KINDS.items()]
        self.kind.hints = {code: str(hint) for code, (_, hint) in SURVEY_KINDS.items()}
        self.language.choices = [choice(*item) for item in offered_languages()]


@blueprint.route("/nieuw", methods=("GET", "POST"), endpoint="new")
def new_page() -> Any:
    """Begin."""
    form = BeginForm()
    versions = _versions()
    form.prepare(versions)
    if form.is_submitted():
        form.need("title")
        title = text(form.title.data)
        if len(title) > 120:
            form.refuse("title", _("Deze naam is te lang. Er passen %(limit)s tekens.", limit=120))
        if form.is_right:
            made = _begin(form, title, {code for code, _words in versions})
            if made is not None:
                return redirect(url_for("surveys.edit", version_id=made), 303)
    page = render_template(
        "surveys/builder/new.html", form=form, trail=survey_trail((_("Nieuw"), None))
    )
    return page, (200 if form.is_right else 422)


def _begin(form: BeginForm, title: str, known: set[str]) -> int | None:
    copy_of = form.copy_of.data if form.copy_of.data in known else NOTHING
    languages = [tag for tag, _name in offered_languages()]
    try:
        version = begin(
            db_session(),
            required_actor(),
            now(),
            title=title,
            kind=str(form.kind.data or "enquete"),
            language=form.language.data if form.language.data in languages else "nl",
            copy_of=int(copy_of) or None,
        )
    except Refusal as refusal:
        form.refuse("title", wrong(refusal.problem.code))
        return None
    return version.id


def _versions() -> list[tuple[str, str]]:
    """(id, words) of what can be copied: the newest version of each survey one may see."""
    found = all_surveys(db_session(), required_actor().organisation_id)
    newest = [survey.versions[-1] for survey in found if survey.versions]
    return [(str(v.id), _("Met een kopie van: %(title)s", title=title_of(v))) for v in newest]
