"""POST of promises that were kept, or that are open again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, request
from flask_babel import gettext as _

from fieldapp.core.submission import can_be_stored
from fieldapp.services.follow_ups import NOTE_MAX, Promise, settle
from fieldapp.services.visible import NotThere, NotYours
from fieldapp.web.api.identity import api_actor, log_in_first, problem_answer
from fieldapp.web.context import db_session, now

blueprint = Blueprint("api_follow_ups", __name__, url_prefix="/api/v1")

LARGEST_ID = 2**31 - 1


@blueprint.post("/follow-ups/<follow_up_id>/done")
def done(follow_up_id: str) -> Any:
    """It was kept. The same again changes nothing: of two colleagues the first one stands."""
    return _settle(follow_up_id, done=True)


@blueprint.post("/follow-ups/<follow_up_id>/open")
def reopen(follow_up_id: str) -> Any:
    """It is open again."""
    return _settle(follow_up_id, done=False)


def _settle(text: str, *, done: bool) -> Any:
    actor = api_actor()
    if actor is None or actor.user_id is None:
        return log_in_first()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
    said = _body()
    if said is None:
        message = _("Dit is niet te lezen. Stuur een tijdstip en een korte tekst, of niets.")
        return problem_answer(422, "refused", message)
    at, note = said
    try:
        if not 0 < number <= LARGEST_ID:
            raise NotThere
        found = settle(db_session(), number, actor, now(), done=done, at=at, note=note)
    except NotThere:
        return problem_answer(404, "not_found", _("Deze belofte is er niet (meer)."))
    except NotYours:
        message = _("Afvinken doet wie in dit gebied aan de deur komt.")
        return problem_answer(403, "not_yours", message)
    return jsonify(promise_as_json(found))


def _body() -> tuple[datetime | None, str] | None:
    """(at, note) of {"at"?: moment, "note"?: text}; nothing at all is fine; None: it is wrong."""
    if not request.data:
        return None, ""
    data = request.get_json(force=True, silent=True)
    if not isinstance(data, Mapping) or set(data) - {"at", "note"}:
        return None
    note, at = data.get("note", ""), data.get("at")
    if not isinstance(note, str) or len(note) > NOTE_MAX or not can_be_stored(note):
        return None
    if at is None:
        return None, note
    try:
        moment = datetime.fromisoformat(at)
    except (TypeError, ValueError):
        return None
    return None if moment.tzinfo is None else (moment, note)


def promise_as_json(found: Promise) -> dict[str, Any]:
    """A promise as the phone knows it."""
    return {
        "id": found.id,
        "text": found.text,
        "portiek": found.portiek,
        "made_on": found.made_on.isoformat(),
        "done": not found.is_open,
        "done_on": found.done_on.isoformat() if found.done_on else None,
        "note": found.note,
    }
