"""Proef: a draft that anybody with the link can walk through. Nothing is sent, nothing is kept.

The link is the key (256 bits by chance); making a new one closes the old. Pages for who tries it
stand apart from the room: no log-in, no cookie, as the public survey. What is typed lies in a draft
of nobody: gone after a day, when the link stops, and when the version is published or deleted.
"""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.survey import Survey
from fieldapp.db.models import Draft, SurveyVersion
from fieldapp.db.queries.drafts import draft_by_id
from fieldapp.db.queries.surveys import version_by_trial
from fieldapp.services.drafts import DraftState, speak, state_of
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import visible_version
from fieldapp.services.try_survey import begin_trial, close_trial, open_trial
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.field.answers import shown_stored
from fieldapp.web.forms.token import FIELD_NAME, start_token, start_token_fits, token_fits
from fieldapp.web.forms.walk import Road, advance, language_for, languages_for, show_page, store
from fieldapp.web.language import use_language
from fieldapp.web.media.files import send_kept
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.deeds import told
from fieldapp.web.surveys.overview import readable
from fieldapp.web.surveys.trail import address_of, survey_trail, title_of

trials = Blueprint("trials", __name__, url_prefix="/proef")


@blueprint.get("/<int:version_id>/proef")
def trial(version_id: int) -> Any:
    """The link of the trial, as text and as QR code; or the button to make one."""
    version = visible_version(db_session(), version_id, required_actor())
    title = title_of(version)
    return render_template(
        "surveys/trial.html",
        version=version,
        title=title,
        link=_link(version) if version.trial_token else "",
        whole=readable(version) is not None,
        trail=survey_trail((title, address_of(version)), (_("Proef"), None)),
    )


def _link(version: SurveyVersion) -> str:
    return url_for("trials.intro", token=version.trial_token, _external=True)


@blueprint.post("/<int:version_id>/proef")
def start_trial(version_id: int) -> Any:
    """A new link, or none any more; the old one stops."""
    session, actor = db_session(), required_actor()
    deed = close_trial if request.form.get("deed") == "close" else open_trial
    try:
        version = deed(session, version_id, actor, now())
    except Refusal as refusal:
        session.rollback()
        flash(told(refusal), "error")
        return redirect(url_for("surveys.trial", version_id=version_id), 303)
    opened = version.trial_token is not None
    flash(_("De link is klaar.") if opened else _("De link werkt niet meer."), "ok")
    return redirect(url_for("surveys.trial", version_id=version_id), 303)


@blueprint.get("/<int:version_id>/proef.svg")
def trial_code(version_id: int) -> Response:
    """The link as a QR code."""
    import segno

    version = visible_version(db_session(), version_id, required_actor())
    if not version.trial_token:
        abort(404)
    buffer = io.BytesIO()
    code = segno.make(_link(version), error="q", micro=False)
    code.save(buffer, kind="svg", scale=6, border=4, xmldecl=False, title=_("Proef"))
    return Response(buffer.getvalue(), mimetype="image/svg+xml")


def _tried(token: str) -> tuple[SurveyVersion, Survey]:
    version = version_by_trial(db_session(), token) if token.isprintable() else None
    survey = readable(version) if version is not None and version.state == "draft" else None
    if version is None or survey is None:
        abort(404)
    return version, survey


def _draft(token: str, draft_id: uuid.UUID, *, lock: bool = False) -> Draft:
    """The draft under this link; 404 for any other, also one of a real round."""
    version, _survey = _tried(token)
    draft = draft_by_id(db_session(), draft_id, lock=lock)
    mine = draft is not None and draft.user_id is None and draft.round_id is None
    if draft is None or not mine or draft.survey_version_id != version.id:
        abort(404)
    return draft


def _road(token: str) -> Road:
    return Road(
        template="surveys/trial_page.html",
        page_url=lambda draft, page: url_for("trials.page", token=token, draft_id=draft, page=page),
        photo_url=lambda draft, sha: url_for(
            "trials.photo", token=token, draft_id=draft, sha256=sha
        ),
        send_label=_l("Klaar"),
        exact_place=False,
        test=True,
    )


@trials.get("/<token>")
def intro(token: str) -> Any:
    """What it is, and the button to begin."""
    _version, survey = _tried(token)
    language = _wished(survey)
    use_language(language)
    return render_template(
        "surveys/trial_intro.html",
        title=survey.title.in_language(language),
        intro=survey.intro.in_language(language).splitlines() if survey.intro else [],
        languages=languages_for(survey),
        language_url=lambda tag: url_for("trials.intro", token=token, taal=tag),
        action=url_for("trials.begin", token=token, taal=language),
        draft_token=start_token(token),
    )


def _wished(survey: Survey) -> str:
    best = request.accept_languages.best_match([tag for tag, _name in languages_for(survey)])
    return language_for(survey, request.args.get("taal"), best, settings().default_language)


@trials.post("/<token>")
def begin(token: str) -> Any:
    """A draft of nobody, and its first page."""
    version, survey = _tried(token)
    if not start_token_fits(request.form.get(FIELD_NAME, ""), token):
        return redirect(url_for("trials.intro", token=token))
    session = db_session()
    draft = begin_trial(session, version, _wished(survey), now())
    return _first(token, state_of(session, draft))


def _first(token: str, state: DraftState) -> Any:
    return redirect(
        url_for("trials.page", token=token, draft_id=state.draft.id, page=state.pages[0])
    )


@trials.get("/<token>/<uuid:draft_id>/<page>")
def page(token: str, draft_id: uuid.UUID, page: str) -> Any:
    """One page, as it was left."""
    draft = _draft(token, draft_id)
    session = db_session()
    state = state_of(session, draft)
    if page not in state.pages:
        return _first(token, state)
    asked = request.args.get("taal", "")
    if asked != draft.language and asked in dict(languages_for(state.survey)):
        speak(session, draft, asked)
        state = state_of(session, draft)
    problems = state.problems_on(page) if "controle" in request.args else ()
    return show_page(session, state, page, _road(token), None, problems)


@trials.post("/<token>/<uuid:draft_id>/<page>")
def send(token: str, draft_id: uuid.UUID, page: str) -> Any:
    """Go on, or say what is wrong; at the end show what would be sent."""
    draft = _draft(token, draft_id, lock=True)
    if not token_fits(request.form.get(FIELD_NAME, ""), draft.id, None):
        abort(400)
    session = db_session()
    state = state_of(session, draft)
    if page not in state.pages:
        return _first(token, state)
    state, wrong = store(session, state, page)
    outcome = advance(session, state, page, wrong, None, test=True)
    if outcome.would_send is not None:
        use_language(draft.language)
        return render_template(
            "surveys/trial_end.html",
            title=state.survey.title.in_language(draft.language),
            answers=shown_stored(state.survey, outcome.would_send.stored, draft.language),
            thanks=state.survey.thanks.in_language(draft.language) if state.survey.thanks else "",
            answers_language=draft.language,
            again=url_for("trials.intro", token=token),
        )
    if outcome.problems:
        return show_page(session, state, page, _road(token), None, outcome.problems), 422
    return redirect(
        url_for(
            "trials.page", token=token, draft_id=draft_id, page=outcome.page, **outcome.address()
        )
    )


@trials.get("/<token>/<uuid:draft_id>/foto/<sha256>")
def photo(token: str, draft_id: uuid.UUID, sha256: str) -> Any:
    """A file that was added during the trial."""
    return send_kept(_draft(token, draft_id).files, sha256)
