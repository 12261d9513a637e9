"""/beheer: how it stands, and where to go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from fieldapp.db.queries.admin import counts
from fieldapp.db.queries.imports import imports_page
from fieldapp.db.revision import current, head
from fieldapp.jobs import worker_is_alive, worker_seen
from fieldapp.services.retention import last_applied
from fieldapp.web.admin import blueprint
from fieldapp.web.admin.import_pages import STATES, title_of
from fieldapp.web.admin.rounds import today
from fieldapp.web.context import db_session, house, now, required_actor, settings
from fieldapp.web.dates import moment

NEWEST = 5
LATE = timedelta(days=2)  # a day, and a worker that was off for a night


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
    return [*told, _kept()]


def _kept() -> tuple[str, str]:
    """Whether what was kept for its term is removed in time."""
    last = last_applied(db_session())
    daily = settings().retention_daily
    if last is None:
        words = _("Bewaartermijnen zijn nog niet toegepast.")
        how = (
            _("De worker doet dat elke nacht.")
            if daily
            else _("Draai elke dag: fieldapp retention --apply")
        )
        return ("info" if daily else "warning", f"{words} {how}")
    words = _("Bewaartermijnen zijn toegepast op %(at)s.", at=moment(last.at))
    if now() - last.at > LATE:
        how = (
            _("Dat hoort elke dag. Kijk of de worker draait.")
            if daily
            else _("Dat hoort elke dag. Draai: fieldapp retention --apply")
        )
        return ("warning", f"{words} {how}")
    if not last.count:
        return ("ok", f"{words} {_('Er was niets te verwijderen.')}")
    gone = ngettext(
        "Er is %(num)s ding verwijderd of ingekort.",
        "Er zijn %(num)s dingen verwijderd of ingekort.",
        last.count,
    )
    return (
        "ok",
        f"{words} {gone}" if last.count else f"{words} {_('Er was niets te verwijderen.')}",
    )
