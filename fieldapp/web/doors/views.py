"""/veld/ronde and /veld/beloftes: ordinary pages, that also work without scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fieldapp.core.dates import local_day
from fieldapp.core.people import REVIEW_ROLES
from fieldapp.core.portiek import LONGEST
from fieldapp.core.submission import can_be_stored
from fieldapp.db.models import Round
from fieldapp.db.queries.review import area_names
from fieldapp.db.queries.surveys import is_open, published_version, round_by_slug
from fieldapp.services.drafts import start_draft, state_of
from fieldapp.services.follow_ups import Promise, plan, promises, settle
from fieldapp.services.survey_versions import newest_surveys, parsed
from fieldapp.services.visible import NotThere, NotYours
from fieldapp.services.walks import Walk, may_walk, walk_of, walks_of
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.doors.pack import walk_as_json
from fieldapp.web.doors.words import BADGES, state_words
from fieldapp.web.field.words import KINDS
from fieldapp.web.forms.walk import language_for
from fieldapp.web.language import current_language
from fieldapp.web.phone.addresses import form_address

blueprint = Blueprint("doors", __name__, url_prefix="/veld")
TODAY_PROMISES = 3
LARGEST_ID = 2**31 - 1


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Words and links that every page here uses."""
    return {
        "kinds": KINDS,
        "state_words": state_words,
        "state_badges": BADGES,
        "home_url": url_for("field.start"),
        "logout_url": url_for("security.logout"),
    }


@blueprint.get("/ronde/<slug>")
def round_page(slug: str) -> str:
    """The stairwells of a round with how far each is, the next to visit first."""
    found = _round(slug)
    walk = walk_of(db_session(), found, required_actor())
    codes = {door.area_code for door in walk.doors if door.area_code}
    return render_template(
        "doors/round.html",
        walk=walk,
        walk_json=walk_as_json(walk, newest_surveys(db_session()).get(walk.survey), now()),
        open=is_open(found, local_day(now())),
        names=area_names(db_session(), codes) if len(codes) > 1 else {},
        form_url=_form_url(found),
        back_url=url_for("field.start"),
    )


def _round(slug: str) -> Round:
    found = round_by_slug(db_session(), slug)
    if found is None or not may_walk(found, required_actor()):
        abort(404)
    return found


def _form_url(found: Round) -> str:
    """The phone's page of this round's form, "" when nothing is published."""
    version = published_version(db_session(), found.survey.name)
    if version is None:
        return ""
    language = language_for(parsed(version), current_language())
    return form_address(found.survey.name, version.version, language)


@blueprint.post("/ronde/<slug>/begin")
def begin_here(slug: str) -> Any:
    """Start this round's form with the stairwell filled in."""
    session, found = db_session(), _round(slug)
    version = published_version(session, found.survey.name)
    if version is None or not is_open(found, local_day(now())):
        abort(404)
    survey = parsed(version)
    language = language_for(survey, current_language())
    draft = start_draft(session, version, found, required_actor(), language, now())
    question = survey.with_role("portiek")
    portiek = request.form.get("portiek", "").strip()[:LONGEST]
    if question is not None and not question.repeats and portiek and can_be_stored(portiek):
        draft.raw = {**draft.raw, question.name: portiek}
        session.commit()
    page = state_of(session, draft).pages[0]
    return redirect(url_for("drafts.page", draft_id=draft.id, page=page), 303)


@dataclass(frozen=True, slots=True)
class PromiseList:
    """What the page Beloftes shows."""

    mine: Sequence[Promise]
    others: Sequence[Promise]
    kept: Sequence[Promise]
    area_names: Mapping[str, str]


@blueprint.get("/beloftes", endpoint="promises")
def promises_page() -> str:
    """What I promised and what was promised in my areas; open first."""
    session = db_session()
    found = promises(session, required_actor(), now())
    still = [one for one in found if one.is_open]
    shown = PromiseList(
        mine=[one for one in still if one.is_mine],
        others=[one for one in still if not one.is_mine],
        kept=[one for one in found if not one.is_open],
        area_names=area_names(session, {one.area_code for one in found if one.area_code}),
    )
    return render_template(
        "doors/promises.html",
        promises=shown,
        today=local_day(now()),
        back_url=url_for("field.start"),
    )


@blueprint.post("/beloftes/<int:follow_up_id>")
def settle_promise(follow_up_id: int) -> Any:
    """Kept, open again after all, or given a last day."""
    deed = DEEDS.get(request.form.get("done", ""))
    if deed is None or follow_up_id > LARGEST_ID:
        abort(404)
    try:
        words = deed(follow_up_id)
    except NotThere:
        abort(404)
    except NotYours:
        abort(403)
    flash(*words)
    return redirect(url_for("doors.promises"), 303)


def _kept(follow_up_id: int) -> tuple[str, str]:
    note = request.form.get("note", "").replace("\0", "")
    settle(db_session(), follow_up_id, required_actor(), now(), done=True, note=note)
    return _("Gedaan. Je vindt het onderaan terug."), "ok"


def _open_again(follow_up_id: int) -> tuple[str, str]:
    settle(db_session(), follow_up_id, required_actor(), now(), done=False)
    return _("De belofte staat weer open."), "ok"


def _planned(follow_up_id: int) -> tuple[str, str]:
    typed = request.form.get("due_on", "").strip()
    try:
        due_on = date.fromisoformat(typed) if typed else None
    except ValueError:
        return _("Vul een dag in, zoals 2026-03-31."), "error"
    plan(db_session(), follow_up_id, required_actor(), due_on)
    return _("De dag is bewaard."), "ok"


DEEDS: Mapping[str, Callable[[int], tuple[str, str]]] = {
    "ja": _kept,
    "nee": _open_again,
    "dag": _planned,
}


@dataclass(frozen=True, slots=True)
class Today:
    """What the start page says of today: rounds with a stairwell to go to, my open promises."""

    walks: Sequence[Walk]
    mine: Sequence[Promise]
    open_promises: int
    day: date


def _has_more(walk: Walk) -> bool:
    """Whether there is somewhere to go; a round without a list only tells where people were."""
    return walk.next is not None if walk.has_list else bool(walk.doors)


def field_today() -> Today:
    """For the start page: where to go next, and what I promised."""
    session, actor, moment = db_session(), required_actor(), now()
    still = [one for one in promises(session, actor, moment) if one.is_open]
    day = local_day(moment)
    return Today(
        walks=[walk for walk in walks_of(session, actor, day) if _has_more(walk)],
        mine=[one for one in still if one.is_mine][:TODAY_PROMISES],
        open_promises=len(still),
        day=day,
    )


blueprint.add_app_template_global(field_today, "field_today")


def walk_progress(found: Round) -> Walk | None:
    """For laptops: how far a round is, when it goes to stairwells and the reader works there."""
    actor = required_actor()
    if not may_walk(found, actor) or not actor.has(*REVIEW_ROLES):
        return None
    walk = walk_of(db_session(), found, actor)
    return walk if walk.doors else None
