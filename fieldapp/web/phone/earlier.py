"""Earlier photos for the phone: where they were taken, and the pictures, small."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import Response, abort, request, url_for

from fieldapp.core.dates import local_day
from fieldapp.db.models import Submission
from fieldapp.db.queries.earlier_photos import PHOTO
from fieldapp.db.queries.submissions import attachment_of
from fieldapp.services.earlier_photos import earlier_photos, small
from fieldapp.web.context import db_session, house, required_actor
from fieldapp.web.media.views import may_see
from fieldapp.web.phone.blueprint import blueprint

if TYPE_CHECKING:
    from fieldapp.web.phone.pack import Asked

KEPT_SECONDS = 7 * 24 * 3600  # a photo never changes, who may see it may


def earlier_part(asked: Asked) -> list[dict[str, Any]]:
    """[{lon, lat, on (ISO day), url}], the newest first; degrees to a metre."""
    return [
        {
            "lon": round(found.lon, 5),
            "lat": round(found.lat, 5),
            "on": local_day(found.captured_at).isoformat(),
            "url": url_for(
                "phone.earlier_photo",
                submission_id=found.submission_id,
                attachment_id=found.attachment_id,
            ),
        }
        for found in earlier_photos(asked.session, asked.actor, asked.now)
    ]


@blueprint.get("/eerder/<uuid:submission_id>/<int:attachment_id>.jpg")
def earlier_photo(submission_id: uuid.UUID, attachment_id: int) -> Response:
    """A photo of an observation, small; 404 also for those who may not see it."""
    session = db_session()
    submission = session.get(Submission, submission_id)
    if submission is None or not may_see(required_actor(), submission):
        abort(404)
    found = attachment_of(session, submission_id, attachment_id)
    if found is None or found.media_type != PHOTO or submission.kind != "observatie":
        abort(404)
    response = Response(mimetype=PHOTO)
    response.set_etag(f"{found.sha256}-small")
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    if request.if_none_match.contains_weak(f"{found.sha256}-small"):
        response.status_code = 304
        return response
    try:
        response.set_data(small(house().media.read(found.sha256)))
    except OSError:
        abort(404)  # the photo was cleared away meanwhile, or its file is damaged
    return response
