"""What has been kept for its full term. Nothing here commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from fieldapp.db.models import (
    ApiToken,
    Attachment,
    AuditEntry,
    Draft,
    Submission,
    SubmissionConflict,
)


def delete_tokens_ended_before(session: Session, moment: datetime) -> int:
    """Remove tokens that stopped working before `moment`; how many there were."""
    ended = func.coalesce(ApiToken.revoked_at, ApiToken.expires_at) < moment
    ids = session.scalars(select(ApiToken.id).where(ended)).all()
    if ids:
        session.execute(delete(ApiToken).where(ApiToken.id.in_(ids)))
    return len(ids)


def media_in_use(session: Session) -> set[str]:
    """SHA-256 of every photo that a submission, a draft or a kept conflict refers to."""
    used = set(session.scalars(select(Attachment.sha256).distinct()))
    for files in session.scalars(select(Draft.files)):
        used.update(str(file["sha256"]) for file in files)
    for content in session.scalars(select(SubmissionConflict.content)):
        used.update(str(file["sha256"]) for file in content.get("files", ()))
    return used


def exact_points(
    session: Session, moment: datetime, coarser_m: float, batch: int = 500
) -> Iterator[Sequence[Submission]]:
    """Submissions captured before `moment` whose point is more exact than `coarser_m` metres."""
    exact = (
        Submission.lon.is_not(None),
        or_(Submission.accuracy_m.is_(None), Submission.accuracy_m < coarser_m),
    )
    yield from in_batches(session, (Submission.captured_at < moment, *exact), batch)


def captured_before(
    session: Session, version_id: int, moment: datetime, batch: int = 500
) -> Iterator[Sequence[Submission]]:
    """Submissions of one version of a survey captured before `moment`."""
    of_version = Submission.survey_version_id == version_id
    yield from in_batches(session, (of_version, Submission.captured_at < moment), batch)


def in_batches(
    session: Session, conditions: Sequence[ColumnElement[bool]], batch: int = 500
) -> Iterator[Sequence[Submission]]:
    """Submissions by id, so many at a time; what a batch changes does not disturb the next."""
    after: uuid.UUID | None = None
    query = select(Submission).where(*conditions).order_by(Submission.id).limit(batch)
    while True:
        page = query if after is None else query.where(Submission.id > after)
        found = session.scalars(page).all()
        if not found:
            return
        after = found[-1].id
        yield found


def conflicts_before(
    session: Session, moment: datetime, version_id: int | None = None
) -> Sequence[SubmissionConflict]:
    """Conflicting contents received before `moment`, of one version of a survey or of all."""
    query = select(SubmissionConflict).where(SubmissionConflict.received_at < moment)
    if version_id is not None:
        query = query.join(Submission, Submission.id == SubmissionConflict.submission_id).where(
            Submission.survey_version_id == version_id
        )
    return session.scalars(query).all()


def last_run(session: Session, deed: str) -> AuditEntry | None:
    """The newest entry of this deed in the audit table."""
    newest = AuditEntry.at.desc(), AuditEntry.id.desc()
    return session.scalar(
        select(AuditEntry).where(AuditEntry.deed == deed).order_by(*newest).limit(1)
    )
