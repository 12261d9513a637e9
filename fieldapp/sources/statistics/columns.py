"""Which column of a file feeds which indicator, and whether the file is of the year asked for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path

from fieldapp.core.indicator import Catalogue
from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics.cells import clean_text
from fieldapp.sources.statistics.table import Table


def wanted_columns(catalogue: Catalogue, format_: str, year: int) -> dict[str, tuple[str, ...]]:
    """Indicator -> column names for a format and year; SourceError when the year has none."""
    wanted = {i.code: i.column_names(format_, year) for i in catalogue}
    wanted = {code: names for code, names in wanted.items() if names}
    if not wanted:
        params = {"year": year, "format": format_, "years": list(catalogue.years(format_))}
        raise SourceError("year_not_in_catalogue", str(year), params, "add_year_to_catalogue")
    return wanted


def find_columns(
    table: Table,
    wanted: Mapping[str, tuple[str, ...]],
    fold: Callable[[str], str] = clean_text,
) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """Indicator -> column index, and indicator -> names that are not in the header.

    `fold` makes names comparable. SourceError when a column that is needed stands there twice.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(table.header):
        places[fold(name)].append(index)
    found: dict[str, int] = {}
    absent: dict[str, tuple[str, ...]] = {}
    for code, names in wanted.items():
        hits = list(dict.fromkeys(chain.from_iterable(places.get(fold(n), ()) for n in names)))
        if not hits:
            absent[code] = names
        elif len(hits) > 1:
            params = {"columns": [table.header[i] for i in hits], "indicator": code}
            raise SourceError("double_column", table.where, params, "remove_double_column")
        else:
            found[code] = hits[0]
    return found, absent


def refuse_other_year(path: Path, year: int, *clues: str) -> None:
    """SourceError when the file name or another text names exactly one year, and not this one."""
    for text in (path.name, *clues):
        named = {int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text)}
        if len(named) == 1 and year not in named:
            params = {"asked": year, "found": named.pop(), "clue": text}
            raise SourceError("wrong_year", path.name, params, "check_year")
