"""The name under which a phone keeps what belongs to one person."""

from __future__ import annotations

import hashlib
from typing import cast

from flask import Flask
from flask_security import current_user

from fieldapp.db.models import User


def person_key(user: User) -> str:
    """16 hex digits, the same on every phone of this person and for as long as the account is.

    No secret goes into it: one that is renewed would cut a phone off from what it has not sent.
    """
    words = f"{user.organisation_id}:{user.id}:{user.created_at.isoformat()}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def init_person(app: Flask) -> None:
    """Give layouts `person_key` ("" for nobody), for <html data-person>."""

    @app.context_processor
    def person() -> dict[str, str]:
        known = current_user and current_user.is_authenticated
        return {"person_key": person_key(cast("User", current_user)) if known else ""}
