"""Which definitions are meant, by their hash: the definitions are large and are read once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Survey, SurveyVersion


def definition_hashes(session: Session, version_ids: Collection[int]) -> dict[int, str]:
    """Version id -> SHA-256 of its definition, of the versions that exist."""
    query = select(SurveyVersion.id, SurveyVersion.definition_sha256).where(
        SurveyVersion.id.in_(sorted(version_ids))
    )
    return {row.id: row.definition_sha256 for row in session.execute(query)}


def published_hashes(session: Session) -> dict[int, str]:
    """Version id -> SHA-256 of its definition, of all versions that are or were published."""
    query = (
        select(SurveyVersion.id, SurveyVersion.definition_sha256)
        .where(SurveyVersion.state != "draft")
        .order_by(SurveyVersion.id)
    )
    return {row.id: row.definition_sha256 for row in session.execute(query)}


def newest_published(session: Session) -> dict[str, int]:
    """Name of each survey that has a published version -> id of the newest of those."""
    query = (
        select(Survey.name, SurveyVersion.id)
        .join(SurveyVersion, SurveyVersion.survey_id == Survey.id)
        .where(SurveyVersion.state == "published")
        .order_by(SurveyVersion.published_at, SurveyVersion.id)
    )
    return {row.name: row.id for row in session.execute(query)}


def definitions(session: Session, version_ids: Collection[int]) -> Mapping[int, SurveyVersion]:
    """The versions with these ids, definitions included."""
    query = select(SurveyVersion).where(SurveyVersion.id.in_(sorted(version_ids)))
    return {version.id: version for version in session.scalars(query)}
