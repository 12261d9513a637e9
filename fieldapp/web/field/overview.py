"""What the start page of a colleague shows, gathered into one value."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fieldapp.core.people import FIELD_ROLES, Actor
from fieldapp.core.submission import RETURNED
from fieldapp.db.models import Draft, Round, SurveyVersion
from fieldapp.db.queries.drafts import open_drafts
from fieldapp.db.queries.submissions import (
    OwnRow,
    Visit,
    counts_by_round,
    last_visits,
    own_submissions,
)
from fieldapp.db.queries.surveys import all_surveys, open_rounds, published_version
from fieldapp.services.survey_versions import parsed

MOST_VISITS = 5


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A form that was begun and not sent."""

    id: uuid.UUID
    title: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round in my area, with how far it is."""

    slug: str
    name: str
    survey: str
    kind: str
    title: str
    closes_on: date | None
    count: int
    target: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the start page shows."""

    drafts: Sequence[OpenDraft]
    rounds: Sequence[OpenRound]
    visits: Sequence[Visit]
    latest: Sequence[OwnRow]
    returned: Sequence[OwnRow]
    observation: str  # name of the survey behind the first big button; "" when there is none


@dataclass(frozen=True, slots=True)
class SurveyChoice:
    """Something to start: a survey, in a round or not."""

    survey: str
    kind: str
    title: str
    round_slug: str = ""
    round_name: str = ""


def overview(session: Session, actor: Actor, day: date, language: str) -> Overview:
    """Everything the start page needs; nothing of another organisation, person or area."""
    user_id, organisation_id = _ids(actor)
    rounds = open_rounds(session, organisation_id, day, actor.area_codes(*FIELD_ROLES))
    counts = counts_by_round(session, [r.id for r in rounds])
    visits = [
        visit
        for visit in last_visits(session, organisation_id)
        if actor.covers(visit.area_code, *FIELD_ROLES)
    ]
    return Overview(
        drafts=[_open_draft(session, d, language) for d in open_drafts(session, user_id)],
        rounds=[_open_round(session, r, counts, language) for r in rounds],
        visits=visits[:MOST_VISITS],
        latest=own_submissions(session, user_id, limit=6),
        returned=own_submissions(session, user_id, state=RETURNED),
        observation=next((c.survey for c in choices(session, actor, day, "observatie")), ""),
    )


def _ids(actor: Actor) -> tuple[int, int]:
    if actor.user_id is None or actor.organisation_id is None:
        raise ValueError("the start page belongs to a person")
    return actor.user_id, actor.organisation_id


def _open_draft(session: Session, draft: Draft, language: str) -> OpenDraft:
    version = session.get(SurveyVersion, draft.survey_version_id)
    title = parsed(version).title.in_language(language) if version else ""
    return OpenDraft(draft.id, title, draft.updated_at)


def _open_round(session: Session, found: Round, counts: dict[int, int], language: str) -> OpenRound:
    version = published_version(session, found.survey.name)
    title = parsed(version).title.in_language(language) if version else found.survey.name
    return OpenRound(
        slug=found.slug,
        name=found.name,
        survey=found.survey.name,
        kind=found.survey.kind,
        title=title,
        closes_on=found.closes_on,
        count=counts.get(found.id, 0),
        target=found.target,
    )


def choices(
    session: Session, actor: Actor, day: date, *kinds: str, language: str = "nl"
) -> list[SurveyChoice]:
    """Published surveys of these kinds: once for each open round in my areas, else once."""
    _user, organisation_id = _ids(actor)
    rounds = open_rounds(session, organisation_id, day, actor.area_codes(*FIELD_ROLES))
    found = []
    for survey in all_surveys(session, organisation_id):
        version = published_version(session, survey.name) if survey.kind in kinds else None
        if version is None:
            continue
        title = parsed(version).title.in_language(language)
        own = [r for r in rounds if r.survey_id == survey.id]
        found += [SurveyChoice(survey.name, survey.kind, title, r.slug, r.name) for r in own] or [
            SurveyChoice(survey.name, survey.kind, title)
        ]
    return sorted(found, key=lambda choice: kinds.index(choice.kind))


def only_round(session: Session, actor: Actor, day: date, survey_id: int) -> Round | None:
    """The open round of this survey in my areas, when there is just one."""
    _user, organisation_id = _ids(actor)
    rounds = open_rounds(session, organisation_id, day, actor.area_codes(*FIELD_ROLES))
    own = [r for r in rounds if r.survey_id == survey_id]
    return own[0] if len(own) == 1 else None
