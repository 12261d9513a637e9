"""Leefbaarometer 3.0 scores: the properties of the polygons (GeoJSON), or the open-data CSV.

won, fys, vrz, soc and onv are contributions to the deviation from the national mean and add up
to afw. Higher is better for all of them, onv (nuisance and safety) too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fieldapp.core.indicator import Catalogue
from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics.collect import Plan, collect
from fieldapp.sources.statistics.columns import find_columns, refuse_other_year, wanted_columns
from fieldapp.sources.statistics.model import StatisticsFile
from fieldapp.sources.statistics.table import Table, frame
from fieldapp.sources.statistics.textfile import decode, read_text_table
from fieldapp.sources.statistics.workbook import MAX_BYTES, MAX_ROWS, check_size

CODE_COLUMNS = ("code", "id", "bu_code", "wk_code", "gm_code")
YEAR_COLUMNS = ("year", "jaar")
IDENTITY = frozenset(
    {*CODE_COLUMNS, *YEAR_COLUMNS, "naam", "name", "gemeente", "scale", "bu_naam", "wk_naam"}
    | {"gm_naam", "provincie", "provincie_code", "raw"}
)


def read(path: Path, *, year: int, catalogue: Catalogue) -> StatisticsFile:
    """Scores of one year; SourceError when the file has no scores or is of another year."""
    wanted = wanted_columns(catalogue, "leefbaarometer", year)
    table = _read_csv(path) if path.suffix.lower() == ".csv" else _read_geojson(path)
    columns, absent = find_columns(table, wanted)
    year_column = next((name for name in YEAR_COLUMNS if name in table.header), "")
    keep = None
    if year_column:
        written = table.text(table.header.index(year_column))
        years = sorted(set(written) - {""})
        if years and str(year) not in years:
            found = years[0] if len(years) == 1 else years
            params: dict[str, Any] = {"asked": year, "found": found, "clue": year_column}
            raise SourceError("wrong_year", path.name, params, "check_year")
        keep = written.isin(["", str(year)])
    else:
        refuse_other_year(path, year)
    code = next(name for name in CODE_COLUMNS if name in table.header)
    plan = Plan(
        "leefbaarometer",
        year,
        table.header.index(code),
        columns,
        IDENTITY,
        absent,
        keep,
        name_column=table.place_of("naam", "name", "bu_naam"),
    )
    return collect(table, plan, catalogue)


def _read_csv(path: Path) -> Table:
    return read_text_table(
        path, lambda names: any(name in names for name in CODE_COLUMNS) and "afw" in names
    )


def _read_geojson(path: Path) -> Table:
    """One row per feature; fields of `raw` (the untouched WFS answer) win over the others."""
    check_size(path, MAX_BYTES)
    try:
        data = json.loads(decode(path))
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise SourceError("not_json", path.name, {"line": line}, "download_again") from error
    features = data.get("features") if isinstance(data, Mapping) else None
    if not isinstance(features, list):
        raise SourceError("not_geojson", path.name, {}, "check_source")
    if not features:
        raise SourceError("no_rows", path.name, {}, "download_again")
    if len(features) > MAX_ROWS:
        raise SourceError("too_many_rows", path.name, {"limit": MAX_ROWS}, "split_file")
    records = [_record(feature) for feature in features]
    header = tuple(dict.fromkeys(key for record in records for key in record))
    if not any(name in header for name in CODE_COLUMNS):
        params = {"first_line": ", ".join(header)[:200]}
        raise SourceError("no_header", path.name, params, "check_source")
    rows = ([record.get(key) for key in header] for record in records)
    return Table(path.name, header, frame(enumerate(rows, start=1), len(header)))


def _record(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if not isinstance(properties, Mapping):
        return {}
    raw = properties.get("raw")
    merged = {**properties, **raw} if isinstance(raw, Mapping) else dict(properties)
    return {str(key): value for key, value in merged.items() if key != "raw"}
