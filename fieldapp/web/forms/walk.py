"""Walking through a draft page by page, for colleagues and residents alike.

The two blueprints differ in who may come in and where links lead; `Road` says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import SentFile
from fieldapp.core.survey import Problem, Survey
from fieldapp.services.draft_pages import PageInput, photo_key, save_page
from fieldapp.services.drafts import AREA_PAGE, AREA_WHERE, DraftState, state_of, submit_draft
from fieldapp.services.intake import Receipt, Refused
from fieldapp.services.intake.answers import geopoint_question
from fieldapp.services.places import offered_buurten
from fieldapp.web.context import house, intake, now
from fieldapp.web.forms.area_page import SAID, area_form
from fieldapp.web.forms.fields import SEPARATOR, KeptPhoto, PageLook, in_words, plain
from fieldapp.web.forms.page import PLACE_PARTS, Item, PageForm, page_form
from fieldapp.web.forms.token import make_token
from fieldapp.web.language import interface_languages, own_name, use_language

# Names of controls hold a dot, which no question name can.
STEP, REMOVE = "form.step", "form.remove"


@dataclass(frozen=True, slots=True)
class Road:
    """How one audience walks: its template, its links, and what it is asked about places."""

    template: str
    page_url: Callable[[uuid.UUID, str], str]
    photo_url: Callable[[uuid.UUID, str], str]
    send_label: Any  # lazy: spoken in the draft's language
    exact_place: bool
    boundaries_url: str = ""


@dataclass(frozen=True, slots=True)
class PageView:
    """All that the template of one page shows."""

    form: PageForm
    items: tuple[Item, ...]
    heading: str
    title: str
    heading_is_question: bool
    survey_title: str
    intro: tuple[str, ...]
    action: str
    step: int
    steps: int
    back: bool
    next_label: str
    for_resident: bool  # who answers is a resident, also when a colleague holds the phone


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a sent page leads: to another page, to a receipt, or back with problems."""

    page: str | None = None
    receipt: Receipt | None = None
    problems: tuple[Problem, ...] = ()
    show_problems: bool = False


def languages_for(survey: Survey) -> list[tuple[str, str]]:
    """(tag, own name) of the survey's languages in which the pages around it exist too."""
    spoken = interface_languages()
    return [(tag, own_name(tag)) for tag in survey.languages if tag in spoken]


def language_for(survey: Survey, *wished: str | None) -> str:
    """The first wished language that we can speak, else the survey's own."""
    known = [tag for tag, _name in languages_for(survey)]
    return next((tag for tag in wished if tag in known), survey.default_language)


def read_input(state: DraftState, page: str) -> PageInput:
    """What the browser sent for a page."""
    place = None
    values = {name: request.form.getlist(name) for name in request.form}
    point = geopoint_question(state.survey)
    if page == AREA_PAGE:
        chosen = request.form.get(AREA_WHERE, "")
        place = {"said": chosen} if chosen in SAID else {"area_code": chosen}
    elif point is not None and point.page == page and point.name in state.relevant:
        place = {
            key: request.form.get(f"{point.name}{SEPARATOR}{part}", "").replace("\0", "").strip()
            for key, part in PLACE_PARTS.items()
        }
        if point.name in request.form:  # without exact place the question is an area list
            place = {"area_code": request.form[point.name]}
    return PageInput(
        page, values, _sent_files(state, page), frozenset(request.form.getlist(REMOVE)), place
    )


def _sent_files(state: DraftState, page: str) -> tuple[SentFile, ...]:
    if page == AREA_PAGE:
        return ()
    sent = []
    for question in state.survey.page(page).questions:
        for file in request.files.getlist(question.name) if question.type == "image" else ():
            if file.filename:
                sent.append(SentFile(question.name, file.filename, file.read()))
            file.close()  # large ones lie in a temporary file
    return tuple(sent)


def store(session: Session, state: DraftState, page: str) -> tuple[DraftState, tuple[Problem, ...]]:
    """Keep what was sent, before anything is judged: (new state, photos that did not work)."""
    wrong = save_page(session, state, read_input(state, page), now(), intake())
    return state_of(session, state.draft), wrong


def advance(
    session: Session,
    state: DraftState,
    page: str,
    wrong_photos: tuple[Problem, ...],
    actor: Actor | None,
    *,
    may_send: bool = True,
) -> Outcome:
    """The step after a stored page. Raises Refused for what no page of the draft can mend."""
    if wrong_photos:
        problems = (*wrong_photos, *state.problems_on(page))
        return Outcome(page, problems=problems)
    if request.form.get(STEP) == "back":
        return Outcome(state.page_before(page) or page)
    here = state.problems_on(page)
    if here:
        return Outcome(page, problems=here)
    following = state.page_after(page)
    if following is not None:
        return Outcome(following)
    for problem in state.problems:
        if state.page_of(problem) in state.pages:
            return Outcome(state.page_of(problem), show_problems=True)
    if not may_send:
        return Outcome(page)
    try:
        return Outcome(receipt=submit_draft(session, state, actor, now(), intake()))
    except Refused as refused:
        return Outcome(page, problems=refused.problems)


def show_page(
    session: Session,
    state: DraftState,
    page: str,
    road: Road,
    actor: Actor | None,
    problems: Iterable[Problem] = (),
    **context: Any,
) -> str:
    """The page, with what was typed and what is wrong."""
    language = state.draft.language
    use_language(language)
    form = _form(session, state, page, road, actor)
    form.mark(problems)
    view = _view(state, page, form, road)
    return render_template(
        road.template,
        view=view,
        form=form,
        languages=languages_for(state.survey),
        language_url=lambda tag: f"{view.action}?taal={tag}",
        **context,
    )


def _form(
    session: Session, state: DraftState, page: str, road: Road, actor: Actor | None
) -> PageForm:
    draft = state.draft
    token = make_token(draft.id, draft.user_id)
    if page == AREA_PAGE:
        areas = offered_buurten(session, state.round, actor)
        resident = state.survey.kind == "enquete"
        return area_form(areas, draft.location, token, resident=resident)
    questions = state.survey.page(page).questions
    areas_shown: tuple[tuple[str, str], ...] = ()
    if any(q.type == "geopoint" for q in questions):
        round_ = None if road.exact_place else state.round
        areas_shown = tuple((b.code, b.name) for b in offered_buurten(session, round_, actor))
    look = PageLook(
        language=draft.language,
        kept=_kept(state, road),
        areas=areas_shown,
        map=_map(road),
        exact_place=road.exact_place,
    )
    return page_form(
        state.survey.page(page), state.relevant, draft.raw, draft.location, token, look
    )


def _map(road: Road) -> Mapping[str, str] | None:
    if not road.boundaries_url:
        return None
    found = house().settings
    return {
        "url": road.boundaries_url,
        "tiles": found.tile_url,
        "attribution": found.tile_attribution,
    }


def _kept(state: DraftState, road: Road) -> dict[str, tuple[KeptPhoto, ...]]:
    kept: dict[str, tuple[KeptPhoto, ...]] = {}
    for file in state.draft.files:
        question = file["question"]
        before = kept.get(question, ())
        photo = KeptPhoto(
            url=road.photo_url(state.draft.id, file["sha256"]),
            alt=_("Bewaarde foto %(number)s", number=len(before) + 1),
            remove_name=REMOVE,
            remove_value=photo_key(question, file["sent_sha256"]),
        )
        kept[question] = (*before, photo)
    return kept


def _view(state: DraftState, page: str, form: PageForm, road: Road) -> PageView:
    language = state.draft.language
    heading, is_question = _heading(state, page, form)
    survey_title = plain(in_words(state.survey.title, language))
    is_first = state.page_before(page) is None
    intro = state.survey.intro.in_language(language) if is_first and state.survey.intro else ""
    title = plain(heading)
    if is_question and form.fields[0].flags.required:
        title = f"{title} {_('verplicht')}"  # the h1 says so too
    return PageView(
        form=form,
        items=form.items,
        heading=heading,
        title=title,
        heading_is_question=is_question,
        survey_title=survey_title,
        intro=tuple(intro.splitlines()),
        action=road.page_url(state.draft.id, page),
        step=state.pages.index(page) + 1,
        steps=len(state.pages),
        back=not is_first,
        next_label=_("Volgende") if state.page_after(page) else str(road.send_label),
        for_resident=state.survey.kind == "enquete",
    )


def _heading(state: DraftState, page: str, form: PageForm) -> tuple[str, bool]:
    """(the h1, whether it is the label of the only question)."""
    fields = form.fields
    label = None if page == AREA_PAGE else state.survey.page(page).label
    if label is not None:
        return in_words(label, state.draft.language), False
    if len(fields) == 1 and fields[0].type != "BooleanField":
        return fields[0].label.text, True
    return in_words(state.survey.title, state.draft.language), False
