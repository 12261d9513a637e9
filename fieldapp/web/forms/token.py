"""The token of a draft: proof that a page of this draft, for this owner, was shown by us.

It stands in for the CSRF token because it must outlive the log-in (typed work is stored even when
the session is gone) and because residents get no cookie that a session token could lean on.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms.csrf.core import CSRF

FIELD_NAME = "draft_token"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="draft-token")


def make_token(draft_id: uuid.UUID, owner_id: int | None) -> str:
    """The token for pages of this draft."""
    return str(_signer().dumps([str(draft_id), owner_id]))


def token_fits(token: str, draft_id: uuid.UUID, owner_id: int | None) -> bool:
    """Whether we made this token, for this draft and this owner."""
    try:
        return bool(_signer().loads(token) == [str(draft_id), owner_id])
    except BadSignature:
        return False


def start_token(slug: str) -> str:
    """The token of the button that starts a public survey."""
    return str(_signer().dumps(["start", slug]))


def start_token_fits(token: str, slug: str) -> bool:
    """Whether the start page of this round was shown by us."""
    try:
        return bool(_signer().loads(token) == ["start", slug])
    except BadSignature:
        return False


class DraftToken(CSRF):  # type: ignore[misc]
    """WTForms asks this class for the token; the form's Meta carries it as `draft_token`."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        """The token of the draft whose page this is."""
        return str(csrf_token_field.meta.draft_token)
