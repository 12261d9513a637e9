"""The analyst's work list: which submissions have open answers, which are done, which are left."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, defer

from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Submission
from fieldapp.db.queries.keyset import Cursor, Page, keyset_page
from fieldapp.db.queries.scope import in_area, in_areas

COUNT_CAP = 5000  # beyond this many, counts say "more than"

# Which questions of a survey version are open answers: version id -> question names.
OpenQuestions = Mapping[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the queue shows. `areas`: where the analyst works, None for everywhere."""

    organisation_id: int
    areas: tuple[str, ...] | None
    done: bool = False
    survey_version_ids: tuple[int, ...] | None = None
    kind: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class WorkCount:
    """How many submissions with open answers are done and left, of one kind in one area."""

    kind: str
    area_code: str | None
    boundary_year: int | None
    left: int
    done: int


def queue(
    session: Session,
    wanted: QueueFilter,
    questions: OpenQuestions,
    cursor: Cursor | None = None,
    limit: int = 25,
) -> Page[Submission]:
    """Submissions with open answers, the oldest first."""
    query = select(Submission).where(*_in_queue(wanted, questions), _is_done(wanted.done))
    query = query.options(defer(Submission.geom))
    return keyset_page(session, query, (Submission.captured_at, Submission.id), cursor, limit)


def next_in_queue(
    session: Session, wanted: QueueFilter, questions: OpenQuestions, after: Submission
) -> uuid.UUID | None:
    """The next submission that is not done: after this one, else the oldest of all."""
    query = select(Submission.id).where(
        *_in_queue(wanted, questions), _is_done(False), Submission.id != after.id
    )
    later = and_(
        Submission.captured_at >= after.captured_at,
        or_(Submission.captured_at > after.captured_at, Submission.id > after.id),
    )
    order = (Submission.captured_at, Submission.id)
    return session.scalar(query.where(later).order_by(*order).limit(1)) or session.scalar(
        query.order_by(*order).limit(1)
    )


def work_counts(
    session: Session, wanted: QueueFilter, questions: OpenQuestions
) -> tuple[list[WorkCount], bool]:
    """Done and left per kind and area; True when only the newest COUNT_CAP were counted.

    The cap keeps the page as fast with a hundred thousand submissions as with a hundred.
    """
    newest = (
        select(
            Submission.kind,
            Submission.area_code,
            Submission.boundary_year,
            case((Submission.coded_at.is_(None), 1), else_=0).label("open"),
        )
        .where(*_in_queue(wanted, questions))
        .order_by(Submission.received_at.desc())
        .limit(COUNT_CAP)
        .subquery()
    )
    rows = session.execute(
        select(
            newest.c.kind,
            newest.c.area_code,
            func.max(newest.c.boundary_year),
            func.sum(newest.c.open),
            func.count(),
        )
        .group_by(newest.c.kind, newest.c.area_code)
        .order_by(newest.c.kind, newest.c.area_code)
    ).all()
    counts = [WorkCount(k, a, y, int(left), int(n) - int(left)) for k, a, y, left, n in rows]
    return counts, sum(c.left + c.done for c in counts) >= COUNT_CAP


def _is_done(done: bool) -> ColumnElement[bool]:
    return Submission.coded_at.is_not(None) if done else Submission.coded_at.is_(None)


def _in_queue(wanted: QueueFilter, questions: OpenQuestions) -> list[ColumnElement[bool]]:
    conditions = [
        Submission.organisation_id == wanted.organisation_id,
        Submission.state.in_(COUNTING),
        in_areas(Submission.area_code, wanted.areas),
        _has_open_answer(questions, wanted.survey_version_ids),
    ]
    if wanted.kind:
        conditions.append(Submission.kind == wanted.kind)
    if wanted.area:
        conditions.append(in_area(Submission.area_code, wanted.area))
    return conditions


def _has_open_answer(
    questions: OpenQuestions, versions: tuple[int, ...] | None
) -> ColumnElement[bool]:
    """An answer to one of the version's open questions that is not blank."""
    parts = [
        and_(
            Submission.survey_version_id == version,
            or_(*(Submission.answers[name]["v"].as_string() != "" for name in names)),
        )
        for version, names in questions.items()
        if names and (versions is None or version in versions)
    ]
    return or_(*parts) if parts else false()
