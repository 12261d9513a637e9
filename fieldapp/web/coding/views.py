"""Coding: the list of what is left, one submission at a time, and quotes."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for

from fieldapp.core.people import Actor
from fieldapp.db.models import Submission
from fieldapp.db.queries import coding_queue
from fieldapp.db.queries.coding_queue import QueueFilter
from fieldapp.db.queries.review import area_names
from fieldapp.db.queries.statements import QuoteFilter, quotes, submissions_by_id
from fieldapp.services import code_statements as coding
from fieldapp.services.coding_rules import CONSENT_GIVEN, CodingRefused, Span
from fieldapp.services.frames import consent_questions_by_version, open_questions_by_version
from fieldapp.services.visible import visible_statement, visible_submission
from fieldapp.web.access import allow
from fieldapp.web.coding.forms import StatementForm, queue_filter, undo_fields
from fieldapp.web.coding.page import excerpt, quote_rows, submission_page
from fieldapp.web.coding.texts import (
    QUOTE_STATES,
    QUOTE_TABS,
    VALENCES,
    WITHOUT,
    finding_text,
    refusal_text,
)
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.field.words import KIND_ICONS, KINDS, NO_PLACE
from fieldapp.web.language import current_language
from fieldapp.web.paging import PARAM, asked_cursor, page_urls
from fieldapp.web.requests import LARGEST_ID

blueprint = Blueprint("coding", __name__, url_prefix="/coderen")

UNDO = "coding_undo"
FILTERS = ("staat", "soort", "gebied")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Words that every page here uses."""
    return {
        "kinds": KINDS,
        "kind_icons": KIND_ICONS,
        "valences": VALENCES,
        "quote_states": QUOTE_STATES,
        "no_place": NO_PLACE,
        "finding_text": finding_text,
        "lang": current_language(),
    }


def _filters() -> dict[str, Any]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _wanted(actor: Actor, filters: dict[str, Any]) -> QueueFilter:
    return QueueFilter(
        organisation_id=actor.organisation_id or 0,
        areas=actor.area_codes(*coding.CODERS),
        done=filters.get("staat") == "klaar",
        kind=filters.get("soort", ""),
        area=filters.get("gebied", "")[:40],
    )


@blueprint.get("/")
@allow("analist", "wijkmanager")
def queue() -> Any:
    """What is left and what is done; who only clears quotes goes on to those."""
    actor = required_actor()
    if not actor.has(*coding.CODERS):
        return redirect(url_for("coding.quote_list"))
    database, filters = db_session(), _filters()
    wanted = _wanted(actor, filters)
    questions = open_questions_by_version(database)
    found = coding_queue.queue(database, wanted, questions, asked_cursor())
    whole = _wanted(actor, {})
    counts, capped = coding_queue.work_counts(database, whole, questions)
    codes = {c.area_code for c in counts} | {s.area_code for s in found.rows}
    names = area_names(database, {code for code in codes if code})
    previous_url, next_url = page_urls(found, "coding.queue", filters)
    return render_template(
        "coding/queue.html",
        form=queue_filter(request.args, names),
        rows=[(s, excerpt(s, questions.get(s.survey_version_id, ()))) for s in found.rows],
        counts=counts,
        left=sum(count.left for count in counts),
        done=sum(count.done for count in counts),
        capped=capped,
        names=names,
        filters=filters,
        previous_url=previous_url,
        next_url=next_url,
    )


@blueprint.get("/<uuid:submission_id>")
def submission(submission_id: uuid.UUID) -> Any:
    """Text left, codes right."""
    found = visible_submission(db_session(), submission_id, required_actor(), *coding.CODERS)
    changing = request.args.get("wijzig", type=int)
    form = StatementForm(formdata=None)
    if changing is not None:
        if abs(changing) > LARGEST_ID:
            abort(404)
        statement, of = visible_statement(db_session(), changing, required_actor(), *coding.CODERS)
        if of.id != found.id:
            abort(404)
        form.fragment.data = statement.text
        form.codes.data = [code.code for code in statement.codes]
        form.valence.data = str(statement.valence)
    return _page(found, form, changing)


def _page(found: Submission, form: StatementForm, changing: int | None = None) -> str:
    undo = session.pop(UNDO, None)
    if undo and undo.get("submission") != str(found.id):
        undo = None
    return render_template(
        "coding/submission.html",
        page=submission_page(db_session(), found, current_language()),
        form=form,
        changing=changing,
        undo=undo,
        filters=_filters(),
    )


def _refused(found: Submission, form: StatementForm, error: CodingRefused, changing: Any) -> Any:
    field = getattr(form, error.problem.where, form.fragment)
    field.errors = [*field.errors, refusal_text(error.problem)]
    return _page(found, form, changing), 422


@blueprint.post("/<uuid:submission_id>/uitspraken")
def mark(submission_id: uuid.UUID) -> Any:
    """Keep a statement."""
    database, actor, form = db_session(), required_actor(), StatementForm()
    found = visible_submission(database, submission_id, actor, *coding.CODERS)
    try:
        question, span = _place(found, form)
        command = coding.MarkStatement(
            found.id, question, span.start, span.end, form.chosen, form.value
        )
        statement = coding.mark(database, command, actor, now())
    except CodingRefused as error:
        return _refused(found, form, error, None)
    session[UNDO] = {"submission": str(found.id), "did": "mark", "statement": statement.id}
    return _back(found.id)


def _place(found: Submission, form: StatementForm) -> tuple[str, Span]:
    """The answer and the span that are meant; without a question every answer is searched."""
    database = db_session()
    if form.question.data:
        question = str(form.question.data)
        text = form.fragment.data or ""
        return question, coding.place_fragment(database, found, question, text, *form.span)
    names = open_questions_by_version(database).get(found.survey_version_id, ())
    refusal: CodingRefused | None = None
    for name in names:
        try:
            return name, coding.place_fragment(database, found, name, form.fragment.data or "")
        except CodingRefused as error:
            if refusal is None or error.problem.code != "no_open_answer":
                refusal = error
    raise refusal or CodingRefused("no_open_answer", "fragment")


@blueprint.post("/uitspraken/<int:statement_id>/wijzig")
def change(statement_id: int) -> Any:
    """Other codes or another valence."""
    database, actor, form = db_session(), required_actor(), StatementForm()
    _statement, found = visible_statement(database, statement_id, actor, *coding.CODERS)
    try:
        coding.change(database, statement_id, form.chosen, form.value, actor, now())
    except CodingRefused as error:
        return _refused(found, form, error, statement_id)
    return _back(found.id)


@blueprint.post("/uitspraken/<int:statement_id>/weg")
def remove(statement_id: int) -> Any:
    """Take a statement away; the next page offers to bring it back."""
    removed = coding.remove(db_session(), statement_id, required_actor(), now())
    session[UNDO] = {
        "submission": str(removed.submission_id),
        "did": "remove",
        "fields": undo_fields(removed),
    }
    return _back(removed.submission_id)


@blueprint.post("/<uuid:submission_id>/klaar")
def done(submission_id: uuid.UUID) -> Any:
    """This one is done; on to the next that is left."""
    database, actor, filters = db_session(), required_actor(), _filters()
    found = visible_submission(database, submission_id, actor, *coding.CODERS)
    coding.call_done(database, submission_id, actor, now())
    session["coding_done"] = str(submission_id)
    return redirect(_next_url(found, actor, filters))


@blueprint.get("/<uuid:submission_id>/volgende")
def skip(submission_id: uuid.UUID) -> Any:
    """Leave this one for later."""
    actor = required_actor()
    found = visible_submission(db_session(), submission_id, actor, *coding.CODERS)
    return redirect(_next_url(found, actor, _filters()))


def _next_url(found: Submission, actor: Actor, filters: dict[str, Any]) -> str:
    database = db_session()
    kept = {name: value for name, value in filters.items() if name != "staat"}
    questions = open_questions_by_version(database)
    following = coding_queue.next_in_queue(database, _wanted(actor, kept), questions, found)
    if following is None:
        return url_for("coding.queue", **kept)
    return url_for("coding.submission", submission_id=following, **kept)


@blueprint.post("/<uuid:submission_id>/heropen")
def reopen(submission_id: uuid.UUID) -> Any:
    """Back among the work that is left."""
    coding.reopen(db_session(), submission_id, required_actor(), now())
    return _back(submission_id)


def _back(submission_id: uuid.UUID) -> Any:
    return redirect(url_for("coding.submission", submission_id=submission_id, **_filters()))


# --- quotes ---


@blueprint.get("/citaten")
@allow("analist", "wijkmanager")
def quote_list() -> Any:
    """Statements with consent, the proposed words, approve or refuse."""
    return _quotes()


def _quotes(wrong: int | None = None, typed: str = "", error: str = "") -> str:
    database, actor = db_session(), required_actor()
    state = request.args.get("stand", "none")
    state = state if state in QUOTE_TABS else "none"
    area = request.args.get("gebied", "")[:40]
    asked = {v: (q, CONSENT_GIVEN) for v, q in consent_questions_by_version(database).items()}
    wanted = QuoteFilter(
        organisation_id=actor.organisation_id or 0,
        areas=actor.area_codes(*coding.APPROVERS),
        state="none" if state == WITHOUT else state,
        area=area,
        consent=asked if state in ("none", WITHOUT) else None,
        with_consent=state != WITHOUT,
    )
    page = quotes(database, wanted, asked_cursor(int))
    found = submissions_by_id(database, {s.submission_id for s in page.rows})
    filters = {"stand": state, **({"gebied": area} if area else {})}
    previous_url, next_url = page_urls(page, "coding.quote_list", filters)
    return render_template(
        "coding/quotes.html",
        rows=quote_rows(database, page.rows, found, current_language()),
        state=state,
        tabs=QUOTE_TABS,
        here={**filters, **({PARAM: request.args[PARAM]} if PARAM in request.args else {})},
        wrong=wrong,
        typed=typed,
        error=error,
        previous_url=previous_url,
        next_url=next_url,
        may_code=actor.has(*coding.CODERS),
    )


@blueprint.post("/citaten/<int:statement_id>")
@allow("analist", "wijkmanager")
def quote(statement_id: int) -> Any:
    """Approve, refuse, or put back."""
    database, actor, decision = db_session(), required_actor(), request.form.get("besluit")
    text = request.form.get("quote_text", "")
    try:
        if decision == "goed":
            coding.approve_quote(database, statement_id, text, actor, now())
        elif decision == "niet":
            coding.refuse_quote(database, statement_id, actor, now())
        elif decision == "terug":
            coding.reset_quote(database, statement_id, actor, now())
        else:
            abort(400)
    except CodingRefused as error:
        return _quotes(statement_id, text, refusal_text(error.problem)), 422
    session["quote_undo"] = [statement_id, decision] if decision != "terug" else None
    kept: dict[str, Any] = {k: v for k in ("stand", "gebied", PARAM) if (v := request.args.get(k))}
    return redirect(url_for("coding.quote_list", **kept))


@blueprint.app_template_global("coding_messages")
def messages() -> dict[str, Any]:
    """What was just done and can be undone; asked once."""
    return {
        "done": session.pop("coding_done", None),
        "quote": session.pop("quote_undo", None),
    }
