"""Send a stored file to somebody who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, abort, send_file

from fieldapp.web.context import house

KEPT_SECONDS = 3600


def send_photo(sha256: str, media_type: str = "image/jpeg", file_name: str = "") -> Response:
    """The file by its hash; only for this browser.

    A photo that we made ourselves is shown as a picture; whatever else people sent leaves as a
    download, so that nothing of it can run as a page of ours.
    """
    path = house().media.path(sha256)
    if not path.is_file():
        abort(404)
    shown = media_type == "image/jpeg"
    response = send_file(
        path,
        mimetype=media_type,
        etag=sha256,
        conditional=True,
        as_attachment=not shown,
        download_name=None if shown else file_name or sha256[:12],
    )
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if shown:
        response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def send_kept(files: Iterable[Mapping[str, Any]], sha256: str) -> Response:
    """One of the files that a draft keeps; 404 for any other."""
    found = next((file for file in files if file["sha256"] == sha256), None)
    if found is None:
        abort(404)
    return send_photo(sha256, found["media_type"], found["file_name"])
