"""Pictures, sound and film that go with a survey: public, without cookies, kept by browsers.

The address is the hash of the bytes, so that it never means anything else. Only hashes that a
published survey names are served to all; of a draft to colleagues, and to whoever tries it.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, request, send_file

from fieldapp.services.media_named import is_public_media, is_visible_media
from fieldapp.services.uploads import HEAD_BYTES, shown_type
from fieldapp.web.context import current_actor, db_session, house

blueprint = Blueprint("survey_media", __name__, url_prefix="/vragenlijst-media")

SHA256 = re.compile(r"[0-9a-f]{64}")
FOR_EVER = "public, max-age=31536000, immutable"


@blueprint.get("/<sha256>")
def file(sha256: str) -> Response:
    """One file; 404 for what no survey names, and for what is no picture, sound or film."""
    if not SHA256.fullmatch(sha256):
        abort(404)
    session = db_session()
    public = is_public_media(session, sha256)
    if not public:
        actor = current_actor() if request.cookies else None
        if not is_visible_media(session, sha256, actor):
            abort(404)
    path = house().media.path(sha256)
    if not path.is_file():
        abort(404)
    with path.open("rb") as opened:
        media_type = shown_type(opened.read(HEAD_BYTES))
    if media_type is None:
        abort(404)
    response = send_file(path, mimetype=media_type, etag=sha256, conditional=True)
    response.headers["Cache-Control"] = FOR_EVER if public else "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    return response
