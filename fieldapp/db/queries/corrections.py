"""Whether a submission may still be replaced by a newer version, and replacing it. No commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.core.submission import RECEIVED
from fieldapp.db.models import Statement, Submission, SubmissionEvent

# Steps in the history that are the sender's own: the first, and each time it was improved.
OWN_STEPS = ("", "improved=%")


def _untouched() -> ColumnElement[bool]:
    """Nobody has judged, coded, placed or compared it."""
    own = or_(*(SubmissionEvent.reason.like(pattern) for pattern in OWN_STEPS))
    return and_(
        Submission.state == RECEIVED,
        Submission.coded_at.is_(None),
        ~exists().where(Statement.submission_id == Submission.id),
        ~exists().where(SubmissionEvent.submission_id == Submission.id, ~own),
    )


def is_worked_with(session: Session, submission_id: uuid.UUID) -> bool:
    """Whether somebody has judged, coded, placed or compared it."""
    query = select(Submission.id).where(Submission.id == submission_id, _untouched())
    return session.scalar(query) is None


def lock_submission(session: Session, submission_id: uuid.UUID) -> None:
    """Until the end of this transaction nobody else changes it or adds anything to it."""
    one = Submission.id == submission_id
    # PostgreSQL: keeps also those away who want to add a row that names it.
    session.execute(select(Submission.id).where(one).with_for_update())
    # SQLite knows no such lock: from a first write on this is the only writer.
    touch = update(Submission).where(one).values(state=Submission.state)
    session.execute(touch.execution_options(synchronize_session=False))


def replace_row(
    session: Session,
    submission_id: uuid.UUID,
    content_sha256: str,
    revision: int,
    row: Mapping[str, Any],
) -> bool:
    """Overwrite these columns, if it still is that version and untouched. False: it is not."""
    statement = (
        update(Submission)
        .where(
            Submission.id == submission_id,
            Submission.content_sha256 == content_sha256,
            Submission.revision == revision,
            _untouched(),
        )
        .values(**row)
        .returning(Submission.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(statement) is not None
