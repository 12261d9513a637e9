"""CBS Kerncijfers wijken en buurten: the Excel file `kwb-YYYY.xlsx`.

One sheet, names of columns in row 1, missing as ".", numbers as numbers and as text side by side.
Columns are renamed per year and per edition of a year: the catalogue holds the names.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fieldapp.core.indicator import Catalogue
from fieldapp.sources.statistics.collect import Plan, collect
from fieldapp.sources.statistics.columns import find_columns, refuse_other_year, wanted_columns
from fieldapp.sources.statistics.model import StatisticsFile
from fieldapp.sources.statistics.workbook import read_workbook, stated_date

CODE_COLUMNS = ("gwb_code", "gwb_code_10")
IDENTITY = frozenset({"gwb_code_10", "gwb_code_8", "gwb_code", "regio", "gm_naam", "recs"})


def read(path: Path, *, year: int, catalogue: Catalogue) -> StatisticsFile:
    """Values of all areas in a KWB workbook; SourceError when it is not one, or of another year."""
    wanted = wanted_columns(catalogue, "kwb", year)
    table = read_workbook(path, lambda names: any(name in names for name in CODE_COLUMNS))
    refuse_other_year(path, year, table.sheet)
    columns, absent = find_columns(table, wanted)
    code_column = next(table.header.index(name) for name in CODE_COLUMNS if name in table.header)
    names = table.place_of("regio")
    plan = Plan("kwb", year, code_column, columns, IDENTITY, absent, name_column=names)
    return collect(replace(table, edition=stated_date(path)), plan, catalogue)
