"""Short messages to colleagues, shown on the start page of the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import can_be_stored
from fieldapp.db.models import AuditEntry, Message, User
from fieldapp.db.queries import phones as queries

NOTE, NUDGE = "note", "nudge"
LONGEST = 500
SHOWN_DAYS, READ_DAYS = 30, 7
MOST = 20
NUDGE_EVERY = timedelta(hours=24)
MOST_A_DAY = 10  # from one person to another


class MessageRefused(ValueError):
    """It cannot be sent; `code`: empty, too_long, nudged_before, too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Note:
    """A message as its reader sees it. Of a nudge `text` is empty: the page has the words."""

    id: int
    kind: str
    text: str
    sender: str
    sent_at: datetime
    read_at: datetime | None


def messages_for(session: Session, user_id: int, now: datetime) -> list[Note]:
    """Unread messages of the last 30 days and those read in the last 7, the newest first."""
    rows = queries.messages_to(
        session,
        user_id,
        now - timedelta(days=SHOWN_DAYS),
        now - timedelta(days=READ_DAYS),
        MOST,
    )
    return [
        Note(m.id, m.kind, m.text, name or email or "", m.sent_at, m.read_at)
        for m, name, email in rows
    ]


def send(session: Session, actor: Actor, to: User, kind: str, text: str, now: datetime) -> Message:
    """Send a note with words, or a nudge without. One commit. Raises MessageRefused."""
    words = text.strip()
    if kind == NOTE:
        _check_note(session, actor, to, words, now)
    elif _nudged_after(session, to, now - NUDGE_EVERY):
        raise MessageRefused("nudged_before")
    message = Message(
        organisation_id=to.organisation_id,
        to_user_id=to.id,
        from_user_id=actor.user_id,
        kind=kind,
        text=words if kind == NOTE else "",
        sent_at=now,
    )
    session.add(message)
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.user_id,
            deed=f"message_{kind}",
            subject=f"person {to.id}",
            detail={},
        )
    )
    session.commit()
    return message


def _nudged_after(session: Session, to: User, moment: datetime) -> bool:
    last = queries.last_nudges(session, [to.id]).get(to.id)
    return last is not None and last > moment


def _check_note(session: Session, actor: Actor, to: User, words: str, now: datetime) -> None:
    if not words or not can_be_stored(words):
        raise MessageRefused("empty")
    if len(words) > LONGEST:
        raise MessageRefused("too_long")
    day = now - timedelta(days=1)
    if actor.user_id is not None and (
        queries.notes_since(session, actor.user_id, to.id, day) >= MOST_A_DAY
    ):
        raise MessageRefused("too_many")


def mark_read(session: Session, user_id: int, message_id: int, now: datetime) -> Message | None:
    """Note that its reader saw it, the first time only; None when it is not theirs."""
    message = session.get(Message, message_id)
    if message is None or message.to_user_id != user_id:
        return None
    if message.read_at is None:
        message.read_at = now
        session.commit()
    return message
