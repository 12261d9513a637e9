"""Imports: what waits, what was done."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from fieldapp.db.models import ImportRun
from fieldapp.db.queries.keyset import Cursor, Page, keyset_page


def imports_page(
    session: Session, organisation_id: int | None, cursor: Cursor | None, limit: int = 25
) -> Page[ImportRun]:
    """Imports of an organisation and those of the command line (None: all), newest first."""
    keys = (ImportRun.created_at, ImportRun.id)
    return keyset_page(session, _seen_by(organisation_id), keys, cursor, limit, descending=True)


def import_of(session: Session, run_id: int, organisation_id: int | None) -> ImportRun | None:
    """One import, when this organisation may see it."""
    return session.scalar(_seen_by(organisation_id).where(ImportRun.id == run_id))


def files_in_use(session: Session) -> set[str]:
    """SHA-256 of the uploads that a waiting or running import needs: file and mapping."""
    runs = session.scalars(select(ImportRun).where(ImportRun.state.in_(("queued", "running"))))
    used: set[str] = set()
    for run in runs:
        used.add(run.file_sha256)
        mapping = run.options.get("mapping")
        if isinstance(mapping, dict):
            used.add(str(mapping.get("sha256", "")))
    return used


def _seen_by(organisation_id: int | None) -> Select[ImportRun]:
    query = select(ImportRun)
    if organisation_id is None:
        return query
    # Boundaries and figures belong to all; an import without organisation is the command line's.
    return query.where(
        or_(ImportRun.organisation_id == organisation_id, ImportRun.organisation_id.is_(None))
    )
