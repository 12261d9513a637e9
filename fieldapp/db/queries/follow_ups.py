"""Promises: those that are still to be kept, and those kept lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.core.submission import COUNTING
from fieldapp.db.models import FollowUp, Submission
from fieldapp.db.queries.scope import in_areas


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A promise with what its submission says of it."""

    follow_up: FollowUp
    area_code: str | None
    kind: str
    made_by_id: int | None


def follow_ups(
    session: Session,
    organisation_id: int,
    areas: Sequence[str] | None,
    user_id: int | None,
    done_since: datetime,
    limit: int,
) -> list[FollowUpRow]:
    """Promises in these areas (None: all) and those this person made.

    First all that are open, newest first, then what was kept since `done_since`, latest first;
    at most `limit` of each.
    """
    mine = Submission.user_id == user_id if user_id is not None else None
    seen = in_areas(Submission.area_code, areas)
    scope = seen if mine is None else or_(seen, mine)
    still = _rows(
        session, organisation_id, scope, FollowUp.done_at.is_(None), FollowUp.made_at, limit
    )
    kept = FollowUp.done_at >= done_since
    return still + _rows(session, organisation_id, scope, kept, FollowUp.done_at, limit)


def _rows(
    session: Session,
    organisation_id: int,
    scope: ColumnElement[bool],
    which: ColumnElement[bool],
    order: object,
    limit: int,
) -> list[FollowUpRow]:
    query = (
        select(FollowUp, Submission.area_code, Submission.kind, Submission.user_id)
        .join(Submission, Submission.id == FollowUp.submission_id)
        .where(
            FollowUp.organisation_id == organisation_id,
            which,
            Submission.state.in_(COUNTING),
            scope,
        )
        .order_by(order.desc(), FollowUp.id.desc())  # type: ignore[attr-defined]
        .limit(limit)
    )
    return [FollowUpRow(*row) for row in session.execute(query)]


def follow_up_row(session: Session, follow_up_id: int) -> FollowUpRow | None:
    """One promise; None when it is not there or its submission was sent back or rejected."""
    query = (
        select(FollowUp, Submission.area_code, Submission.kind, Submission.user_id)
        .join(Submission, Submission.id == FollowUp.submission_id)
        .where(FollowUp.id == follow_up_id, Submission.state.in_(COUNTING))
    )
    row = session.execute(query).first()
    return None if row is None else FollowUpRow(*row)


def mark_done(
    session: Session, follow_up_id: int, at: datetime, user_id: int | None, note: str
) -> None:
    """Call it kept, when nobody did yet: of two colleagues the first one stands."""
    session.execute(
        update(FollowUp)
        .where(FollowUp.id == follow_up_id, FollowUp.done_at.is_(None))
        .values(done_at=at, done_by_id=user_id, note=note)
        .execution_options(synchronize_session=False)
    )


def delete_follow_ups(session: Session, done_before: datetime, made_before: datetime) -> int:
    """Remove what was kept, or promised, before these moments; how many there were."""
    old = or_(FollowUp.done_at < done_before, FollowUp.made_at < made_before)
    result = session.execute(
        delete(FollowUp).where(old).execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))
