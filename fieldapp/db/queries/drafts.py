"""Drafts: forms that are being filled in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from fieldapp.db.models import Draft

# A trial of a survey (web/surveys/trial.py) is nobody's and belongs to no round.
IS_TRIAL = and_(Draft.user_id.is_(None), Draft.round_id.is_(None))


def draft_by_id(session: Session, draft_id: uuid.UUID, *, lock: bool = False) -> Draft | None:
    """The draft with this id; `lock` makes a second request on it wait (PostgreSQL)."""
    return session.get(Draft, draft_id, with_for_update=lock or None)


def open_drafts(session: Session, user_id: int, limit: int = 20) -> Sequence[Draft]:
    """A person's drafts in which something was filled in, newest first."""
    return session.scalars(
        select(Draft)
        .where(Draft.user_id == user_id, Draft.updated_at > Draft.started_at)
        .order_by(Draft.updated_at.desc())
        .limit(limit)
    ).all()


def untouched_draft(
    session: Session, user_id: int, version_id: int, round_id: int | None
) -> Draft | None:
    """A draft that this person started and left empty: it can be used after all."""
    of_round = Draft.round_id.is_(None) if round_id is None else Draft.round_id == round_id
    return session.scalar(
        select(Draft)
        .where(
            Draft.user_id == user_id,
            Draft.survey_version_id == version_id,
            Draft.updated_at == Draft.started_at,
            of_round,
        )
        .limit(1)
    )


def delete_draft(session: Session, draft_id: uuid.UUID) -> None:
    """Remove a draft; one that is gone already is fine."""
    session.execute(delete(Draft).where(Draft.id == draft_id))


def delete_drafts_before(session: Session, moment: datetime) -> int:
    """Remove drafts that nobody touched since `moment`; how many there were."""
    result = session.execute(delete(Draft).where(Draft.updated_at < moment))
    return int(getattr(result, "rowcount", 0) or 0)


def delete_trials(session: Session, version_id: int) -> None:
    """Remove what people typed while they tried a version that is not published."""
    session.execute(delete(Draft).where(Draft.survey_version_id == version_id, IS_TRIAL))


def delete_trials_before(session: Session, moment: datetime) -> int:
    """Remove trials that nobody touched since `moment`; how many there were."""
    result = session.execute(delete(Draft).where(IS_TRIAL, Draft.updated_at < moment))
    return int(getattr(result, "rowcount", 0) or 0)
