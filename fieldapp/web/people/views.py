"""After log-in: to the right start page, held work, the interface language."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_security import login_user
from flask_security.forms import form_errors_munge

from fieldapp.web.access import policies
from fieldapp.web.context import db_session, required_actor
from fieldapp.web.held import log_in_form, open_held
from fieldapp.web.language import interface_languages

blueprint = Blueprint("people", __name__)
door = Blueprint("door", __name__)

# The first role that fits decides where a day begins.
START_PAGES = (
    (("wijkmanager",), "review.gemeenten"),
    (("analist",), "coding.queue"),
    (("beheerder",), "admin.overview"),
)


@blueprint.get("/start")
def start() -> Any:
    """To the start page that fits this person's roles."""
    actor = required_actor()
    for roles, endpoint in START_PAGES:
        if actor.has(*roles) and policies(current_app)[endpoint.partition(".")[0]].admits(actor):
            return redirect(url_for(endpoint))
    return redirect(url_for("field.start"))


@door.post("/inloggen/verder")
def log_in_with_held() -> Any:
    """Log in on the page that holds typed work, then show that work ready to be sent."""
    held = request.form.get("held", "")
    work = open_held(held)
    if work is None:
        return redirect(url_for("security.login"))
    form = log_in_form(request.form)
    if not form.validate_on_submit():
        # Which of the two was wrong is told to nobody, as on the log-in page itself.
        wrong = {"replace_msg": "GENERIC_AUTHN_FAILED"}
        form_errors_munge(form, {"email": wrong, "password": wrong})
        return render_template(
            "people/held_log_in.html", form=form, held=held, lost_files=work.get("files", ())
        ), 401
    login_user(form.user, authn_via=["password"])
    db_session().commit()
    return render_template(
        "people/held.html",
        target=work["target"],
        fields=work["fields"],
        lost_files=work.get("files", ()),
    )


@door.post("/taal")
def language() -> Any:
    """Change the interface language for this browser session."""
    chosen = request.form.get("taal", "")
    if chosen in interface_languages():
        session["language"] = chosen
    target = request.form.get("next", "")
    # Only a path of our own: never an address elsewhere. Browsers read a backslash as a slash and
    # leave out tabs and line ends.
    if not re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", target):
        target = url_for("system.front")
    return redirect(target)
