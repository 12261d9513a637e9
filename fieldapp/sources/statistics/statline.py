"""StatLine download "CSV met statistische symbolen": full topic paths as names of columns.

Byte-order mark, ";", codes padded to 10 and names to 40 characters, missing as a padded ".".
"""

from __future__ import annotations

from pathlib import Path

from fieldapp.core.indicator import Catalogue
from fieldapp.sources.statistics.collect import Plan, collect
from fieldapp.sources.statistics.columns import find_columns, refuse_other_year, wanted_columns
from fieldapp.sources.statistics.model import StatisticsFile
from fieldapp.sources.statistics.textfile import read_text_table

CODE_COLUMN = "Regioaanduiding/Codering (code)"
IDENTITY = frozenset(
    {
        "Wijken en buurten",
        "Regioaanduiding/Gemeentenaam (naam)",
        "Regioaanduiding/Soort regio (omschrijving)",
        CODE_COLUMN,
        "Regioaanduiding/Indelingswijziging wijken en buurten (code)",
    }
)


def read(path: Path, *, year: int, catalogue: Catalogue) -> StatisticsFile:
    """Values of all areas in a StatLine CSV; the file itself names its year only in its name."""
    wanted = wanted_columns(catalogue, "statline", year)
    table = read_text_table(path, lambda names: CODE_COLUMN in names)
    refuse_other_year(path, year)
    columns, absent = find_columns(table, wanted)
    code = table.header.index(CODE_COLUMN)
    names = table.place_of("Wijken en buurten")
    plan = Plan("statline", year, code, columns, IDENTITY, absent, name_column=names)
    return collect(table, plan, catalogue)
