"""Submissions of a survey over its versions, in pieces."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Submission
from fieldapp.db.queries.scope import in_areas

PIECE = 500


def _which(
    organisation_id: int,
    version_ids: Collection[int],
    areas: Sequence[str] | None,
    since: datetime | None,
    before: datetime | None,
) -> list[ColumnElement[bool]]:
    wanted = [
        Submission.organisation_id == organisation_id,
        Submission.survey_version_id.in_(sorted(version_ids)),
        Submission.state.in_(COUNTING),
        in_areas(Submission.area_code, areas),
    ]
    if since is not None:
        wanted.append(Submission.captured_at >= since)
    if before is not None:
        wanted.append(Submission.captured_at < before)
    return wanted


def count_results(session: Session, organisation_id: int, *which: Any) -> int:
    """How many submissions there are; the arguments are those of `results`."""
    query = select(func.count()).select_from(Submission).where(*_which(organisation_id, *which))
    return int(session.scalar(query) or 0)


def results(
    session: Session,
    organisation_id: int,
    version_ids: Collection[int],
    areas: Sequence[str] | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Iterator[Any]:
    """Submissions that count, in order of their id: that says nothing of when they came."""
    wanted = _which(organisation_id, version_ids, areas, since, before)
    query = select(
        Submission.id,
        Submission.survey_version_id,
        Submission.kind,
        Submission.language,
        Submission.captured_at,
        Submission.area_code,
        Submission.portiek,
        Submission.state,
        Submission.channel,
        Submission.lon,
        Submission.lat,
        Submission.marks,
        Submission.answers,
    ).order_by(Submission.id)
    last: uuid.UUID | None = None
    while True:
        here = [] if last is None else [Submission.id > last]
        piece = session.execute(query.where(*wanted, *here).limit(PIECE)).all()
        yield from piece
        if len(piece) < PIECE:
            return
        last = piece[-1].id
