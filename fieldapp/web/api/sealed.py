"""Sealed second copies: kept for who sealed them, and given back."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

from fieldapp.db.models import SealedCopy
from fieldapp.services import sealed
from fieldapp.services.media import CannotKeep
from fieldapp.services.parts import is_hash
from fieldapp.web.api.files import body_of
from fieldapp.web.api.identity import api_user_id, log_in_first, problem_answer
from fieldapp.web.context import db_session, now, settings

blueprint = Blueprint("api_sealed", __name__, url_prefix="/api/v1")

BYTES = "application/octet-stream"
_LOCK = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")


def vault() -> sealed.Vault:
    """Where sealed files lie."""
    return sealed.Vault(settings().data_dir / "sealed")


@blueprint.get("/sealed")
def listing() -> Any:
    """Every copy of this person, without the bodies."""
    if (user_id := api_user_id()) is None:
        return log_in_first()
    return jsonify(copies=sealed.copies(db_session(), user_id))


@blueprint.get("/sealed/<uuid:draft_id>")
def read(draft_id: uuid.UUID) -> Any:
    """One copy, as the phone sealed it."""
    if (user_id := api_user_id()) is None:
        return log_in_first()
    found = sealed.copy_of(db_session(), user_id, draft_id)
    if found is None:
        return _not_here()
    headers = {"Sealed-Lock": found.lock_id, "Sealed-Revision": str(found.revision)}
    return Response(found.body, mimetype=BYTES, headers=headers)


@blueprint.put("/sealed/<uuid:draft_id>")
def keep(draft_id: uuid.UUID) -> Any:
    """Keep a newer copy."""
    if (user_id := api_user_id()) is None:
        return log_in_first()
    lock, revision = request.headers.get("Sealed-Lock", ""), _revision()
    if not _LOCK.match(lock) or revision is None:
        message = _("Stuur Sealed-Lock en Sealed-Revision mee.")
        return problem_answer(422, "sealed_headers", message)
    body = body_of(request, sealed.MOST_BODY)
    if not body:
        return _too_large() if body is None else _empty()
    if _cut_short(body):
        return _cut()
    copy = SealedCopy(
        user_id=user_id, draft_id=draft_id, lock_id=lock, revision=revision, body=body
    )
    try:
        sealed.keep_copy(db_session(), vault(), copy, now())
    except sealed.NotNewer as error:
        message = _("Er staat al een nieuwere kopie van dit formulier.")
        return problem_answer(409, "revision", message, revision=error.revision)
    except sealed.TooMuch:
        return _full()
    return jsonify(draft=str(draft_id), revision=revision)


@blueprint.delete("/sealed/<uuid:draft_id>")
def forget(draft_id: uuid.UUID) -> Any:
    """Let a copy go; also when it was not there."""
    if (user_id := api_user_id()) is None:
        return log_in_first()
    sealed.forget_copy(db_session(), vault(), user_id, draft_id)
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


@blueprint.get("/sealed/<uuid:draft_id>/<name>")
def read_file(draft_id: uuid.UUID, name: str) -> Any:
    """One sealed file, as the phone sealed it."""
    if (user_id := api_user_id()) is None:
        return log_in_first()
    if not is_hash(name):
        return _not_here()
    data = sealed.file_bytes(db_session(), vault(), user_id, draft_id, name)
    return _not_here() if data is None else Response(data, mimetype=BYTES)


@blueprint.put("/sealed/<uuid:draft_id>/<name>")
def keep_file(draft_id: uuid.UUID, name: str) -> Any:
    """Keep a sealed file, before or after its copy."""
    if (user_id := api_user_id()) is None:
        return log_in_first()
    if not is_hash(name):
        return _not_here()
    data = body_of(request, sealed.MOST_FILE)
    if not data:
        return _too_large() if data is None else _empty()
    if _cut_short(data):
        return _cut()
    try:
        kept = sealed.keep_file(db_session(), vault(), user_id, draft_id, name, data, now())
    except sealed.TooMuch:
        return _full()
    except CannotKeep:
        message = _("De server heeft nu geen ruimte voor een tweede kopie.")
        return problem_answer(507, "disk_full", message)
    return jsonify(name=kept.name, sha256=kept.sha256, size=kept.size)


def _revision() -> int | None:
    text = request.headers.get("Sealed-Revision", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    number = int(text)
    return number if number <= sealed.HIGHEST_REVISION else None


def _cut_short(data: bytes) -> bool:
    """Whether fewer bytes came than were promised; the sender is gone by then."""
    return len(data) != (request.content_length or len(data))


def _cut() -> Any:
    message = _("De verbinding brak af. Stuur het opnieuw.")
    return problem_answer(422, "cut_short", message)


def _not_here() -> Any:
    return problem_answer(404, "not_found", _("Deze kopie is er niet."))


def _too_large() -> Any:
    return problem_answer(413, "too_large", _("Dit is te groot voor een tweede kopie."))


def _empty() -> Any:
    return problem_answer(422, "empty", _("Er is niets meegestuurd."))


def _full() -> Any:
    message = _("Er staan al veel kopieën van jou. Verstuur eerst wat op je telefoon wacht.")
    return problem_answer(507, "person_full", message)
