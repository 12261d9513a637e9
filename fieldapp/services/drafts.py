"""Drafts: a form filled in page by page. What is typed is stored first and judged afterwards.

The draft's id becomes the submission's id and its `started_at` the moment of capture, so sending
it twice is sending the same thing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.answers import Answers
from fieldapp.core.dates import HERE
from fieldapp.core.filling import first_answers
from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming, Location, read_location
from fieldapp.core.survey import Problem, Survey
from fieldapp.core.survey.model import Item
from fieldapp.core.survey.vocabulary import FILE_TYPES, UNANSWERED_TYPES
from fieldapp.db.models import Draft, Round, SurveyVersion
from fieldapp.db.queries.areas import newest_area
from fieldapp.db.queries.drafts import delete_draft, untouched_draft
from fieldapp.services.filled import Filled, fill_in, paths_of, seed_of
from fieldapp.services.intake import Intake, Receipt, Refused, StoredFile, receive_submission
from fieldapp.services.intake.answers import as_stored
from fieldapp.services.place_question import geopoint_question
from fieldapp.services.places import only_area
from fieldapp.services.rounds import repeats_of, rounds_in, with_keys
from fieldapp.services.survey_versions import parsed

AREA_PAGE = "0-buurt"  # no page of a survey can be called this: names start with a letter
AREA_WHERE = "area_code"
FIRST_DOORS = 8  # of a stairwell: as many doors as most have


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft as it stands: what it says, which pages there are, and what is wrong where.

    `problems` have the path of an answer as their `where`, or AREA_WHERE.
    """

    draft: Draft
    version: SurveyVersion
    round: Round | None
    filled: Filled
    location: Location
    pages: tuple[str, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def survey(self) -> Survey:
        """The survey that is filled in."""
        return self.filled.survey

    @property
    def answers(self) -> Answers:
        """Typed answers to what is asked."""
        return self.filled.answers

    @property
    def relevant(self) -> frozenset[str]:
        """The paths of all that is asked."""
        return self.filled.found.relevant

    def problems_on(self, page: str) -> tuple[Problem, ...]:
        """What is wrong on one page."""
        return tuple(problem for problem in self.problems if self.page_of(problem) == page)

    def page_of(self, problem: Problem) -> str:
        """The page on which a problem is mended."""
        return self.filled.page_of(problem.where) or AREA_PAGE

    def page_after(self, page: str) -> str | None:
        """The next page, or None when `page` is the last."""
        return self._step(page, 1)

    def page_before(self, page: str) -> str | None:
        """The page before, or None when `page` is the first."""
        return self._step(page, -1)

    def _step(self, page: str, by: int) -> str | None:
        order = [AREA_PAGE, *(p.name for p in self.survey.pages)]
        places = [order.index(name) for name in self.pages]
        here = order.index(page)
        if by > 0:
            return next((order[place] for place in places if place > here), None)
        return next((order[place] for place in reversed(places) if place < here), None)


def start_draft(
    session: Session,
    version: SurveyVersion,
    round_: Round | None,
    actor: Actor | None,
    language: str,
    now: datetime,
) -> Draft:
    """A new draft, or one that this person started and left empty: one commit."""
    user_id = actor.user_id if actor is not None else None
    round_id = round_.id if round_ is not None else None
    draft = None
    if user_id is not None:
        draft = untouched_draft(session, user_id, version.id, round_id)
    if draft is None:
        draft = Draft(
            id=uuid.uuid4(),
            survey_version_id=version.id,
            round_id=round_id,
            user_id=user_id,
            raw={},
            files=[],
            location={},
        )
        session.add(draft)
    survey = parsed(version)
    draft.language = language
    draft.started_at = draft.updated_at = now
    draft.raw = first_raw(survey, draft)
    code = only_area(round_)
    if code is not None and geopoint_question(survey) is None:
        draft.location = {"area_code": code, "source": "area"}
    session.commit()
    return draft


def speak(session: Session, draft: Draft, language: str) -> None:
    """Go on in another language: one commit."""
    draft.language = language
    session.commit()


def asks_area(survey: Survey, round_: Round | None) -> bool:
    """Whether a first page must ask for the buurt."""
    return geopoint_question(survey) is None and only_area(round_) is None


def first_raw(survey: Survey, draft: Draft) -> dict[str, Any]:
    """What a new draft says before anybody typed: defaults, and the first round of repeats."""
    moment = draft.started_at.astimezone(HERE)
    answers = first_answers(survey, now=moment, seed=seed_of(draft.id), language=draft.language)
    return as_first_raw(survey, answers)


def as_first_raw(survey: Survey, answers: Answers) -> dict[str, Any]:
    """First answers as a draft keeps them; a stairwell begins with as many doors as most have."""
    raw = {name: as_sent(value) for name, value in answers.items()}
    for repeat in repeats_of(survey.items):
        if "doors" in repeat.appearances and len(rounds_in(raw, repeat.name)) == 1:
            raw[repeat.name] = raw[repeat.name] * FIRST_DOORS
    return with_keys(survey.items, raw)


def state_of(session: Session, draft: Draft) -> DraftState:
    """Read the draft's raw answers and walk its rules. Never raises for what was typed."""
    version = session.get(SurveyVersion, draft.survey_version_id)
    if version is None:
        raise LookupError(f"draft {draft.id} has no survey")
    round_ = session.get(Round, draft.round_id) if draft.round_id is not None else None
    survey = parsed(version)
    location, place_problems = read_location(draft.location)
    filled = fill_in(
        survey,
        {**known_files(survey, draft), **known(survey, draft.raw)},
        now=draft.started_at.astimezone(HERE),
        location=location,
        seed=seed_of(draft.id),
        language=draft.language,
    )
    point = geopoint_question(survey)
    where = point.name if point is not None else AREA_WHERE
    problems = [
        *(p for p in filled.problems if filled.asks(p.where) or filled.item(p.where) is None),
        *(Problem(p.code, where, p.params) for p in place_problems),
    ]
    if location.area_code and newest_area(session, location.area_code) is None:
        problems.append(Problem("unknown_area", where, {"code": location.area_code}))
    first = (AREA_PAGE,) if asks_area(survey, round_) else ()
    return DraftState(
        draft=draft,
        version=version,
        round=round_,
        filled=filled,
        location=location,
        pages=first + filled.found.pages,
        problems=tuple(problems),
    )


def known(survey: Survey, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed for this survey; a test version may have lost a question meanwhile."""
    return known_in(survey.items, raw)


def known_in(items: tuple[Item, ...], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The same for one level: names of its questions and repeats, and our own keys."""
    names = _names_at(items)
    kept = {k: v for k, v in raw.items() if k in names or k.startswith((".", "/"))}
    for repeat in repeats_of(items):
        if repeat.name in kept:
            rounds = rounds_in(kept, repeat.name)
            kept[repeat.name] = [known_in(repeat.children, one) for one in rounds]
    return kept


def _names_at(items: tuple[Item, ...]) -> set[str]:
    names: set[str] = set()
    for item in items:
        children = getattr(item, "children", None)
        if children is None or item.type == "repeat":
            names.add(item.name)
        else:
            names |= _names_at(children)
    return names


def known_files(survey: Survey, draft: Draft) -> dict[str, Any]:
    """Names of stored files of questions that are asked once."""
    found: dict[str, Any] = {}
    for file in draft.files:
        question = survey.by_name.get(file["question"])
        if question is not None and question.type in FILE_TYPES and not question.repeats:
            found.setdefault(question.name, []).append(file["file_name"])
    return found


def incoming_of(state: DraftState) -> Incoming:
    """The submission that this draft would be."""
    draft = state.draft
    return Incoming(
        id=draft.id,
        survey=state.survey.name,
        version=state.survey.version,
        language=draft.language,
        captured_at=draft.started_at,
        answers=_to_send(state),
        location=state.location,
        round_slug=state.round.slug if state.round is not None else "",
        channel="form",
    )


def files_to_send(state: DraftState) -> tuple[StoredFile, ...]:
    """The stored files that an answer names; those of a round that is gone stay behind."""
    named = {
        (question.name, name)
        for _path, question, answer in paths_of(state.survey, state.answers)
        if question.type in FILE_TYPES and isinstance(answer, list)
        for name in answer
    }
    found = (StoredFile.from_json(file) for file in state.draft.files)
    return tuple(file for file in found if (file.question, file.file_name) in named)


@dataclass(frozen=True, slots=True)
class WouldSend:
    """What a trial would send: the submission, and its answers as they would be kept."""

    incoming: Incoming
    files: tuple[StoredFile, ...]
    stored: Mapping[str, Any]


def would_send(state: DraftState) -> WouldSend:
    """What sending this draft would store. Nothing is stored and the draft stays."""
    stored = as_stored(state.survey, state.answers, state.draft.language)
    return WouldSend(incoming_of(state), files_to_send(state), stored)


def submit_draft(
    session: Session, state: DraftState, actor: Actor | None, now: datetime, intake: Intake
) -> Receipt:
    """Send it and remove the draft. Raises Refused when something is still wrong.

    The submission is committed first: after a crash in between, sending again gives the same
    receipt and removes the draft then.
    """
    if state.problems:
        raise Refused(*state.problems)
    files = files_to_send(state)
    receipt = receive_submission(session, incoming_of(state), actor, now, intake, stored=files)
    delete_draft(session, state.draft.id)
    session.commit()
    return receipt


def _to_send(state: DraftState) -> dict[str, Any]:
    """The typed answers as a phone would send them; files and the place have their own way in."""
    point = geopoint_question(state.survey)
    left_out = {point.name} if point is not None else set()
    return _sent_level(state.survey, state.answers, left_out)


def _sent_level(survey: Survey, answers: Mapping[str, Any], left_out: set[str]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for name, answer in answers.items():
        question = survey.by_name.get(name)
        if question is None:  # a repeat
            sent[name] = [_sent_level(survey, one, left_out) for one in rounds_in(answers, name)]
        elif name in left_out or question.type in UNANSWERED_TYPES:
            continue
        elif question.type not in FILE_TYPES or question.repeats:
            sent[name] = as_sent(answer)
    return sent


def as_sent(answer: Any) -> Any:
    """A typed answer in JSON, which core reads back as the same answer."""
    if isinstance(answer, date | time):
        return answer.isoformat()
    if isinstance(answer, list):
        return [as_sent(one) for one in answer]
    if isinstance(answer, dict):
        return {name: as_sent(value) for name, value in answer.items()}
    return answer


def remove_draft(session: Session, draft: Draft) -> None:
    """Throw a draft away: one commit. Its photos go with the next clean-up of the media store."""
    delete_draft(session, draft.id)
    session.commit()


def changed_place(old: Mapping[str, Any], new: Mapping[str, str]) -> dict[str, str]:
    """The place after a page was sent. Of a point and an area, the one that was changed counts.

    Both are kept as typed while neither was touched; `new` has the keys lat, lon, accuracy_m,
    source, taken_at and area_code, as text.
    """
    point = ("lat", "lon")
    moved = any(new.get(key, "") != str(old.get(key) or "") for key in point)
    has_point = any(new.get(key) for key in point)
    chose = bool(new.get("area_code")) and new["area_code"] != str(old.get("area_code") or "")
    if has_point and (moved or not chose):
        source = {"gps": "gps", "map": "map"}.get(new.get("source", ""), "manual")
        kept = {key: new.get(key, "") for key in (*point, "accuracy_m")}
        # A position that somebody pointed at was not measured.
        measured = new.get("taken_at") if source == "gps" else ""
        return {**kept, "source": source, **({"taken_at": measured} if measured else {})}
    if new.get("area_code"):
        return {"area_code": new["area_code"], "source": "area"}
    return {}
