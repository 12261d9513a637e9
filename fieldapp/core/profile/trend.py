"""Trend of a short yearly series: Theil-Sen slope and an exact Mann-Kendall test.

With so few years the normal approximation is poor, so p is always exact: the share of all orders
of the same values whose |S| is at least as large. What can be reached: 3 years in one direction
give p = 2/6 = 0.33, so three years are always `stabiel`; 4 years need every pair in the same
direction (2/24 = 0.083); 5 years allow one pair the other way (10/120 = 0.083), 6 years two
(40/720 = 0.056).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations
from statistics import median

from fieldapp.core.profile.constants import TREND_MIN_YEARS, TREND_P, settle
from fieldapp.core.profile.values import Trend


def theil_sen(series: Mapping[int, float]) -> float:
    """Return the median of the slopes between all pairs of years (Sen 1968), per year."""
    return float(
        median((series[b] - series[a]) / (b - a) for a, b in combinations(sorted(series), 2))
    )


def kendall_s(values: tuple[float, ...]) -> int:
    """Return Kendall's S: pairs that rise minus pairs that fall, in the order given."""
    return sum((b > a) - (b < a) for a, b in combinations(values, 2))


def mann_kendall_p(values: tuple[float, ...]) -> float:
    """Return the exact two-sided p of S over all orders of these values, ties included."""
    ties = tuple(sorted(Counter(values).values()))
    return _two_sided_p(ties, abs(kendall_s(values)))


@lru_cache(maxsize=512)
def _two_sided_p(ties: tuple[int, ...], s: int) -> float:
    """Share of orders with |S| >= s, where S = untied pairs - 2 x inversions."""
    counts = _inversions(ties)
    pairs = len(counts) - 1
    hits = sum(count for i, count in enumerate(counts) if abs(pairs - 2 * i) >= s)
    return hits / sum(counts)


def _inversions(ties: tuple[int, ...]) -> list[int]:
    """Orders of a multiset per number of inversions: the q-multinomial (MacMahon 1913)."""
    counts = [1]
    for i in range(2, sum(ties) + 1):
        counts = _times(counts, i)
    for tie in ties:
        for i in range(2, tie + 1):
            counts = _divided_by(counts, i)
    return counts


def _times(counts: list[int], i: int) -> list[int]:
    """Multiply the polynomial by 1 + q + ... + q^(i-1)."""
    product = [0] * (len(counts) + i - 1)
    for power, count in enumerate(counts):
        for step in range(i):
            product[power + step] += count
    return product


def _divided_by(counts: list[int], i: int) -> list[int]:
    """Divide by the same polynomial; the division leaves no remainder here."""
    quotient: list[int] = []
    for power in range(len(counts) - i + 1):
        quotient.append(counts[power] - sum(quotient[max(0, power - i + 1) : power]))
    return quotient


def trend_of(series: Mapping[int, float], *, reexpressed: bool = False) -> Trend:
    """Class a series (year -> value, up is better), or say that it has too few years."""
    years = tuple(sorted(series))
    if len(years) < TREND_MIN_YEARS:
        return Trend(class_=None, years=years, reason="te_weinig_jaren")
    settled = {year: settle(series[year]) for year in years}
    slope = settle(theil_sen(settled))
    p = mann_kendall_p(tuple(settled.values()))
    if p >= TREND_P or slope == 0:
        return Trend("stabiel", slope, p, years, reexpressed)
    return Trend("stijgend" if slope > 0 else "dalend", slope, p, years, reexpressed)
