"""Where the phone's own pages are."""

from __future__ import annotations

from flask import url_for


def form_address(survey: str, version: str, language: str) -> str:
    """The phone's page of a form; #nieuw or #<id of a draft> goes behind it."""
    return url_for("phone.form_page", survey=survey, version=version, language=language)
