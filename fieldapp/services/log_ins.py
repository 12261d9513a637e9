"""When somebody logged in: one entry each time, of which retention keeps the last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fieldapp.db.models import AuditEntry
from fieldapp.db.queries.accounts import LOGGED_IN, account


def note_log_in(session: Session, user_id: int, now: datetime) -> None:
    """Note that this person logged in just now; neither from where nor with what."""
    session.add(AuditEntry(at=now, actor_id=user_id, deed=LOGGED_IN, subject=account(user_id)))
    session.commit()
