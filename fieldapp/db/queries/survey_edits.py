"""The history of a draft survey: what can be undone and redone."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fieldapp.db.models import SurveyEdit


def newest_deeds(session: Session, version_id: int) -> dict[str, str]:
    """Stack ("undo", "redo") -> the deed that would be undone or redone; without definitions."""
    found: dict[str, str] = {}
    rows = session.execute(
        select(SurveyEdit.stack, SurveyEdit.deed)
        .where(SurveyEdit.version_id == version_id)
        .order_by(SurveyEdit.id)
    )
    for stack, deed in rows:
        found[stack] = deed
    return found


def newest_edit(session: Session, version_id: int, stack: str) -> SurveyEdit | None:
    """The state that comes next when something is undone or redone."""
    return session.scalar(
        select(SurveyEdit)
        .where(SurveyEdit.version_id == version_id, SurveyEdit.stack == stack)
        .order_by(SurveyEdit.id.desc())
        .limit(1)
    )


def forget_redo(session: Session, version_id: int) -> None:
    """After a new change there is nothing to redo."""
    session.execute(
        delete(SurveyEdit).where(SurveyEdit.version_id == version_id, SurveyEdit.stack == "redo")
    )


def forget_edits(session: Session, version_id: int) -> None:
    """Remove the whole history of a draft, when it is published."""
    session.execute(delete(SurveyEdit).where(SurveyEdit.version_id == version_id))


def trim_undo(session: Session, version_id: int, most: int) -> None:
    """Keep only the newest `most` states."""
    ids = session.scalars(
        select(SurveyEdit.id)
        .where(SurveyEdit.version_id == version_id, SurveyEdit.stack == "undo")
        .order_by(SurveyEdit.id.desc())
        .offset(most)
    ).all()
    if ids:
        session.execute(delete(SurveyEdit).where(SurveyEdit.id.in_(ids)))
