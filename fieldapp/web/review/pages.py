"""What each review page shows: one dataclass per template, every text ready to print."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fieldapp.web.review.drawing import Drawing
from fieldapp.web.review.period import PeriodChoice

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class GemeenteItem:
    """A line in the list of gemeenten."""

    name: str
    code: str
    url: str
    text: str  # how many buurten, by which boundaries


@dataclass(frozen=True, slots=True)
class GemeentenPage:
    """review/gemeenten.html. `total`: before searching, so that nothing found differs from none."""

    items: tuple[GemeenteItem, ...]
    search: str
    total: int


@dataclass(frozen=True, slots=True)
class BuurtItem:
    """A buurt in the list of its gemeente. `lines`: (verdict, its themes in words)."""

    name: str
    code: str
    url: str
    state: str  # wringt, few, agree
    badge: str
    lines: Pairs
    voices: str
    unheard: str


@dataclass(frozen=True, slots=True)
class BuurtSection:
    """Buurten in the same state, under one heading."""

    heading: str
    text: str
    items: tuple[BuurtItem, ...]


@dataclass(frozen=True, slots=True)
class GemeentePage:
    """review/gemeente.html."""

    name: str
    code: str
    sentence: str
    period: PeriodChoice
    sections: tuple[BuurtSection, ...]
    search: str
    total: int
    map: dict[str, str]  # settings of the macro map_areas
    drawing: Drawing | None
    legend: Pairs  # (state, words)
    downloads: tuple[Link, ...]
    trail: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on a scale with its interval; `few` instead of it when there may be no mark."""

    id: str
    title: str
    text: str = ""
    few: str = ""
    value: float = 0.0
    low: float | None = None
    high: float | None = None
    limit: int = 1  # the scale runs from -limit to limit
    ends: tuple[str, str] = ("", "")
    city: tuple[float, ...] = ()
    description: str = ""
    state: str = "context"  # agree, wringt, context


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A figure in the table behind a theme."""

    name: str
    value: str
    median: str
    words: str
    year: str
    trend: str
    z: str


@dataclass(frozen=True, slots=True)
class Series:
    """A trend line; points are (label, number or None, text)."""

    id: str
    title: str
    points: tuple[tuple[str, float | None, str], ...]
    city: tuple[tuple[str, float | None, str], ...]
    words: str
    low: float  # ends of the scale
    high: float
    scale: str


@dataclass(frozen=True, slots=True)
class Quote:
    """An approved quote and who said it, as vaguely as the organisation may know."""

    text: str
    who: str
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """A name with what it is for residents and for professionals."""

    name: str
    bewoners: str
    professionals: str


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme: its verdict, three marks, and all that opens behind it."""

    code: str
    name: str
    state: str
    verdict: str
    sentence: str
    differ: bool
    marks: tuple[Mark, ...]
    steps: tuple[str, ...]
    best_quotes: tuple[Quote, ...]
    indicators: tuple[IndicatorRow, ...]
    context: tuple[IndicatorRow, ...]
    without: str  # indicators that have no figure
    sources: tuple[str, ...]
    note: str
    trend: str
    trend_class: str
    series: tuple[Series, ...]
    voices: tuple[VoiceRow, ...]
    codes: Pairs
    codes_hidden: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class HeardTable:
    """One background. `bars`: mappings for the macro heard_bars; `plain`: (group, heard)."""

    title: str
    text: str
    bars: tuple[dict[str, Any], ...] = ()
    plain: Pairs = ()
    full: float = 1.0


@dataclass(frozen=True, slots=True)
class HeardPart:
    """Who was heard, and where doors were tried."""

    sentence: str
    tables: tuple[HeardTable, ...]
    doors_text: str
    doors: tuple[dict[str, str], ...]
    more_doors: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class MethodPart:
    """How this profile was made."""

    facts: Pairs
    notes: tuple[str, ...]
    constants: Pairs


@dataclass(frozen=True, slots=True)
class BuurtPage:
    """review/buurt.html."""

    name: str
    code: str
    gemeente: str
    period: PeriodChoice
    sentence: str
    waiting: str
    waiting_url: str
    themes: tuple[ThemeRow, ...]
    heard: HeardPart
    method: MethodPart
    map: dict[str, str]  # settings of the macro map_areas
    drawing: Drawing | None
    map_text: str
    cells: int
    downloads: tuple[Link, ...]
    trail: tuple[tuple[str, str | None], ...] = field(default=())
