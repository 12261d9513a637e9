"""Phones tell how they are, and hear the time and the newest version; messages are ticked off."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import Blueprint, jsonify, request
from flask_babel import gettext as _

from fieldapp.services.devices import read_report, report_device
from fieldapp.services.messages import mark_read
from fieldapp.web.api.files import body_of
from fieldapp.web.api.identity import api_actor, api_user_id, log_in_first, problem_answer
from fieldapp.web.assets import static_version
from fieldapp.web.context import db_session, now
from fieldapp.web.problems import problems_as_json

blueprint = Blueprint("api_devices", __name__, url_prefix="/api/v1")

LARGEST_REPORT = 16 * 1024


@blueprint.put("/devices/<uuid:device_id>")
def report(device_id: uuid.UUID) -> Any:
    """What a phone of this person says about itself."""
    actor = api_actor()
    if actor is None or actor.user_id is None or actor.organisation_id is None:
        return log_in_first()
    told, problems = read_report(_sent())
    if told is None:
        message = _("Dit verslag van de telefoon is niet te lezen.")
        return problem_answer(422, "refused", message, problems_as_json(problems))
    moment = now()
    found = report_device(db_session(), actor, device_id, told, moment)
    return jsonify(
        now=moment.isoformat(), clock_off_s=found.clock_off_s, newest_version=static_version()
    )


def _sent() -> Any:
    body = body_of(request, LARGEST_REPORT)
    try:
        return json.loads(body or b"")
    except (ValueError, RecursionError):
        return None


@blueprint.post("/messages/<int:message_id>/read")
def read(message_id: int) -> Any:
    """The reader has seen a message."""
    user_id = api_user_id()
    if user_id is None:
        return log_in_first()
    message = mark_read(db_session(), user_id, message_id, now())
    if message is None or message.read_at is None:
        return problem_answer(404, "not_found", _("Dit bericht is er niet."))
    return jsonify(id=message.id, read_at=message.read_at.isoformat())
