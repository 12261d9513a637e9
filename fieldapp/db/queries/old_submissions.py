"""Submissions past their term that still tell of persons, and taking that out. No commits."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.db.models import (
    Attachment,
    Statement,
    Submission,
    SubmissionConflict,
    SubmissionEvent,
)
from fieldapp.db.queries.retention import in_batches

Ids = Collection[uuid.UUID]


def versions_before(session: Session, moment: datetime) -> Sequence[int]:
    """Versions of surveys that something came in for before `moment`."""
    query = select(Submission.survey_version_id).where(Submission.received_at < moment).distinct()
    return session.scalars(query).all()


def with_persons(
    session: Session, moment: datetime, version_id: int, keys: Collection[str], hidden: str
) -> Iterator[Sequence[Submission]]:
    """Those of one version that came in before `moment` and may hold something of a person.

    `keys`: answers that do; `hidden`: how a stairwell without its name looks (LIKE). A repeat
    among the keys is found again each time, whatever its rounds hold.
    """
    told = (Submission.answers[key]["v"].as_string().is_not(None) for key in keys)
    holds = or_(
        Submission.user_id.is_not(None),
        and_(Submission.portiek.is_not(None), Submission.portiek.not_like(hidden)),
        exists().where(Attachment.submission_id == Submission.id),
        exists().where(Statement.submission_id == Submission.id, Statement.text != ""),
        exists().where(SubmissionEvent.submission_id == Submission.id, _is_written()),
        *told,
    )
    old = (Submission.survey_version_id == version_id, Submission.received_at < moment)
    yield from in_batches(session, (*old, holds))


def _is_written() -> ColumnElement[bool]:
    """A reason that a person wrote; `area=...` and the like are what the step did."""
    reason = SubmissionEvent.reason
    return and_(reason != "", or_(reason.like("% %"), reason.not_like("%=%")))


def clear_statements(session: Session, ids: Ids) -> set[uuid.UUID]:
    """Take the marked words out; codes and valence stay, and so does an approved quote."""
    here = Statement.submission_id.in_(ids)
    cleared = update(Statement).where(here, Statement.text != "").values(text="")
    return _changed(session, cleared.returning(Statement.submission_id))


def refuse_quotes(session: Session, ids: Ids) -> set[uuid.UUID]:
    """Take approved quotes back, of submissions without consent."""
    approved = Statement.submission_id.in_(ids), Statement.quote_state == "approved"
    nothing = {"quote_state": "refused", "quote_text": "", "approved_at": None, "approved_by": None}
    refused = update(Statement).where(*approved).values(**nothing)
    return _changed(session, refused.returning(Statement.submission_id))


def clear_reasons(session: Session, ids: Ids) -> set[uuid.UUID]:
    """Take written reasons out of the history; its steps stay."""
    here = SubmissionEvent.submission_id.in_(ids)
    cleared = update(SubmissionEvent).where(here, _is_written()).values(reason="")
    return _changed(session, cleared.returning(SubmissionEvent.submission_id))


def clear_senders(session: Session, ids: Ids) -> set[uuid.UUID]:
    """Take who captured a submission out of it, and out of the steps they took in its history."""
    sender = select(Submission.user_id).where(Submission.id == SubmissionEvent.submission_id)
    steps = update(SubmissionEvent).where(
        SubmissionEvent.submission_id.in_(ids),
        SubmissionEvent.actor_id == sender.scalar_subquery(),
    )
    session.execute(_quietly(steps.values(actor_id=None)))
    sent = update(Submission).where(Submission.id.in_(ids), Submission.user_id.is_not(None))
    return _changed(session, sent.values(user_id=None).returning(Submission.id))


def delete_attachments(session: Session, ids: Ids) -> set[uuid.UUID]:
    """Photos and recordings; their files go when nothing else names them."""
    gone = delete(Attachment).where(Attachment.submission_id.in_(ids))
    return _changed(session, gone.returning(Attachment.submission_id))


def delete_conflicts(session: Session, moment: datetime) -> int:
    """What came in before `moment`, or is settled and belongs to a submission that did."""
    old = select(Submission.id).where(Submission.received_at < moment)
    settled = and_(
        SubmissionConflict.resolved_at.is_not(None), SubmissionConflict.submission_id.in_(old)
    )
    gone = or_(SubmissionConflict.received_at < moment, settled)
    return len(
        _changed(session, delete(SubmissionConflict).where(gone).returning(SubmissionConflict.id))
    )


def _changed(session: Session, statement: Any) -> set[Any]:
    """Of which submissions rows were changed."""
    return set(session.scalars(_quietly(statement)))


def _quietly(statement: Any) -> Any:
    # Objects that are loaded are not compared row by row; the batch reads them no more.
    return statement.execution_options(synchronize_session=False)
