"""The figures behind a theme: a table, what stands in grey, sources, and lines over the years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from fieldapp.core.indicator import Catalogue, Indicator
from fieldapp.web.language import current_language
from fieldapp.web.review import numbers, words
from fieldapp.web.review.evidence import Evidence
from fieldapp.web.review.pages import IndicatorRow, Series

MIN_YEARS = 3


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
        series=tuple(_all_series(theme["code"], scored, evidence, catalogue)),
    )


def _row(score: Mapping[str, Any], catalogue: Catalogue) -> IndicatorRow:
    code, reference = score["code"], score["reference"]
    unit = catalogue[code].unit if code in catalogue else ""
    return IndicatorRow(
        name=indicator_name(catalogue, code),
        value=numbers.with_unit(score["value"], unit),
        median=numbers.with_unit(reference["median"], unit) if reference else "–",
        words=words.z_words(score["z"], score["reason"]),
        year=str(score["year"]),
        trend=words.word(words.TRENDS_SHORT, (score["trend"] or {}).get("class")) or "–",
        z="–" if score["z"] is None else numbers.score(score["z"]),
    )


def _sources(scores: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> Iterable[str]:
    """One line per publication, with the years used and the licence."""
    years: dict[tuple[str, str], set[int]] = {}
    for score in scores:
        if score["code"] in catalogue:
            found: Indicator = catalogue[score["code"]]
            years.setdefault((found.table, found.licence), set()).add(score["year"])
    for (table, licence), used in years.items():
        listed = numbers.listed(str(year) for year in sorted(used))
        yield _(
            "%(table)s, cijfers over %(years)s. Licentie: %(licence)s.",
            table=table,
            years=listed,
            licence=licence,
        )


def _all_series(
    theme: str,
    scored: Iterable[Mapping[str, Any]],
    evidence: Evidence,
    catalogue: Catalogue,
) -> Iterable[Series]:
    for score in scored:
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
    unit = catalogue[code].unit if code in catalogue else ""
    here, city = evidence.here[code], evidence.city.get(code, {})
    class_, reason = score["trend"]["class"], score["trend"]["reason"]
    text = words.word(words.TRENDS, class_) or words.word(words.REASONS, reason)

    def points(values: Mapping[int, float]) -> tuple[tuple[str, float | None, str], ...]:
        return tuple(
            (str(year), values.get(year), numbers.number(values[year]) if year in values else "")
            for year in years
        )

    lowest, highest = min(here[y] for y in years), max(here[y] for y in years)
    return Series(
        id=f"{theme}-{code}-jaren",
        title=indicator_name(catalogue, code),
        points=points(here),
        city=points(city) if any(year in city for year in years) else (),
        words=text,
        scale=_(
            "%(low)s tot %(high)s",
            low=numbers.number(lowest),
            high=numbers.with_unit(highest, unit),
        ),
    )
