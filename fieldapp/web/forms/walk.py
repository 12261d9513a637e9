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
from flask_babel import ngettext
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import SentFile
from fieldapp.core.survey import Problem, Survey
from fieldapp.core.survey.model import Group
from fieldapp.core.survey.vocabulary import FILE_TYPES
from fieldapp.services import draft_pages
from fieldapp.services.draft_pages import PageInput, save_page
from fieldapp.services.drafts import (
    AREA_PAGE,
    AREA_WHERE,
    DraftState,
    WouldSend,
    state_of,
    submit_draft,
    would_send,
)
from fieldapp.services.filled import asked_paths
from fieldapp.services.intake import Receipt, Refused
from fieldapp.services.place_question import geopoint_question
from fieldapp.services.places import offered_buurten
from fieldapp.services.rounds import leaf, removed_on
from fieldapp.web.context import house, intake, now
from fieldapp.web.forms.area_page import SAID, area_form
from fieldapp.web.forms.fields import plain
from fieldapp.web.forms.items import FieldItem, Item, needs_widgets
from fieldapp.web.forms.kept import kept_files
from fieldapp.web.forms.live import Live, live_data
from fieldapp.web.forms.look import Asked, PageLook, in_words
from fieldapp.web.forms.made import SEPARATOR
from fieldapp.web.forms.page import PageForm, page_form
from fieldapp.web.forms.places import PLACE_PARTS
from fieldapp.web.forms.token import make_token
from fieldapp.web.language import interface_languages, own_name, use_language

# Controls of our own hold a slash, which no question name can.
STEP, REMOVE, SEEN = "form/step", "form/remove", "form/seen"
ADD_ROUND, REMOVE_ROUND, RESTORE = "add:", "remove:", "restore"


@dataclass(frozen=True, slots=True)
class Road:
    """How one audience walks: its template, its links, and what it is asked about places."""

    template: str
    page_url: Callable[[uuid.UUID, str], str]
    photo_url: Callable[[uuid.UUID, str], str]
    send_label: Any  # lazy: spoken in the draft's language
    exact_place: bool
    boundaries_url: str = ""
    test: bool = False  # a trial: at the end nothing is sent or kept, see Outcome.would_send


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
    seen: str = ""  # the paths that are shown, for the hidden control
    news: str = ""  # one calm line: a question came with the answers
    removed: str = ""  # the round that was taken out and can be put back, in words
    widgets: bool = False
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a sent page leads: to another page, to a receipt, or back with problems.

    `again`: the same page, with `news` new questions or after a round came or went; `anchor`
    is the id to land on. `would_send`: the end of a trial.
    """

    page: str | None = None
    receipt: Receipt | None = None
    problems: tuple[Problem, ...] = ()
    show_problems: bool = False
    news: int | None = None
    anchor: str = ""
    would_send: WouldSend | None = None

    def address(self) -> dict[str, Any]:
        """What goes behind the address of the page."""
        found: dict[str, Any] = {}
        if self.show_problems:
            found["controle"] = 1
        if self.news is not None:
            found["erbij"] = self.news
        if self.anchor:
            found["_anchor"] = self.anchor
        return found


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
        page,
        values,
        _sent_files(state, page),
        frozenset(request.form.getlist(REMOVE)),
        place,
        seen_paths(),
    )


def seen_paths() -> frozenset[str] | None:
    """The paths that the page showed; None when it does not say."""
    sent = request.form.get(SEEN)
    return None if sent is None else frozenset(sent.split())


def _sent_files(state: DraftState, page: str) -> tuple[SentFile, ...]:
    sent = []
    for path in request.files if page != AREA_PAGE else ():
        question = state.survey.by_name.get(leaf(path))
        fits = (
            question is not None
            and question.page == page
            and question.type in FILE_TYPES
            and path.count(SEPARATOR) == 2 * len(question.repeats)
        )
        for file in request.files.getlist(path):
            if file.filename and fits:
                sent.append(SentFile(path, file.filename, file.read()))
            file.close()  # large ones lie in a temporary file
    return tuple(sent)


def store(session: Session, state: DraftState, page: str) -> tuple[DraftState, tuple[Problem, ...]]:
    """Keep what was sent, before anything is judged: (new state, files that did not work)."""
    wrong = save_page(session, state, read_input(state, page), now(), intake())
    return state_of(session, state.draft), wrong


def advance(
    session: Session,
    state: DraftState,
    page: str,
    wrong_files: tuple[Problem, ...],
    actor: Actor | None,
    *,
    may_send: bool = True,
    test: bool = False,
) -> Outcome:
    """The step after a stored page. Raises Refused for what no page of the draft can mend.

    `test`: at the end nothing is sent and the draft stays; the outcome says what would be sent.
    """
    step = request.form.get(STEP, "")
    rounds = _rounds_step(session, state, page, step)
    if rounds is not None:
        return rounds
    if wrong_files:
        return Outcome(page, problems=(*wrong_files, *_seen_problems(state, page)))
    draft_pages.leave_page(session, state)
    if step == "back":
        return Outcome(state.page_before(page) or page)
    here = _seen_problems(state, page)
    if here:
        return Outcome(page, problems=here)
    came = _came_with(state, page)
    if came:
        questions = [path for path in came if not _is_note(state, path)]
        return Outcome(page, news=len(questions), anchor=f"q-{came[0]}-box")
    following = state.page_after(page)
    if following is not None:
        return Outcome(following)
    for problem in state.problems:
        if state.page_of(problem) in state.pages:
            return Outcome(state.page_of(problem), show_problems=True)
    if not may_send:
        return Outcome(page)
    if test:
        return Outcome(would_send=would_send(state))
    try:
        return Outcome(receipt=submit_draft(session, state, actor, now(), intake()))
    except Refused as refused:
        return Outcome(page, problems=refused.problems)


def _rounds_step(session: Session, state: DraftState, page: str, step: str) -> Outcome | None:
    """One more round, one less, or one put back: always the same page again."""
    if step == RESTORE:
        path = draft_pages.restore(session, state)
        return Outcome(page, anchor=f"r-{path}" if path else "")
    if step.startswith(ADD_ROUND):
        path = draft_pages.add(session, state, step.removeprefix(ADD_ROUND))
        return Outcome(page, anchor=f"r-{path}" if path else "")
    if step.startswith(REMOVE_ROUND):
        draft_pages.remove(session, state, step.removeprefix(REMOVE_ROUND))
        return Outcome(page, anchor="removed")
    return None


def _seen_problems(state: DraftState, page: str) -> tuple[Problem, ...]:
    """What is wrong with what the person saw; what came with the answers is not wrong yet."""
    found, seen = state.problems_on(page), seen_paths()
    if seen is None:
        return found
    return tuple(p for p in found if p.where in seen or p.where not in state.relevant)


def _came_with(state: DraftState, page: str) -> list[str]:
    """What this page asks now and was not on the page that was sent."""
    seen = seen_paths()
    if page == AREA_PAGE or seen is None:
        return []
    shown = asked_paths(state.filled, state.survey.page(page).items)
    return [path for path in shown if path not in seen]


def _is_note(state: DraftState, path: str) -> bool:
    found = state.filled.item(path)
    return found is not None and found.type == "note"


def asked_of(state: DraftState, look: PageLook) -> Asked:
    """The draft as its pages ask it."""
    return Asked(state.filled, look, state.draft.location, state.location)


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
    point = geopoint_question(state.survey)
    areas_shown: tuple[tuple[str, str], ...] = ()
    if point is not None and point.page == page:
        round_ = None if road.exact_place else state.round
        areas_shown = tuple((b.code, b.name) for b in offered_buurten(session, round_, actor))
    look = PageLook(
        language=draft.language,
        kept=kept_files(state, lambda sha: road.photo_url(draft.id, sha), REMOVE),
        areas=areas_shown,
        map=_map(road),
        exact_place=road.exact_place,
    )
    return page_form(state.survey.page(page), asked_of(state, look), token)


def _map(road: Road) -> Mapping[str, str] | None:
    if not road.boundaries_url:
        return None
    found = house().settings
    return {
        "url": road.boundaries_url,
        "tiles": found.tile_url,
        "attribution": found.tile_attribution,
    }


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
        seen=" ".join(form.seen),
        news=_news(),
        removed=_removed(state, page),
        widgets=needs_widgets(form.items),
        live=live_data(state, page),
    )


def _news() -> str:
    asked = request.args.get("erbij", "")
    if not asked.isdecimal() or len(asked) > 3:
        return ""
    number = int(asked)
    if number == 0:
        return str(_("Er is uitleg bij gekomen."))
    return str(
        ngettext("Er is een vraag bij gekomen.", "Er zijn %(num)s vragen bij gekomen.", number)
    )


def _removed(state: DraftState, page: str) -> str:
    """The round that was taken out of this page last, in words."""
    if page == AREA_PAGE:
        return ""
    repeats = [g.name for g in state.survey.groups.values() if g.is_repeat and g.page == page]
    last = removed_on(state.draft.raw, repeats)
    if last is None:
        return ""
    path = str(last["path"])
    group = state.survey.groups[leaf(path)]
    language = state.draft.language
    name = (
        plain(in_words(group.label, language)) if isinstance(group, Group) and group.label else ""
    )
    number = int(path.rpartition(SEPARATOR)[2]) + 1
    return str(_("%(name)s %(number)s", name=name or _("Ronde"), number=number))


def _heading(state: DraftState, page: str, form: PageForm) -> tuple[str, bool]:
    if page == AREA_PAGE:
        return form.fields[0].label.text, True
    return page_heading(asked_of(state, PageLook(state.draft.language)), page, form)


def page_heading(asked: Asked, page: str, form: PageForm) -> tuple[str, bool]:
    """(the h1, whether it is the label of the only question)."""
    label = asked.survey.page(page).label
    if label is not None:
        return asked.words(label, ""), False
    only = form.items[0] if len(form.items) == 1 else None
    if isinstance(only, FieldItem) and only.field.type != "BooleanField":
        return only.field.label.text, True
    return in_words(asked.survey.title, asked.look.language), False
