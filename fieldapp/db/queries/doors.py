"""Visits to stairwells: which ones, when, by whom; the answers only of those asked for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Submission, User
from fieldapp.db.queries.chunks import chunks
from fieldapp.db.queries.scope import in_areas

VISITS_READ = 2000


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit, without its answers, which are the same for one `revision`.

    `portiek` is the key of the stairwell.
    """

    id: uuid.UUID
    revision: int
    portiek: str
    area_code: str | None
    captured_at: datetime
    kind: str
    user_id: int | None
    version_id: int
    round_id: int | None


def visits(
    session: Session, organisation_id: int, areas: Sequence[str] | None, since: datetime
) -> list[VisitRow]:
    """Visits by colleagues in these areas (None: all), newest first; at most VISITS_READ.

    What residents filled in themselves, what was sent back and what was rejected stays out.
    """
    return _rows(
        session,
        Submission.organisation_id == organisation_id,
        Submission.captured_at >= since,
        in_areas(Submission.area_code, areas),
    )


def visits_in_rounds(session: Session, round_ids: Collection[int]) -> list[VisitRow]:
    """Visits that were made for these rounds, newest first; at most VISITS_READ."""
    return _rows(session, Submission.round_id.in_(list(round_ids))) if round_ids else []


def _rows(session: Session, *conditions: ColumnElement[bool]) -> list[VisitRow]:
    query = (
        select(
            Submission.id,
            Submission.revision,
            Submission.portiek,
            Submission.area_code,
            Submission.captured_at,
            Submission.kind,
            Submission.user_id,
            Submission.survey_version_id,
            Submission.round_id,
        )
        .where(
            Submission.portiek.is_not(None),
            Submission.kind != "enquete",
            Submission.state.in_(COUNTING),
            *conditions,
        )
        .order_by(Submission.captured_at.desc(), Submission.id)
        .limit(VISITS_READ)
    )
    found: Any = session.execute(query)  # the stairwell is never null here
    return [VisitRow(*row) for row in found]


def answers_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Stored answers by submission."""
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for part in chunks(ids):
        query = select(Submission.id, Submission.answers).where(Submission.id.in_(part))
        found.update((row[0], row[1]) for row in session.execute(query))
    return found


def names_of(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """How these people are called; by e-mail address who has no name."""
    query = select(User.id, User.name, User.email).where(User.id.in_(list(user_ids)))
    return {row[0]: row[1] or row[2] for row in session.execute(query)} if user_ids else {}


def areas_visited(
    session: Session, organisation_id: int, portieken: Collection[str]
) -> dict[str, set[str]]:
    """Key of a stairwell -> the areas in which it was visited under that name."""
    found: dict[str, set[str]] = {}
    for part in chunks(portieken):
        query = (
            select(Submission.portiek, Submission.area_code)
            .where(
                Submission.organisation_id == organisation_id,
                Submission.portiek.in_(part),
                Submission.area_code.is_not(None),
                Submission.kind != "enquete",
            )
            .distinct()
        )
        for portiek, area in session.execute(query):
            found.setdefault(str(portiek), set()).add(str(area))
    return found
