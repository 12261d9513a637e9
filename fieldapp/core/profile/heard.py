"""Chapter 4, who was heard: voices beside the people who live here, and doors per place.

Expected = voices that told this background x the group's share in the CBS composition. Raking is
done per margin: a margin counts when its composition is known and at least 60 % of the voices told
it; voices that did not tell it keep their share; groups nobody speaks for are left out of the
target, which then adds up over the groups that were heard.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fieldapp.core.profile.constants import (
    BACKGROUNDS,
    BEWONERS,
    CELL_METRES,
    HEARD_MIN_EXPECTED,
    HEARD_RATIO,
    RAKE_MARGINS,
    RAKE_MIN_KNOWN,
    RAKE_ROUNDS,
    RAKE_TOLERANCE,
    RAKE_TRIM,
    settle,
)
from fieldapp.core.profile.values import (
    Composition,
    Doors,
    Heard,
    HeardBackground,
    HeardGroup,
    PlaceLevel,
    Voice,
)

_LEVELS: Final[tuple[PlaceLevel, ...]] = ("portiek", "cel")
_NOT_TOLD: Final = frozenset({"", "weet_niet", "wil_niet"})


def heard(voices: Sequence[Voice], composition: Composition) -> Heard:
    """Return who was heard among the residents, and the doors of all rounds. Nothing hidden yet."""
    residents = [voice for voice in voices if voice.group == BEWONERS]
    return Heard(
        backgrounds=tuple(
            background_of(code, residents, composition.get(code, {})) for code in BACKGROUNDS
        ),
        doors=doors_by_place(voices),
    )


def told(voice: Voice, background: str) -> str | None:
    """Return the group a voice says it belongs to, None where it did not tell."""
    group = voice.background.get(background, "")
    return None if group in _NOT_TOLD else group


def background_of(
    code: str, voices: Sequence[Voice], composition: Mapping[str, float]
) -> HeardBackground:
    """Return one background: per group heard, expected and their ratio; CBS order, then others."""
    counts = Counter(group for voice in voices if (group := told(voice, code)) is not None)
    known = sum(counts.values())
    total = math.fsum(composition.values())
    order = [*composition, *sorted(counts.keys() - composition.keys())]
    groups = []
    for group in order:
        expected = settle(known * composition.get(group, 0) / total) if total > 0 else None
        groups.append(_heard_group(group, counts[group], expected))
    return HeardBackground(code, voices=len(voices), known=known, groups=tuple(groups))


def _heard_group(code: str, count: int, expected: float | None) -> HeardGroup:
    ratio = count / expected if expected else None
    under = (
        ratio is not None
        and expected is not None
        and expected >= HEARD_MIN_EXPECTED
        and ratio < HEARD_RATIO
    )
    return HeardGroup(code, heard=count, expected=expected, ratio=ratio, under_heard=under)


# --- the raked mean ---------------------------------------------------------------------------


def raked_mean(
    pairs: Sequence[tuple[Voice, float]], composition: Composition
) -> tuple[float | None, str | None]:
    """Return the post-stratified mean of (voice, value) pairs, or None and the reason code."""
    margins = usable_margins([voice for voice, _ in pairs], composition)
    if not margins:
        return None, "achtergrond_te_weinig_bekend"
    members = [{code: told(voice, code) for code in margins} for voice, _ in pairs]
    weights = raked_weights(members, margins)
    if weights is None:
        return None, "weging_lukt_niet"
    values = np.array([value for _, value in pairs])
    return settle(float(np.average(values, weights=weights))), None


def usable_margins(
    voices: Sequence[Voice], composition: Composition
) -> dict[str, dict[str, float]]:
    """Return margin -> group -> share for the margins that may be raked, over the groups heard."""
    usable = {}
    for code in RAKE_MARGINS:
        shares = {group: size for group, size in composition.get(code, {}).items() if size > 0}
        groups = [told(voice, code) for voice in voices]
        known = sum(group in shares for group in groups)
        total = math.fsum(size for group, size in shares.items() if group in groups)
        if known and known >= RAKE_MIN_KNOWN * len(voices):
            usable[code] = {g: size / total for g, size in shares.items() if g in groups}
    return usable


def raked_weights(
    members: Sequence[Mapping[str, str | None]], margins: Mapping[str, Mapping[str, float]]
) -> NDArray[np.float64] | None:
    """Return weights (mean 1, then trimmed to [0.3, 3]) by iterative proportional fitting.

    `margins`: margin -> group -> share, shares adding to 1. None where the margins contradict each
    other so that fitting does not settle. Source: Deming and Stephan (1940).
    """
    n = len(members)
    targets: list[tuple[NDArray[np.bool_], float]] = []
    for code, shares in margins.items():
        groups = np.array([member.get(code) or "" for member in members])
        known = int(np.isin(groups, list(shares)).sum())
        targets += [(groups == group, share * known) for group, share in shares.items()]
        if known < n:
            targets.append((~np.isin(groups, list(shares)), float(n - known)))
    weights = np.ones(n)
    for _ in range(RAKE_ROUNDS):
        change = 0.0
        for mask, target in targets:
            factor = target / weights[mask].sum()
            weights[mask] *= factor
            change = max(change, abs(factor - 1))
        if change < RAKE_TOLERANCE:
            trimmed: NDArray[np.float64] = np.clip(weights * n / weights.sum(), *RAKE_TRIM)
            return trimmed
    return None


# --- doors ------------------------------------------------------------------------------------


def cell_key(x: float, y: float) -> str:
    """Return the 100 m cell of a point in RD metres (EPSG:28992), named as CBS does: E1367N4558."""
    return f"E{math.floor(x / CELL_METRES):04d}N{math.floor(y / CELL_METRES):04d}"


def doors_by_place(voices: Iterable[Voice]) -> tuple[Doors, ...]:
    """Return doors tried, opened and spoken per portiek and per cell, sorted by level and key.

    A voice without any door count says nothing about doors; a missing one of the three counts 0.
    """
    sums: dict[tuple[str, str], list[int]] = {}
    for voice in voices:
        counts = (voice.doors_tried, voice.doors_opened, voice.doors_spoken)
        if all(count is None for count in counts):
            continue
        for place in (("portiek", voice.cluster), ("cel", voice.cell)):
            if place[1]:
                row = sums.setdefault((place[0], place[1]), [0, 0, 0])
                row[:] = [old + (new or 0) for old, new in zip(row, counts, strict=True)]
    return tuple(
        Doors(level, key, *sums[level, key])
        for level in _LEVELS
        for key in sorted(key for found, key in sums if found == level)
    )
