"""Rows of phones: sealed copies, devices, messages. Nothing here commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.db.engine import insert_if_absent
from fieldapp.db.models import Device, Membership, Message, SealedCopy, SealedFile, User
from fieldapp.db.queries.scope import in_areas


def sealed_copies(session: Session, user_id: int) -> Sequence[Row[uuid.UUID, str, int, datetime]]:
    """(draft_id, lock_id, revision, updated_at) of a person's copies; the newest first."""
    query = select(
        SealedCopy.draft_id, SealedCopy.lock_id, SealedCopy.revision, SealedCopy.updated_at
    )
    mine = query.where(SealedCopy.user_id == user_id)
    return session.execute(mine.order_by(SealedCopy.updated_at.desc())).all()


def sealed_files(session: Session, user_id: int) -> Sequence[SealedFile]:
    """All sealed files of a person."""
    mine = SealedFile.user_id == user_id
    return session.scalars(select(SealedFile).where(mine).order_by(SealedFile.name)).all()


def sealed_bytes(session: Session, user_id: int) -> int:
    """How many bytes a person's copies and their files take."""
    bodies = select(func.coalesce(func.sum(func.length(SealedCopy.body)), 0))
    files = select(func.coalesce(func.sum(SealedFile.size), 0))
    return int(session.scalar(bodies.where(SealedCopy.user_id == user_id)) or 0) + int(
        session.scalar(files.where(SealedFile.user_id == user_id)) or 0
    )


def count_sealed_copies(session: Session, user_id: int) -> int:
    """How many copies a person has here."""
    return session.scalar(select(func.count()).where(SealedCopy.user_id == user_id)) or 0


def count_sealed_files(session: Session, user_id: int) -> dict[uuid.UUID, int]:
    """Draft -> how many sealed files of it a person has here; drafts without any are absent."""
    query = select(SealedFile.draft_id, func.count()).where(SealedFile.user_id == user_id)
    found = session.execute(query.group_by(SealedFile.draft_id))
    return {row[0]: row[1] for row in found}


def keep_sealed(session: Session, row: dict[str, Any]) -> bool:
    """Insert a copy, or replace one of a lower revision or another lock; False: neither."""
    table: Any = SealedCopy.__table__
    if insert_if_absent(session, table, ["user_id", "draft_id"], row):
        return True
    older = or_(
        table.c.revision < row["revision"],
        (table.c.revision == row["revision"]) & (table.c.lock_id != row["lock_id"]),
    )
    one = (table.c.user_id == row["user_id"]) & (table.c.draft_id == row["draft_id"])
    given = {name: row[name] for name in ("lock_id", "revision", "body", "updated_at")}
    change = update(table).where(one, older).values(given).returning(table.c.revision)
    return session.execute(change).first() is not None


def drafts_untouched_since(session: Session, moment: datetime) -> Sequence[Row[int, uuid.UUID]]:
    """(user_id, draft_id) of sealed drafts of which nothing changed since `moment`."""
    parts = [
        select(table.user_id, table.draft_id, table.updated_at)
        for table in (SealedCopy, SealedFile)
    ]
    every = parts[0].union_all(parts[1]).subquery()
    last = func.max(every.c.updated_at)
    query = select(every.c.user_id, every.c.draft_id).group_by(every.c.user_id, every.c.draft_id)
    return session.execute(query.having(last < moment)).all()


def remove_sealed(session: Session, user_id: int, draft_id: uuid.UUID) -> None:
    """Take away the rows of one sealed draft."""
    for table in (SealedFile, SealedCopy):
        one = (table.user_id == user_id) & (table.draft_id == draft_id)
        session.execute(delete(table).where(one))


def sealed_drafts(session: Session) -> set[tuple[int, uuid.UUID]]:
    """(user_id, draft_id) of everything that has a row."""
    found: set[tuple[int, uuid.UUID]] = set()
    for table in (SealedFile, SealedCopy):
        rows = session.execute(select(table.user_id, table.draft_id).distinct())
        found |= {(row.user_id, row.draft_id) for row in rows}
    return found


def devices_of(session: Session, user_id: int) -> Sequence[Device]:
    """A person's devices, the last seen first."""
    mine = select(Device).where(Device.user_id == user_id)
    return session.scalars(mine.order_by(Device.last_seen_at.desc())).all()


@dataclass(frozen=True, slots=True)
class SeenDevice:
    """A device with the person it belongs to."""

    device: Device
    person: User


def board(
    session: Session, organisation_id: int, areas: Sequence[str] | None, most: int
) -> list[SeenDevice]:
    """Devices of active people of these areas (None: of everybody); who has most waiting first."""
    query = (
        select(Device, User)
        .join(User, User.id == Device.user_id)
        .where(Device.organisation_id == organisation_id, User.active)
    )
    if areas is not None:
        query = query.where(_works_in(areas))
    waiting_first = (
        (Device.unsent > 0).desc(),
        Device.oldest_unsent_at.is_(None),
        Device.oldest_unsent_at,
        Device.last_seen_at,
        Device.id,
    )
    rows = session.execute(query.order_by(*waiting_first).limit(most)).unique().all()
    return [SeenDevice(device, person) for device, person in rows]


def _works_in(areas: Sequence[str]) -> Any:
    theirs = (Membership.user_id == User.id) & in_areas(Membership.area_code, areas)
    return exists().where(theirs)


def person_in(
    session: Session, organisation_id: int, areas: Sequence[str] | None, user_id: int
) -> User | None:
    """The active person with this id, when of this organisation and these areas (None: any)."""
    query = select(User).where(
        User.id == user_id, User.organisation_id == organisation_id, User.active
    )
    if areas is not None:
        query = query.where(_works_in(areas))
    return session.scalars(query).unique().one_or_none()


def messages_to(
    session: Session, user_id: int, sent_after: datetime, read_after: datetime, most: int
) -> Sequence[Row[Message, str, str]]:
    """(Message, name, e-mail address of its sender) that are unread, or were read lately."""
    query = (
        select(Message, User.name, User.email)
        .outerjoin(User, User.id == Message.from_user_id)
        .where(
            Message.to_user_id == user_id,
            Message.sent_at > sent_after,
            or_(Message.read_at.is_(None), Message.read_at > read_after),
        )
    )
    newest = query.order_by(Message.sent_at.desc(), Message.id.desc())
    return session.execute(newest.limit(most)).all()


def last_nudges(session: Session, user_ids: Iterable[int]) -> dict[int, datetime]:
    """User -> when that person was last nudged."""
    ids = sorted(set(user_ids))
    if not ids:
        return {}
    query = (
        select(Message.to_user_id, func.max(Message.sent_at).label("at"))
        .where(Message.kind == "nudge", Message.to_user_id.in_(ids))
        .group_by(Message.to_user_id)
    )
    return {row.to_user_id: row.at for row in session.execute(query)}


def notes_since(session: Session, from_id: int, to_id: int, moment: datetime) -> int:
    """How many notes one person sent to another since `moment`."""
    query = select(func.count()).where(
        Message.kind == "note",
        Message.from_user_id == from_id,
        Message.to_user_id == to_id,
        Message.sent_at > moment,
    )
    return session.scalar(query) or 0


def delete_messages_before(session: Session, moment: datetime) -> int:
    """Remove messages sent before `moment`; how many."""
    ids = session.scalars(select(Message.id).where(Message.sent_at < moment)).all()
    for start in range(0, len(ids), 500):
        session.execute(delete(Message).where(Message.id.in_(ids[start : start + 500])))
    return len(ids)


def delete_devices_before(session: Session, moment: datetime) -> int:
    """Remove devices that were last seen before `moment`; how many."""
    ids = session.scalars(select(Device.id).where(Device.last_seen_at < moment)).all()
    for start in range(0, len(ids), 500):
        session.execute(delete(Device).where(Device.id.in_(ids[start : start + 500])))
    return len(ids)
