"""Invented figures for the buurten: positions from the stories, values around a base.

value = base + lean * spread * (position + noise), where position is in spreads of the gemeente
and lean is the polarity of the indicator (or, for context, what figures.yaml says).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.core.indicator import Catalogue, Indicator
from fieldapp.core.survey import THEMES
from fieldapp.demo.stories import Buurt, Stories, read_yaml

EDITION = "verzonnen"
SOURCE = "verzonnen"
YEARS = 6  # a trend needs at least four to be more than chance
_WIDEST = 0.5  # how far from the middle an unremarkable buurt may lie, in spreads
_AREA_NOISE, _YEAR_NOISE = 0.1, 0.025
_PER_HOUSEHOLD = 2.1

Positions = Mapping[tuple[str, str], float]  # (buurt code, theme) -> spreads from the middle


@dataclass(frozen=True, slots=True)
class DemoValue:
    """One figure of one area and year."""

    indicator: str
    area_code: str
    year: int
    value: float


def make_values(
    stories: Stories,
    catalogue: Catalogue,
    positions: Positions,
    last_year: int,
    rng: random.Random,
) -> tuple[DemoValue, ...]:
    """All figures of six years: composition of buurten, wijken and gemeente, then indicators."""
    data = read_yaml("figures.yaml")
    years = range(last_year - YEARS + 1, last_year + 1)
    values = list(_composition(stories, catalogue, years))
    for code, figure in data["figures"].items():
        if code in catalogue:
            values += _series(catalogue[code], figure, stories, positions, years, rng)
    return tuple(values)


def make_positions(stories: Stories, rng: random.Random) -> Positions:
    """Where each buurt stands in the last year; without a story somewhere near the middle."""
    found: dict[tuple[str, str], float] = {}
    for theme in THEMES:
        plain = [buurt for buurt in stories.buurten if theme not in buurt.cold]
        step = 2 * _WIDEST / max(1, len(plain) - 1)
        places = [-_WIDEST + step * number for number in range(len(plain))]
        rng.shuffle(places)
        found |= {(b.code, theme): place for b, place in zip(plain, places, strict=True)}
        found |= {(b.code, theme): b.cold[theme] for b in stories.buurten if theme in b.cold}
    return found


def _series(
    indicator: Indicator,
    figure: Mapping[str, float | str],
    stories: Stories,
    positions: Positions,
    years: Sequence[int],
    rng: random.Random,
) -> Iterator[DemoValue]:
    theme = str(figure.get("theme", indicator.theme))
    lean = float(figure.get("lean", indicator.polarity))
    base, spread = float(figure["base"]), float(figure["spread"])
    lowest, digits = float(figure.get("min", -1e9)), int(figure.get("digits", 1))
    digits = digits if spread >= 0.5 or "digits" in figure else 2
    for buurt in stories.buurten:
        own = positions[buurt.code, theme] + rng.gauss(0, _AREA_NOISE)
        for year in years:
            place = own + _change(buurt, theme, years[-1] - year) + rng.gauss(0, _YEAR_NOISE)
            value = round(max(lowest, base + lean * spread * place), digits)
            yield DemoValue(indicator.code, buurt.code, year, value)


def _change(buurt: Buurt, theme: str, ago: int) -> float:
    """Position `ago` years before the last year, against that year: steeper as it is nearer."""
    return -buurt.change.get(theme, 0.0) * (ago - 0.06 * ago * ago)


def _composition(
    stories: Stories, catalogue: Catalogue, years: Sequence[int]
) -> Iterator[DemoValue]:
    """Inhabitants and who they are, per buurt, and sums for wijken and gemeente."""
    parts = catalogue.composition()
    sums: dict[tuple[str, str, int], float] = {}
    for buurt in stories.buurten:
        for year in years:
            for code, value in _counts(buurt, parts, catalogue).items():
                yield DemoValue(code, buurt.code, year, value)
                if catalogue[code].kind == "count":
                    for above in (buurt.wijk, stories.gemeente[0]):
                        sums[code, above, year] = sums.get((code, above, year), 0) + value
    for (code, above, year), value in sums.items():
        yield DemoValue(code, above, year, value)


def _counts(
    buurt: Buurt, parts: Mapping[str, Mapping[str, str]], catalogue: Catalogue
) -> dict[str, float]:
    households = buurt.inhabitants / _PER_HOUSEHOLD
    shares: Mapping[str, tuple[Mapping[str, float], float]] = {
        "age_band": (buurt.age, buurt.inhabitants),
        "household": (buurt.household, households),
        "tenure": (buurt.tenure, 100.0),  # CBS gives shares of homes
    }
    found: dict[str, float] = {}
    if catalogue.inhabitants is not None:
        found[catalogue.inhabitants.code] = float(buurt.inhabitants)
    for kind, (percent, total) in shares.items():
        for group, code in parts.get(kind, {}).items():
            value = percent[group] / 100 * total
            found[code] = float(round(value) if kind == "tenure" else 5 * round(value / 5))
    if "a_hh" in catalogue:
        found["a_hh"] = float(5 * round(households / 5))
    return found
