"""/beheer/vragenlijsten/inlezen: a questionnaire from Excel or Markdown becomes a draft.

Nothing is kept before it was looked at: faults are shown with sheet, row and column; remarks are
shown first too, and taken with one more press. The files need not be chosen twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import HiddenField, MultipleFileField, SelectField

from fieldapp.core.survey import KINDS, Problem
from fieldapp.services.import_runs import StoredUpload, UploadStore, upload_store
from fieldapp.services.import_survey import (
    NAMED_LANGUAGES,
    ImportSurvey,
    is_form,
    keep_import,
    read_import,
)
from fieldapp.services.media import CannotKeep
from fieldapp.sources.xlsform.read import Reading
from fieldapp.web.admin.forms import AdminForm, choice
from fieldapp.web.context import db_session, house, now, required_actor, settings
from fieldapp.web.language import own_name
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.texts import Told, told
from fieldapp.web.surveys.trail import address_of, survey_trail

MOST_FILES = 100
MOST_LANGUAGES = 20
MOST_SHOWN = 100  # problems on the page; the first ones first
KIND_NAMES: dict[str, Any] = {
    "bewonersgesprek": _l("Gesprek met een bewoner"),
    "portiekgesprek": _l("Gesprek in een portiek"),
    "observatie": _l("Observatie"),
    "enquete": _l("Enquête voor bewoners"),
    "professional": _l("Vragen aan een professional"),
}
LEAVE_IT = ""


class UploadSurveyForm(AdminForm):
    """The files, and what cannot be read from them."""

    files = MultipleFileField(_l("Bestanden"))
    kind = SelectField(_l("Soort vragenlijst"), validate_choice=False)
    language = SelectField(_l("Taal van teksten zonder taal"), validate_choice=False)
    unknown = HiddenField()  # names of languages that nobody knows, one a line
    agreed = HiddenField()  # the remarks that were read, as a mark of the files

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.files.description = _(
            "Een vragenlijst uit ODK, KoboToolbox of Survey123: .xlsx, .xls of .md. Voeg ook de "
            "CSV-bestanden, foto’s en geluiden toe die erbij horen. Of één .zip met alles."
        )
        self.kind.choices = [
            choice("", _("Zoals in het bestand staat")),
            *(choice(name, KIND_NAMES[name]) for name in KINDS),
        ]
        self.language.choices = [choice(tag, own_name(tag)) for tag in NAMED_LANGUAGES]
        for field in self.tongues:
            field.choices = [
                choice(LEAVE_IT, _("Weet ik niet. Laat dit zo.")),
                *(choice(tag, own_name(tag)) for tag in NAMED_LANGUAGES),
            ]

    @property
    def tongues(self) -> list[Any]:
        """The fields that ask which language a name means."""
        return [field for field in self if field.name.startswith("tongue_")]

    def languages(self) -> dict[str, str]:
        """Names -> chosen tags."""
        names = _names(self.unknown.data)
        chosen = {name: field.data for name, field in zip(names, self.tongues, strict=False)}
        return {name: tag for name, tag in chosen.items() if tag in NAMED_LANGUAGES}


def _names(written: object) -> list[str]:
    return [name for name in str(written or "").split("\n") if name.strip()][:MOST_LANGUAGES]


def _form(unknown: Sequence[str] | None = None) -> UploadSurveyForm:
    """The form with a field for each unknown language; None: those of this request."""
    names = _names(request.form.get("unknown")) if unknown is None else list(unknown)
    fields = {
        f"tongue_{number}": SelectField(
            _("Welke taal is “%(name)s”?", name=name), validate_choice=False
        )
        for number, name in enumerate(names[:MOST_LANGUAGES])
    }
    form: UploadSurveyForm = type("UploadSurveyForm", (UploadSurveyForm,), fields)()
    form.unknown.data = "\n".join(names)
    return form


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was sent before."""

    name: str
    value: str  # of the hidden control that sends it again


@dataclass(frozen=True, slots=True)
class Found:
    """What is shown of a file that was read: its problems in two tables, and what is in it."""

    errors: list[dict[str, str]]
    warnings: list[dict[str, str]]
    facts: list[tuple[str, str]]
    more: int = 0


@blueprint.route("/inlezen", methods=("GET", "POST"))
def upload() -> Any:
    """The form; a questionnaire without faults becomes a draft."""
    form = _form()
    if not form.is_submitted():
        form.language.data = form.language.data or required_language()
        return _page(form, [], None)
    kept = _uploads(upload_store(settings()))
    if not kept:
        form.refuse("files", _("Kies een bestand."))
    if form.kind.data not in ("", *KINDS):
        form.refuse("kind", _("Kies een soort uit de lijst."))
    if form.language.data not in NAMED_LANGUAGES:
        form.refuse("language", _("Kies een taal uit de lijst."))
    if not form.is_right:
        return _page(form, kept, None), 422
    return _read(form, kept)


def required_language() -> str:
    """The language that is chosen beforehand: that of the house."""
    found = settings().default_language
    return found if found in NAMED_LANGUAGES else "nl"


def _read(form: UploadSurveyForm, kept: list[StoredUpload]) -> Any:
    """Read the files; keep them as a draft, or say what there is to say first."""
    store = upload_store(settings())
    command = ImportSurvey(
        {upload.name: store.path(upload).read_bytes() for upload in kept},
        str(form.kind.data),
        str(form.language.data),
        form.languages(),
    )
    found = read_import(command)
    mark = _mark(kept)
    if found.errors or (found.warnings and form.agreed.data != mark):
        return _say(form, kept, found, mark)
    try:
        found, draft = keep_import(db_session(), house().media, found, required_actor(), now())
    except CannotKeep:
        form.refuse("files", _("Het bewaren lukt nu niet. Probeer het straks opnieuw."))
        return _page(form, kept, None), 503
    if draft is None:
        return _say(form, kept, found, mark)
    flash(_("De vragenlijst is ingelezen. Dit is een concept. Kijk het na."), "ok")
    return redirect(address_of(draft), 303)


def _say(form: UploadSurveyForm, kept: list[StoredUpload], found: Reading, mark: str) -> Any:
    """The page with what was found; the same files can be sent again from it."""
    fresh = _form(found.unknown_languages or _names(form.unknown.data))
    fresh.kind.data, fresh.language.data = form.kind.data, form.language.data
    chosen = form.languages()
    for name, field in zip(_names(fresh.unknown.data), fresh.tongues, strict=False):
        field.data = chosen.get(name, LEAVE_IT)
    fresh.agreed.data = "" if found.errors else mark
    if any(problem.code == "kind_needed" for problem in found.errors):
        fresh.refuse("kind", _("In het bestand staat geen soort. Kies er een."))
    return _page(fresh, kept, _shown(found)), (422 if found.errors else 200)


def _page(form: UploadSurveyForm, kept: list[StoredUpload], found: Found | None) -> str:
    return render_template(
        "surveys/upload.html",
        form=form,
        kept=[Kept(upload.name, f"{upload.sha256} {upload.name}") for upload in kept],
        found=found,
        trail=survey_trail((_("Inlezen"), None)),
    )


def _uploads(store: UploadStore) -> list[StoredUpload]:
    """The files sent now and those sent before; of two with one name, or two forms, the new one."""
    sent = [
        store.write(file.stream, file.filename)
        for file in request.files.getlist("files")[:MOST_FILES]
        if file.filename
    ]
    before = [
        upload
        for value in request.form.getlist("kept")[:MOST_FILES]
        if (upload := store.kept(*reversed(value.partition(" ")[::2]))) is not None
    ]
    names = {upload.name for upload in sent}
    if any(is_form(name) for name in names):
        before = [upload for upload in before if not is_form(upload.name)]
    return [*(upload for upload in before if upload.name not in names), *sent]


def _mark(kept: Sequence[StoredUpload]) -> str:
    """Other files have other remarks."""
    return " ".join(sorted(upload.sha256[:16] for upload in kept))


def _shown(found: Reading) -> Found:
    survey = found.survey
    facts = []
    if survey is not None:
        questions = len(survey.questions)
        facts = [
            (_("Titel"), survey.title.in_language(survey.default_language)),
            (_("Vragen"), ngettext("%(num)s vraag", "%(num)s vragen", questions)),
            (_("Talen"), ", ".join(own_name(tag) for tag in survey.languages)),
        ]
    hidden = max(0, len(found.errors) - MOST_SHOWN) + max(0, len(found.warnings) - MOST_SHOWN)
    return Found(_rows(found.errors), _rows(found.warnings), facts, hidden)


def _rows(problems: Sequence[Problem]) -> list[dict[str, str]]:
    rows = []
    for problem in problems[:MOST_SHOWN]:
        said = told(problem)
        rows.append({"where": _where(said), "text": said.text})
    return rows


def _where(said: Told) -> str:
    """Sheet, row and column in one cell, which fits a phone; names in their own direction."""
    parts = [
        Markup("<bdi>{}</bdi>").format(said.sheet) if said.sheet else "",
        Markup.escape(_("rij %(row)s", row=said.row)) if said.row else "",
        Markup("{} <bdi>{}</bdi>").format(_("kolom"), said.column) if said.column else "",
    ]
    return Markup(", ").join(part for part in parts if part)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Any:
    """More than the server takes at once."""
    words = _(
        "De bestanden zijn samen te groot. Meer dan %(limit)s MB gaat niet tegelijk. Maak foto’s "
        "en geluiden kleiner.",
        limit=settings().max_upload_mb,
    )
    flash(words, "error")
    return redirect(url_for("surveys.upload"), 303)
