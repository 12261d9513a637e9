"""From a table to values: the steps that are the same for every publisher.

Two tables of areas x indicators, one of numbers and one of reasons why a number is missing, are
filled column by column; the values and the counts of the report are read off from them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import Any, cast

import pandas as pd

from fieldapp.core.area import AreaCodeError, parse_code
from fieldapp.core.indicator import Catalogue, Indicator
from fieldapp.sources.errors import Note, Refused, SourceError
from fieldapp.sources.statistics.cells import SUSPECT, Decimal, clean_text, find_decimal
from fieldapp.sources.statistics.figures import derive, read_figures
from fieldapp.sources.statistics.model import (
    ESTIMATE,
    OBSERVED,
    StatisticsFile,
    StatReport,
    StatValue,
    Suspect,
)
from fieldapp.sources.statistics.table import Table

MAX_LISTED = 1000  # of refused rows and suspect cells; the counts stay exact
_COUNTRY = re.compile(r"NL\d\d")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read one table: where the code stands and which column feeds which indicator.

    `identity` are columns that say which row this is, not figures. `keep`: True per row of the
    year, age and margin asked for. `absent`: indicators whose columns the file does not have.
    """

    source: str
    year: int
    code_column: int
    columns: Mapping[str, int]
    identity: frozenset[str] = frozenset()
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: pd.Series[Any] | None = None
    decimal: Decimal | None = None
    notes: tuple[Note, ...] = ()
    name_column: int | None = None


def collect(table: Table, plan: Plan, catalogue: Catalogue) -> StatisticsFile:
    """All values the plan finds in the table, with derived shares and the full report.

    SourceError when no figure column is known, no row has a code, a code occurs twice, or the
    file mixes decimal points and commas.
    """
    if not plan.columns:
        expected = list(chain.from_iterable(plan.absent.values()))[:5]
        raise SourceError("no_known_columns", table.where, {"expected": expected}, "check_source")
    kept = table if plan.keep is None else replace(table, cells=table.cells[plan.keep])
    decimal = plan.decimal or _decimal(kept, plan)
    areas, refused = read_codes(kept, plan.code_column)
    read = [catalogue[code] for code in plan.columns]
    derived = [i for i in catalogue if i.derive and set(i.derive.of) <= set(plan.columns)]
    cells = kept.cells.loc[areas.index, list(plan.columns.values())]
    cells.columns = pd.Index(plan.columns)
    numbers, reasons = read_figures(cells, read, decimal)
    suspects = _suspects(table, plan, cells, reasons)
    for item in derived:
        numbers[item.code], reasons[item.code] = derive(item, numbers)
    values = _values([*read, *derived], plan.year, table.edition, numbers, areas)
    used = {*plan.columns.values(), plan.code_column}
    report = StatReport(
        rows=len(table.cells),
        areas=len(areas),
        elsewhere=len(table.cells) - len(areas) - len(refused),
        cells=cells.size,
        values=len(values),
        columns={code: table.header[i] for code, i in plan.columns.items()},
        missing=_count(reasons),
        unused=tuple(
            name
            for i, name in enumerate(table.header)
            if name and i not in used and name not in plan.identity
        ),
        absent=dict(plan.absent),
        empty=tuple(table.header[i] for c, i in plan.columns.items() if numbers[c].isna().all()),
        refused=tuple(refused[:MAX_LISTED]),
        suspects=tuple(suspects[:MAX_LISTED]),
        notes=plan.notes,
    )
    notes = _notes(report, read, len(refused), len(suspects))
    place = plan.name_column
    names = [""] * len(areas) if place is None else kept.text(place)[areas.index]
    return StatisticsFile(
        source=plan.source,
        year=plan.year,
        values=values,
        report=replace(report, notes=(*report.notes, *notes)),
        stated_edition=table.edition,
        names=dict(zip(areas, names, strict=True)),
    )


def _decimal(table: Table, plan: Plan) -> Decimal:
    figures = table.cells[sorted(set(plan.columns.values()))]
    mark, clash = find_decimal(figures.to_numpy().ravel())
    if clash is not None:
        params = {"point": clash[0], "comma": clash[1]}
        raise SourceError("mixed_decimals", table.name, params, "one_decimal_mark")
    return mark


def read_codes(table: Table, place: int) -> tuple[pd.Series[Any], list[Refused]]:
    """Row number -> area code, and the rows whose code cannot be read; the country is in neither.

    One by one: every refusal has its own reason and suggestion. SourceError when a code occurs
    twice, or when there is none at all.
    """
    codes: dict[int, str] = {}
    first: dict[str, int] = {}
    refused: list[Refused] = []
    for number, raw in zip(table.cells.index, table.cells[place], strict=True):
        written = clean_text(raw)
        if _COUNTRY.fullmatch(written):
            continue
        try:
            code = parse_code(raw).text
        except AreaCodeError as error:
            advice = "use_suggested_code" if error.suggestion else "check_code"
            params = {"suggestion": error.suggestion} if error.suggestion else {}
            refused.append(Refused(number, written, error.code, advice, params))
            continue
        if code in first:
            double = {"code": code, "row": number, "first": first[code]}
            raise SourceError("double_code", f"{table.name}:{number}", double, "keep_one_row")
        codes[number], first[code] = code, number
    if not codes:
        example = {"row": refused[0].row, "written": refused[0].code} if refused else {}
        raise SourceError("no_codes", table.where, example, "check_code_column")
    return pd.Series(codes), refused


def _long(wide: pd.DataFrame) -> pd.Series[Any]:
    """What is not missing in rows x indicators, row by row; its index names both."""
    return cast("pd.Series[Any]", wide.stack()).dropna()


def _suspects(
    table: Table, plan: Plan, cells: pd.DataFrame, reasons: pd.DataFrame
) -> list[Suspect]:
    """Cells that ask for a look, in the order of the file."""
    found: Iterable[Any] = _long(reasons.where(reasons.isin(SUSPECT))).items()
    return [
        Suspect(
            table.address(row, plan.columns[indicator]),
            indicator,
            reason,
            clean_text(cells.at[row, indicator])[:60],
        )
        for (row, indicator), reason in found
    ]


def _values(
    indicators: list[Indicator],
    year: int,
    edition: str,
    numbers: pd.DataFrame,
    areas: pd.Series[Any],
) -> tuple[StatValue, ...]:
    """One value per number, area by area."""
    status = {i.code: ESTIMATE if i.kind == "estimate" else OBSERVED for i in indicators}
    wide = numbers.set_axis(areas.tolist()).rename_axis(index="area", columns="indicator")
    long = _long(wide).rename("value").reset_index()
    made = map(
        StatValue,
        long["indicator"].tolist(),
        long["area"].tolist(),
        repeat(year),
        long["value"].tolist(),
        repeat(edition),
        long["indicator"].map(status).tolist(),
    )
    return tuple(made)


def _count(reasons: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Indicator -> reason -> cells, without the indicators that miss nothing."""
    long = _long(reasons.where(reasons != ""))
    counted: Iterable[Any] = long.groupby(level=1).value_counts().items()
    missing: dict[str, dict[str, int]] = defaultdict(dict)
    for (indicator, reason), count in counted:
        missing[indicator][reason] = count
    return dict(missing)


def _notes(
    report: StatReport, read: list[Indicator], refused: int, suspects: int
) -> Iterator[Note]:
    if report.nearly_empty:
        yield Note("nearly_empty", {"empty": len(report.empty), "of": len(report.columns)})
    if any(item.kind == "estimate" for item in read):
        yield Note("estimates")
    if refused > MAX_LISTED:
        yield Note("more_refused", {"count": refused, "listed": MAX_LISTED})
    if suspects > MAX_LISTED:
        yield Note("more_suspects", {"count": suspects, "listed": MAX_LISTED})
