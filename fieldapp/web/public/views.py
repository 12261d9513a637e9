"""A survey for residents: no log-in, no cookies, one question a page. The link is the key."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.dates import local_day
from fieldapp.core.receipt import number_of
from fieldapp.core.survey import Survey
from fieldapp.db.models import Draft, Organisation, Round, Submission, SurveyVersion
from fieldapp.db.queries.drafts import draft_by_id
from fieldapp.db.queries.receipts import signed_receipt
from fieldapp.db.queries.surveys import is_open, published_version, round_by_slug
from fieldapp.services.drafts import DraftState, speak, start_draft, state_of
from fieldapp.services.survey_versions import parsed, survey_of
from fieldapp.web.context import db_session, now, settings
from fieldapp.web.forms.token import FIELD_NAME, start_token, start_token_fits, token_fits
from fieldapp.web.forms.walk import (
    Road,
    advance,
    language_for,
    languages_for,
    show_page,
    store,
)
from fieldapp.web.language import in_each, use_language
from fieldapp.web.media.files import send_kept
from fieldapp.web.receipts.download import receipt_file

blueprint = Blueprint("public", __name__, url_prefix="/v")


def road(slug: str) -> Road:
    """How residents walk: a buurt at most, never a position."""
    return Road(
        template="public/page.html",
        page_url=lambda draft, page: url_for("public.page", slug=slug, draft_id=draft, page=page),
        photo_url=lambda draft, sha: url_for("public.photo", slug=slug, draft_id=draft, sha256=sha),
        send_label=_l("Versturen"),
        exact_place=False,
    )


def _today() -> date:
    return local_day(now())


def public_round(slug: str) -> tuple[Round, Organisation]:
    """The public round of this link; 404 for any other link."""
    # A link made of other signs was never given out; PostgreSQL would refuse a NUL.
    found = round_by_slug(db_session(), slug) if slug.isprintable() else None
    if found is None or not found.is_public:
        abort(404)
    organisation = db_session().get(Organisation, found.organisation_id)
    if organisation is None:
        abort(404)
    return found, organisation


def newest_survey(found: Round) -> tuple[SurveyVersion, Survey]:
    """The version that somebody who starts now fills in."""
    version = published_version(db_session(), found.survey.name)
    if version is None:
        abort(404)
    return version, parsed(version)


def _wished(survey: Survey) -> str:
    best = request.accept_languages.best_match([tag for tag, _name in languages_for(survey)])
    return language_for(survey, request.args.get("taal"), best, settings().default_language)


def closed_page(found: Round, organisation: Organisation, survey: Survey) -> Any:
    """Friendly: it is over, or it has not begun."""
    language = _wished(survey)
    use_language(language)
    soon = found.opens_on > _today()
    page = render_template(
        "public/closed.html",
        round=found,
        organisation=organisation,
        soon=soon,
        title=survey.title.in_language(language),
        languages=languages_for(survey),
        language_url=lambda tag: url_for("public.intro", slug=found.slug, taal=tag),
    )
    return page, 200 if soon else 410


@blueprint.get("/<slug>")
def intro(slug: str) -> Any:
    """Who asks, why, how long it takes; the languages; the button to begin."""
    found, organisation = public_round(slug)
    _version, survey = newest_survey(found)
    if not is_open(found, _today()):
        return closed_page(found, organisation, survey)
    language = _wished(survey)
    use_language(language)
    lines = survey.intro.in_language(language).splitlines() if survey.intro else []
    return render_template(
        "public/intro.html",
        organisation=organisation,
        title=survey.title.in_language(language),
        title_language=survey.title.language_shown(language),
        intro=lines,
        intro_language=survey.intro.language_shown(language) if survey.intro else language,
        languages=languages_for(survey),
        language_url=lambda tag: url_for("public.intro", slug=slug, taal=tag),
        how=in_each(languages_for(survey), _l("Lezen")),
        action=url_for("public.begin", slug=slug, taal=language),
        draft_token=start_token(slug),
    )


@blueprint.post("/<slug>")
def begin(slug: str) -> Any:
    """Begin: from here the address holds the key to what is filled in."""
    found, organisation = public_round(slug)
    version, survey = newest_survey(found)
    if not is_open(found, _today()):
        return closed_page(found, organisation, survey)
    if not start_token_fits(request.form.get(FIELD_NAME, ""), slug):
        return redirect(url_for("public.intro", slug=slug))
    session = db_session()
    draft = start_draft(session, version, found, None, _wished(survey), now())
    page = state_of(session, draft).pages[0]
    return redirect(url_for("public.page", slug=slug, draft_id=draft.id, page=page))


def open_draft(found: Round, draft_id: uuid.UUID, *, lock: bool = False) -> Draft | None:
    """The draft under this link; None when it was sent. 404 for any other, also a colleague's."""
    draft = draft_by_id(db_session(), draft_id, lock=lock)
    if draft is None:
        submission = db_session().get(Submission, draft_id)
        if submission is None or submission.round_id != found.id:
            abort(404)
        return None
    if draft.user_id is not None or draft.round_id != found.id:
        abort(404)
    return draft


def _thanks(slug: str, draft_id: uuid.UUID) -> Any:
    return redirect(url_for("public.thanks", slug=slug, draft_id=draft_id))


@blueprint.get("/<slug>/<uuid:draft_id>/<page>")
def page(slug: str, draft_id: uuid.UUID, page: str) -> Any:
    """One page, as it was left."""
    found, organisation = public_round(slug)
    draft = open_draft(found, draft_id)
    if draft is None:
        return _thanks(slug, draft_id)
    state = state_of(db_session(), draft)
    if not is_open(found, _today()):
        return closed_page(found, organisation, state.survey)
    if page not in state.pages:
        first = state.pages[0]
        return redirect(url_for("public.page", slug=slug, draft_id=draft_id, page=first))
    asked = request.args.get("taal", "")
    if asked != draft.language and asked in dict(languages_for(state.survey)):
        speak(db_session(), draft, asked)
    problems = state.problems_on(page) if "controle" in request.args else ()
    return _show(state, page, slug, organisation, problems)


def _show(
    state: DraftState, page: str, slug: str, organisation: Organisation, problems: Any = ()
) -> str:
    return show_page(
        db_session(), state, page, road(slug), None, problems, organisation=organisation
    )


@blueprint.post("/<slug>/<uuid:draft_id>/<page>")
def send(slug: str, draft_id: uuid.UUID, page: str) -> Any:
    """Store the page; then go on, or say what is wrong."""
    found, organisation = public_round(slug)
    draft = open_draft(found, draft_id, lock=True)
    if draft is None:
        return _thanks(slug, draft_id)
    if not token_fits(request.form.get(FIELD_NAME, ""), draft.id, None):
        abort(400)
    session = db_session()
    state = state_of(session, draft)
    if page not in state.pages:
        first = state.pages[0]
        return redirect(url_for("public.page", slug=slug, draft_id=draft_id, page=first))
    state, wrong_photos = store(session, state, page)
    if not is_open(found, _today()):
        return closed_page(found, organisation, state.survey)
    outcome = advance(session, state, page, wrong_photos, None)
    if outcome.receipt is not None:
        return _thanks(slug, draft_id)
    if outcome.problems:
        return _show(state, page, slug, organisation, outcome.problems), 422
    return redirect(
        url_for("public.page", slug=slug, draft_id=draft_id, page=outcome.page, **outcome.address())
    )


@blueprint.get("/<slug>/<uuid:draft_id>/foto/<sha256>")
def photo(slug: str, draft_id: uuid.UUID, sha256: str) -> Any:
    """A photo or another file that this draft keeps."""
    found, _organisation = public_round(slug)
    draft = open_draft(found, draft_id)
    if draft is None:
        abort(404)
    return send_kept(draft.files, sha256)


@blueprint.get("/<slug>/klaar/<uuid:draft_id>")
def thanks(slug: str, draft_id: uuid.UUID) -> Any:
    """Thank you, and when something will be heard. Shows no answers: the link may be shared."""
    found, organisation = public_round(slug)
    submission = db_session().get(Submission, draft_id)
    if submission is None or submission.round_id != found.id:
        abort(404)
    survey = survey_of(db_session(), submission.survey_version_id)
    use_language(submission.language)
    text = survey.thanks.in_language(submission.language) if survey.thanks else _("Dank u wel.")
    return render_template(
        "public/thanks.html",
        organisation=organisation,
        lines=text.splitlines(),
        text_language=survey.thanks.language_shown(submission.language) if survey.thanks else "",
        received_at=submission.received_at,
        number=number_of(draft_id),
        download=_download(slug, draft_id),
    )


def _download(slug: str, draft_id: uuid.UUID) -> str:
    """The address of the receipt; "" when there is none, of before receipts were signed."""
    if signed_receipt(db_session(), draft_id) is None:
        return ""
    return url_for("public.receipt", slug=slug, draft_id=draft_id)


@blueprint.get("/<slug>/klaar/<uuid:draft_id>/ontvangstbewijs.json")
def receipt(slug: str, draft_id: uuid.UUID) -> Any:
    """The signed receipt, to keep. Like the page it lies under, it says no answers."""
    found, _organisation = public_round(slug)
    submission = db_session().get(Submission, draft_id)
    if submission is None or submission.round_id != found.id:
        abort(404)
    return receipt_file(draft_id)
