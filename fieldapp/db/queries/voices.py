"""The submissions that count as voices, and how many there are per area."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fieldapp.core.dates import day_bounds
from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Submission
from fieldapp.db.queries.chunks import chunks


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """What the method needs of one submission."""

    id: uuid.UUID
    survey_version_id: int
    kind: str
    language: str
    area_code: str
    lon: float | None
    lat: float | None
    portiek: str | None
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AreaStamp:
    """How many submissions an area has in a period, and when the last one came in."""

    kinds: Mapping[str, int]  # kind of survey -> how many
    received: int  # not looked at yet
    last: datetime | None

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.kinds.values())


def in_period(start: date, end: date) -> tuple[ColumnElement[bool], ...]:
    """Captured on or between two Dutch calendar days."""
    first, after = day_bounds(start, end)
    return (Submission.captured_at >= first, Submission.captured_at < after)


def voice_rows(
    session: Session, organisation_id: int, areas: Collection[str], start: date, end: date
) -> list[VoiceRow]:
    """Counting submissions of these areas in the period, by area and id."""
    columns = (
        Submission.id,
        Submission.survey_version_id,
        Submission.kind,
        Submission.language,
        Submission.area_code,
        Submission.lon,
        Submission.lat,
        Submission.portiek,
        Submission.answers,
    )
    found: list[VoiceRow] = []
    for codes in chunks(sorted(areas)):
        query = select(*columns).where(
            Submission.organisation_id == organisation_id,
            Submission.area_code.in_(codes),
            Submission.state.in_(COUNTING),
            *in_period(start, end),
        )
        found += [VoiceRow(*row) for row in session.execute(query)]
    return sorted(found, key=lambda row: (row.area_code, str(row.id)))


KindRow = tuple[str, int, int, datetime]  # kind, how many, of which not looked at yet, last in


def area_stamps(
    session: Session, organisation_id: int, areas: Collection[str], start: date, end: date
) -> dict[str, AreaStamp]:
    """Area -> its stamp, without loading the submissions; only areas that have some."""
    rows: dict[str, list[KindRow]] = {}
    for codes in chunks(sorted(areas)):
        query = (
            select(
                Submission.area_code,
                Submission.kind,
                func.count(),
                func.count().filter(Submission.state == "received"),
                func.max(Submission.received_at),
            )
            .where(
                Submission.organisation_id == organisation_id,
                Submission.area_code.in_(codes),
                Submission.state.in_(COUNTING),
                *in_period(start, end),
            )
            .group_by(Submission.area_code, Submission.kind)
        )
        for area_code, kind, count, received, last in session.execute(query):
            rows.setdefault(str(area_code), []).append((kind, count, received, last))
    return {code: _stamp(found) for code, found in rows.items()}


def _stamp(rows: Sequence[KindRow]) -> AreaStamp:
    kinds = {kind: count for kind, count, _received, _last in rows}
    return AreaStamp(kinds, sum(row[2] for row in rows), max(row[3] for row in rows))
