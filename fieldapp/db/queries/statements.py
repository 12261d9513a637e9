"""Statements: of one submission, as signals, as quotes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, defer

from fieldapp.core.codeframe import theme_code
from fieldapp.core.dates import local_day
from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Area, Statement, StatementCode, Submission
from fieldapp.db.queries.chunks import chunks
from fieldapp.db.queries.keyset import Cursor, Page, keyset_page
from fieldapp.db.queries.scope import in_area, in_areas


@dataclass(frozen=True, slots=True)
class ApprovedQuote:
    """A quote as it may be shown: masked, with consent, approved. `month`: its first day."""

    statement_id: int
    text: str
    language: str
    kind: str
    theme: str
    valence: int
    month: date


def approved_quotes(
    session: Session,
    organisation_id: int,
    area_code: str,
    start: datetime,
    end: datetime,
    theme: str | None = None,
    limit: int = 20,
) -> list[ApprovedQuote]:
    """Approved quotes from an area (or the areas inside it), captured from `start` up to `end`.

    The strongest first, then the newest. `limit` counts statements; without `theme` a statement
    that speaks on two themes gives two rows.
    """
    query = (
        select(Statement, Submission.language, Submission.kind, Submission.captured_at)
        .join(Submission, Submission.id == Statement.submission_id)
        .where(
            Submission.organisation_id == organisation_id,
            in_area(Submission.area_code, area_code),
            Submission.captured_at >= start,
            Submission.captured_at < end,
            Submission.state.in_(COUNTING),
            Statement.quote_state == "approved",
        )
        .order_by(func.abs(Statement.valence).desc(), Submission.captured_at.desc(), Statement.id)
        .limit(limit)
    )
    if theme is not None:
        query = query.where(
            Statement.codes.any(StatementCode.code.startswith(theme + ".", autoescape=True))
        )
    return [
        ApprovedQuote(
            statement.id,
            statement.quote_text,
            language,
            kind,
            spoken,
            statement.valence,
            local_day(captured_at).replace(day=1),
        )
        for statement, language, kind, captured_at in session.execute(query)
        for spoken in dict.fromkeys(theme_code(code.code) for code in statement.codes)
        if theme in (None, spoken)
    ]


def coded_signals(
    session: Session, submission_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, dict[str, tuple[float, ...]]]:
    """Per submission and theme the signals of its statements: valence / 2, in [-1, 1].

    A statement gives one signal per theme, however many codes it has there; in order of marking.
    """
    found: dict[uuid.UUID, dict[str, dict[int, float]]] = {}
    for ids in chunks(submission_ids):
        rows = session.execute(
            select(Statement.submission_id, Statement.id, Statement.valence, StatementCode.code)
            .join(StatementCode, StatementCode.statement_id == Statement.id)
            .where(Statement.submission_id.in_(ids))
            .order_by(Statement.id, StatementCode.code)
        )
        for submission_id, statement_id, valence, code in rows:
            themes = found.setdefault(submission_id, {})
            themes.setdefault(theme_code(code), {})[statement_id] = valence / 2
    return {
        submission_id: {theme: tuple(signals.values()) for theme, signals in themes.items()}
        for submission_id, themes in found.items()
    }


def statements_of(session: Session, submission_id: uuid.UUID) -> Sequence[Statement]:
    """What was marked in a submission, in reading order per question."""
    query = select(Statement).where(Statement.submission_id == submission_id)
    order = (Statement.question, Statement.starts, Statement.ends, Statement.id)
    return session.scalars(query.order_by(*order)).all()


@dataclass(frozen=True, slots=True)
class QuoteFilter:
    """Which statements the list of quotes shows. `state`: none, approved or refused.

    `consent`: survey version -> (question, the answer that gives consent); with it, `with_consent`
    keeps those who gave it, or those who did not.
    """

    organisation_id: int
    areas: tuple[str, ...] | None
    state: str = "none"
    area: str = ""
    consent: Mapping[int, tuple[str, str]] | None = None
    with_consent: bool = True


def quotes(
    session: Session, wanted: QuoteFilter, cursor: Cursor | None = None, limit: int = 20
) -> Page[Statement]:
    """Statements on their way to a quote, the oldest first."""
    query = (
        select(Statement)
        .join(Submission, Submission.id == Statement.submission_id)
        .where(
            Submission.organisation_id == wanted.organisation_id,
            Submission.state.in_(COUNTING),
            in_areas(Submission.area_code, wanted.areas),
            Statement.quote_state == wanted.state,
            # After its term the marked words are gone; what was approved of them stays.
            or_(Statement.text != "", Statement.quote_text != ""),
        )
    )
    if wanted.area:
        query = query.where(in_area(Submission.area_code, wanted.area))
    if wanted.consent is not None:
        given = _consent_given(wanted.consent)
        query = query.where(given if wanted.with_consent else ~given)
    return keyset_page(session, query, (Statement.created_at, Statement.id), cursor, limit)


def _consent_given(consent: Mapping[int, tuple[str, str]]) -> ColumnElement[bool]:
    parts = [
        and_(
            Submission.survey_version_id == version,
            func.coalesce(Submission.answers[question]["v"].as_string(), "") == answer,
        )
        for version, (question, answer) in consent.items()
    ]
    return or_(false(), *parts)


def submissions_by_id(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Submission]:
    """The submissions with these ids (a page's worth)."""
    query = select(Submission).where(Submission.id.in_(list(ids))).options(defer(Submission.geom))
    return {found.id: found for found in session.scalars(query)}


def gemeente_place_names(session: Session, code: str | None, year: int | None) -> list[str]:
    """Names of the areas in this area's gemeente: no personal data, whatever they look like."""
    if code is None or year is None:
        return []
    gemeente = select(Area.gemeente_code).where(Area.code == code, Area.boundary_year == year)
    query = select(Area.name, Area.gemeente_name).where(
        Area.gemeente_code == gemeente.scalar_subquery(), Area.boundary_year == year
    )
    return sorted({name for row in session.execute(query) for name in row if name})
