"""The indicator catalogue: which statistic says what about which theme, as checked values.

The catalogue is data (surveys/frameworks/indicators.yaml). Everything wrong with it is reported
at once, with the place and what is wrong; a catalogue with one mistake is not loaded at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from fieldapp.core.profile.constants import THEMES

Kind = Literal["count", "share", "mean", "estimate"]
Polarity = Literal[-1, 0, 1]
Columns = Mapping[str, Mapping[int | str, str | tuple[str, ...]]]

CONTEXT = "context"  # counts and composition: belongs to no theme, never scored
KINDS = ("count", "share", "mean", "estimate")
FORMATS = ("kwb", "statline", "rivm", "leefbaarometer", "csv")
ANY_YEAR = "*"
COMPOSITIONS = (
    "inhabitants",
    *(f"age_band/{band}" for band in ("0-14", "15-24", "25-44", "45-64", "65+")),
    *(f"household/{kind}" for kind in ("eenpersoons", "zonder_kinderen", "met_kinderen")),
    *(f"tenure/{kind}" for kind in ("koop", "huur_corporatie", "huur_overig")),
)

# Columns and words that stand in for origin or tenure, whatever the catalogue says of them.
_PROXY = re.compile(
    r"^(p_koopw|p_huurw|p_wcorpw|p_ov_hw|p_e_o_w"
    r"|a_(nl|eur|neu)_al\w*|a_(geb|gbl)_(nl|eu|ne)|[ap]_(w|nw)_all|[ap]_(marok|antaru|suri|tur|ov_nw))$"
    r"|herkomst|migratie|allochto|westers|koopwoning|huurwoning|corporatie"
    r"|\borigin\b|social rent|housing association|owner-occupied",
    re.IGNORECASE,
)
_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")
_KEYS = frozenset(
    {"code", "theme", "kind", "polarity", "unit", "source", "table", "licence", "name"}
    | {"columns", "derive", "note", "is_proxy", "composition"}
)


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


def load_catalogue(data: Mapping[str, Any] | str | Path) -> Catalogue:
    """Read a catalogue from a mapping or a YAML file; CatalogueError with all mistakes."""
    if isinstance(data, (str, Path)):
        data = _read_yaml(Path(data))
    publishers = {
        code: Publisher(code, *(str(row.get(key, "")) for key in ("publisher", "table", "licence")))
        for code, row in _mapping(data.get("sources")).items()
    }
    rows = [_mapping(row) for row in data.get("indicators") or ()]
    problems = [problem for row in rows for problem in _check_row(row, publishers)]
    problems += _check_together(rows)
    if not rows:
        problems.append(CatalogueProblem("no_indicators", "indicators"))
    if problems:
        raise CatalogueError(problems)
    indicators = tuple(_build(row, publishers) for row in rows)
    return Catalogue(
        version=str(data.get("version", "")),
        indicators=indicators,
        publishers=publishers,
        theme_notes=_mapping(data.get("themes")),
        _by_code={item.code: item for item in indicators},
    )


def _read_yaml(path: Path) -> Mapping[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = {"reason": error.strerror or type(error).__name__}
        raise CatalogueError([CatalogueProblem("cannot_read", path.name, reason)]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        raise CatalogueError(
            [CatalogueProblem("not_yaml", path.name, {"reason": first})]
        ) from error
    if not isinstance(data, Mapping):
        raise CatalogueError([CatalogueProblem("not_a_mapping", path.name)])
    return data


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()


def _build(row: Mapping[str, Any], publishers: Mapping[str, Publisher]) -> Indicator:
    publisher = publishers[row["source"]]
    derive, note = _mapping(row.get("derive")), _mapping(row.get("note"))
    columns = {
        format_: {
            year: name if isinstance(name, str) else tuple(name) for year, name in years.items()
        }
        for format_, years in _mapping(row.get("columns")).items()
    }
    return Indicator(
        code=row["code"],
        name_nl=row["name"]["nl"],
        name_en=row["name"]["en"],
        theme=row["theme"],
        unit=str(row["unit"]),
        kind=cast("Kind", row["kind"]),
        polarity=cast("Polarity", row["polarity"]),
        source=row["source"],
        table=str(row.get("table", publisher.table)),
        licence=str(row.get("licence", publisher.licence)),
        columns=columns,
        derive=Derive(_texts(derive["of"]), _texts(derive["share_of"]), float(derive["times"]))
        if derive
        else None,
        note_nl=str(note.get("nl", "")),
        note_en=str(note.get("en", "")),
        is_proxy=bool(row.get("is_proxy")) or _looks_like_proxy(row),
        composition=row.get("composition"),
    )


# --- checks -----------------------------------------------------------------------------------

Finding = tuple[str, dict[str, Any]]


def _check_row(
    row: Mapping[str, Any], publishers: Mapping[str, Publisher]
) -> Iterator[CatalogueProblem]:
    where = str(row.get("code") or "indicators")
    for check in _ROW_CHECKS:
        for code, params in check(row):
            yield CatalogueProblem(code, where, params)
    if row.get("source") not in publishers:
        params = {"value": row.get("source"), "allowed": sorted(publishers)}
        yield CatalogueProblem("unknown_source", where, params)


def _check_shape(row: Mapping[str, Any]) -> Iterator[Finding]:
    if not _CODE.fullmatch(str(row.get("code", ""))):
        yield "bad_code", {"value": row.get("code")}
    for key in sorted(set(row) - _KEYS, key=str):
        yield "unknown_key", {"key": key}
    if not str(row.get("unit") or "").strip():
        yield "no_unit", {}
    for key in ("name", "note"):
        texts = _mapping(row.get(key))
        for language in ("nl", "en"):
            if (key == "name" or row.get(key)) and not str(texts.get(language) or "").strip():
                yield "no_text", {"key": key, "language": language}


def _check_choices(row: Mapping[str, Any]) -> Iterator[Finding]:
    allowed: dict[str, tuple[Any, ...]] = {
        "theme": (*THEMES, CONTEXT),
        "kind": KINDS,
        "polarity": (-1, 0, 1),
        "composition": (None, *COMPOSITIONS),
    }
    for key, values in allowed.items():
        value = row.get(key)
        if value not in values or isinstance(value, (bool, float)):
            yield (
                f"unknown_{key}",
                {"value": value, "allowed": [v for v in values if v is not None]},
            )


def _check_polarity(row: Mapping[str, Any]) -> Iterator[Finding]:
    if row.get("polarity") not in (-1, 1):
        return
    value = {"value": row["polarity"]}
    if row.get("kind") == "count":
        yield "count_scored", value  # a big buurt is not a bad buurt: make it a share first
    if row.get("theme") == CONTEXT:
        yield "context_scored", value
    if row.get("is_proxy") or _looks_like_proxy(row):
        yield "proxy_scored", value | {"because": _proxy_word(row)}


def _check_columns(row: Mapping[str, Any]) -> Iterator[Finding]:
    columns, derive = _mapping(row.get("columns")), _mapping(row.get("derive"))
    if bool(columns) == bool(derive):
        yield "columns_or_derive", {}
    for format_, years in columns.items():
        if format_ not in FORMATS:
            yield "unknown_format", {"value": format_, "allowed": list(FORMATS)}
        for year, names in _mapping(years).items():
            good_year = year == ANY_YEAR or (isinstance(year, int) and 1990 <= year <= 2100)
            if not good_year or not all(_texts(names)) or not _texts(names):
                yield "bad_column", {"format": format_, "year": year}
        if not _mapping(years):
            yield "bad_column", {"format": format_, "year": None}
    if derive and not (
        _texts(derive.get("of")) and _texts(derive.get("share_of")) and _is_positive(derive)
    ):
        yield "bad_derive", {}
    if derive and row.get("kind") != "share":
        yield "derive_is_share", {"value": row.get("kind")}


def _is_positive(derive: Mapping[str, Any]) -> bool:
    times = derive.get("times")
    return isinstance(times, (int, float)) and not isinstance(times, bool) and times > 0


_ROW_CHECKS: tuple[Callable[[Mapping[str, Any]], Iterator[Finding]], ...] = (
    _check_shape,
    _check_choices,
    _check_polarity,
    _check_columns,
)


def _check_together(rows: list[Mapping[str, Any]]) -> list[CatalogueProblem]:
    """What only shows with all rows side by side: doubles and what `derive` leans on."""
    found: list[CatalogueProblem] = []
    by_code: dict[str, Mapping[str, Any]] = {}
    groups: dict[str, str] = {}
    for row in rows:
        code, group = str(row.get("code")), row.get("composition")
        if code in by_code:
            found.append(CatalogueProblem("double_code", code))
        by_code[code] = row
        if group in groups:
            found.append(CatalogueProblem("double_composition", code, {"other": groups[group]}))
        elif group:
            groups[group] = code
    for code, row in by_code.items():
        derive = _mapping(row.get("derive"))
        for part in dict.fromkeys((*_texts(derive.get("of")), *_texts(derive.get("share_of")))):
            base = by_code.get(part)
            if base is None or base.get("kind") != "count":
                found.append(CatalogueProblem("derive_needs_count", code, {"part": part}))
            elif part in _texts(derive.get("of")) and _scored_proxy(row, base):
                params = {"value": row["polarity"], "because": part}
                found.append(CatalogueProblem("proxy_scored", code, params))
    return found


def _scored_proxy(row: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    proxy = base.get("is_proxy") or _looks_like_proxy(base)
    return bool(proxy) and row.get("polarity") in (-1, 1)


def _looks_like_proxy(row: Mapping[str, Any]) -> bool:
    return bool(_proxy_word(row, declared=False))


def _proxy_word(row: Mapping[str, Any], *, declared: bool = True) -> str:
    """The column or name that stands in for origin or tenure; empty when there is none."""
    names = [str(row.get("code", "")), *map(str, _mapping(row.get("name")).values())]
    for years in _mapping(row.get("columns")).values():
        for columns in _mapping(years).values():
            names += [part for name in _texts(columns) for part in name.split("/")]
    names += _texts(_mapping(row.get("derive")).get("of"))
    return next((n for n in names if _PROXY.search(n)), "is_proxy" if declared else "")
