"""Files of submissions: for who sent them, and for who reviews in that area."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort

from fieldapp.core.people import REVIEW_ROLES, Actor
from fieldapp.db.models import Submission
from fieldapp.db.queries.submissions import attachment_of
from fieldapp.web.context import db_session, required_actor
from fieldapp.web.media.files import send_photo

blueprint = Blueprint("media", __name__, url_prefix="/foto")


def may_see(actor: Actor, submission: Submission) -> bool:
    """Whose it is, or who has a reviewing role where it was captured."""
    if submission.organisation_id != actor.organisation_id:
        return False
    own = actor.user_id is not None and submission.user_id == actor.user_id
    return own or actor.covers(submission.area_code, *REVIEW_ROLES)


@blueprint.get("/<uuid:submission_id>/<int:attachment_id>")
def photo(submission_id: uuid.UUID, attachment_id: int) -> Response:
    """One file; 404 also for those who may not see it, so that nothing is given away."""
    session = db_session()
    submission = session.get(Submission, submission_id)
    if submission is None or not may_see(required_actor(), submission):
        abort(404)
    attachment = attachment_of(session, submission_id, attachment_id)
    if attachment is None:
        abort(404)
    return send_photo(attachment.sha256, attachment.media_type, attachment.file_name)
