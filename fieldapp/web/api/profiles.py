"""GET of a buurtprofiel as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, jsonify, request
from flask_babel import gettext as _

from fieldapp.core.people import REVIEW_ROLES
from fieldapp.core.submission import can_be_stored
from fieldapp.core.survey import Problem
from fieldapp.services.profiles import ProfileRequest, UnknownArea, profile_for
from fieldapp.web.api.identity import api_actor, problem_answer
from fieldapp.web.context import db_session, now
from fieldapp.web.problems import problems_as_json

blueprint = Blueprint("api_profiles", __name__, url_prefix="/api/v1")


@blueprint.get("/profiles/<code>")
def read(code: str) -> Any:
    """The profile of one buurt in a period: ?from=2026-01-01&to=2026-12-31."""
    actor = api_actor()
    if actor is None or actor.organisation_id is None:
        return problem_answer(401, "log_in", _("Log in, of stuur een geldig token mee."))
    if not actor.covers(code, *REVIEW_ROLES):
        message = _("Deze rol mag het profiel van dit gebied niet zien.")
        return problem_answer(403, "not_yours", message)
    problems: list[Problem] = []
    start, end = _day("from", problems), _day("to", problems)
    if start is not None and end is not None and end < start:
        problems.append(Problem("period_backwards", "to"))
    if problems or start is None or end is None:
        message = _("De periode klopt niet. Geef from en to als datum, bijvoorbeeld 2026-01-31.")
        return problem_answer(422, "bad_period", message, problems_as_json(problems))
    try:
        if not can_be_stored(code):
            raise UnknownArea(code)
        asked = ProfileRequest(actor.organisation_id, code, start, end)
        view = profile_for(db_session(), asked, now())
    except UnknownArea:
        return problem_answer(404, "not_found", _("Deze buurt kennen we niet."))
    return jsonify(view.data)


def _day(name: str, problems: list[Problem]) -> date | None:
    text = request.args.get(name, "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year <= 2200:
        problems.append(Problem("not_a_date", name, {"found": text[:40]}))
        return None
    return day
