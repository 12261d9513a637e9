"""/beheer/gegevens: bring in boundaries and figures, watch them, read what came of it."""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import RequestEntityTooLarge

from fieldapp.db.models import ImportRun
from fieldapp.db.queries.imports import import_of, imports_page
from fieldapp.services.import_runs import request_import, upload_store
from fieldapp.web.admin.import_forms import AreasForm, FiguresForm, UploadForm
from fieldapp.web.admin.import_pages import STATES, progress_of, report_of, title_of
from fieldapp.web.admin.import_texts import error_words
from fieldapp.web.admin.trail import trail
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.dates import moment
from fieldapp.web.paging import asked_cursor, page_urls

blueprint = Blueprint("imports", __name__, url_prefix="/beheer/gegevens")
log = logging.getLogger("fieldapp")

# Where a form lives: (form, title, what it is for)
FORMS: dict[str, tuple[type[UploadForm], Any, Any]] = {
    "grenzen": (
        AreasForm,
        _l("Grenzen aanleveren"),
        _l("De grenzen van gemeenten, wijken en buurten. Grenzen van elk jaar blijven bestaan."),
    ),
    "cijfers": (
        FiguresForm,
        _l("Cijfers aanleveren"),
        _l("Cijfers over wijken en buurten. Elke uitgave blijft bewaard; de nieuwste telt."),
    ),
}


@blueprint.get("/")
def overview() -> Any:
    """What was brought in, newest first."""
    actor = required_actor()
    page = imports_page(db_session(), actor.organisation_id, asked_cursor(int))
    rows = [
        {
            "title": title_of(run),
            "url": url_for("imports.run_page", run_id=run.id),
            "file": run.file_name,
            "at": moment(run.created_at),
            "state": str(STATES[run.state][0]),
            "mark": STATES[run.state][1],
        }
        for run in page.rows
    ]
    before, after = page_urls(page, "imports.overview", {})
    return render_template(
        "admin/imports.html",
        rows=rows,
        previous_url=before,
        next_url=after,
        trail=trail((_("Gegevens"), None)),
    )


@blueprint.route("/grenzen", methods=("GET", "POST"))
def areas() -> Any:
    """Bring in boundaries."""
    return _upload("grenzen")


@blueprint.route("/cijfers", methods=("GET", "POST"))
def figures() -> Any:
    """Bring in figures."""
    return _upload("cijfers")


def _upload(what: str) -> Any:
    """The form; a good one becomes a waiting import."""
    kind, title, text = FORMS[what]
    form = kind()
    if form.is_submitted():
        command = form.command(upload_store(settings()))
        if command is not None:
            run = request_import(db_session(), command, required_actor(), now())
            _put_in_queue(run)
            return redirect(url_for("imports.run_page", run_id=run.id), 303)
    page = render_template(
        "admin/import_form.html",
        form=form,
        what=what,
        title=title,
        text=text,
        trail=trail((_("Gegevens"), url_for("imports.overview")), (title, None)),
    )
    return page, (422 if form.is_submitted() else 200)


def _put_in_queue(run: ImportRun) -> None:
    from fieldapp.jobs import enqueue_import

    try:
        enqueue_import(settings(), run.id, run.created_at)
    except Exception:
        # The run is written down; the worker looks for runs that the queue does not know.
        log.exception("import %s is not in the queue yet", run.id)


@blueprint.get("/<int:run_id>")
def run_page(run_id: int) -> Any:
    """One import: how far it is, or what came of it."""
    run = _found(run_id)
    progress = progress_of(settings(), run, now())
    return render_template(
        "admin/import_run.html",
        run=run,
        title=title_of(run),
        progress=progress,
        state=STATES[run.state],
        report=report_of(run) if run.state == "done" else None,
        trail=trail((_("Gegevens"), url_for("imports.overview")), (title_of(run), None)),
        error=error_words(run.report["error"]) if "error" in run.report else None,
    )


@blueprint.get("/<int:run_id>/voortgang")
def progress(run_id: int) -> Any:
    """How far it is, for the page's own script."""
    found = progress_of(settings(), _found(run_id), now())
    return jsonify(
        finished=found.is_finished,
        state=found.state,
        percent=found.percent,
        words=found.words,
        warning=found.warning,
    )


@blueprint.get("/<int:run_id>/verslag.json")
def report(run_id: int) -> Any:
    """The whole report."""
    run = _found(run_id)
    data = {
        "id": run.id,
        "kind": run.kind,
        "source": run.source,
        "file": run.file_name,
        "sha256": run.file_sha256,
        "state": run.state,
        "options": run.options,
        "created_at": run.created_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "report": run.report,
    }
    answer = Response(json.dumps(data, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="verslag-{run.id}.json"'
    return answer


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Any:
    """More than the server takes at once: say how much, and the other way in."""
    words = _(
        "Het bestand is te groot. Meer dan %(limit)s MB gaat niet via deze pagina. Lever een "
        "kleiner deel aan, bijvoorbeeld per gemeente. Of vraag wie fieldapp beheert om het "
        "bestand op de server in te lezen.",
        limit=settings().max_upload_mb,
    )
    flash(words, "error")
    return redirect(url_for("imports.overview"), 303)


def _found(run_id: int) -> ImportRun:
    run = import_of(db_session(), run_id, required_actor().organisation_id)
    if run is None:
        abort(404)
    return run
