"""Submissions: their files, history, and the lists that people look through."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.core.portiek import portiek_as_typed
from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Area, Attachment, Submission, SubmissionEvent
from fieldapp.db.queries.scope import in_areas

VISITS_READ = 1000


def attachments_of(session: Session, submission_id: uuid.UUID) -> Sequence[Attachment]:
    """The files of a submission, in the order in which they were sent."""
    query = select(Attachment).where(Attachment.submission_id == submission_id)
    return session.scalars(query.order_by(Attachment.id)).all()


def events_of(session: Session, submission_id: uuid.UUID) -> Sequence[SubmissionEvent]:
    """The history of a submission, oldest first."""
    query = select(SubmissionEvent).where(SubmissionEvent.submission_id == submission_id)
    return session.scalars(query.order_by(SubmissionEvent.id)).all()


def attachment_of(
    session: Session, submission_id: uuid.UUID, attachment_id: int
) -> Attachment | None:
    """One file of a submission; None when it belongs to another."""
    return session.scalar(
        select(Attachment).where(
            Attachment.id == attachment_id, Attachment.submission_id == submission_id
        )
    )


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A line in the list of what somebody sent."""

    id: uuid.UUID
    kind: str
    captured_at: datetime
    received_at: datetime
    state: str
    area_status: str
    area_name: str | None
    portiek: str | None
    reason: str  # of the last step, when there is one


def own_submissions(
    session: Session, user_id: int, *, state: str = "", limit: int = 10
) -> list[OwnRow]:
    """What this person sent, newest first; only in one state when given."""
    last = (
        select(func.max(SubmissionEvent.id))
        .where(SubmissionEvent.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    query = (
        select(
            Submission.id,
            Submission.kind,
            Submission.captured_at,
            Submission.received_at,
            Submission.state,
            Submission.area_status,
            Area.name,
            Submission.portiek,
            SubmissionEvent.reason,
            Submission.answers,
        )
        .outerjoin(SubmissionEvent, SubmissionEvent.id == last)
        .outerjoin(
            Area,
            (Area.code == Submission.area_code) & (Area.boundary_year == Submission.boundary_year),
        )
        .where(Submission.user_id == user_id)
        .order_by(Submission.received_at.desc())
        .limit(limit)
    )
    if state:
        query = query.where(Submission.state == state)
    found = []
    for row in session.execute(query):
        portiek = portiek_as_typed(row[7], row[9]) if row[7] else None
        facts: Sequence[Any] = (*row[:7], portiek, row[8] or "")
        found.append(OwnRow(*facts))
    return found


@dataclass(frozen=True, slots=True)
class Visit:
    """When somebody last came to a stairwell."""

    portiek: str
    area_code: str | None
    last_at: datetime


def last_visits(
    session: Session, organisation_id: int, areas: Sequence[str] | None = None, limit: int = 50
) -> list[Visit]:
    """The stairwells in these areas (None: all) visited last, newest first, named as they were.

    Looked for among the VISITS_READ newest visits, so that the page stays as fast after years.
    """
    newest = (
        select(Submission.id, Submission.portiek, Submission.area_code, Submission.captured_at)
        .where(
            Submission.organisation_id == organisation_id,
            Submission.portiek.is_not(None),
            in_areas(Submission.area_code, areas),
        )
        .order_by(Submission.captured_at.desc())
        .limit(VISITS_READ)
        .subquery()
    )
    nth = (
        func.row_number()
        .over(
            partition_by=(newest.c.portiek, newest.c.area_code),
            order_by=(newest.c.captured_at.desc(), newest.c.id),
        )
        .label("nth")
    )
    ranked = select(newest.c.id, nth).subquery()
    query = (
        select(Submission.portiek, Submission.area_code, Submission.captured_at, Submission.answers)
        .join(ranked, (ranked.c.id == Submission.id) & (ranked.c.nth == 1))
        .order_by(Submission.captured_at.desc())
        .limit(limit)
    )
    return [
        Visit(portiek_as_typed(str(row[0]), row[3]), row[1], row[2])
        for row in session.execute(query)
    ]


def counts_by_round(session: Session, round_ids: Collection[int]) -> dict[int, int]:
    """How many submissions that count each round has."""
    query = (
        select(Submission.round_id, func.count())
        .where(Submission.round_id.in_(list(round_ids)), Submission.state.in_(COUNTING))
        .group_by(Submission.round_id)
    )
    return {round_id: count for round_id, count in session.execute(query) if round_id is not None}
