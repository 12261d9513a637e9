"""What can be wrong with the catalogue: each check is a function and a row in _ROW_CHECKS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fieldapp.core.indicator.model import ANY_YEAR, CONTEXT, CatalogueProblem, Publisher
from fieldapp.core.indicator.read import mapping, texts
from fieldapp.core.profile.constants import THEMES

KINDS = ("count", "share", "mean", "estimate")
FORMATS = ("kwb", "statline", "rivm", "leefbaarometer", "csv")
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


Finding = tuple[str, dict[str, Any]]


def check_row(
    row: Mapping[str, Any], publishers: Mapping[str, Publisher]
) -> Iterator[CatalogueProblem]:
    """What is wrong with one indicator of the file, by itself."""
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
        words = mapping(row.get(key))
        for language in ("nl", "en"):
            if (key == "name" or row.get(key)) and not str(words.get(language) or "").strip():
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
    if row.get("is_proxy") or looks_like_proxy(row):
        yield "proxy_scored", value | {"because": _proxy_word(row)}


def _check_columns(row: Mapping[str, Any]) -> Iterator[Finding]:
    columns, derive = mapping(row.get("columns")), mapping(row.get("derive"))
    if bool(columns) == bool(derive):
        yield "columns_or_derive", {}
    for format_, years in columns.items():
        if format_ not in FORMATS:
            yield "unknown_format", {"value": format_, "allowed": list(FORMATS)}
        for year, names in mapping(years).items():
            good_year = year == ANY_YEAR or (isinstance(year, int) and 1990 <= year <= 2100)
            if not good_year or not all(texts(names)) or not texts(names):
                yield "bad_column", {"format": format_, "year": year}
        if not mapping(years):
            yield "bad_column", {"format": format_, "year": None}
    if derive and not (
        texts(derive.get("of")) and texts(derive.get("share_of")) and _is_positive(derive)
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


def check_together(rows: list[Mapping[str, Any]]) -> list[CatalogueProblem]:
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
        derive = mapping(row.get("derive"))
        for part in dict.fromkeys((*texts(derive.get("of")), *texts(derive.get("share_of")))):
            base = by_code.get(part)
            if base is None or base.get("kind") != "count":
                found.append(CatalogueProblem("derive_needs_count", code, {"part": part}))
            elif part in texts(derive.get("of")) and _scored_proxy(row, base):
                params = {"value": row["polarity"], "because": part}
                found.append(CatalogueProblem("proxy_scored", code, params))
    return found


def _scored_proxy(row: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    proxy = base.get("is_proxy") or looks_like_proxy(base)
    return bool(proxy) and row.get("polarity") in (-1, 1)


def looks_like_proxy(row: Mapping[str, Any]) -> bool:
    """Whether its columns or name stand in for origin or tenure, whatever it says of itself."""
    return bool(_proxy_word(row, declared=False))


def _proxy_word(row: Mapping[str, Any], *, declared: bool = True) -> str:
    """The column or name that stands in for origin or tenure; empty when there is none."""
    names = [str(row.get("code", "")), *map(str, mapping(row.get("name")).values())]
    for years in mapping(row.get("columns")).values():
        for columns in mapping(years).values():
            names += [part for name in texts(columns) for part in name.split("/")]
    names += texts(mapping(row.get("derive")).get("of"))
    return next((n for n in names if _PROXY.search(n)), "is_proxy" if declared else "")
