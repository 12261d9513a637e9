"""The caretaker's phone: start page, what was sent, receipts, boundaries for the map."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fieldapp.core.dates import HERE, local_day
from fieldapp.core.people import FIELD_ROLES
from fieldapp.core.receipt import number_of
from fieldapp.db.models import Submission
from fieldapp.db.queries.places import boundary_revision
from fieldapp.db.queries.submissions import attachments_of, events_of
from fieldapp.db.queries.surveys import published_version, round_by_slug
from fieldapp.services.drafts import start_draft, state_of
from fieldapp.services.intake.receipt import receipt_of
from fieldapp.services.places import boundaries as boundaries_of
from fieldapp.services.review_submissions import note_of
from fieldapp.services.survey_versions import parsed, survey_of
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.field.answers import photos_among, shown_answers
from fieldapp.web.field.overview import (
    OpenRound,
    SurveyChoice,
    choices,
    only_round,
    overview,
)
from fieldapp.web.field.words import KIND_ICONS, KINDS, NO_PLACE, STATE_BADGES, STATES
from fieldapp.web.forms.walk import language_for
from fieldapp.web.language import current_language
from fieldapp.web.phone.addresses import form_address
from fieldapp.web.receipts.download import receipt_file

blueprint = Blueprint("field", __name__, url_prefix="/veld")
TALKS = ("bewonersgesprek", "portiekgesprek", "enquete", "professional")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Words and links that every page here uses."""
    return {
        "kinds": KINDS,
        "kind_icons": KIND_ICONS,
        "states": STATES,
        "state_badges": STATE_BADGES,
        "no_place": NO_PLACE,
        "home_url": url_for("field.start"),
        "logout_url": url_for("security.logout"),
        "form_of": form_of,
        "form_pattern": form_address("{survey}", "{version}", "{language}"),
    }


def form_of(choice: SurveyChoice | OpenRound) -> str:
    """Where the phone opens an empty form of this survey; "" when it has no definition."""
    if not choice.version:
        return ""
    slug = choice.slug if isinstance(choice, OpenRound) else choice.round_slug
    new = f"#nieuw&ronde={quote(slug)}" if slug else "#nieuw"
    return form_address(choice.survey, choice.version, choice.language) + new


@blueprint.get("/")
def start() -> str:
    """Two big buttons, one line of state, what is open, what I sent."""
    found = overview(db_session(), required_actor(), local_day(now()), current_language())
    return render_template("field/start.html", overview=found)


@blueprint.get("/gesprek")
def talk() -> str:
    """Choose which conversation it is."""
    found = choices(
        db_session(), required_actor(), local_day(now()), *TALKS, language=current_language()
    )
    return render_template("field/talk.html", choices=found, back_url=url_for("field.start"))


@blueprint.post("/begin")
def begin() -> Any:
    """Start a form and land on its first page."""
    session, actor, moment = db_session(), required_actor(), now()
    version = published_version(session, request.form.get("survey", ""))
    if version is None or version.survey.organisation_id not in (None, actor.organisation_id):
        abort(404)
    slug = request.form.get("round", "")
    round_ = round_by_slug(session, slug) if slug else None
    if slug and (
        round_ is None
        or round_.survey_id != version.survey_id
        or round_.organisation_id != actor.organisation_id
    ):
        abort(404)
    if not slug:
        round_ = only_round(session, actor, local_day(moment), version.survey_id)
    language = language_for(parsed(version), current_language())
    draft = start_draft(session, version, round_, actor, language, moment)
    page = state_of(session, draft).pages[0]
    return redirect(url_for("drafts.page", draft_id=draft.id, page=page))


def _own(submission_id: uuid.UUID, *, also_anonymous: bool = False) -> Submission:
    actor = required_actor()
    found = db_session().get(Submission, submission_id)
    if found is None or found.organisation_id != actor.organisation_id:
        abort(404)
    if found.user_id == actor.user_id:
        return found
    # An enquete names nobody, also not the colleague who helped: its receipt says no answers.
    if not (also_anonymous and found.kind == "enquete" and found.user_id is None):
        abort(404)
    return found


@blueprint.get("/klaar/<uuid:submission_id>")
def receipt(submission_id: uuid.UUID) -> str:
    """It has arrived: when, with how many photos, where it was put."""
    session = db_session()
    submission = _own(submission_id, also_anonymous=True)
    survey = survey_of(session, submission.survey_version_id)
    thanks = survey.thanks.in_language(current_language()) if survey.thanks else ""
    return render_template(
        "field/receipt.html",
        receipt=receipt_of(session, submission, "same"),
        submission=submission,
        survey=survey,
        thanks=thanks.splitlines(),
        is_own=submission.user_id is not None,
        number=number_of(submission_id),
    )


@blueprint.get("/klaar/<uuid:submission_id>/ontvangstbewijs.json")
def receipt_download(submission_id: uuid.UUID) -> Any:
    """The signed receipt, to keep."""
    return receipt_file(_own(submission_id, also_anonymous=True).id)


@blueprint.get("/inzending/<uuid:submission_id>")
def sent(submission_id: uuid.UUID) -> str:
    """Look back at one submission of my own: answers as shown, photos, history."""
    session = db_session()
    submission = _own(submission_id)
    survey = survey_of(session, submission.survey_version_id)
    files = attachments_of(session, submission.id)
    events = events_of(session, submission.id)
    return render_template(
        "field/sent.html",
        submission=submission,
        receipt=receipt_of(session, submission, "same"),
        answers=shown_answers(survey, submission, current_language(), attachments=files),
        photos=photos_among(files),
        events=events,
        notes={event.id: note[0] for event in events if (note := note_of(event.reason))},
        back_url=url_for("field.start"),
    )


@blueprint.get("/grenzen.geojson")
def boundaries() -> Any:
    """Boundaries of the buurten where I work, for the map; the same as long as nothing changes."""
    session = db_session()
    codes = required_actor().area_codes(*FIELD_ROLES)
    covered = "all" if codes is None else "-".join(codes)
    response = Response(mimetype="application/geo+json")
    response.set_etag(f"{boundary_revision(session)}-{covered}")
    response.headers["Cache-Control"] = "private, max-age=60"
    if request.if_none_match.contains(response.get_etag()[0] or ""):
        return response.make_conditional(request)
    response.set_data(boundaries_of(session, codes))
    return response


def arrival(moment: datetime, photos: int) -> str:
    """'Aangekomen om 14:03, met 2 foto's'."""
    time = moment.astimezone(HERE).strftime("%H:%M")
    if photos == 0:
        return str(_("Aangekomen om %(time)s", time=time))
    if photos == 1:
        return str(_("Aangekomen om %(time)s, met 1 foto", time=time))
    return str(_("Aangekomen om %(time)s, met %(photos)s foto's", time=time, photos=photos))


blueprint.add_app_template_global(arrival, "arrival")
