"""The public keys with which receipts can be checked, also without us."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify

from fieldapp.services.receipts import keys_as_json
from fieldapp.web.context import db_session

blueprint = Blueprint("api_receipts", __name__, url_prefix="/api/v1")


@blueprint.get("/receipts/keys")
def keys() -> Any:
    """Every key ever used here, oldest first: Ed25519, base64url of 32 bytes."""
    return jsonify(keys=keys_as_json(db_session()))
