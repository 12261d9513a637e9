"""The caretaker's phone."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("field", __name__, url_prefix="/veld")


@blueprint.get("/")
def start() -> str:
    """Start page (being built)."""
    return ""
