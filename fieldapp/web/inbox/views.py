"""The inbox: a list, one submission with its steps, conflicts, a buurt by hand."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from fieldapp.core.people import REVIEW_ROLES, Actor
from fieldapp.core.survey import Problem
from fieldapp.db.queries import review
from fieldapp.db.queries.review import InboxFilter
from fieldapp.services import review_submissions as reviewing
from fieldapp.services.frames import open_questions_by_version
from fieldapp.services.retention import is_let_go
from fieldapp.services.review_submissions import ReviewRefused
from fieldapp.services.visible import NotYours, visible_submission
from fieldapp.web.coding.page import excerpt
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.field.words import KIND_ICONS, KINDS, NO_PLACE, STATE_BADGES, STATES
from fieldapp.web.inbox.forms import FILTERS, inbox_filter
from fieldapp.web.inbox.page import inbox_page
from fieldapp.web.inbox.texts import AREA_STATUS, MARK_BADGES, MARKS, STEP_LABELS, refusal_text
from fieldapp.web.language import current_language
from fieldapp.web.paging import PARAM, asked_cursor, page_urls

blueprint = Blueprint("inbox", __name__, url_prefix="/inzendingen")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Words that every page here uses."""
    return {
        "kinds": KINDS,
        "kind_icons": KIND_ICONS,
        "states": STATES,
        "state_badges": STATE_BADGES,
        "no_place": NO_PLACE,
        "step_labels": STEP_LABELS,
        "area_status": AREA_STATUS,
        "mark_badges": MARK_BADGES,
        "mark_words": MARKS,
    }


def _filters() -> dict[str, Any]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _wanted(actor: Actor, filters: dict[str, Any]) -> InboxFilter:
    return InboxFilter(
        organisation_id=actor.organisation_id or 0,
        areas=actor.area_codes(*REVIEW_ROLES),
        state=filters.get("staat", ""),
        kind=filters.get("soort", ""),
        area=filters.get("gebied", "")[:40],
        outside=filters.get("let_op") == "buiten",
        marked=filters.get("let_op") == "plek",
        conflicts=filters.get("let_op") == "dubbel",
    )


@blueprint.get("/")
def queue() -> str:
    """What came in, the newest first."""
    database, actor, filters = db_session(), required_actor(), _filters()
    page = review.inbox(database, _wanted(actor, filters), asked_cursor())
    codes = review.recent_areas(database, _wanted(actor, {}))
    codes |= {s.area_code for s in page.rows if s.area_code}
    names = review.area_names(database, codes)
    questions = open_questions_by_version(database)
    previous_url, next_url = page_urls(page, "inbox.queue", filters)
    return render_template(
        "inbox/queue.html",
        form=inbox_filter(request.args, {code: names.get(code, code) for code in codes}),
        rows=[(s, excerpt(s, questions.get(s.survey_version_id, ()))) for s in page.rows],
        waiting=[s for s in page.rows if s.state == "received"],
        extras=review.extras(database, [s.id for s in page.rows]),
        names=names,
        filters=filters,
        here={**filters, **({PARAM: request.args[PARAM]} if PARAM in request.args else {})},
        previous_url=previous_url,
        next_url=next_url,
    )


@blueprint.post("/goedkeuren")
def accept_all() -> Any:
    """Accept what still waits on the page that was shown, as it was shown."""
    shown = dict(found for text in request.form.getlist("shown") if (found := _version(text)))
    kept = {name: request.args[name] for name in (*FILTERS, PARAM) if request.args.get(name)}
    try:
        done = reviewing.accept_all(db_session(), shown, required_actor(), now())
    except ReviewRefused as error:
        flash(refusal_text(error.problem), "error")
        return redirect(url_for("inbox.queue", **dict[str, Any](kept)))
    flash(
        ngettext(
            "%(num)s inzending is goedgekeurd.",
            "%(num)s inzendingen zijn goedgekeurd.",
            done.accepted,
        ),
        "ok",
    )
    if done.skipped:
        text = ngettext(
            "%(num)s was al bekeken of intussen veranderd, en bleef zoals zij was.",
            "%(num)s waren al bekeken of intussen veranderd, en bleven zoals ze waren.",
            done.skipped,
        )
        flash(text, "info")
    return redirect(url_for("inbox.queue", **dict[str, Any](kept)))


def _version(text: str) -> tuple[uuid.UUID, str] | None:
    """(submission, hash of what was read) from "id.hash"; None when it is not that."""
    key, _dot, sha256 = text.partition(".")
    try:
        return (uuid.UUID(key), sha256) if sha256 else None
    except ValueError:
        return None


@blueprint.get("/<uuid:submission_id>")
def submission(submission_id: uuid.UUID) -> str:
    """One submission: answers, photos, place, history, what can be done."""
    return _page(submission_id)


def _page(submission_id: uuid.UUID, **more: Any) -> str:
    database, actor = db_session(), required_actor()
    found = visible_submission(database, submission_id, actor, *REVIEW_ROLES)
    page = inbox_page(database, found, actor, current_language())
    let_go = is_let_go(found, page.survey, settings(), now())
    given: dict[str, Any] = {"errors": {}, "typed": {}, "found_areas": [], **more}
    given["months"] = settings().submission_months if let_go else 0
    return render_template(
        "inbox/submission.html", page=page, may_code=actor.has("analist"), **given
    )


def _refused(submission_id: uuid.UUID, problem: Problem, **more: Any) -> Any:
    errors = {problem.where: refusal_text(problem)}
    return _page(submission_id, errors=errors, typed=request.form, **more), 422


@blueprint.post("/<uuid:submission_id>/stap")
def step(submission_id: uuid.UUID) -> Any:
    """Accept, return or reject."""
    given = request.form
    state, reason, seen = (given.get(name, "") for name in ("state", "reason", "seen"))
    try:
        reviewing.step(
            db_session(), submission_id, state, reason, required_actor(), now(), seen=seen
        )
    except ReviewRefused as error:
        return _refused(submission_id, error.problem)
    return redirect(url_for("inbox.submission", submission_id=submission_id))


@blueprint.post("/<uuid:submission_id>/buurt")
def area(submission_id: uuid.UUID) -> Any:
    """Give it a buurt by hand: one from the list, or typed by name or code."""
    database, actor = db_session(), required_actor()
    visible_submission(database, submission_id, actor, *REVIEW_ROLES)
    code, written = request.form.get("area", ""), request.form.get("area_written", "").strip()
    if written:
        named = review.buurten_named(database, written)
        if len(named) > 1:
            problem = Problem("area_several", "area", {"written": written[:40]})
            return _refused(submission_id, problem, found_areas=named)
        code = named[0].code if named else written
    try:
        reviewing.choose_area(database, submission_id, code, actor, now())
    except ReviewRefused as error:
        return _refused(submission_id, error.problem)
    except NotYours:
        return _refused(submission_id, Problem("area_not_yours", "area", {}))
    return redirect(url_for("inbox.submission", submission_id=submission_id))


@blueprint.post("/dubbel/<int:conflict_id>")
def conflict(conflict_id: int) -> Any:
    """Both sides were looked at: what came first stays."""
    resolved = reviewing.resolve_conflict(db_session(), conflict_id, required_actor(), now())
    return redirect(url_for("inbox.submission", submission_id=resolved.submission_id))
