"""The page about this phone: what waits on it, what arrived, its storage, its second copy."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask_wtf.csrf import generate_csrf

from fieldapp.web.phone.addresses import form_address
from fieldapp.web.phone.blueprint import blueprint


@blueprint.get("/telefoon")
def this_phone() -> str:
    """Filled by the phone itself; the server only gives the words."""
    return render_template(
        "field/phone.html",
        form_pattern=form_address("{survey}", "{version}", "{language}"),
        home_url=url_for("field.start"),
        back_url=url_for("field.start"),
        logout_url=url_for("security.logout"),
    )


@blueprint.get("/app/token.json")
def token() -> Any:
    """A fresh token for the forms of a page that the phone kept."""
    answer: Response = jsonify(csrf_token=generate_csrf())
    return answer
