"""The pages of a colleague's form. A blueprint of its own, with its own way of checking.

Reading asks for a log-in and gives 404 for somebody else's draft. Sending a page asks for the
draft's own token instead: what was typed is stored also when the log-in has expired meanwhile.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from fieldapp.core.people import FIELD_ROLES, Actor
from fieldapp.db.models import Draft, Submission
from fieldapp.db.queries.drafts import draft_by_id
from fieldapp.services.drafts import DraftState, remove_draft, speak, state_of
from fieldapp.web.context import current_actor, db_session
from fieldapp.web.forms.token import FIELD_NAME, make_token, token_fits
from fieldapp.web.forms.walk import Road, advance, languages_for, show_page, store
from fieldapp.web.held import ask_log_in
from fieldapp.web.media.files import send_kept

blueprint = Blueprint("drafts", __name__, url_prefix="/veld/formulier")


def road() -> Road:
    """How colleagues walk: with positions and a map."""
    return Road(
        template="field/page.html",
        page_url=lambda draft, page: url_for("drafts.page", draft_id=draft, page=page),
        photo_url=lambda draft, sha: url_for("drafts.photo", draft_id=draft, sha256=sha),
        send_label=_l("Opslaan"),
        exact_place=True,
        boundaries_url=url_for("field.boundaries"),
    )


def own_draft(draft_id: uuid.UUID) -> tuple[Draft, Actor] | Response:
    """The draft of who is logged in; else the log-in page, the receipt, or 404."""
    actor = current_actor()
    if actor is None:
        answer = ask_log_in()
        if not isinstance(answer, Response):
            abort(401)
        return answer
    draft = draft_by_id(db_session(), draft_id)
    if draft is None:
        return _sent_already(draft_id)
    if draft.user_id is None or draft.user_id != actor.user_id or not actor.has(*FIELD_ROLES):
        abort(404)
    return draft, actor


def _sent_already(draft_id: uuid.UUID) -> Response:
    """A form that was sent keeps its id: show the receipt once more."""
    if db_session().get(Submission, draft_id) is None:
        abort(404)
    return redirect(url_for("field.receipt", submission_id=draft_id))


@blueprint.get("/<uuid:draft_id>")
def first(draft_id: uuid.UUID) -> Any:
    """To the first page that still needs something, for who comes back to an open form."""
    found = own_draft(draft_id)
    if isinstance(found, Response):
        return found
    state = state_of(db_session(), found[0])
    wrong = [state.page_of(problem) for problem in state.problems]
    page = next((page for page in state.pages if page in wrong), state.pages[0])
    return redirect(url_for("drafts.page", draft_id=draft_id, page=page))


@blueprint.get("/<uuid:draft_id>/<page>")
def page(draft_id: uuid.UUID, page: str) -> Any:
    """One page of the form, as it was left."""
    found = own_draft(draft_id)
    if isinstance(found, Response):
        return found
    draft, actor = found
    state = state_of(db_session(), draft)
    if page not in state.pages:
        return redirect(url_for("drafts.page", draft_id=draft_id, page=state.pages[0]))
    asked = request.args.get("taal", "")
    if asked != draft.language and asked in dict(languages_for(state.survey)):
        speak(db_session(), draft, asked)
    problems = state.problems_on(page) if "controle" in request.args else ()
    return _show(state, page, actor, problems, kept="bewaard" in request.args)


def _show(
    state: DraftState, page: str, actor: Actor, problems: Any = (), *, kept: bool = False
) -> str:
    return show_page(
        db_session(),
        state,
        page,
        road(),
        actor,
        problems,
        kept=kept,
        discard_url=url_for("drafts.discard", draft_id=state.draft.id),
        home_url=url_for("field.start"),
        logout_url=url_for("security.logout"),
    )


@blueprint.post("/<uuid:draft_id>/<page>")
def send(draft_id: uuid.UUID, page: str) -> Any:
    """Store the page, log-in or not; then go on, or say what is wrong."""
    session = db_session()
    draft = draft_by_id(session, draft_id, lock=True)
    if draft is None:
        return _sent_already(draft_id) if current_actor() else ask_log_in()
    if draft.user_id is None:
        abort(404)
    if not token_fits(request.form.get(FIELD_NAME, ""), draft.id, draft.user_id):
        return ask_log_in() if current_actor() is None else abort(400)
    state = state_of(session, draft)
    if page not in state.pages:
        return redirect(url_for("drafts.page", draft_id=draft_id, page=state.pages[0]))
    state, wrong_photos = store(session, state, page)
    actor = current_actor()
    if actor is None or actor.user_id != draft.user_id:
        return _log_in_again(state, page, wrong=bool(wrong_photos))
    outcome = advance(session, state, page, wrong_photos, actor)
    if outcome.receipt is not None:
        return redirect(url_for("field.receipt", submission_id=draft_id))
    if outcome.problems:
        return _show(state, page, actor, outcome.problems), 422
    return redirect(
        url_for("drafts.page", draft_id=draft_id, page=outcome.page, **outcome.address())
    )


def _log_in_again(state: DraftState, page: str, *, wrong: bool) -> Response:
    """The work is stored; after the log-in it goes on at the page where it was."""
    here = state.problems_on(page)
    following = None if wrong or here else state.page_after(page)
    check: dict[str, Any] = {"controle": 1} if here else {}
    back = url_for(
        "drafts.page", draft_id=state.draft.id, page=following or page, bewaard=1, **check
    )
    flash(_("Je was uitgelogd. Wat je had ingevuld is bewaard. Log in om verder te gaan."))
    return redirect(url_for("security.login", next=back))


@blueprint.get("/<uuid:draft_id>/foto/<sha256>")
def photo(draft_id: uuid.UUID, sha256: str) -> Any:
    """A photo or another file that this draft keeps."""
    found = own_draft(draft_id)
    if isinstance(found, Response):
        return found
    return send_kept(found[0].files, sha256)


@blueprint.route("/<uuid:draft_id>/0-weggooien", methods=["GET", "POST"])
def discard(draft_id: uuid.UUID) -> Any:
    """Throw an open form away. That cannot be undone, so it is asked first."""
    found = own_draft(draft_id)
    if isinstance(found, Response):
        return found
    draft, _actor = found
    if request.method == "POST":
        if not token_fits(request.form.get(FIELD_NAME, ""), draft.id, draft.user_id):
            abort(400)
        remove_draft(db_session(), draft)
        flash(_("Het formulier is weggegooid."))
        return redirect(url_for("field.start"))
    title = state_of(db_session(), draft).survey.title.in_language(draft.language)
    return render_template(
        "field/discard.html",
        title=title,
        draft_token=make_token(draft.id, draft.user_id),
        action=url_for("drafts.discard", draft_id=draft.id),
        keep_url=url_for("drafts.first", draft_id=draft.id),
        home_url=url_for("field.start"),
        back_url=url_for("field.start"),
    )
