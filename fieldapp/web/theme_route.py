"""Each organisation's colours, as a small stylesheet of its own."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, Flask, Response, abort, request, url_for
from flask_security import current_user

from fieldapp.db.models import Organisation
from fieldapp.db.queries.people import organisation_by_slug
from fieldapp.web.context import db_session
from fieldapp.web.theme import check_theme, theme_css

blueprint = Blueprint("theme", __name__)
A_YEAR = 31_536_000


@blueprint.get("/theme/<slug>.css")
def stylesheet(slug: str) -> Any:
    """The style sheet; kept for a year under the address that carries its content's hash."""
    organisation = organisation_by_slug(db_session(), slug)
    if organisation is None or not organisation.theme or check_theme(organisation.theme):
        abort(404)
    answer = Response(theme_css(slug, organisation.theme), mimetype="text/css")
    # Asked for without its hash, or with an old one, it is right today but not for ever.
    if request.args.get("v") == _version(organisation):
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def theme_url(organisation: Organisation | None) -> str:
    """The address of an organisation's style sheet; empty when it wears the default."""
    if organisation is None or not organisation.theme:
        return ""
    return url_for("theme.stylesheet", slug=organisation.slug, v=_version(organisation))


def _version(organisation: Organisation) -> str:
    text = json.dumps(organisation.theme, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def init_theme(app: Flask) -> None:
    """Give templates the organisation whose colours a page wears.

    Pages of residents name their organisation themselves; base.html then asks `theme_url`.
    """
    app.jinja_env.globals["theme_url"] = theme_url

    @app.context_processor
    def organisation() -> dict[str, object]:
        if current_user and current_user.is_authenticated:
            return {"organisation": current_user.organisation}
        return {}
