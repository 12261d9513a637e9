"""Health, robots, the front door."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from fieldapp import __version__
from fieldapp.db.revision import current, head
from fieldapp.web.context import house

blueprint = Blueprint("system", __name__)


@blueprint.get("/healthz")
def healthz() -> Any:
    """200 when the database answers and is at head; 503 with the reason otherwise."""
    try:
        at = current(house().engine)
    except SQLAlchemyError:
        return jsonify(status="database unreachable"), 503
    wanted = head()
    if at != wanted:
        return jsonify(status="database not at head", at=at, head=wanted), 503
    return jsonify(status="ok", version=__version__, head=wanted)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """No search engine has business here but on the front page."""
    return Response("User-agent: *\nAllow: /$\nDisallow: /\n", mimetype="text/plain")


@blueprint.get("/")
def front() -> Any:
    """What fieldapp is, and the way in."""
    if current_user.is_authenticated:
        return redirect(url_for("people.start"))
    return render_template("public/front.html")
