"""The OpenAPI document; written by hand beside the code, walked by schemathesis in the tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, jsonify

blueprint = Blueprint("api_description", __name__, url_prefix="/api/v1")


@cache
def openapi_document() -> dict[str, Any]:
    """The document as data."""
    text = (Path(__file__).parent / "openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


@blueprint.get("/openapi.json")
def describe() -> Any:
    """The OpenAPI document."""
    return jsonify(openapi_document())
