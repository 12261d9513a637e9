"""POST and GET of submissions."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, jsonify, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.core.people import COLLECTORS, REVIEW_ROLES, Actor
from fieldapp.db.models import Submission
from fieldapp.db.queries.submissions import attachments_of, events_of
from fieldapp.services.intake import NotAllowed, Receipt, Refused
from fieldapp.services.intake.again import own_receipt
from fieldapp.services.intake.answers import coarse
from fieldapp.services.place_seen import place_seen, sees_exact
from fieldapp.services.receive_parts import receive_with_parts
from fieldapp.services.survey_versions import survey_of
from fieldapp.web.api.identity import api_actor, problem_answer
from fieldapp.web.api.read_submission import Reader
from fieldapp.web.context import db_session, intake, now, parts
from fieldapp.web.problems import problems_as_json

blueprint = Blueprint("api_submissions", __name__, url_prefix="/api/v1")

STATUS = {"created": 201, "corrected": 200, "same": 200}

# What came did not take the place of what is there, and why (services/intake/again.py).
BESIDE = {
    "conflict": _l(
        "Dit nummer is al gebruikt voor andere inhoud. Beide zijn bewaard; "
        "een medewerker kijkt ernaar."
    ),
    "seen": _l(
        "Een collega heeft dit formulier al bekeken. Je verandering is bewaard naast de eerste "
        "versie; een medewerker kijkt ernaar."
    ),
    "older": _l("Er is al een nieuwere versie van dit formulier. Die telt; er verandert niets."),
}


def receipt_as_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as the phone keeps it."""
    area = None
    if receipt.area_code:
        area = {"code": receipt.area_code, "name": receipt.area_name}
    found: dict[str, Any] = {
        "id": str(receipt.id),
        "state": receipt.state,
        "received_at": receipt.received_at.isoformat(),
        "content_sha256": receipt.content_sha256,
        "area": area,
        "area_status": receipt.area_status,
        "files": [{"name": name, "sha256": sha256} for name, sha256 in receipt.files],
    }
    if receipt.signed is not None:
        found["receipt"] = receipt.signed.as_json()
    return found


@blueprint.post("/submissions")
def receive() -> Any:
    """Take in one submission: 201 first time, 200 again, 409 other content under the id."""
    actor = api_actor()
    reader = Reader()
    store = parts()
    incoming = reader.read(request, store.reader(actor.user_id) if actor else None)
    if incoming is None:
        return _refused(reader.problems)
    try:
        receipt = receive_with_parts(db_session(), incoming, actor, now(), intake(), store)
    except Refused as error:
        return _refused(error.problems)
    except NotAllowed:
        return problem_answer(401, "log_in", _("Log in, of stuur een geldig token mee."))
    if receipt.status in BESIDE:
        return _beside(receipt)
    return jsonify(receipt_as_json(receipt)), STATUS[receipt.status]


def _beside(receipt: Receipt) -> Any:
    """409; who sent the version that counts gets its receipt along."""
    answer = problem_answer(409, receipt.status, str(BESIDE[receipt.status]))
    if receipt.signed is not None:
        return jsonify(**answer.get_json(), receipt=receipt.signed.as_json()), 409
    return answer


def _refused(problems: Any) -> Any:
    message = _("De inzending is nog niet bewaard. Verbeter wat hieronder staat en stuur opnieuw.")
    return problem_answer(422, "refused", message, problems_as_json(problems))


@blueprint.get("/submissions/<submission_id>")
def read(submission_id: str) -> Any:
    """One submission, its place as precise as the caller may see it."""
    actor = api_actor()
    if actor is None:
        return problem_answer(401, "log_in", _("Log in, of stuur een geldig token mee."))
    found = _visible(submission_id, actor)
    if found is None:
        return problem_answer(404, "not_found", _("Deze inzending bestaat niet."))
    session = db_session()
    version_survey = found.version.survey
    return jsonify(
        id=str(found.id),
        survey=version_survey.name,
        version=found.version.version,
        kind=found.kind,
        language=found.language,
        captured_at=found.captured_at.isoformat(),
        received_at=found.received_at.isoformat(),
        state=found.state,
        location=place_as_seen(found, actor),
        area_code=found.area_code,
        area_status=found.area_status,
        boundary_year=found.boundary_year,
        answers=answers_as_seen(found, actor),
        content_sha256=found.content_sha256,
        files=[
            {
                "question": a.question,
                "name": a.file_name,
                "sha256": a.sent_sha256,
                "stored_sha256": a.sha256,
                "media_type": a.media_type,
                "size": a.size,
                "width": a.width,
                "height": a.height,
            }
            for a in attachments_of(session, found.id)
        ],
        history=[
            {"state": e.state, "at": e.at.isoformat(), "reason": e.reason}
            for e in events_of(session, found.id)
        ],
    )


@blueprint.get("/submissions/<submission_id>/receipt")
def read_receipt(submission_id: str) -> Any:
    """The receipt of what the caller sent, and whether a newer version may still replace it."""
    actor = api_actor()
    if actor is None:
        return problem_answer(401, "log_in", _("Log in, of stuur een geldig token mee."))
    wanted = _uuid(submission_id)
    own = None if wanted is None else own_receipt(db_session(), wanted, actor)
    if own is None:
        return problem_answer(404, "not_found", _("Deze inzending bestaat niet."))
    return jsonify(
        **receipt_as_json(own.receipt), revision=own.revision, correctable=own.correctable
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _visible(text: str, actor: Actor) -> Submission | None:
    submission_id = _uuid(text)
    found = None if submission_id is None else db_session().get(Submission, submission_id)
    if found is None or found.organisation_id != actor.organisation_id:
        return None
    own = found.user_id is not None and found.user_id == actor.user_id
    # What residents filled in themselves is for reviewers, not for who walks their street.
    readers = REVIEW_ROLES if found.kind == "enquete" else (*REVIEW_ROLES, *COLLECTORS)
    return found if own or actor.covers(found.area_code, *readers) else None


def answers_as_seen(found: Submission, actor: Actor) -> dict[str, Any]:
    """The answers; points in them as exactly as this caller may see them."""
    if sees_exact(found, actor):
        return found.answers
    return coarse(survey_of(db_session(), found.survey_version_id), found.answers)


def place_as_seen(found: Submission, actor: Actor) -> dict[str, Any] | None:
    """The place as JSON, as exactly as this caller may see it."""
    seen = place_seen(found, actor)
    if seen is None:
        return None
    return {
        "lon": seen.lon,
        "lat": seen.lat,
        "accuracy_m": seen.accuracy_m if seen.exact else 100.0,
        "source": found.location_source if seen.exact else "cell",
    }
