"""Areas: by code and year, their children, counts, and the boundary revision."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from shapely import MultiPolygon
from sqlalchemy import Table, func, select, update
from sqlalchemy.orm import Session, defer

from fieldapp.db.engine import insert_if_absent
from fieldapp.db.models import Area, BoundaryRevision
from fieldapp.db.queries.chunks import chunks


@dataclass(frozen=True, slots=True)
class AreaCount:
    """How many areas of one level a gemeente has in a boundary year."""

    boundary_year: int
    gemeente_code: str
    gemeente_name: str
    level: str
    areas: int
    simplified: int


def areas_by_code(session: Session, year: int, codes: Collection[str]) -> dict[str, Area]:
    """The areas with these codes in a boundary year, without loading their geometry."""
    found: dict[str, Area] = {}
    for part in chunks(sorted(codes)):
        query = (
            select(Area)
            .where(Area.boundary_year == year, Area.code.in_(part))
            .options(defer(Area.geom))
        )
        found.update((area.code, area) for area in session.scalars(query))
    return found


def child_geometries(session: Session, year: int, parent_code: str) -> list[MultiPolygon]:
    """Geometries one level down, by code, so that what is made of them is always the same."""
    query = (
        select(Area.geom)
        .where(
            # The index is on the gemeente; without it each parent would scan every area.
            Area.gemeente_code == "GM" + parent_code[2:6],
            Area.boundary_year == year,
            Area.parent_code == parent_code,
            Area.geom.is_not(None),
            Area.level.in_(("wijk", "buurt")),
        )
        .order_by(Area.code)
    )
    return [geometry for geometry in session.scalars(query) if geometry is not None]


def area_counts(session: Session, year: int | None = None) -> list[AreaCount]:
    """Areas per boundary year, gemeente and level; the name is that of any of its areas."""
    query = (
        select(
            Area.boundary_year,
            Area.gemeente_code,
            func.max(Area.gemeente_name),
            Area.level,
            func.count(),
            func.count().filter(Area.simplified),
        )
        .group_by(Area.boundary_year, Area.gemeente_code, Area.level)
        .order_by(Area.boundary_year, Area.gemeente_code, Area.level)
    )
    if year is not None:
        query = query.where(Area.boundary_year == year)
    return [AreaCount(*row) for row in session.execute(query)]


def name_gemeente(session: Session, year: int, gemeente_code: str, name: str) -> None:
    """Give a gemeente its name where an earlier file left it out, on all of its areas.

    Areas already loaded do not see it until they are expired: matching each update against every
    loaded area would make an import of the whole country quadratic.
    """
    unseen = {"synchronize_session": False}
    of_gemeente = (Area.boundary_year == year, Area.gemeente_code == gemeente_code)
    session.execute(
        update(Area).where(*of_gemeente, Area.gemeente_name == "").values(gemeente_name=name),
        execution_options=unseen,
    )
    # An unnamed gemeente is called by its code.
    session.execute(
        update(Area)
        .where(*of_gemeente, Area.code == gemeente_code, Area.name == gemeente_code)
        .values(name=name),
        execution_options=unseen,
    )


def lock_boundaries(session: Session) -> None:
    """Let one boundary import at a time go on; the lock ends with the transaction."""
    table = cast("Table", BoundaryRevision.__table__)
    insert_if_absent(session, table, ["id"], {"id": 1, "revision": 0})
    session.execute(
        update(BoundaryRevision)
        .where(BoundaryRevision.id == 1)
        .values(revision=BoundaryRevision.revision)
    )


def renew_boundary_revision(session: Session) -> None:
    """Tell every process that its search tree of areas is old.

    A number nobody has seen, not the next one: after a restored backup the next one may have
    been used before, for other boundaries.
    """
    session.execute(
        update(BoundaryRevision)
        .where(BoundaryRevision.id == 1)
        .values(revision=1 + secrets.randbelow(2**31 - 1))
    )


def buurt_codes(session: Session, year: int, gemeente_code: str = "") -> list[str]:
    """Codes of the buurten of a boundary year, of one gemeente or (empty) of all, by code."""
    query = select(Area.code).where(Area.boundary_year == year, Area.level == "buurt")
    if gemeente_code:
        query = query.where(Area.gemeente_code == gemeente_code)
    return list(session.scalars(query.order_by(Area.code)))


def newest_buurten(session: Session, gemeente_code: str) -> list[Area]:
    """The buurten of a gemeente by its newest boundaries, by code, without their geometry."""
    of_gemeente = (Area.gemeente_code == gemeente_code, Area.level == "buurt")
    newest = select(func.max(Area.boundary_year)).where(*of_gemeente).scalar_subquery()
    query = (
        select(Area)
        .where(*of_gemeente, Area.boundary_year == newest)
        .order_by(Area.code)
        .options(defer(Area.geom))
    )
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class BuurtYear:
    """What one boundary year says of a buurt's boundaries. `changed` None: not said."""

    code: str
    boundary_year: int
    geom_hash: str
    changed: bool | None


def buurt_years(session: Session, codes: Collection[str]) -> list[BuurtYear]:
    """Every imported boundary year of these buurten."""
    found: list[BuurtYear] = []
    for part in chunks(sorted(codes)):
        query = select(Area.code, Area.boundary_year, Area.geom_hash, Area.changed).where(
            Area.code.in_(part), Area.level == "buurt"
        )
        found += [BuurtYear(*row) for row in session.execute(query)]
    return found


def newest_area(session: Session, code: str) -> Area | None:
    """The area with this code, by its newest boundaries; without its geometry."""
    return session.scalar(
        select(Area)
        .where(Area.code == code)
        .order_by(Area.boundary_year.desc())
        .limit(1)
        .options(defer(Area.geom))
    )


def area_name(session: Session, code: str, year: int) -> str | None:
    """The name of an area in a boundary year."""
    return session.scalar(select(Area.name).where(Area.code == code, Area.boundary_year == year))
