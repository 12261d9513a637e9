"""Drafts: a form filled in page by page. What is typed is stored first and judged afterwards.

The draft's id becomes the submission's id and its `started_at` the moment of capture, so sending
it twice is sending the same thing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.answers import Answer, Answers, parse_answers
from fieldapp.core.dates import HERE
from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming, Location, read_location
from fieldapp.core.survey import Problem, Question, Survey
from fieldapp.core.survey.vocabulary import UNANSWERED_TYPES
from fieldapp.core.validate import examine
from fieldapp.db.models import Draft, Round, SurveyVersion
from fieldapp.db.queries.areas import newest_area
from fieldapp.db.queries.drafts import delete_draft, untouched_draft
from fieldapp.services.intake import Intake, Receipt, Refused, StoredFile, receive_submission
from fieldapp.services.intake.answers import geopoint_question, point_text
from fieldapp.services.places import only_area
from fieldapp.services.survey_versions import parsed

AREA_PAGE = "0-buurt"  # no page of a survey can be called this: names start with a letter
AREA_WHERE = "area_code"


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft as it stands: what it says, which pages there are, and what is wrong where.

    `problems` have the name of a question as their `where`, or AREA_WHERE.
    """

    draft: Draft
    version: SurveyVersion
    round: Round | None
    survey: Survey
    answers: Answers
    location: Location
    relevant: frozenset[str]
    pages: tuple[str, ...]
    problems: tuple[Problem, ...] = field(default=())

    def problems_on(self, page: str) -> tuple[Problem, ...]:
        """What is wrong on one page."""
        return tuple(problem for problem in self.problems if self.page_of(problem) == page)

    def page_of(self, problem: Problem) -> str:
        """The page on which a problem is mended."""
        question = self.survey.by_name.get(problem.where)
        return question.page if question else AREA_PAGE

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
    draft.raw = {q.name: q.default for q in survey.questions if q.default}
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


def state_of(session: Session, draft: Draft) -> DraftState:
    """Read the draft's raw answers and walk its rules. Never raises for what was typed."""
    version = session.get(SurveyVersion, draft.survey_version_id)
    if version is None:
        raise LookupError(f"draft {draft.id} has no survey")
    round_ = session.get(Round, draft.round_id) if draft.round_id is not None else None
    survey = parsed(version)
    location, place_problems = read_location(draft.location)
    read = parse_answers(survey, _raw_with_files(survey, draft, location))
    found = examine(
        survey,
        read.answers,
        now=draft.started_at.astimezone(HERE),
        unreadable={problem.where for problem in read.problems},
    )
    point = geopoint_question(survey)
    where = point.name if point is not None else AREA_WHERE
    problems = [
        *(p for p in read.problems if p.where in found.relevant),
        *found.problems,
        *(Problem(p.code, where, p.params) for p in place_problems),
    ]
    if location.area_code and newest_area(session, location.area_code) is None:
        problems.append(Problem("unknown_area", where, {"code": location.area_code}))
    first = (AREA_PAGE,) if asks_area(survey, round_) else ()
    return DraftState(
        draft=draft,
        version=version,
        round=round_,
        survey=survey,
        answers=found.answers,
        location=location,
        relevant=found.relevant,
        pages=first + found.pages,
        problems=tuple(problems),
    )


def _raw_with_files(survey: Survey, draft: Draft, location: Location) -> dict[str, Any]:
    raw: dict[str, Any] = {k: v for k, v in draft.raw.items() if k in survey.by_name}
    for question in survey.questions:
        if question.type == "image":
            raw[question.name] = [
                file["file_name"] for file in draft.files if file["question"] == question.name
            ]
    point = geopoint_question(survey)
    if point is not None and location.source != "none":
        raw[point.name] = point_text(location)
    return raw


def submit_draft(
    session: Session, state: DraftState, actor: Actor | None, now: datetime, intake: Intake
) -> Receipt:
    """Send it and remove the draft. Raises Refused when something is still wrong.

    The submission is committed first: after a crash in between, sending again gives the same
    receipt and removes the draft then.
    """
    draft = state.draft
    if state.problems:
        raise Refused(*state.problems)
    incoming = Incoming(
        id=draft.id,
        survey=state.survey.name,
        version=state.survey.version,
        language=draft.language,
        captured_at=draft.started_at,
        answers={
            name: _sent(answer)
            for name, answer in state.answers.items()
            if _is_typed(state.survey.by_name[name])
        },
        location=state.location,
        round_slug=state.round.slug if state.round is not None else "",
        channel="form",
    )
    files = tuple(
        StoredFile.from_json(file) for file in draft.files if file["question"] in state.relevant
    )
    receipt = receive_submission(session, incoming, actor, now, intake, stored=files)
    delete_draft(session, draft.id)
    session.commit()
    return receipt


def _is_typed(question: Question) -> bool:
    """Whether the answer goes along as such; files and the place have their own way in."""
    return question.type not in UNANSWERED_TYPES and question.type not in ("image", "geopoint")


def _sent(answer: Answer) -> Any:
    return answer.isoformat() if isinstance(answer, date) else answer


def remove_draft(session: Session, draft: Draft) -> None:
    """Throw a draft away: one commit. Its photos go with the next clean-up of the media store."""
    delete_draft(session, draft.id)
    session.commit()


def as_raw(question: Question, values: list[str]) -> Any:
    """What a browser sent for a question, as the draft keeps it."""
    # PostgreSQL stores no NUL in text; nobody typed it either.
    clean = [value.replace("\0", "") for value in values]
    if question.type == "select_multiple" or len(clean) > 1:
        return clean
    return clean[0] if clean else ""


def changed_place(old: Mapping[str, Any], new: Mapping[str, str]) -> dict[str, str]:
    """The place after a page was sent. Of a point and an area, the one that was changed counts.

    Both are kept as typed while neither was touched; `new` has the keys lat, lon, accuracy_m,
    source and area_code, as text.
    """
    point = ("lat", "lon")
    moved = any(new.get(key, "") != str(old.get(key) or "") for key in point)
    has_point = any(new.get(key) for key in point)
    chose = bool(new.get("area_code")) and new["area_code"] != str(old.get("area_code") or "")
    if has_point and (moved or not chose):
        source = {"gps": "gps", "map": "map"}.get(new.get("source", ""), "manual")
        kept = {key: new.get(key, "") for key in (*point, "accuracy_m")}
        return {**kept, "source": source}
    if new.get("area_code"):
        return {"area_code": new["area_code"], "source": "area"}
    return {}
