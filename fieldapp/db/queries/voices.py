"""The submissions that count as voices, and how many there are per area."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Statement, StatementCode, Submission

HERE = ZoneInfo("Europe/Amsterdam")
_CHUNK = 500


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

    total: int
    received: int  # not looked at yet
    last: datetime | None


def in_period(start: date, end: date) -> tuple[ColumnElement[bool], ...]:
    """Captured on or between two Dutch calendar days."""
    first = datetime.combine(start, time.min, HERE)
    after = datetime.combine(end + timedelta(days=1), time.min, HERE)
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
    for codes in _chunks(sorted(areas)):
        query = select(*columns).where(
            Submission.organisation_id == organisation_id,
            Submission.area_code.in_(codes),
            Submission.state.in_(COUNTING),
            *in_period(start, end),
        )
        found += [VoiceRow(*row) for row in session.execute(query)]
    return sorted(found, key=lambda row: (row.area_code, str(row.id)))


def area_stamps(
    session: Session, organisation_id: int, areas: Collection[str], start: date, end: date
) -> dict[str, AreaStamp]:
    """Area -> its stamp, without loading the submissions."""
    found: dict[str, AreaStamp] = {}
    for codes in _chunks(sorted(areas)):
        query = (
            select(
                Submission.area_code,
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
            .group_by(Submission.area_code)
        )
        for area_code, total, received, last in session.execute(query):
            found[str(area_code)] = AreaStamp(total, received, last)
    return found


def coded_signals(
    session: Session, submission_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, dict[str, tuple[float, ...]]]:
    """Submission -> theme -> one signal (valence / 2) per statement on that theme.

    A statement with several codes of one theme speaks on that theme once.
    """
    found: dict[uuid.UUID, dict[str, list[float]]] = {}
    for ids in _chunks(submission_ids):
        query = (
            select(Statement.submission_id, Statement.id, Statement.valence, StatementCode.code)
            .join(StatementCode, StatementCode.statement_id == Statement.id)
            .where(Statement.submission_id.in_(ids))
            .order_by(Statement.id)
        )
        spoken: set[tuple[int, str]] = set()
        for submission_id, statement_id, valence, code in session.execute(query):
            theme = code.partition(".")[0]
            if (statement_id, theme) not in spoken:
                spoken.add((statement_id, theme))
                found.setdefault(submission_id, {}).setdefault(theme, []).append(valence / 2)
    return {
        submission_id: {theme: tuple(signals) for theme, signals in themes.items()}
        for submission_id, themes in found.items()
    }


def _chunks(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
