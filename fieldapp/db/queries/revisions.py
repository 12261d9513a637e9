"""Raise and read the counters by which computed results know that they are old."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session

from fieldapp.db.engine import insert_if_absent
from fieldapp.db.models import ImportRun, Revision

REVISION = cast("Table", Revision.__table__)


def voices_key(organisation_id: int) -> str:
    """The counter of everything people review or code in an organisation."""
    return f"voices:{organisation_id}"


def bump(session: Session, key: str) -> None:
    """Raise a counter; the caller commits."""
    insert_if_absent(session, REVISION, ["key"], {"key": key, "number": 0})
    session.execute(update(Revision).where(Revision.key == key).values(number=Revision.number + 1))


def voices_changed(session: Session, organisation_id: int) -> None:
    """Profiles of this organisation are old from the caller's commit on."""
    bump(session, voices_key(organisation_id))


def revision(session: Session, key: str) -> int:
    """Where a counter stands."""
    return session.scalar(select(Revision.number).where(Revision.key == key)) or 0


def last_import(session: Session) -> int:
    """The number of the newest finished import: figures and boundaries change with it."""
    return session.scalar(select(func.max(ImportRun.id)).where(ImportRun.state == "done")) or 0
