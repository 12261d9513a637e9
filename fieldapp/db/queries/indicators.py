"""Figures: the latest edition of each counts, older ones stay; matching to areas by code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from fieldapp.core.area import CBS_LEVELS
from fieldapp.db.models import Area, ImportRun, IndicatorValue
from fieldapp.db.queries.chunks import chunks

_ROWS = 5_000  # rows in one INSERT


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as a profile uses it: of all editions of its year the latest."""

    indicator: str
    area_code: str
    year: int
    value: float
    edition: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class EditionCount:
    """How much one edition of one source and year holds."""

    source: str
    year: int
    edition: str
    indicators: int
    areas: int
    values: int
    imported_at: datetime | None


def latest_figures(
    session: Session,
    area_codes: Collection[str],
    *,
    indicators: Collection[str] | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
) -> list[Figure]:
    """Figures of these areas, latest edition only, by indicator, area and year.

    Years are both included. Areas of any boundary year: figures are joined by code alone.
    """
    # Editions are days or months written year first, so the latest sorts last as text.
    rank = func.row_number().over(
        partition_by=(IndicatorValue.indicator, IndicatorValue.area_code, IndicatorValue.year),
        order_by=(IndicatorValue.edition.desc(), IndicatorValue.id.desc()),
    )
    columns = (
        IndicatorValue.indicator,
        IndicatorValue.area_code,
        IndicatorValue.year,
        IndicatorValue.value,
        IndicatorValue.edition,
        IndicatorValue.status,
        IndicatorValue.source,
    )
    found: list[Figure] = []
    for codes in chunks(sorted(area_codes)):
        query = select(*columns, rank.label("rank")).where(IndicatorValue.area_code.in_(codes))
        if indicators is not None:
            query = query.where(IndicatorValue.indicator.in_(sorted(indicators)))
        if first_year is not None:
            query = query.where(IndicatorValue.year >= first_year)
        if last_year is not None:
            query = query.where(IndicatorValue.year <= last_year)
        ranked = query.subquery()
        latest = select(*list(ranked.c)[:-1]).where(ranked.c.rank == 1)
        found += [Figure(*row) for row in session.execute(latest)]
    return sorted(found, key=lambda f: (f.indicator, f.area_code, f.year))


def buurten_with_figures(session: Session, gemeente_code: str) -> list[str]:
    """Codes of the buurten of a gemeente that have any figure, whatever boundaries are imported."""
    prefix = "BU" + gemeente_code[2:]
    query = (
        select(IndicatorValue.area_code)
        .where(
            # The range uses the index on any collation; the pattern makes it exact.
            IndicatorValue.area_code >= prefix,
            IndicatorValue.area_code < prefix + "\uffff",
            IndicatorValue.area_code.like(prefix + "%"),
        )
        .distinct()
    )
    return sorted(session.scalars(query))


def by_indicator(figures: Iterable[Figure]) -> dict[str, dict[str, dict[int, float]]]:
    """Indicator -> area -> year -> value: the shape that the method reads."""
    found: dict[str, dict[str, dict[int, float]]] = {}
    for figure in figures:
        areas = found.setdefault(figure.indicator, {})
        areas.setdefault(figure.area_code, {})[figure.year] = figure.value
    return found


def edition_values(session: Session, year: int, edition: str) -> dict[tuple[str, str], float]:
    """(indicator, area) -> value of one edition of one year."""
    query = select(IndicatorValue.indicator, IndicatorValue.area_code, IndicatorValue.value).where(
        IndicatorValue.year == year, IndicatorValue.edition == edition
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def insert_values(session: Session, rows: Sequence[Mapping[str, Any]]) -> Iterable[int]:
    """Insert rows of IndicatorValue in batches; yields how many are in after each."""
    table = cast("Table", IndicatorValue.__table__)
    for start in range(0, len(rows), _ROWS):
        batch = [dict(row) for row in rows[start : start + _ROWS]]
        session.execute(insert(table), batch)
        yield start + len(batch)


def earlier_edition(session: Session, source: str, year: int, sha256: str) -> str | None:
    """The edition under which exactly this file was imported before, else None."""
    query = (
        select(ImportRun)
        .where(
            ImportRun.kind == "indicators",
            ImportRun.state == "done",
            ImportRun.source == source,
            ImportRun.file_sha256 == sha256,
        )
        .order_by(ImportRun.id.desc())
    )
    for run in session.scalars(query):
        if run.options.get("year") == year:
            return str(run.options.get("edition", ""))
    return None


def boundary_years(session: Session) -> dict[str, tuple[int, ...]]:
    """Gemeente code -> boundary years of which areas were imported, rising."""
    query = (
        select(Area.gemeente_code, Area.boundary_year)
        .where(Area.level.in_(CBS_LEVELS))
        .distinct()
        .order_by(Area.gemeente_code, Area.boundary_year)
    )
    found: dict[str, tuple[int, ...]] = {}
    for gemeente, year in session.execute(query):
        found[gemeente] = (*found.get(gemeente, ()), year)
    return found


def area_names(session: Session, boundary_year: int, gemeenten: Collection[str]) -> dict[str, str]:
    """Code -> name of gemeenten, wijken and buurten in these gemeenten."""
    found: dict[str, str] = {}
    for codes in chunks(sorted(gemeenten)):
        query = select(Area.code, Area.name).where(
            Area.boundary_year == boundary_year,
            Area.gemeente_code.in_(codes),
            Area.level.in_(CBS_LEVELS),
        )
        found.update((code, name) for code, name in session.execute(query))
    return found


def edition_counts(session: Session) -> list[EditionCount]:
    """What is there: per source, year and edition, by source and year."""
    query = (
        select(
            IndicatorValue.source,
            IndicatorValue.year,
            IndicatorValue.edition,
            func.count(IndicatorValue.indicator.distinct()),
            func.count(IndicatorValue.area_code.distinct()),
            func.count(),
            func.max(ImportRun.finished_at),
        )
        .outerjoin(ImportRun, ImportRun.id == IndicatorValue.import_id)
        .group_by(IndicatorValue.source, IndicatorValue.year, IndicatorValue.edition)
        .order_by(IndicatorValue.source, IndicatorValue.year, IndicatorValue.edition)
    )
    return [EditionCount(*row) for row in session.execute(query)]


def indicator_counts(session: Session) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Indicator -> number of values and the years they are of."""
    query = (
        select(IndicatorValue.indicator, IndicatorValue.year, func.count())
        .group_by(IndicatorValue.indicator, IndicatorValue.year)
        .order_by(IndicatorValue.indicator, IndicatorValue.year)
    )
    found: dict[str, tuple[int, tuple[int, ...]]] = {}
    for code, year, count in session.execute(query):
        total, years = found.get(code, (0, ()))
        found[code] = (total + count, (*years, year))
    return found
