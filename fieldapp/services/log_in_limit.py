"""Guessing passwords: ten failures for one account from one address, then a quarter of an hour.

Failures are rows of the audit table, so that every process of the server counts the same ones.
The row names neither account nor address, only a keyed hash of the two.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.db.models import AuditEntry
from fieldapp.db.queries.accounts import LOG_IN_FAILED

MOST_FAILURES = 10
WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Guesser:
    """Who tries which account: the address as the server sees it, the e-mail as typed."""

    secret_key: str
    email: str
    address: str

    @property
    def subject(self) -> str:
        """The pair as the audit table keeps it."""
        pair = f"{self.email.strip().lower()}\n{self.address}"
        digest = hmac.new(self.secret_key.encode(), pair.encode("utf-8", "replace"), "sha256")
        return f"log-in {digest.hexdigest()}"


def must_wait(session: Session, guesser: Guesser, now: datetime) -> bool:
    """Whether this guesser failed too often of late."""
    failures = session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.at > now - WITHIN,
            AuditEntry.deed == LOG_IN_FAILED,
            AuditEntry.subject == guesser.subject,
        )
    )
    return (failures or 0) >= MOST_FAILURES


def note_failure(session: Session, guesser: Guesser, now: datetime) -> None:
    """Count one failure: one commit."""
    session.add(AuditEntry(at=now, actor_id=None, deed=LOG_IN_FAILED, subject=guesser.subject))
    session.commit()
