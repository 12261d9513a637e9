"""Signs of life of accounts, and taking the person out of one. No commits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from fieldapp.core.people import FORMER_DOMAIN
from fieldapp.db.models import (
    ApiToken,
    AuditEntry,
    Device,
    Draft,
    Membership,
    Message,
    Statement,
    Submission,
    SubmissionEvent,
    User,
)

LOGGED_IN = "logged_in"
LOG_IN_FAILED = "log_in_failed"
WARNED = "account_warned"
CLOSED, OPENED = "person_closed", "person_opened"


def is_former() -> ColumnElement[bool]:
    """Whether an account has no person any more."""
    return User.email.endswith(f"@{FORMER_DOMAIN}", autoescape=True)


@dataclass(frozen=True, slots=True)
class Life:
    """When an account was last used, when it was closed (None: it is open) and last warned of."""

    last: datetime
    closed: datetime | None
    warned: datetime | None


def lives(session: Session, user_ids: Collection[int] | None = None) -> dict[int, Life]:
    """Of these accounts, or of all that are a person's: a few queries, whatever the number."""
    query = select(User.id, User.created_at, User.active).where(~is_former()).order_by(User.id)
    if user_ids is not None:
        query = query.where(User.id.in_(user_ids))
    rows = session.execute(query).all()
    used: dict[int, datetime] = {row.id: row.created_at for row in rows}
    for person, at in (
        (AuditEntry.actor_id, AuditEntry.at),
        (Submission.user_id, Submission.received_at),
        (SubmissionEvent.actor_id, SubmissionEvent.at),
        (Statement.coder_id, Statement.created_at),
        (Device.user_id, Device.last_seen_at),
        (Draft.user_id, Draft.updated_at),
        # A token that works may be a program that reads every day.
        (ApiToken.user_id, func.coalesce(ApiToken.revoked_at, ApiToken.expires_at)),
    ):
        newest: Any = select(person, func.max(at)).where(person.is_not(None)).group_by(person)
        for user_id, moment in session.execute(newest):
            if user_id in used:
                used[user_id] = max(used[user_id], moment)
    deeds = _deeds(session)
    return {row.id: _life(row, used[row.id], deeds) for row in rows}


def _deeds(session: Session) -> dict[tuple[str, str], datetime]:
    """(subject, deed) -> when last, of what is done to accounts."""
    query = (
        select(AuditEntry.subject, AuditEntry.deed, func.max(AuditEntry.at))
        .where(AuditEntry.deed.in_((WARNED, CLOSED, OPENED)))
        .group_by(AuditEntry.subject, AuditEntry.deed)
    )
    return {(subject, deed): at for subject, deed, at in session.execute(query)}


def _life(row: Any, used: datetime, deeds: dict[tuple[str, str], datetime]) -> Life:
    subject = account(row.id)
    last = max(used, deeds.get((subject, OPENED), used))
    closed = None if row.active else deeds.get((subject, CLOSED), last)
    return Life(last, closed, deeds.get((subject, WARNED)))


def account(user_id: int) -> str:
    """An account as the subject of an audit entry."""
    return f"user {user_id}"


def warned_since(session: Session, moment: datetime) -> list[int]:
    """Accounts that were warned of since then."""
    query = select(AuditEntry.subject).where(AuditEntry.deed == WARNED, AuditEntry.at >= moment)
    return sorted({int(subject.removeprefix("user ")) for subject in session.scalars(query)})


def delete_traces(session: Session, user_id: int) -> None:
    """What only serves a person who is here: roles, tokens, devices, drafts, messages to them."""
    session.execute(delete(Membership).where(Membership.user_id == user_id))
    session.execute(delete(ApiToken).where(ApiToken.user_id == user_id))
    session.execute(delete(Device).where(Device.user_id == user_id))
    session.execute(delete(Draft).where(Draft.user_id == user_id))
    session.execute(delete(Message).where(Message.to_user_id == user_id))


def delete_log_ins(session: Session, moment: datetime) -> int:
    """Log-ins before `moment`, right and wrong; the last right one of each account stays."""
    newest = (
        select(func.max(AuditEntry.id))
        .where(AuditEntry.deed == LOGGED_IN)
        .group_by(AuditEntry.actor_id)
    )
    right = and_(AuditEntry.deed == LOGGED_IN, AuditEntry.id.not_in(newest))
    return _delete(session, moment, or_(AuditEntry.deed == LOG_IN_FAILED, right))


def delete_audit(session: Session, moment: datetime) -> int:
    """Every other entry before `moment`."""
    return _delete(session, moment, AuditEntry.deed.not_in((LOGGED_IN, LOG_IN_FAILED)))


def _delete(session: Session, moment: datetime, which: ColumnElement[bool]) -> int:
    gone = delete(AuditEntry).where(AuditEntry.at < moment, which).returning(AuditEntry.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())
