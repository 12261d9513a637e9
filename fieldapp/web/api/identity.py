"""Who calls the API: a personal token, a browser session with our own header, or nobody.

A browser adds no header of ours to a request that another site started, so the header takes the
place of a CSRF token, which an offline phone could not keep fresh.
"""

from __future__ import annotations

from typing import Any

from flask import jsonify, request

from fieldapp.core.people import Actor, Grant
from fieldapp.db.queries.people import token_holder
from fieldapp.services.people import token_hash
from fieldapp.web.context import current_actor, db_session, now

CLIENT_HEADER = "X-Fieldapp-Client"


class BadToken(Exception):
    """The token is unknown, has ended, or its owner lost the role."""


def api_actor() -> Actor | None:
    """The caller; None for an anonymous one. Raises BadToken."""
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise BadToken
        return _token_actor(secret.strip())
    if request.headers.get(CLIENT_HEADER):
        return current_actor()
    return None


def _token_actor(secret: str) -> Actor:
    holder = token_holder(db_session(), token_hash(secret), now())
    if holder is None:
        raise BadToken
    grants = tuple(Grant(holder.role, area) for area in holder.areas)
    return Actor(holder.organisation_id, holder.user_id, holder.name, grants)


def problem_answer(status: int, code: str, message: str, problems: Any = ()) -> Any:
    """An error in the API's one shape."""
    body: dict[str, Any] = {"code": code, "message": message}
    if problems:
        body["problems"] = list(problems)
    answer = jsonify(error=body)
    answer.status_code = status
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="fieldapp"'
    return answer
