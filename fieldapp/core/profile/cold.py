"""Chapter 1, cold: what the statistics say of an area, per theme.

Which year counts: area *a*, asked for year *y*, contributes its latest figure of the years
y-3 .. y. That figure, of year y', is compared with the figures that the reference areas have in
that same year y', never with another year's. Where a group has fewer than 8 areas with a figure in
y', the next wider group is taken, per indicator and year.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from fieldapp.core.profile.constants import (
    COLD_CLASS_AT,
    MAD_TO_SD,
    MAX_AGE_YEARS,
    MIN_COVERAGE,
    MIN_REFERENCE,
    MISSING_CODES,
    TREND_MIN_YEARS,
    Z_LIMIT,
    settle,
)
from fieldapp.core.profile.trend import trend_of
from fieldapp.core.profile.values import (
    ColdClass,
    ColdInput,
    ColdTheme,
    IndicatorScore,
    IndicatorSpec,
    Reference,
    ReferenceKind,
    Trend,
)

_WIDENING: Mapping[ReferenceKind, tuple[ReferenceKind, ...]] = {
    "gemeente": ("gemeente", "alle"),
    "alle": ("alle",),
}
_NO_TREND = Trend(class_=None, reason="te_weinig_jaren")


def is_number(value: float | None) -> bool:
    """Tell whether a cell holds a figure: absent, NaN and the CBS missing codes do not; 0 does."""
    return value is not None and math.isfinite(value) and value not in MISSING_CODES


def is_scored(spec: IndicatorSpec) -> bool:
    """Tell whether an indicator may count: polarity 0 is context, a count must be a share first."""
    return spec.polarity != 0 and spec.kind != "count"


def weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Return the smallest value at which the cumulative weight reaches half of the total."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(2 * reached, reached[-1], side="left")])


def weighted_sd(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Return the population standard deviation about the weighted mean (divisor: total weight)."""
    counting = values[weights > 0]
    if counting.min() == counting.max():
        return 0.0  # else rounding of the mean would leave a false spread
    mean = np.average(values, weights=weights)
    return float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))


def describe(
    values: Mapping[str, float], inhabitants: Mapping[str, int | None], group: ReferenceKind
) -> Reference:
    """Return median and spread of one figure (area -> value) over a reference group.

    Weighted by inhabitants; equal weights where these are not known for every area, or are all 0.
    """
    people = [inhabitants.get(code) for code in values]
    known = all(p is not None for p in people) and any(people)
    x = np.fromiter(values.values(), dtype=np.float64, count=len(values))
    w = np.array(people if known else [1] * len(values), dtype=np.float64)
    median = weighted_median(x, w)
    mad = weighted_median(np.abs(x - median), w)
    sd = 0.0 if mad else weighted_sd(x, w)
    return Reference(
        group=group,
        size=len(values),
        weights="inwoners" if known else "gelijk",
        median=median,
        scale=MAD_TO_SD * mad if mad else sd,
        scale_kind="mad" if mad else "sd" if sd else "geen",
    )


def z_score(value: float, polarity: int, reference: Reference) -> float:
    """Return polarity x (value - median) / scale, within [-3, 3]; 0 where nothing varies."""
    if reference.scale == 0:
        return 0.0
    z = polarity * (value - reference.median) / reference.scale
    return max(-Z_LIMIT, min(Z_LIMIT, z)) + 0.0


@dataclass(slots=True)
class _References:
    """Medians and spreads, computed once per indicator, year and group and then reused."""

    given: ColdInput
    _found: dict[tuple[str, int, ReferenceKind], Reference | None] = field(default_factory=dict)
    _codes: dict[ReferenceKind, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        gemeente = frozenset(self.given.gemeente_codes)
        self._codes = {"gemeente": gemeente, "alle": gemeente | frozenset(self.given.all_codes)}

    def of(self, indicator: str, year: int, group: ReferenceKind) -> Reference | None:
        """Return the reference, or None where fewer than 8 areas of the group have a figure."""
        key = (indicator, year, group)
        if key not in self._found:
            self._found[key] = self._compute(indicator, year, group)
        return self._found[key]

    def widest_needed(self, indicator: str, year: int) -> Reference | None:
        """Return the reference of the group asked for, else of the next wider one, else None."""
        for group in _WIDENING[self.given.reference]:
            reference = self.of(indicator, year, group)
            if reference:
                return reference
        return None

    def _compute(self, indicator: str, year: int, group: ReferenceKind) -> Reference | None:
        by_area = self.given.values.get(indicator, {})
        figures = {
            code: by_area[code][year]
            for code in sorted(self._codes[group] & by_area.keys())
            if is_number(by_area[code].get(year))
        }
        if len(figures) < MIN_REFERENCE:
            return None
        return describe(figures, self.given.inhabitants, group)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A score with its series: year -> polarity x (value - reference median)."""

    score: IndicatorScore
    gaps: Mapping[int, float] = field(default_factory=dict)


def cold_profile(area: str, given: ColdInput) -> tuple[ColdTheme, ...]:
    """Return the cold side of one area: one `ColdTheme` per theme, in the order of the themes."""
    return cold_profiles((area,), given)[area]


def cold_profiles(areas: Iterable[str], given: ColdInput) -> dict[str, tuple[ColdTheme, ...]]:
    """Return the cold side of many areas; the reference figures are computed once for all."""
    references = _References(given)
    by_theme = {
        theme: [spec for spec in given.indicators if spec.theme == theme] for theme in given.themes
    }
    return {
        area: tuple(_theme(code, specs, area, references) for code, specs in by_theme.items())
        for area in areas
    }


def cold_class(score: float) -> ColdClass:
    """Return the class of a theme score."""
    if score >= COLD_CLASS_AT:
        return "gunstig"
    return "zorgelijk" if score <= -COLD_CLASS_AT else "gemiddeld"


def _theme(
    code: str, specs: Collection[IndicatorSpec], area: str, references: _References
) -> ColdTheme:
    found = [_indicator(spec, area, references) for spec in specs]
    defined = [item for item in found if item.score.role == "scored"]
    available = [item.score.z for item in defined if item.score.z is not None]
    coverage = len(available) / len(defined) if defined else 0.0
    enough = bool(defined) and coverage >= MIN_COVERAGE
    score = settle(math.fsum(available) / len(available)) if enough else None
    return ColdTheme(
        code=code,
        score=score,
        class_=None if score is None else cold_class(score),
        coverage=coverage,
        reason=None if enough else "te_weinig_cijfers" if defined else "geen_indicatoren",
        trend=_theme_trend(defined, area, references.given),
        indicators=tuple(item.score for item in found),
    )


def _indicator(spec: IndicatorSpec, area: str, references: _References) -> _Scored:
    given = references.given
    figures = given.values.get(spec.code, {}).get(area, {})
    year = latest_year(figures, given.year)
    value = None if year is None else float(figures[year])
    score = IndicatorScore(
        code=spec.code,
        value=value,
        z=None,
        year=year,
        source=spec.source,
        polarity=spec.polarity,
        role="scored" if is_scored(spec) else "context",
    )
    if year is None or value is None:
        return _Scored(replace(score, reason="geen_cijfer"))
    reference = references.widest_needed(spec.code, year)
    if score.role == "context":
        return _Scored(replace(score, reference=reference))
    if reference is None:
        return _Scored(replace(score, reason="te_weinig_gebieden"))
    gaps = _gaps(spec, area, reference.group, references)
    trend = trend_of(gaps, reexpressed=_is_reexpressed(gaps, area, given))
    z = z_score(value, spec.polarity, reference)
    return _Scored(replace(score, z=z, reference=reference, trend=trend), gaps)


def latest_year(figures: Mapping[int, float], asked: int) -> int | None:
    """Return the latest year with a figure that is not older than three years, else None."""
    years = [
        year
        for year, value in figures.items()
        if asked - MAX_AGE_YEARS <= year <= asked and is_number(value)
    ]
    return max(years, default=None)


# --- trend ------------------------------------------------------------------------------------


def _gaps(
    spec: IndicatorSpec, area: str, group: ReferenceKind, references: _References
) -> dict[int, float]:
    """Year -> polarity x (value - median of the reference of that year), comparable years only.

    One group throughout, the one the score was compared with: a change of group would look like
    a change of the area. Years in which that group is too small are left out.
    """
    given = references.given
    figures = given.values[spec.code][area]
    gaps: dict[int, float] = {}
    for year in sorted(given.comparable_years.get(area, ())):
        if year > given.year or not is_number(figures.get(year)):
            continue
        reference = references.of(spec.code, year, group)
        if reference:
            gaps[year] = spec.polarity * (figures[year] - reference.median)
    return gaps


def _theme_trend(defined: Collection[_Scored], area: str, given: ColdInput) -> Trend:
    """Trend of the theme: the yearly mean gap of a fixed panel of indicators.

    Gaps are divided by the scale that gave the indicator its z (one scale for all years) and
    clamped as z is. The years: those in which at least half of the defined scored indicators have
    a gap. The panel: the indicators with a gap in all of these years; it must be half of the
    defined ones too. So the make-up of the theme never changes within its series.
    """
    series = [
        {year: z_from_gap(gap, item.score.reference.scale) for year, gap in item.gaps.items()}
        for item in defined
        if item.score.reference and item.gaps
    ]
    need = MIN_COVERAGE * len(defined)
    every = sorted({year for one in series for year in one})
    years = [year for year in every if sum(year in one for one in series) >= need]
    panel = [one for one in series if all(year in one for year in years)]
    if len(years) < TREND_MIN_YEARS or len(panel) < need:
        return _NO_TREND
    means = {year: math.fsum(one[year] for one in panel) / len(panel) for year in years}
    return trend_of(means, reexpressed=_is_reexpressed(means, area, given))


def z_from_gap(gap: float, scale: float) -> float:
    """Return a gap in units of the reference's spread, within [-3, 3]; 0 where nothing varies."""
    return max(-Z_LIMIT, min(Z_LIMIT, gap / scale)) if scale else 0.0


def _is_reexpressed(series: Mapping[int, float], area: str, given: ColdInput) -> bool:
    return any(year in series for year in given.reexpressed_years.get(area, ()))
