"""From stored figures to what the cold chapter reads: one gemeente, one year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldapp.core.profile.constants import MAX_AGE_YEARS, MIN_REFERENCE
from fieldapp.core.profile.values import ColdInput, Vintage
from fieldapp.db.queries.areas import buurt_codes, buurt_years
from fieldapp.db.queries.indicators import (
    Figure,
    buurten_with_figures,
    by_indicator,
    latest_figures,
)
from fieldapp.services.catalogue import catalogue

UNCHANGED = "indeling_ongewijzigd"  # CBS' own flag: 1 = same boundaries as the year before


@dataclass(frozen=True, slots=True)
class GemeenteFigures:
    """All that the profiles of one gemeente share."""

    cold: ColdInput
    composition: Mapping[str, Mapping[str, Mapping[str, float]]]  # area -> background -> group
    vintages: tuple[Vintage, ...]
    sources: Mapping[tuple[str, str, int], str]  # (indicator, area, year) -> where it came from


def gemeente_figures(
    session: Session, gemeente_code: str, boundary_year: int, year: int
) -> GemeenteFigures:
    """Figures of all buurten of a gemeente up to `year`, ready for the method."""
    codes = sorted(
        # A buurt without a boundary (a business park, say) still belongs to the reference.
        {
            *buurt_codes(session, boundary_year, gemeente_code),
            *buurten_with_figures(session, gemeente_code),
        }
    )
    figures = latest_figures(session, codes, last_year=year)
    values = by_indicator(figures)
    all_codes, wider = _wider_reference(session, values, codes, boundary_year, year)
    inhabitants = _inhabitants(values, codes, year)
    cold = ColdInput(
        indicators=[i for i in catalogue() if i.theme != "context"],
        values=_joined(values, by_indicator(wider)),
        inhabitants={**_inhabitants(by_indicator(wider), all_codes, year), **inhabitants},
        year=year,
        gemeente_codes=codes,
        all_codes=all_codes,
        comparable_years=_comparable_years(session, codes, boundary_year, values),
    )
    sources = {(f.indicator, f.area_code, f.year): f.source for f in figures}
    composition = _composition(values, codes, year)
    return GemeenteFigures(cold, composition, _vintages(figures, year), sources)


def _wider_reference(
    session: Session,
    values: Mapping[str, Mapping[str, Mapping[int, float]]],
    codes: Sequence[str],
    boundary_year: int,
    year: int,
) -> tuple[list[str], list[Figure]]:
    """All buurten of the boundary year, and their figures for indicators known too little here.

    Only those indicators are read, so that a whole country in the database costs nothing.
    """
    few = [
        indicator.code
        for indicator in catalogue()
        if indicator.scored and _most_areas(values.get(indicator.code, {})) < MIN_REFERENCE
    ]
    all_codes = sorted({*codes, *buurt_codes(session, boundary_year)})
    if not few or len(all_codes) == len(codes):
        return all_codes, []
    needed = [*few, *([i.code] if (i := catalogue().inhabitants) else [])]
    others = sorted(set(all_codes) - set(codes))
    first = year - MAX_AGE_YEARS
    wider = latest_figures(session, others, indicators=needed, first_year=first, last_year=year)
    return all_codes, wider


def _most_areas(areas: Mapping[str, Mapping[int, float]]) -> int:
    """In how many areas the indicator is known in its thinnest year."""
    per_year: dict[int, int] = {}
    for years in areas.values():
        for year in years:
            per_year[year] = per_year.get(year, 0) + 1
    return min(per_year.values(), default=0)


def _joined(
    one: dict[str, dict[str, dict[int, float]]], other: dict[str, dict[str, dict[int, float]]]
) -> dict[str, dict[str, dict[int, float]]]:
    for indicator, areas in other.items():
        one.setdefault(indicator, {}).update(areas)
    return one


def _latest(years: Mapping[int, float], year: int) -> float | None:
    usable = [y for y in years if year - MAX_AGE_YEARS <= y <= year]
    return years[max(usable)] if usable else None


def _inhabitants(
    values: Mapping[str, Mapping[str, Mapping[int, float]]], codes: Collection[str], year: int
) -> dict[str, int | None]:
    indicator = catalogue().inhabitants
    known = values.get(indicator.code, {}) if indicator else {}
    found: dict[str, int | None] = {}
    for code in codes:
        people = _latest(known.get(code, {}), year)
        found[code] = None if people is None else round(people)
    return found


def _composition(
    values: Mapping[str, Mapping[str, Mapping[int, float]]], codes: Collection[str], year: int
) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = {}
    for background, groups in catalogue().composition().items():
        for group, indicator in groups.items():
            if group == "0-14":
                continue  # children are not asked
            for code in codes:
                count = _latest(values.get(indicator, {}).get(code, {}), year)
                if count is not None:
                    found.setdefault(code, {}).setdefault(background, {})[group] = count
    return found


def _vintages(figures: Sequence[Figure], year: int) -> tuple[Vintage, ...]:
    seen = {(f.source, f.year, f.edition) for f in figures if f.year >= year - MAX_AGE_YEARS}
    return tuple(Vintage(*row) for row in sorted(seen))


def _comparable_years(
    session: Session,
    codes: Collection[str],
    boundary_year: int,
    values: Mapping[str, Mapping[str, Mapping[int, float]]],
) -> dict[str, tuple[int, ...]]:
    """Area -> years in which it had these same boundaries, as far as anything proves it.

    Proof: the same geometry in that boundary year, or CBS' flag "unchanged against the year
    before" (in the boundaries or in the figures) for every year between.
    """
    rows = buurt_years(session, codes)
    hashes = {(row.code, row.boundary_year): row.geom_hash for row in rows}
    unchanged = {(row.code, row.boundary_year) for row in rows if row.changed is False}
    for code, years in values.get(UNCHANGED, {}).items():
        unchanged |= {(code, year) for year, flag in years.items() if flag == 1}
    years_known = {y for areas in values.values() for years in areas.values() for y in years}
    return {
        code: tuple(
            year
            for year in sorted(years_known)
            if _same(code, year, boundary_year, hashes, unchanged)
        )
        for code in codes
    }


def _same(
    code: str,
    year: int,
    boundary_year: int,
    hashes: Mapping[tuple[str, int], str],
    unchanged: Collection[tuple[str, int]],
) -> bool:
    here = hashes.get((code, boundary_year))
    if year == boundary_year or (here and hashes.get((code, year)) == here):
        return True
    low, high = sorted((year, boundary_year))
    return all((code, between) in unchanged for between in range(low + 1, high + 1))
