"""The blueprint, apart, so that the modules with its views can hang themselves on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("phone", __name__, url_prefix="/veld")
