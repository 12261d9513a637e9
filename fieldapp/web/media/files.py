"""Send a stored photo to somebody who may see it."""

from __future__ import annotations

from flask import Response, abort, send_file

from fieldapp.web.context import house

KEPT_SECONDS = 3600


def send_photo(sha256: str, media_type: str = "image/jpeg") -> Response:
    """The file by its hash; only for this browser, and never as anything but a picture."""
    path = house().media.path(sha256)
    if not path.is_file():
        abort(404)
    response = send_file(path, mimetype=media_type, etag=sha256, conditional=True)
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
