"""RIVM "Gezondheid per wijk en buurt" (50090NED and later): Excel of the UntypedDataSet.

All cells are text, right-aligned. Figures are estimates of a model, not counts. Missing in two
ways: "." (too few people) and empty (not measured that year). The number behind a column name
differs per table (Eenzaam_28 in 50090NED, Eenzaam_27 in 50120NED), so it is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from fieldapp.core.indicator import Catalogue
from fieldapp.sources.errors import Note, SourceError
from fieldapp.sources.statistics.cells import clean_text
from fieldapp.sources.statistics.collect import Plan, collect
from fieldapp.sources.statistics.columns import find_columns, refuse_other_year, wanted_columns
from fieldapp.sources.statistics.model import StatisticsFile
from fieldapp.sources.statistics.table import Table
from fieldapp.sources.statistics.workbook import read_workbook, stated_date

CODE_COLUMN, AGE, MARGIN, PERIOD = "WijkenEnBuurten", "Leeftijd", "Marges", "Perioden"
ADULTS = "20300"  # 18 years and over
VALUE = "MW00000"  # the figure itself; other codes are its confidence limits
IDENTITY = frozenset({"ID", CODE_COLUMN, AGE, MARGIN, PERIOD})
_IDENTITY_STEMS = {"Gemeentenaam", "SoortRegio", "Codering"}


def read(path: Path, *, year: int, catalogue: Catalogue) -> StatisticsFile:
    """Values for adults (18+) of one year; SourceError when the file has no rows of that year."""
    wanted = wanted_columns(catalogue, "rivm", year)
    table = read_workbook(path, lambda names: {CODE_COLUMN, PERIOD} <= names)
    places = {name: table.header.index(name) for name in IDENTITY if name in table.header}
    _check_periods(path, table, places[PERIOD], year)
    columns, absent = find_columns(table, wanted, stem)
    identity = IDENTITY | {name for name in table.header if stem(name) in _IDENTITY_STEMS}
    asked = {PERIOD: f"{year}JJ00", AGE: ADULTS, MARGIN: VALUE}
    selection = pd.DataFrame({name: table.text(places[name]) for name in asked if name in places})
    keep = selection.eq(pd.Series(asked)[selection.columns]).all(axis=1)
    if not keep.any():
        params = {"age": ADULTS, "margin": VALUE, "year": year}
        raise SourceError("no_such_selection", path.name, params, "download_adults")
    code_column = places[CODE_COLUMN]
    left = selection[AGE][~keep].value_counts().to_dict() if AGE in selection else {}
    notes = (Note("other_selections", {"ages": left}),) if left else ()
    plan = Plan("rivm", year, code_column, columns, identity, absent, keep, notes=notes)
    return collect(replace(table, edition=stated_date(path)), plan, catalogue)


def stem(name: str) -> str:
    """Column name without the number behind it: `Eenzaam_28` -> `Eenzaam`."""
    return re.sub(r"_\d+$", "", clean_text(name))


def _check_periods(path: Path, table: Table, place: int, year: int) -> None:
    periods = set(table.text(place)) - {""}
    years = sorted({int(p[:4]) for p in periods if re.fullmatch(r"\d{4}JJ00", p)})
    if not years:
        params = {"periods": sorted(periods)[:5]}
        raise SourceError("no_period", path.name, params, "download_again")
    if year not in years:
        found = years[0] if len(years) == 1 else years
        other = {"asked": year, "found": found, "clue": PERIOD}
        raise SourceError("wrong_year", path.name, other, "check_year")
    if len(years) == 1:
        refuse_other_year(path, years[0])
