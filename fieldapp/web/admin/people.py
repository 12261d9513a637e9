"""/beheer/mensen: who has a log-in, with which roles, where."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fieldapp.db.models import User
from fieldapp.db.queries.admin import area_labels, person_of
from fieldapp.db.queries.people import all_people
from fieldapp.services import manage_people
from fieldapp.services.manage_people import ManageRefused
from fieldapp.services.retention import leaving
from fieldapp.web.admin import blueprint
from fieldapp.web.admin.people_forms import ROLE_NAMES, NewPersonForm, RolesForm
from fieldapp.web.admin.trail import trail
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.dates import day

REFUSALS: dict[str, Any] = {
    "email_taken": _l("Dit adres heeft al een account. Zoek het op in de lijst met mensen."),
    "last_administrator": _l(
        "Dit is de enige beheerder. Maak eerst iemand anders beheerder, anders kan niemand er "
        "meer bij."
    ),
    "role": _l("Kies minstens één rol uit de lijst."),
    "organisation": _l("Deze actie kan alleen met een account van een organisatie."),
}


@blueprint.get("/mensen")
def people() -> Any:
    """Everybody of this organisation."""
    session = db_session()
    everybody = all_people(session, required_actor().organisation_id)
    codes = {m.area_code for person in everybody for m in person.memberships if m.area_code}
    names = {code: area.name for code, area in area_labels(session, codes).items()}
    goes = leaving(session, settings(), now())
    rows = [
        {
            "name": person.name or person.email,
            "url": url_for("admin.person", person_id=person.id),
            "email": person.email,
            "roles": ", ".join(str(ROLE_NAMES[name]) for name in _roles(person)),
            "areas": ", ".join(names.get(code, code) for code in _areas(person))
            or _("De hele organisatie"),
            "state": _state(person, goes.get(person.id)),
            "mark": "none" if person.active and person.id not in goes else "few",
        }
        for person in everybody
    ]
    leavers = [row for row, person in zip(rows, everybody, strict=True) if person.id in goes]
    return render_template(
        "admin/people.html", rows=rows, leavers=leavers, trail=trail((_("Mensen"), None))
    )


def _state(person: User, goes_on: date | None) -> str:
    """In a word; of somebody who is no longer here, until when the name is known."""
    if goes_on is not None:
        return str(_("Naam verdwijnt op %(day)s", day=day(goes_on)))
    return str(_("Actief") if person.active else _("Gesloten"))


@blueprint.route("/mensen/nieuw", methods=("GET", "POST"))
def add_person() -> Any:
    """Add a person; the password is shown once."""
    form = NewPersonForm()
    form.prepare_areas(db_session())
    if form.is_submitted() and not form.wants_search:
        command = form.command()
        if command is not None:
            try:
                person = manage_people.add_new_person(
                    db_session(), command, required_actor(), now()
                )
            except ManageRefused as refused:
                form.refuse("email", REFUSALS[refused.code])
            else:
                return _password_page(person, command.password)
    page = render_template("admin/person_new.html", form=form, trail=_trail(_("Nieuw")))
    return page, _status(form)


@blueprint.route("/mensen/<int:person_id>", methods=("GET", "POST"))
def person(person_id: int) -> Any:
    """Change a person."""
    found = _found(person_id)
    areas = _areas(found)
    form = RolesForm(name=found.name, roles=_roles(found), areas=areas)
    form.prepare_areas(db_session())
    if form.is_submitted() and not form.wants_search:
        form.check()
        if form.is_right:
            try:
                manage_people.change_person(
                    db_session(),
                    found,
                    form.name.data.strip(),
                    form.chosen_roles,
                    form.areas.data or (),
                    required_actor(),
                    now(),
                )
            except ManageRefused as refused:
                form.refuse("roles", REFUSALS[refused.code])
            else:
                flash(_("Opgeslagen."), "ok")
                return redirect(url_for("admin.person", person_id=found.id), 303)
    # One form for all roles: where roles differ per area it says so before they become equal.
    held = {(m.role, m.area_code) for m in found.memberships}
    wanted: list[str | None] = [*areas] or [None]
    mixed = held != {(role, area) for role in _roles(found) for area in wanted}
    page = render_template(
        "admin/person.html",
        form=form,
        person=found,
        mixed=mixed,
        goes_on=leaving(db_session(), settings(), now()).get(found.id),
        trail=_trail(found.name or found.email),
    )
    return page, _status(form)


@blueprint.post("/mensen/<int:person_id>/account")
def person_account(person_id: int) -> Any:
    """Close an account, or open it again."""
    found = _found(person_id)
    try:
        manage_people.set_active(db_session(), found, not found.active, required_actor(), now())
    except ManageRefused as refused:
        flash(str(REFUSALS[refused.code]), "error")
    else:
        told = (
            _("Het account is weer open.")
            if found.active
            else _("Het account is gesloten. Wie ermee was ingelogd, is nu uitgelogd.")
        )
        flash(told, "ok")
    return redirect(url_for("admin.person", person_id=found.id), 303)


@blueprint.post("/mensen/<int:person_id>/wachtwoord")
def person_password(person_id: int) -> Any:
    """A new password, shown once."""
    found = _found(person_id)
    password = manage_people.make_password()
    manage_people.new_password(db_session(), found, password, required_actor(), now())
    return _password_page(found, password)


def _password_page(person: User, password: str) -> Any:
    return render_template(
        "admin/password.html", person=person, password=password, trail=_trail(_("Wachtwoord"))
    )


def _trail(last: str) -> Any:
    return trail((_("Mensen"), url_for("admin.people")), (last, None))


def _status(form: RolesForm) -> int:
    return 200 if form.is_right else 422


def _roles(person: User) -> list[str]:
    return [name for name in ROLE_NAMES if any(m.role == name for m in person.memberships)]


def _areas(person: User) -> list[str]:
    return sorted({m.area_code for m in person.memberships if m.area_code})


def _found(person_id: int) -> User:
    found = person_of(db_session(), person_id, required_actor().organisation_id)
    if found is None:
        abort(404)
    return found
