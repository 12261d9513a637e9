"""Chapter 2, warm: what people say of an area, per theme and source group.

The interval, exactly, so that a stranger gets the same figure (README.md works one out):

1. the voices of the group that have a signal on the theme, sorted by id (as text, by code point);
2. cluster key = the portiek's key, or the voice's own id where no portiek is known; clusters
   sorted by key as text. Should a voice's id equal a portiek's key they stay two clusters, the
   portiek first;
3. generator `numpy.random.Generator(numpy.random.PCG64(seed))`, the seed being the first 8 bytes,
   big-endian, of SHA-256 of the UTF-8 text `method_version|area|theme|from|to|group`, the days
   written as 2025-03-01;
4. `integers(0, C, size=(2000, C))`; each row picks C clusters; its statistic is the mean over all
   voices of the picked clusters, a cluster picked twice counting twice;
5. bounds = 5th and 95th percentile of the 2,000 statistics, linear interpolation; mean and bounds
   are rounded to 12 decimals before they are compared with 0.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fieldapp.core.profile.constants import (
    GROUPS,
    INTERVAL,
    K_INTERNAL,
    METHOD_VERSION,
    MIN_CLUSTERS,
    RESAMPLES,
    STEVIG_FROM,
    THEMES,
    settle,
)
from fieldapp.core.profile.values import (
    GroupResult,
    Period,
    Reliability,
    Voice,
    WarmClass,
)


def voice_value(voice: Voice, theme: str) -> float | None:
    """Return the mean of a voice's signals on a theme, None without a signal."""
    signals = voice.signals.get(theme, ())
    return math.fsum(signals) / len(signals) if signals else None


def speaking(voices: Iterable[Voice], theme: str, group: str) -> list[tuple[Voice, float]]:
    """Return the voices of a group with a value on the theme, sorted by id."""
    found = [
        (voice, value)
        for voice in voices
        if voice.group == group and (value := voice_value(voice, theme)) is not None
    ]
    return sorted(found, key=lambda pair: pair[0].id)


def check_ids(voices: Iterable[Voice]) -> None:
    """Raise ValueError where one voice would count twice."""
    seen: set[str] = set()
    for voice in voices:
        if voice.id in seen:
            raise ValueError(f"voice {voice.id} is given twice")
        seen.add(voice.id)


def seed_of(area: str, theme: str, period: Period, group: str) -> int:
    """Return the seed of a cell's bootstrap: 64 bits, the same for anyone."""
    days = (period.start.isoformat(), period.end.isoformat())
    text = "|".join((METHOD_VERSION, area, theme, *days, group))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def clusters_of(pairs: Iterable[tuple[Voice, float]]) -> list[list[float]]:
    """Return the values per cluster, clusters sorted by key (see the head of this module)."""
    clusters: dict[tuple[str, int], list[float]] = {}
    for voice, value in pairs:
        key = (voice.cluster, 0) if voice.cluster else (voice.id, 1)
        clusters.setdefault(key, []).append(value)
    return [clusters[key] for key in sorted(clusters)]


def bootstrap(clusters: Sequence[Sequence[float]], seed: int) -> tuple[float, float]:
    """Return the bounds (5th, 95th percentile) of the mean over resampled clusters."""
    total = len(clusters)
    sums = np.array([math.fsum(values) for values in clusters])
    sizes = np.array([len(values) for values in clusters], dtype=np.float64)
    generator = np.random.Generator(np.random.PCG64(seed))
    picks = generator.integers(0, total, size=(RESAMPLES, total))
    statistics = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    low, high = np.percentile(statistics, INTERVAL, method="linear")
    return settle(low), settle(high)


def warm_class(low: float, high: float) -> WarmClass:
    """Return the class of an interval: wholly above 0, wholly below 0, or neither."""
    if low > 0:
        return "positief"
    return "negatief" if high < 0 else "gemengd"


def warm_group(
    voices: Iterable[Voice],
    area: str,
    theme: str,
    period: Period,
    group: str,
    k: int = K_INTERNAL,
) -> GroupResult:
    """Return what one source group says on one theme; below k voices only how many are missing."""
    pairs = speaking(voices, theme, group)
    clusters = clusters_of(pairs)
    n = len(pairs)
    if n < k:
        return too_few(n, k)
    mean = settle(math.fsum(value for _, value in pairs) / n)
    reliability: Reliability = "stevig" if n >= STEVIG_FROM else "indicatief"
    if len(clusters) < MIN_CLUSTERS:
        return GroupResult(
            n=n,
            mean=mean,
            reliability=reliability,
            clusters=len(clusters),
            reason="te_weinig_plekken",
        )
    low, high = bootstrap(clusters, seed_of(area, theme, period, group))
    return GroupResult(
        n=n,
        mean=mean,
        low=low,
        high=high,
        class_=warm_class(low, high),
        reliability=reliability,
        clusters=len(clusters),
    )


def too_few(n: int, k: int) -> GroupResult:
    """Return the result of a group below the threshold: no figure, k - n voices to go."""
    return GroupResult(n=n, missing_to_k=k - n, reason="te_weinig_stemmen")


def warm_profile(
    voices: Sequence[Voice],
    area: str,
    period: Period,
    themes: Sequence[str] = THEMES,
    k: int = K_INTERNAL,
) -> dict[str, Mapping[str, GroupResult]]:
    """Return theme -> group -> result, in the order of the themes."""
    check_ids(voices)
    return {
        theme: {group: warm_group(voices, area, theme, period, group, k) for group in GROUPS}
        for theme in themes
    }
