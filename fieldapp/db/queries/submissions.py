"""Submissions: their files, history, and the lists that people look through."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, SubmissionEvent


def attachments_of(session: Session, submission_id: uuid.UUID) -> Sequence[Attachment]:
    """The files of a submission, in the order in which they were sent."""
    query = select(Attachment).where(Attachment.submission_id == submission_id)
    return session.scalars(query.order_by(Attachment.id)).all()


def events_of(session: Session, submission_id: uuid.UUID) -> Sequence[SubmissionEvent]:
    """The history of a submission, oldest first."""
    query = select(SubmissionEvent).where(SubmissionEvent.submission_id == submission_id)
    return session.scalars(query.order_by(SubmissionEvent.id)).all()
