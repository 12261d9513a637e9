"""The values that go into and come out of the method. All frozen; texts are codes, never prose."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from fieldapp.core.profile.constants import GROUPS, K_INTERNAL, METHOD_VERSION, THEMES

ReferenceKind = Literal["gemeente", "alle"]
ColdClass = Literal["gunstig", "gemiddeld", "zorgelijk"]
WarmClass = Literal["positief", "gemengd", "negatief"]
PlaceLevel = Literal["portiek", "cel"]
Reliability = Literal["indicatief", "stevig"]
Values = Mapping[str, Mapping[str, Mapping[int, float]]]  # indicator -> area -> year -> value
Composition = Mapping[str, Mapping[str, float]]  # background -> group -> people or households


class IndicatorSpec(Protocol):
    """What the method needs to know of an indicator; the catalogue's `Indicator` fits."""

    @property
    def code(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def polarity(self) -> int: ...
    @property
    def source(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Period:
    """The days of collection, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"period ends ({self.end}) before it starts ({self.start})")


# --- in ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Voice:
    """One respondent, conversation or observation round: the unit that counts once.

    `signals`: theme code -> signals in [-1, 1]; "weet niet" and unanswered are simply absent.
    `cluster`: key of the portiek where known. `cell`: 100 m cell (see `heard.cell_key`).
    `background`: age_band, household, tenure, language where told. Doors: counts, None = not asked.
    """

    id: str
    group: str
    signals: Mapping[str, tuple[float, ...]]
    cluster: str | None = None
    background: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    cell: str | None = None
    doors_tried: int | None = None
    doors_opened: int | None = None
    doors_spoken: int | None = None
    households_spoken: int | None = None

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"voice {self.id}: unknown group {self.group!r}, use one of {GROUPS}")
        for theme, signals in self.signals.items():
            if not all(math.isfinite(s) and -1 <= s <= 1 for s in signals):
                raise ValueError(f"voice {self.id}: a signal on {theme} lies outside [-1, 1]")


@dataclass(frozen=True, slots=True)
class ColdInput:
    """All figures of one gemeente (or more) for one year asked, the same for all its areas.

    `gemeente_codes`: the buurten of the gemeente; `all_codes`: all buurten known of this boundary
    year. `inhabitants`: area -> people, None or absent = not known. `comparable_years`: area ->
    years whose figures stand on the same area; an area that is not named gets no trend.
    `reexpressed_years`: those of them that were recomputed to these boundaries.
    """

    indicators: Sequence[IndicatorSpec]
    values: Values
    inhabitants: Mapping[str, int | None]
    year: int
    gemeente_codes: Collection[str]
    all_codes: Collection[str] = ()
    reference: ReferenceKind = "gemeente"
    comparable_years: Mapping[str, Collection[int]] = field(default_factory=dict)
    reexpressed_years: Mapping[str, Collection[int]] = field(default_factory=dict)
    themes: tuple[str, ...] = THEMES


@dataclass(frozen=True, slots=True)
class Vintage:
    """Which edition of which publication the figures came from."""

    source: str
    year: int
    edition: str = ""


@dataclass(frozen=True, slots=True)
class ProfileInput:
    """All that one buurtprofiel is made of. `k`: the threshold of chapter 5 to apply."""

    area: str
    period: Period
    cold: ColdInput
    voices: Sequence[Voice]
    composition: Composition = field(default_factory=dict)
    vintages: Sequence[Vintage] = ()
    k: int = K_INTERNAL

    def __post_init__(self) -> None:
        if self.k < K_INTERNAL:
            raise ValueError(f"a threshold of {self.k} voices is below the lowest, {K_INTERNAL}")


# --- out: cold --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """What a figure was compared with: which group, how many areas, its median and spread."""

    group: ReferenceKind
    size: int
    weights: Literal["inwoners", "gelijk"]
    median: float
    scale: float  # 1.4826 x MAD, or the weighted sd where the MAD is 0
    scale_kind: Literal["mad", "sd", "geen"]


@dataclass(frozen=True, slots=True)
class Trend:
    """A series beside its reference; `slope` per year, up is better. `class_` None: see reason."""

    class_: Literal["stijgend", "dalend", "stabiel"] | None
    slope: float | None = None
    p: float | None = None
    years: tuple[int, ...] = ()
    reexpressed: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One figure of one area. `z` is None for context and where `reason` says why not."""

    code: str
    value: float | None
    z: float | None
    year: int | None
    source: str
    polarity: int
    role: Literal["scored", "context"]
    reason: str | None = None
    reference: Reference | None = None
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class ColdTheme:
    """What the statistics say on one theme."""

    code: str
    score: float | None
    class_: ColdClass | None
    coverage: float
    reason: str | None
    trend: Trend
    indicators: tuple[IndicatorScore, ...]


# --- out: warm --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What one source group says on one theme. None everywhere a figure may not be shown.

    `n` voices and `clusters` places with a signal (None: hidden); `missing_to_k`: voices still
    needed; `raked` the post-stratified mean beside the plain one.
    """

    n: int | None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    class_: WarmClass | None = None
    reliability: Reliability | None = None
    missing_to_k: int | None = None
    clusters: int | None = None
    reason: str | None = None
    raked: float | None = None
    raked_reason: str | None = None


# --- out: confrontation, heard ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do about a missing side; `count` e.g. voices still needed, None = not told."""

    code: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Confrontation:
    """Cold beside warm: the verdict code, and what is missing where there is none."""

    verdict: str
    wringt: bool
    groups_differ: bool
    missing: tuple[str, ...] = ()
    next_steps: tuple[NextStep, ...] = ()


@dataclass(frozen=True, slots=True)
class HeardGroup:
    """One group of residents: voices heard, voices expected from its share, and their ratio."""

    code: str
    heard: int | None
    expected: float | None
    ratio: float | None
    under_heard: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class HeardBackground:
    """One background (age_band, ...): `known` of `voices` told it; groups in CBS order."""

    code: str
    voices: int | None
    known: int | None
    groups: tuple[HeardGroup, ...]


@dataclass(frozen=True, slots=True)
class Doors:
    """Doors at one place; `level` is `portiek` or `cel`."""

    level: PlaceLevel
    key: str
    tried: int
    opened: int
    spoken: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was heard in the area, and where doors were tried."""

    backgrounds: tuple[HeardBackground, ...]
    doors: tuple[Doors, ...]


# --- out: the profile -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ThemeProfile:
    """One theme: figures, both source groups, and their confrontation."""

    code: str
    cold: ColdTheme
    bewoners: GroupResult
    professionals: GroupResult
    confrontation: Confrontation


@dataclass(frozen=True, slots=True)
class Note:
    """A remark the reader must see; code plus parameters, worded at the edge."""

    code: str
    params: Mapping[str, str | int | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """One buurtprofiel, complete."""

    area: str
    period: Period
    year: int
    inhabitants: int | None
    reference: ReferenceKind
    reference_size: int
    vintages: tuple[Vintage, ...]
    themes: tuple[ThemeProfile, ...]
    heard: Heard
    notes: tuple[Note, ...]
    k: int
    published: bool = False
    method_version: str = METHOD_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as plain JSON values (see `export.to_dict`)."""
        from fieldapp.core.profile.export import to_dict  # it reads the classes of this module

        return to_dict(self)
