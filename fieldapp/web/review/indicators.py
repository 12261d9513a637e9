"""The figures behind a theme: a table, what stands in grey, sources, and lines over the years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from fieldapp.core.indicator import Catalogue, Indicator
from fieldapp.web.language import current_language
from fieldapp.web.review import numbers, sentences, words
from fieldapp.web.review.evidence import Evidence
from fieldapp.web.review.pages import IndicatorRow, Series

MIN_YEARS = 3
SERIES_SHOWN = 4
SPREADS = 2  # a line is drawn as tall as this many times the spread between buurten, both ways


@dataclass(frozen=True, slots=True)
class IndicatorParts:
    """The indicators of one theme, ready for the page."""

    scored: tuple[IndicatorRow, ...]
    context: tuple[IndicatorRow, ...]
    without: str
    sources: tuple[str, ...]
    series: tuple[Series, ...]


def indicator_name(catalogue: Catalogue, code: str) -> str:
    """Its name in the language of the page (Dutch or English); the code when unknown."""
    if code not in catalogue:
        return code
    found = catalogue[code]
    return found.name_nl if current_language() == "nl" else found.name_en


def named_with_unit(catalogue: Catalogue, code: str) -> str:
    """Name and unit; the unit stands here so that the column of figures holds figures only."""
    unit = catalogue[code].unit if code in catalogue else ""
    name = indicator_name(catalogue, code)
    return f"{name} ({unit})" if unit else name


def indicator_parts(
    theme: Mapping[str, Any], evidence: Evidence, catalogue: Catalogue
) -> IndicatorParts:
    """All of the figures of a theme."""
    scores = theme["cold"]["indicators"]
    known = [score for score in scores if score["value"] is not None]
    missing = [
        indicator_name(catalogue, score["code"]) for score in scores if score["value"] is None
    ]
    scored = [score for score in known if score["role"] == "scored"]
    context = [score for score in known if score["role"] != "scored"]
    return IndicatorParts(
        scored=tuple(_row(score, catalogue) for score in scored),
        context=tuple(_row(score, catalogue) for score in context),
        without=numbers.listed(missing) if missing else "",
        sources=tuple(_sources(known, catalogue)),
        series=tuple(_all_series(theme["code"], scored, evidence, catalogue))[:SERIES_SHOWN],
    )


def _row(score: Mapping[str, Any], catalogue: Catalogue) -> IndicatorRow:
    code, reference = score["code"], score["reference"]
    return IndicatorRow(
        name=named_with_unit(catalogue, code),
        value=numbers.number(score["value"]),
        median=numbers.number(reference["median"]) if reference else "–",
        words=sentences.z_words(score["z"], score["reason"]),
        year=str(score["year"]),
        trend=words.word(words.TRENDS_SHORT, (score["trend"] or {}).get("class")) or "–",
        z="–" if score["z"] is None else numbers.score(score["z"]),
    )


def _sources(scores: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> Iterable[str]:
    """One line per publication, with the years used and the licence.

    An own file or the demo is named as such: its figures are not the publisher's.
    """
    years: dict[tuple[str, str], set[int]] = {}
    for score in scores:
        source, code = score["source"], score["code"]
        if source in words.PUBLISHED and code in catalogue:
            found = catalogue[code]
            name = catalogue.publishers[found.source].name if _named(catalogue, found) else ""
            key = (f"{name}, {found.table}" if name else found.table, found.licence)
        else:
            key = (words.word(words.SOURCES, source), "")
        years.setdefault(key, set()).add(score["year"])
    for (table, licence), used in years.items():
        listed = numbers.listed(str(year) for year in sorted(used))
        line = _("%(table)s, cijfers over %(years)s.", table=table, years=listed)
        yield f"{line} {_('Licentie: %(licence)s.', licence=licence)}" if licence else line


def _named(catalogue: Catalogue, indicator: Indicator) -> bool:
    return indicator.source in catalogue.publishers


def _all_series(
    theme: str,
    scored: Iterable[Mapping[str, Any]],
    evidence: Evidence,
    catalogue: Catalogue,
) -> Iterable[Series]:
    """What changed comes first; the others only show that they did not."""
    unchanged = ("stabiel", None)
    for score in sorted(scored, key=lambda s: (s["trend"] or {}).get("class") in unchanged):
        trend = score["trend"]
        if trend is None or len(trend["years"]) < MIN_YEARS:
            continue
        here = evidence.here.get(score["code"], {})
        years = [year for year in trend["years"] if year in here]
        if len(years) >= MIN_YEARS:
            yield _series(theme, score, years, evidence, catalogue)


def _series(
    theme: str,
    score: Mapping[str, Any],
    years: list[int],
    evidence: Evidence,
    catalogue: Catalogue,
) -> Series:
    code = score["code"]
    here, city = evidence.here[code], evidence.city.get(code, {})
    class_, reason = score["trend"]["class"], score["trend"]["reason"]
    text = words.word(words.TRENDS, class_) or words.word(words.REASONS, reason)

    def points(values: Mapping[int, float]) -> tuple[tuple[str, float | None, str], ...]:
        return tuple(
            (str(year), values.get(year), numbers.number(values[year]) if year in values else "")
            for year in years
        )

    low, high = _limits(score["reference"], [here[year] for year in years])
    return Series(
        id=f"{theme}-{code}-jaren",
        title=named_with_unit(catalogue, code),
        points=points(here),
        city=points(city) if any(year in city for year in years) else (),
        words=text,
        low=low,
        high=high,
        scale=_("van %(low)s tot %(high)s", low=numbers.number(low), high=numbers.number(high)),
    )


def _limits(reference: Mapping[str, Any] | None, shown: list[float]) -> tuple[float, float]:
    """The scale of a line: at least the spread between buurten, so that noise looks like noise."""
    low, high = min(shown), max(shown)
    if reference is None or not reference["scale"]:
        return low, high
    room = SPREADS * reference["scale"]
    lowest = reference["median"] - room
    # A share or count has no room below 0.
    lowest = max(lowest, 0.0) if low >= 0 else lowest
    return min(low, lowest), max(high, reference["median"] + room)
