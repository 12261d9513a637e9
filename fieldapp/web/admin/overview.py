"""/beheer: how it stands, and where to go."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from fieldapp.db.queries.admin import counts
from fieldapp.db.queries.imports import imports_page
from fieldapp.db.revision import current, head
from fieldapp.jobs import worker_is_alive, worker_seen
from fieldapp.web.admin import blueprint
from fieldapp.web.admin.import_pages import STATES, title_of
from fieldapp.web.admin.rounds import today
from fieldapp.web.context import db_session, house, now, required_actor, settings
from fieldapp.web.dates import moment

NEWEST = 5


@blueprint.get("/")
def overview() -> Any:
    """Counts, health, the last imports."""
    actor = required_actor()
    found = counts(db_session(), actor.organisation_id, today())
    number = format_decimal
    links = [
        ("admin.people", "user", _("Mensen"), _("%(n)s met een account", n=number(found.people))),
        ("admin.rounds", "clock", _("Rondes"), _("%(n)s open", n=number(found.rounds_open))),
        ("surveys.overview", "list", _("Vragenlijsten"), _("lezen, maken en publiceren")),
        (
            "imports.overview",
            "upload",
            _("Gegevens"),
            _(
                "%(areas)s gebieden, ruim %(figures)s cijfers",
                areas=number(found.areas),
                figures=number(found.figures),
            )
            if found.figures
            else _("%(areas)s gebieden, nog geen cijfers", areas=number(found.areas)),
        ),
        ("admin.organisation", "settings", _("Organisatie"), _("naam, taal en kleuren")),
    ]
    runs = imports_page(db_session(), actor.organisation_id, None, NEWEST).rows
    return render_template(
        "admin/overview.html",
        links=[(url_for(endpoint), icon, name, hint) for endpoint, icon, name, hint in links],
        submissions=number(found.submissions),
        health=_health(),
        runs=[
            {
                "title": title_of(run),
                "url": url_for("imports.run_page", run_id=run.id),
                "state": str(STATES[run.state][0]),
                "mark": STATES[run.state][1],
                "at": moment(run.created_at),
            }
            for run in runs
        ],
    )


def _health() -> list[tuple[str, str]]:
    """(kind of message, words) on the database and the worker."""
    told = []
    if current(house().engine) == head():
        told.append(("ok", _("De database is bijgewerkt.")))
    else:
        told.append(("error", _("De database is niet bijgewerkt. Draai: fieldapp db upgrade")))
    if worker_is_alive(settings(), now()):
        told.append(("ok", _("De worker draait: aangeleverde bestanden worden verwerkt.")))
    else:
        seen = worker_seen(settings())
        last = _("Hij is het laatst gezien op %(at)s.", at=moment(seen)) if seen else ""
        words = _("De worker draait niet. Aangeleverde bestanden blijven wachten.")
        told.append(("warning", f"{words} {last}".strip()))
    return told
