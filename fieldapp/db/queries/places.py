"""Buurten to choose from and to draw, by each gemeente's newest boundaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapely import MultiPolygon
from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session

from fieldapp.db.models import Area, BoundaryRevision
from fieldapp.db.queries.newest import newest_years

MOST_AREAS = 3000  # more than the largest gemeente has; a list beyond that helps nobody


@dataclass(frozen=True, slots=True)
class BuurtChoice:
    """A buurt by code and name."""

    code: str
    name: str
    gemeente_name: str


@dataclass(frozen=True, slots=True)
class BuurtShape:
    """A buurt with its boundaries, EPSG:4326."""

    code: str
    name: str
    geom: MultiPolygon


def buurten(session: Session, codes: Sequence[str] | None) -> list[BuurtChoice]:
    """The buurten in the areas with these codes (None: all), by name."""
    rows = session.execute(_buurten(codes, Area.code, Area.name, Area.gemeente_name))
    found = {row.code: BuurtChoice(row.code, row.name, row.gemeente_name) for row in rows}
    # Sorted here: engines order letters with accents differently.
    return sorted(found.values(), key=lambda b: (b.gemeente_name.casefold(), b.name.casefold()))


def buurt_shapes(session: Session, codes: Sequence[str] | None) -> list[BuurtShape]:
    """The same with their boundaries."""
    query = _buurten(codes, Area.code, Area.name, Area.geom).where(Area.geom.is_not(None))
    return [BuurtShape(row.code, row.name, row.geom) for row in session.execute(query)]


def boundary_revision(session: Session) -> int:
    """The number that changes with every boundary import."""
    query = select(BoundaryRevision.revision).where(BoundaryRevision.id == 1)
    return session.scalar(query) or 0


def _buurten(codes: Sequence[str] | None, *columns: object) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = (
        select(*columns)  # type: ignore[call-overload]
        .select_from(Area)
        .join(*newest_years())
        .where(Area.level == "buurt")
        .order_by(Area.code)
        .limit(MOST_AREAS)
    )
    return query if codes is None else query.where(or_(false(), *map(_within, codes)))


def _within(code: str) -> ColumnElement[bool]:
    """As core.people.area_covers, for buurten."""
    if code[:2] in ("GM", "WK"):
        return Area.code.startswith(f"BU{code[2:]}", autoescape=True)
    return Area.code == code
