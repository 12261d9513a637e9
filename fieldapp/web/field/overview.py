"""What the start page of a colleague shows, gathered into one value."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from fieldapp.core.people import FIELD_ROLES, Actor
from fieldapp.core.submission import RETURNED
from fieldapp.core.survey import Survey
from fieldapp.db.models import Draft, Round
from fieldapp.db.models import Survey as SurveyRow
from fieldapp.db.queries.drafts import open_drafts
from fieldapp.db.queries.submissions import (
    OwnRow,
    Visit,
    counts_by_round,
    last_visits,
    own_submissions,
)
from fieldapp.db.queries.surveys import all_surveys, open_rounds
from fieldapp.services.survey_versions import newest_surveys, surveys_of
from fieldapp.web.forms.walk import language_for
from fieldapp.web.phone.quick import Quick, quick_of

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
    version: str = ""  # of the newest definition; "" when there is none
    language: str = ""  # in which its form opens


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the start page shows."""

    drafts: Sequence[OpenDraft]
    rounds: Sequence[OpenRound]
    visits: Sequence[Visit]
    latest: Sequence[OwnRow]
    returned: Sequence[OwnRow]
    observation: SurveyChoice | None  # behind the first big button
    quick: Quick | None = None  # how that button begins with the camera


@dataclass(frozen=True, slots=True)
class SurveyChoice:
    """Something to start: a survey, in a round or not."""

    survey: str
    kind: str
    title: str
    version: str
    language: str  # in which its form opens
    round_slug: str = ""
    round_name: str = ""


def overview(session: Session, actor: Actor, day: date, language: str) -> Overview:
    """Everything the start page needs; nothing of another organisation, person or area."""
    user_id, organisation_id = _ids(actor)
    rounds = open_rounds(session, organisation_id, day, actor.area_codes(*FIELD_ROLES))
    counts = counts_by_round(session, [r.id for r in rounds])
    surveys = newest_surveys(session)
    drafts = open_drafts(session, user_id)
    begun = surveys_of(session, {draft.survey_version_id for draft in drafts})
    areas = actor.area_codes(*FIELD_ROLES)
    known = all_surveys(session, organisation_id)
    observations = _choices(known, surveys, rounds, ("observatie",), language)
    observation = _without_choice(observations)
    return Overview(
        drafts=[_open_draft(d, begun[d.survey_version_id], language) for d in drafts],
        rounds=[_open_round(r, surveys, counts, language) for r in rounds],
        visits=last_visits(session, organisation_id, areas, MOST_VISITS),
        latest=own_submissions(session, user_id, limit=6),
        returned=own_submissions(session, user_id, state=RETURNED),
        observation=observation,
        quick=quick_of(surveys[observation.survey]) if observation else None,
    )


def _without_choice(found: Sequence[SurveyChoice]) -> SurveyChoice | None:
    """The first survey: in its round when it has just one, else in none."""
    if not found:
        return None
    first = found[0]
    same = [choice for choice in found if choice.survey == first.survey]
    return first if len(same) == 1 else replace(first, round_slug="", round_name="")


def _ids(actor: Actor) -> tuple[int, int]:
    if actor.user_id is None or actor.organisation_id is None:
        raise ValueError("the start page belongs to a person")
    return actor.user_id, actor.organisation_id


def _open_draft(draft: Draft, survey: Survey, language: str) -> OpenDraft:
    return OpenDraft(draft.id, survey.title.in_language(language), draft.updated_at)


def _open_round(
    found: Round, surveys: Mapping[str, Survey], counts: Mapping[int, int], language: str
) -> OpenRound:
    survey = surveys.get(found.survey.name)
    title = survey.title.in_language(language) if survey else found.survey.name
    spoken = language_for(survey, language) if survey else ""
    return OpenRound(
        slug=found.slug,
        name=found.name,
        survey=found.survey.name,
        kind=found.survey.kind,
        title=title,
        closes_on=found.closes_on,
        count=counts.get(found.id, 0),
        target=found.target,
        version=survey.version if survey else "",
        language=spoken,
    )


def choices(
    session: Session, actor: Actor, day: date, *kinds: str, language: str = "nl"
) -> list[SurveyChoice]:
    """Published surveys of these kinds: once for each open round in my areas, else once."""
    _user, organisation_id = _ids(actor)
    rounds = open_rounds(session, organisation_id, day, actor.area_codes(*FIELD_ROLES))
    known = all_surveys(session, organisation_id)
    return _choices(known, newest_surveys(session), rounds, kinds, language)


def _choices(
    known: Iterable[SurveyRow],
    published: Mapping[str, Survey],
    rounds: Sequence[Round],
    kinds: Sequence[str],
    language: str,
) -> list[SurveyChoice]:
    found = []
    for survey in known:
        if survey.kind not in kinds or survey.name not in published:
            continue
        newest = published[survey.name]
        plain = SurveyChoice(
            survey.name,
            survey.kind,
            newest.title.in_language(language),
            newest.version,
            language_for(newest, language),
        )
        own = [r for r in rounds if r.survey_id == survey.id]
        found += [replace(plain, round_slug=r.slug, round_name=r.name) for r in own] or [plain]
    return sorted(found, key=lambda choice: kinds.index(choice.kind))


def only_round(session: Session, actor: Actor, day: date, survey_id: int) -> Round | None:
    """The open round of this survey in my areas, when there is just one."""
    _user, organisation_id = _ids(actor)
    rounds = open_rounds(session, organisation_id, day, actor.area_codes(*FIELD_ROLES))
    own = [r for r in rounds if r.survey_id == survey_id]
    return own[0] if len(own) == 1 else None
