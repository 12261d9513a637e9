"""Photos of earlier observations, with where they were taken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Attachment, Submission
from fieldapp.db.queries.scope import in_areas

PHOTO = "image/jpeg"  # photos are kept as JPEG (services/photos.py)


@dataclass(frozen=True, slots=True)
class EarlierPhoto:
    """The first photo of one observation. Place in degrees."""

    submission_id: uuid.UUID
    attachment_id: int
    lon: float
    lat: float
    captured_at: datetime


def earlier_photos(
    session: Session,
    organisation_id: int,
    user_id: int | None,
    areas: Sequence[str] | None,
    since: datetime,
    limit: int,
) -> list[EarlierPhoto]:
    """Of observations by this person or in these areas (None: all), newest first: one query.

    Only what was measured at a point, and what was neither sent back nor rejected.
    """
    mine = Submission.user_id == user_id if user_id is not None else None
    seen = in_areas(Submission.area_code, areas)
    first = (
        select(func.min(Attachment.id))
        .where(Attachment.submission_id == Submission.id, Attachment.media_type == PHOTO)
        .correlate(Submission)
        .scalar_subquery()
    )
    query = (
        select(
            Submission.id,
            first.label("attachment_id"),
            Submission.lon,
            Submission.lat,
            Submission.captured_at,
        )
        .where(
            Submission.organisation_id == organisation_id,
            Submission.kind == "observatie",
            Submission.state.in_(COUNTING),
            Submission.captured_at >= since,
            Submission.lon.is_not(None),
            first.is_not(None),
            seen if mine is None else or_(mine, seen),
        )
        .order_by(Submission.captured_at.desc(), Submission.id)
        .limit(limit)
    )
    found: Any = session.execute(query)  # a point has both its degrees
    return [EarlierPhoto(*row) for row in found]
