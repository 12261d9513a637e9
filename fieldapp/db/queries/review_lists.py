"""What the pages about buurten list: gemeenten, voices per kind, what was spoken of, places."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely import MultiPolygon
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldapp.core.submission import COUNTING
from fieldapp.db.models import Area, Statement, StatementCode, Submission
from fieldapp.db.queries.chunks import chunks
from fieldapp.db.queries.newest import newest_years
from fieldapp.db.queries.voices import in_period

RESIDENT_KINDS = ("bewonersgesprek", "portiekgesprek", "enquete")


@dataclass(frozen=True, slots=True)
class GemeenteRow:
    """A gemeente with buurten, by its newest boundaries."""

    code: str
    name: str
    boundary_year: int
    buurten: int


@dataclass(frozen=True, slots=True)
class SpokenCode:
    """How many residents' submissions speak of a sub-code, and their mean valence (-2 to 2)."""

    code: str
    voices: int
    valence: float


def gemeenten_with_buurten(
    session: Session, organisation_id: int | None, only: Collection[str] | None = None
) -> list[GemeenteRow]:
    """Gemeenten that have buurten, by name; `only`: these codes.

    Areas that another organisation defined itself are left out.
    """
    ours = or_(Area.organisation_id.is_(None), Area.organisation_id == organisation_id)
    query = (
        select(Area.gemeente_code, func.max(Area.gemeente_name), Area.boundary_year, func.count())
        .join(*newest_years(ours))
        .where(Area.level == "buurt", ours)
        .group_by(Area.gemeente_code, Area.boundary_year)
    )
    if only is not None:
        query = query.where(Area.gemeente_code.in_(sorted(only)))
    rows = [GemeenteRow(code, name or code, y, n) for code, name, y, n in session.execute(query)]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.code))


def area_shapes(
    session: Session, boundary_year: int, codes: Collection[str]
) -> dict[str, MultiPolygon]:
    """Code -> boundary in degrees, where it is known."""
    found: dict[str, MultiPolygon] = {}
    for part in chunks(sorted(codes)):
        query = select(Area.code, Area.geom).where(
            Area.boundary_year == boundary_year, Area.code.in_(part), Area.geom.is_not(None)
        )
        found.update((code, geom) for code, geom in session.execute(query) if geom is not None)
    return found


def spoken_codes(
    session: Session, organisation_id: int, area: str, start: date, end: date
) -> list[SpokenCode]:
    """What residents spoke of here, most voices first; nothing is hidden yet."""
    voices = func.count(Statement.submission_id.distinct())
    query = (
        select(StatementCode.code, voices, func.avg(Statement.valence))
        .join(Statement, Statement.id == StatementCode.statement_id)
        .join(Submission, Submission.id == Statement.submission_id)
        .where(
            *_counting(organisation_id, [area], start, end),
            Submission.kind.in_(RESIDENT_KINDS),
        )
        .group_by(StatementCode.code)
        .order_by(voices.desc(), StatementCode.code)
    )
    return [SpokenCode(code, count, float(mean)) for code, count, mean in session.execute(query)]


def observation_points(
    session: Session, organisation_id: int, area: str, start: date, end: date
) -> list[tuple[float, float]]:
    """(lon, lat) of observations; for counting per cell only, never to be shown as they are."""
    query: Any = select(Submission.lon, Submission.lat).where(
        *_counting(organisation_id, [area], start, end),
        Submission.kind == "observatie",
        Submission.lon.is_not(None),
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _counting(
    organisation_id: int, areas: Sequence[str], start: date, end: date
) -> tuple[Any, ...]:
    return (
        Submission.organisation_id == organisation_id,
        Submission.area_code.in_(areas),
        Submission.state.in_(COUNTING),
        *in_period(start, end),
    )
