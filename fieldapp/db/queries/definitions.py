"""Which definitions are meant, by their hash: the definitions are large and are read once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, select
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


def draft_definitions(
    session: Session, organisation_id: int | None, *, tried: bool = False
) -> list[Mapping[str, Any]]:
    """Definitions that are being made, of one organisation and of fieldapp itself (None: all).

    `tried`: only those that have a link to try them with.
    """
    query = select(SurveyVersion.definition).where(SurveyVersion.state == "draft")
    if tried:
        query = query.where(SurveyVersion.trial_token.is_not(None))
    if organisation_id is not None:
        own = or_(Survey.organisation_id.is_(None), Survey.organisation_id == organisation_id)
        query = query.join(Survey).where(own)
    return list(session.scalars(query))
