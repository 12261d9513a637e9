"""The board of phones: look, nudge, write to somebody, take a lost phone away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.db.models import Device, User
from fieldapp.db.queries import phones as queries
from fieldapp.services.devices import remove_device
from fieldapp.services.messages import LONGEST, NOTE, NUDGE, MessageRefused, send
from fieldapp.services.visible import NotThere
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.devices.page import BOARD_ROLES, board

blueprint = Blueprint("devices", __name__, url_prefix="/telefoons")

REFUSALS = {
    "empty": _l("Typ eerst een bericht."),
    "too_long": _l("Het bericht is te lang. Er passen %(most)s tekens."),
    "nudged_before": _l("Deze collega kreeg vandaag al een herinnering. Bel liever even."),
    "too_many": _l("Deze collega kreeg vandaag al veel berichten van je. Bel liever even."),
}


@blueprint.get("")
def page() -> str:
    """Every phone, who needs attention first."""
    return _shown()


def _shown(**more: Any) -> str:
    given: dict[str, Any] = {"wrong": None, "error": "", "typed": "", **more}
    found = board(required_actor())
    return render_template("devices/board.html", board=found, longest=LONGEST, **given)


@blueprint.post("/<int:person_id>/herinner")
def nudge(person_id: int) -> Any:
    """Ask somebody to open fieldapp where there is signal."""
    person = _person(person_id)
    try:
        send(db_session(), required_actor(), person, NUDGE, "", now())
    except MessageRefused as error:
        flash(_refusal(error), "warning")
    else:
        flash(_("%(name)s ziet je herinnering op de telefoon.", name=_name(person)), "ok")
    return redirect(url_for("devices.page"))


@blueprint.post("/<int:person_id>/bericht/<int:phone_id>")
def write(person_id: int, phone_id: int) -> Any:
    """Send a short message; `phone_id` is the row where it was typed."""
    person, text = _person(person_id), request.form.get("text", "")
    try:
        send(db_session(), required_actor(), person, NOTE, text, now())
    except MessageRefused as error:
        return _shown(wrong=phone_id, error=_refusal(error), typed=text), 422
    flash(_("Je bericht aan %(name)s is verstuurd.", name=_name(person)), "ok")
    return redirect(url_for("devices.page"))


@blueprint.post("/toestel/<int:phone_id>/weg")
def remove(phone_id: int) -> Any:
    """Take a lost phone off the list. When it comes back it reports itself again."""
    session = db_session()
    found = session.get(Device, phone_id)
    if found is None:
        raise NotThere(f"no phone {phone_id}")
    person = _person(found.user_id)
    remove_device(session, required_actor(), found, now())
    flash(_("Het toestel van %(name)s staat niet meer in de lijst.", name=_name(person)), "ok")
    return redirect(url_for("devices.page"))


def _person(person_id: int) -> User:
    """Somebody whose phones this person may see. Raises NotThere."""
    actor = required_actor()
    areas = actor.area_codes(*BOARD_ROLES)
    found = queries.person_in(db_session(), actor.organisation_id or 0, areas, person_id)
    if found is None:
        raise NotThere(f"no person {person_id}")
    return found


def _name(person: User) -> str:
    return person.name or person.email


def _refusal(error: MessageRefused) -> str:
    return str(REFUSALS[error.code]) % {"most": LONGEST}
