"""A city's or association's own figures: a text file plus a mapping that explains it.

The mapping (YAML or JSON) names the code column and which column holds which indicator:

    code: buurtcode
    columns: {geluidsklachten: klachten_per_1000}     # indicator: column
    delimiter: ";"                                     # optional: found by itself
    decimal: ","                                       # optional: found by itself
    year: 2024                                         # optional: must equal the year asked for
    year_column: jaar                                  # optional: keeps rows of the year asked for
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from fieldapp.core.indicator import Catalogue
from fieldapp.sources.errors import SourceError
from fieldapp.sources.mapping_file import read_yaml
from fieldapp.sources.statistics.cells import clean_text
from fieldapp.sources.statistics.collect import Plan, collect
from fieldapp.sources.statistics.columns import find_columns, refuse_other_year
from fieldapp.sources.statistics.model import StatisticsFile
from fieldapp.sources.statistics.textfile import DELIMITERS, read_text_table

KEYS = ("code", "columns", "delimiter", "decimal", "year", "year_column")
MAX_MAPPING = 1024**2


def read(
    path: Path, *, year: int, catalogue: Catalogue, mapping: Mapping[str, Any] | Path | None
) -> StatisticsFile:
    """Values of an own file; SourceError names every mistake in the mapping by its key."""
    if mapping is None:
        raise SourceError("no_mapping", path.name, {"keys": list(KEYS)}, "give_mapping")
    rules = _load(mapping) if isinstance(mapping, Path) else mapping
    where = mapping.name if isinstance(mapping, Path) else "mapping"
    check_mapping(rules, catalogue, year, where)
    code, year_column = clean_text(rules["code"]), clean_text(rules.get("year_column"))
    needed = {code, year_column} - {""}
    table = read_text_table(path, lambda names: needed <= names, rules.get("delimiter", ""))
    if not year_column:
        refuse_other_year(path, year)
    wanted = {key: (clean_text(name),) for key, name in rules["columns"].items()}
    columns, absent = find_columns(table, wanted)
    if absent:
        params = {"columns": [names[0] for names in absent.values()], "header": table.header[:40]}
        raise SourceError("mapped_column_absent", path.name, params, "check_mapping")
    keep = None
    if year_column:
        written = table.text(table.header.index(year_column))
        keep = written.eq(str(year))
        if not keep.any():
            other = {"asked": year, "found": sorted(set(written))[:20], "clue": year_column}
            raise SourceError("wrong_year", path.name, other, "check_year")
    plan = Plan(
        "csv",
        year,
        table.header.index(code),
        columns,
        frozenset(needed),
        keep=keep,
        decimal=rules.get("decimal"),
    )
    return collect(table, plan, catalogue)


def check_mapping(
    rules: Mapping[str, Any], catalogue: Catalogue, year: int, where: str = "mapping"
) -> None:
    """SourceError for the first key of a mapping that is wrong, with what is allowed."""
    unknown = sorted(set(map(str, rules)) - set(KEYS))
    if unknown:
        _wrong(where, unknown[0], "unknown_key", list(KEYS))
    if not clean_text(rules.get("code")):
        _wrong(where, "code", "missing", [])
    columns = rules.get("columns")
    if not isinstance(columns, Mapping) or not columns:
        _wrong(where, "columns", "missing", [])
    assert isinstance(columns, Mapping)
    for indicator, column in columns.items():
        if indicator not in catalogue:
            _wrong(where, f"columns.{indicator}", "unknown_indicator", _near(indicator, catalogue))
        if catalogue[indicator].derive is not None:
            parts = catalogue[indicator].derive
            assert parts is not None
            _wrong(where, f"columns.{indicator}", "is_derived", list(parts.of + parts.share_of))
        if not clean_text(column):
            _wrong(where, f"columns.{indicator}", "missing", [])
    if rules.get("delimiter", ";") not in DELIMITERS:
        _wrong(where, "delimiter", "not_allowed", list(DELIMITERS))
    if rules.get("decimal") not in (None, ".", ","):
        _wrong(where, "decimal", "not_allowed", [".", ","])
    if rules.get("year") not in (None, year):
        params = {"asked": year, "found": rules["year"], "clue": "year"}
        raise SourceError("wrong_year", where, params, "check_year")


def _wrong(where: str, key: str, reason: str, allowed: list[str]) -> None:
    params = {"key": key, "reason": reason, "allowed": allowed}
    raise SourceError("bad_mapping", f"{where}: {key}", params, "check_mapping")


def _near(code: object, catalogue: Catalogue) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(str(code), [item.code for item in catalogue], n=3)


def _load(path: Path) -> Mapping[str, Any]:
    """Read the mapping; JSON is YAML too."""
    try:
        if path.stat().st_size > MAX_MAPPING:
            raise SourceError("bad_mapping", path.name, {"reason": "too_large"}, "check_mapping")
        rules = read_yaml(path)
    except OSError as error:
        raise SourceError("file_not_found", path.name, {}, "check_path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        params = {"key": "", "reason": str(error).splitlines()[0], "allowed": list(KEYS)}
        raise SourceError("bad_mapping", path.name, params, "check_mapping") from error
    if not isinstance(rules, Mapping):
        params = {"key": "", "reason": "not_a_mapping", "allowed": list(KEYS)}
        raise SourceError("bad_mapping", path.name, params, "check_mapping")
    return rules
