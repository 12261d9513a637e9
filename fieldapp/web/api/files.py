"""Files in parts: how much is here, and the next part. Every file is of who sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Request, jsonify, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.services.media import CannotKeep
from fieldapp.services.parts import (
    PART_BYTES,
    EmptyFile,
    FileTooLarge,
    HashMismatch,
    NoRoom,
    NotAHash,
    WrongOffset,
)
from fieldapp.web.api.identity import api_user_id, log_in_first, problem_answer
from fieldapp.web.context import parts

blueprint = Blueprint("api_files", __name__, url_prefix="/api/v1")

LONGEST_NUMBER = 15  # digits: more bytes than any disk has
# Why a part is not taken: (status, code, words).
REFUSALS: Mapping[type[Exception], tuple[int, str, Any]] = {
    WrongOffset: (
        409,
        "offset",
        _l("Dit stuk sluit niet aan op wat er al is. Ga verder waar het ophield."),
    ),
    FileTooLarge: (
        413,
        "file_too_large",
        _l("Dit bestand is te groot. Het mag niet groter zijn dan %(most)s MB."),
    ),
    EmptyFile: (
        422,
        "file_empty",
        _l("Het stuk past niet in de opgegeven lengte, of het bestand is leeg."),
    ),
    HashMismatch: (
        422,
        "hash_mismatch",
        _l("Het bestand is onderweg beschadigd. Stuur het opnieuw, vanaf het begin."),
    ),
    NoRoom: (
        507,
        "person_full",
        _l(
            "Er wachten al veel bestanden van jou. Wat je hebt gemaakt, blijft op je telefoon en "
            "gaat later."
        ),
    ),
    CannotKeep: (
        507,
        "disk_full",
        _l(
            "De server heeft nu geen ruimte. Wat je hebt gemaakt, blijft op je telefoon en gaat "
            "later."
        ),
    ),
}


@blueprint.get("/files/<sha256>")
def state(sha256: str) -> Any:
    """How many bytes of this file are here."""
    user_id = api_user_id()
    if user_id is None:
        return log_in_first()
    try:
        return jsonify(parts().state(user_id, sha256).as_json())
    except NotAHash:
        return _not_a_hash()


@blueprint.put("/files/<sha256>")
def receive(sha256: str) -> Any:
    """The part that begins at Upload-Offset, of a file of Upload-Length bytes."""
    user_id = api_user_id()
    if user_id is None:
        return log_in_first()
    offset, total = _number("Upload-Offset"), _number("Upload-Length")
    if offset is None or total is None:
        message = _("Stuur Upload-Offset en Upload-Length mee, als aantal bytes.")
        return problem_answer(422, "upload_headers", message)
    data = body_of(request, PART_BYTES)
    if data is None:
        message = _("Dit stuk is te groot. Stuur kleinere stukken.")
        return problem_answer(413, "part_too_large", message)
    try:
        return jsonify(parts().append(user_id, sha256, offset, total, data).as_json())
    except NotAHash:
        return _not_a_hash()
    except tuple(REFUSALS) as error:
        return _refused(error)


def _refused(error: Exception) -> Any:
    status, code, words = REFUSALS[type(error)]
    if isinstance(error, FileTooLarge):
        words = str(words) % {"most": error.most // (1024 * 1024)}
    received = {"received": error.received} if isinstance(error, WrongOffset) else {}
    return problem_answer(status, code, str(words), **received)


def body_of(wanted: Request, most: int) -> bytes | None:
    """The bytes that came, None when there are more than `most`.

    When the line was cut these are fewer than were promised: the beginning of a part.
    """
    if (wanted.content_length or 0) > most:
        return None
    data = bytearray()
    while len(data) <= most:
        came = wanted.stream.read(most + 1 - len(data))
        if not came:
            return bytes(data)
        data += came
    return None


def _number(name: str) -> int | None:
    text = request.headers.get(name, "").strip()
    ok = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if ok else None


def _not_a_hash() -> Any:
    message = _("Dit is geen SHA-256. Geef 64 tekens: cijfers en kleine letters a tot en met f.")
    return problem_answer(404, "not_found", message)
