"""What is done to a version with one button: go on from it, withdraw it, throw it away."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.db.models import SurveyVersion
from fieldapp.services.refusal import Refusal
from fieldapp.services.survey_drafts import (
    delete_draft_version,
    next_version,
    visible_version,
    withdraw,
)
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.surveys.blueprint import blueprint
from fieldapp.web.surveys.trail import address_of, title_of

REFUSED: dict[str, Any] = {
    "draft_not_finished": _l("Dit concept is nog niet af. Kijk bij Controle wat er mist."),
    "shipped": _l("Deze vragenlijst hoort bij fieldapp. Maak er een eigen versie van."),
    "not_a_draft": _l("Deze versie is gepubliceerd en verandert niet meer. Maak een volgende."),
    "is_a_draft": _l("Dit is nog een concept. Pas dit concept aan."),
    "not_published": _l("Alleen een gepubliceerde versie kun je intrekken."),
    "round_open": _l(
        "Er loopt nog een ronde met deze vragenlijst. Sluit de ronde, of publiceer eerst een "
        "nieuwe versie."
    ),
}


def told(refusal: Refusal) -> str:
    """The sentence of a refusal; its code when nobody wrote one."""
    return str(REFUSED.get(refusal.problem.code, refusal.problem.code))


def place_to_edit(version: SurveyVersion) -> str:
    """The builder once there is one; until then the page on which the draft is read."""
    if "surveys.edit" in current_app.view_functions:
        return url_for("surveys.edit", version_id=version.id)
    return address_of(version)


@blueprint.post("/<int:version_id>/volgende")
def go_on(version_id: int) -> Any:
    """A draft to go on from this version."""
    session, actor = db_session(), required_actor()
    source = visible_version(session, version_id, actor)
    try:
        draft = next_version(session, version_id, actor, now())
    except Refusal as refusal:
        flash(told(refusal), "error")
        return redirect(address_of(source), 303)
    title = f"{title_of(draft)} {draft.version}"
    flash(_("Je werkt nu verder in dit concept: %(title)s.", title=title), "ok")
    return redirect(place_to_edit(draft), 303)


@blueprint.post("/<int:version_id>/intrekken")
def take_back(version_id: int) -> Any:
    """No new answers with this version."""
    session, actor = db_session(), required_actor()
    found = visible_version(session, version_id, actor)
    try:
        withdraw(session, version_id, actor, now())
    except Refusal as refusal:
        flash(told(refusal), "error")
    else:
        flash(_("Ingetrokken. Wat al was ingevuld, blijft geldig."), "ok")
    return redirect(address_of(found), 303)


@blueprint.post("/<int:version_id>/weggooien")
def throw_away(version_id: int) -> Any:
    """A draft that nobody needs."""
    session, actor = db_session(), required_actor()
    found = visible_version(session, version_id, actor)
    back = address_of(found)
    try:
        delete_draft_version(session, version_id, actor, now())
    except Refusal as refusal:
        flash(told(refusal), "error")
        return redirect(back, 303)
    flash(_("Het concept is weggegooid."), "ok")
    return redirect(url_for("surveys.overview"), 303)
