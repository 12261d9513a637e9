"""Who calls the API: a personal token, a browser session with our own header, or nobody.

A browser adds no header of ours to a request that another site started, so the header takes the
place of a CSRF token, which an offline phone could not keep fresh.
"""

from __future__ import annotations

from typing import Any, cast

from flask import jsonify, request
from flask_babel import gettext as _
from flask_security import current_user

from fieldapp.core.people import Actor, Grant
from fieldapp.db.models import User
from fieldapp.db.queries.people import token_holder
from fieldapp.services.people import token_hash
from fieldapp.web.context import current_actor, db_session, now

CLIENT_HEADER = "X-Fieldapp-Client"
PERSON_HEADER = "X-Fieldapp-Person"


class BadToken(Exception):
    """The token is unknown, has ended, or its owner lost the role."""


class OtherPerson(Exception):
    """A phone sends what one person made while another, or nobody, is logged in."""


def api_actor() -> Actor | None:
    """The caller; None for an anonymous one. Raises BadToken and OtherPerson."""
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise BadToken
        return _token_actor(secret.strip())
    if request.headers.get(CLIENT_HEADER):
        _check_person()
        return current_actor()
    return None


def api_user_id() -> int | None:
    """The id of the person who calls; None for an anonymous caller. Raises as `api_actor`."""
    actor = api_actor()
    return None if actor is None else actor.user_id


def _check_person() -> None:
    """A queue is sent by a worker or an old tab too, under whatever log-in the browser has now."""
    from fieldapp.web.phone.person import person_key  # that room imports this one

    claimed = request.headers.get(PERSON_HEADER)
    if claimed is None:
        return
    known = cast("User", current_user) if current_user.is_authenticated else None
    if known is None or claimed != person_key(known):
        raise OtherPerson


def _token_actor(secret: str) -> Actor:
    holder = token_holder(db_session(), token_hash(secret), now())
    if holder is None:
        raise BadToken
    grants = tuple(Grant(holder.role, area) for area in holder.areas)
    return Actor(holder.organisation_id, holder.user_id, holder.name, grants)


def log_in_first() -> Any:
    """401 for a door that only a person may pass."""
    return problem_answer(401, "log_in", _("Log in, of stuur een geldig token mee."))


def problem_answer(
    status: int, code: str, message: str, problems: Any = (), **more: str | int
) -> Any:
    """An error in the API's one shape; `more` are facts that belong to this code."""
    body: dict[str, Any] = {"code": code, "message": message, **more}
    if problems:
        body["problems"] = list(problems)
    answer = jsonify(error=body)
    answer.status_code = status
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="fieldapp"'
    return answer
