"""Incoming submissions as reviewers look through them: lists, history, conflicts, near areas."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import Session, defer

from fieldapp.db.models import (
    Area,
    Attachment,
    Submission,
    SubmissionConflict,
    SubmissionEvent,
    User,
)
from fieldapp.db.queries.chunks import chunks
from fieldapp.db.queries.keyset import Cursor, Page, keyset_page
from fieldapp.db.queries.scope import in_area, in_areas

NEAR = 8
OLDER_SHOWN = 10


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What the inbox shows. `areas`: where the reviewer works, None for everywhere.

    Empty texts do not filter. `outside`: only points outside every area. `marked`: only those whose
    place somebody should look at. `conflicts`: only those with other content under the same id that
    nobody looked at yet.
    """

    organisation_id: int
    areas: tuple[str, ...] | None
    state: str = ""
    kind: str = ""
    area: str = ""
    outside: bool = False
    marked: bool = False
    conflicts: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """What a row of the inbox shows beside the submission itself."""

    photos: int = 0
    conflicts: int = 0


def inbox(
    session: Session, wanted: InboxFilter, cursor: Cursor | None = None, limit: int = 25
) -> Page[Submission]:
    """Submissions, the newest first."""
    query = select(Submission).where(*_in_inbox(wanted)).options(defer(Submission.geom))
    keys = (Submission.received_at, Submission.id)
    return keyset_page(session, query, keys, cursor, limit, descending=True)


def _in_inbox(wanted: InboxFilter) -> list[ColumnElement[bool]]:
    conditions = [
        Submission.organisation_id == wanted.organisation_id,
        in_areas(Submission.area_code, wanted.areas),
    ]
    if wanted.state:
        conditions.append(Submission.state == wanted.state)
    if wanted.kind:
        conditions.append(Submission.kind == wanted.kind)
    if wanted.area:
        conditions.append(in_area(Submission.area_code, wanted.area))
    if wanted.outside:
        conditions.append(Submission.area_status == "outside")
    if wanted.marked:
        conditions.append(cast(Submission.marks, Text) != "[]")
    if wanted.conflicts:
        conditions.append(
            Submission.id.in_(
                select(SubmissionConflict.submission_id).where(
                    SubmissionConflict.resolved_at.is_(None)
                )
            )
        )
    return conditions


def extras(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Extra]:
    """Photos and open conflicts of a page's worth of submissions: two queries."""
    wanted = list(ids)
    photos = _count(session, Attachment.submission_id, wanted)
    conflicts = _count(
        session, SubmissionConflict.submission_id, wanted, SubmissionConflict.resolved_at.is_(None)
    )
    return {key: Extra(photos.get(key, 0), conflicts.get(key, 0)) for key in wanted}


def _count(
    session: Session, column: ColumnElement[uuid.UUID] | object, ids: list[uuid.UUID], *also: object
) -> dict[uuid.UUID, int]:
    key: ColumnElement[uuid.UUID] = column  # type: ignore[assignment]
    query = select(key, func.count()).where(key.in_(ids)).group_by(key)
    for condition in also:
        query = query.where(condition)  # type: ignore[arg-type]
    return {row[0]: row[1] for row in session.execute(query)}


def history(session: Session, submission_id: uuid.UUID) -> Sequence[tuple[SubmissionEvent, str]]:
    """(step, who took it) of a submission, oldest first; an unknown person is ''."""
    query = (
        select(SubmissionEvent, func.coalesce(User.name, ""))
        .outerjoin(User, User.id == SubmissionEvent.actor_id)
        .where(SubmissionEvent.submission_id == submission_id)
        .order_by(SubmissionEvent.id)
    )
    return [(event, name) for event, name in session.execute(query)]


def open_conflicts(session: Session, submission_id: uuid.UUID) -> Sequence[SubmissionConflict]:
    """Other content under this id that nobody looked at yet, oldest first."""
    query = (
        select(SubmissionConflict)
        .where(
            SubmissionConflict.submission_id == submission_id,
            SubmissionConflict.resolved_at.is_(None),
        )
        .order_by(SubmissionConflict.id)
    )
    return session.scalars(query).all()


def older_versions(session: Session, submission_id: uuid.UUID) -> Sequence[SubmissionConflict]:
    """What stood here before it was improved on the phone (ADR 33): the last ten, newest first."""
    query = (
        select(SubmissionConflict)
        .where(SubmissionConflict.submission_id == submission_id, SubmissionConflict.superseded)
        .order_by(SubmissionConflict.id.desc())
        .limit(OLDER_SHOWN)
    )
    return session.scalars(query).all()


def area_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Code -> name by the newest boundaries, for the codes that exist."""
    found: dict[str, str] = {}
    for part in chunks(sorted(set(codes))):
        query = select(Area.code, Area.name).where(Area.code.in_(part)).order_by(Area.boundary_year)
        found.update((row[0], row[1]) for row in session.execute(query))
    return found


def buurten_near(session: Session, lon: float, lat: float, limit: int = NEAR) -> list[Area]:
    """The buurten whose middle lies nearest to a point, each once, by its newest boundaries."""
    # A degree of longitude is about 0.61 of a degree of latitude in the Netherlands.
    east, north = (Area.label_lon - lon) * 0.61, Area.label_lat - lat
    query = (
        select(Area)
        .where(Area.level == "buurt", Area.label_lon.is_not(None))
        .order_by(east * east + north * north, Area.boundary_year.desc())
        .limit(limit * 6)  # the same buurt comes back for each boundary year
        .options(defer(Area.geom))
    )
    newest: dict[str, Area] = {}
    for area in session.scalars(query):
        known = newest.get(area.code)
        if known is None or known.boundary_year < area.boundary_year:
            newest[area.code] = area
    return list(newest.values())[:limit]


def buurten_named(session: Session, words: str, limit: int = 20) -> list[Area]:
    """Buurten with exactly this code or name (any case), each once, by its newest boundaries."""
    query = (
        select(Area)
        .where(
            Area.level == "buurt",
            (Area.code == words.upper()) | (func.lower(Area.name) == words.lower()),
        )
        .order_by(Area.boundary_year)
        .limit(limit * 6)
        .options(defer(Area.geom))
    )
    return list({area.code: area for area in session.scalars(query)}.values())[:limit]


def recent_areas(session: Session, wanted: InboxFilter, cap: int = 2000) -> set[str]:
    """Areas of the newest submissions, to choose from; bounded however many there are."""
    newest = (
        select(Submission.area_code)
        .where(*_in_inbox(wanted))
        .order_by(Submission.received_at.desc())
        .limit(cap)
        .subquery()
    )
    query = select(newest.c.area_code).where(newest.c.area_code.is_not(None)).distinct()
    return set(session.scalars(query))
