"""Values of the catalogue: indicators, their publishers, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["count", "share", "mean", "estimate"]
Polarity = Literal[-1, 0, 1]
Columns = Mapping[str, Mapping[int | str, str | tuple[str, ...]]]

CONTEXT = "context"  # counts and composition: belongs to no theme, never scored
ANY_YEAR = "*"


@dataclass(frozen=True, slots=True)
class Derive:
    """`times` x sum of `of` / sum of `share_of`; both name count indicators of the catalogue."""

    of: tuple[str, ...]
    share_of: tuple[str, ...]
    times: float


@dataclass(frozen=True, slots=True)
class Indicator:
    """One statistic. `columns`: format -> year or "*" -> column, or its names per edition.

    `polarity`: 1 more is better, -1 more is worse, 0 context that is never scored. `is_proxy`:
    stands in for origin or tenure. `composition`: background group it counts (`age_band/15-24`).
    """

    code: str
    name_nl: str
    name_en: str
    theme: str
    unit: str
    kind: Kind
    polarity: Polarity
    source: str
    table: str
    licence: str
    columns: Columns = field(default_factory=dict)
    derive: Derive | None = None
    note_nl: str = ""
    note_en: str = ""
    is_proxy: bool = False
    composition: str | None = None

    @property
    def scored(self) -> bool:
        """True when the indicator takes part in the score of its theme."""
        return self.polarity != 0

    def column_names(self, format_: str, year: int) -> tuple[str, ...]:
        """Names the column may have in a file of this format and year; empty when none."""
        per_year = self.columns.get(format_, {})
        named = per_year.get(year, per_year.get(ANY_YEAR, ()))
        return (named,) if isinstance(named, str) else tuple(named)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Where indicators come from, with the line that must stand under every figure."""

    code: str
    name: str
    table: str
    licence: str


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """One mistake: a code to translate at the edge, the indicator or place, and values."""

    code: str
    where: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.where}: {self.code}({shown})"


class CatalogueError(ValueError):
    """The catalogue is wrong; `problems` lists every mistake."""

    def __init__(self, problems: Iterable[CatalogueProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All indicators in the order of the file. `theme_notes`: theme -> language -> text."""

    version: str
    indicators: tuple[Indicator, ...]
    publishers: Mapping[str, Publisher]
    theme_notes: Mapping[str, Mapping[str, str]]
    _by_code: Mapping[str, Indicator] = field(repr=False, compare=False, default_factory=dict)

    def __getitem__(self, code: str) -> Indicator:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self.indicators)

    def __len__(self) -> int:
        return len(self.indicators)

    def of_theme(self, theme: str) -> tuple[Indicator, ...]:
        """All indicators of a theme, scored or not."""
        return tuple(item for item in self.indicators if item.theme == theme)

    def scored(self, theme: str) -> tuple[Indicator, ...]:
        """The indicators that make up the cold score of a theme."""
        return tuple(item for item in self.of_theme(theme) if item.scored)

    @property
    def inhabitants(self) -> Indicator | None:
        """The indicator that counts the people of an area: the weights of the method."""
        return next((i for i in self.indicators if i.composition == "inhabitants"), None)

    def composition(self) -> Mapping[str, Mapping[str, str]]:
        """Background -> group -> indicator code, for "who was heard"."""
        found: dict[str, dict[str, str]] = {}
        for item in self.indicators:
            background, _, group = (item.composition or "").partition("/")
            if group:
                found.setdefault(background, {})[group] = item.code
        return found

    def years(self, format_: str) -> tuple[int, ...]:
        """Years whose columns are named for a file format, rising; "*" not included."""
        named = {y for i in self.indicators for y in i.columns.get(format_, {}) if y != ANY_YEAR}
        return tuple(sorted(int(year) for year in named))
