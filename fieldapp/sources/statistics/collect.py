"""From a table to values: the steps that are the same for every publisher."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from fieldapp.core.area import AreaCodeError, parse_code
from fieldapp.core.indicator import Catalogue, Indicator
from fieldapp.sources.errors import Note, Refused, SourceError
from fieldapp.sources.statistics.cells import (
    OUT_OF_RANGE,
    PART_MISSING,
    SUSPECT,
    ZERO_BASE,
    Decimal,
    clean_text,
    find_decimal,
    read_number,
)
from fieldapp.sources.statistics.model import (
    ESTIMATE,
    OBSERVED,
    Row,
    StatisticsFile,
    StatReport,
    StatValue,
    Suspect,
    Table,
)

MAX_LISTED = 1000  # of refused rows and suspect cells; the counts stay exact
_COUNTRY = re.compile(r"NL\d\d")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read one table: where the code stands and which column feeds which indicator.

    `identity` are columns that say which row this is, not figures. `keep` picks the rows of the
    year, age and margin asked for. `absent`: indicators whose columns the file does not have.
    """

    source: str
    year: int
    code_column: int
    columns: Mapping[str, int]
    identity: frozenset[str] = frozenset()
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: Callable[[Row], bool] | None = None
    decimal: Decimal | None = None
    notes: tuple[Note, ...] = ()
    name_column: int | None = None


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
            where = f"{table.name}, {table.sheet}".rstrip(", ")
            raise SourceError("double_column", where, params, "remove_double_column")
        else:
            found[code] = hits[0]
    return found, absent


def wanted_columns(catalogue: Catalogue, format_: str, year: int) -> dict[str, tuple[str, ...]]:
    """Indicator -> column names for a format and year; SourceError when the year has none."""
    wanted = {i.code: i.column_names(format_, year) for i in catalogue}
    wanted = {code: names for code, names in wanted.items() if names}
    if not wanted:
        params = {"year": year, "format": format_, "years": list(catalogue.years(format_))}
        raise SourceError("year_not_in_catalogue", str(year), params, "add_year_to_catalogue")
    return wanted


def place_of(table: Table, *names: str) -> int | None:
    """Index of the first of these columns that the table has."""
    return next((table.header.index(name) for name in names if name in table.header), None)


def refuse_other_year(path: Path, year: int, *clues: str) -> None:
    """SourceError when the file name or another text names exactly one year, and not this one."""
    for text in (path.name, *clues):
        named = {int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text)}
        if len(named) == 1 and year not in named:
            params = {"asked": year, "found": named.pop(), "clue": text}
            raise SourceError("wrong_year", path.name, params, "check_year")


def collect(table: Table, plan: Plan, catalogue: Catalogue) -> StatisticsFile:
    """All values the plan finds in the table, with derived shares and the full report.

    SourceError when no figure column is known, no row has a code, a code occurs twice, or the
    file mixes decimal points and commas.
    """
    where = f"{table.name}, {table.sheet}".rstrip(", ")
    if not plan.columns:
        expected = list(chain.from_iterable(plan.absent.values()))[:5]
        raise SourceError("no_known_columns", where, {"expected": expected}, "check_source")
    kept = [row for row in table if plan.keep is None or plan.keep(row)]
    state = _State(plan, table, catalogue, _decimal(table, plan, kept))
    for row in kept:
        state.take(row)
    if not state.seen:
        first = state.refused[0] if state.refused else None
        params = {"row": first.row, "written": first.code} if first else {}
        raise SourceError("no_codes", where, params, "check_code_column")
    return state.result(len(table.rows) - len(kept))


def _decimal(table: Table, plan: Plan, rows: Iterable[Row]) -> Decimal:
    if plan.decimal is not None:
        return plan.decimal
    places = sorted(set(plan.columns.values()))
    mark, clash = find_decimal(row.cell(place) for row in rows for place in places)
    if clash is not None:
        params = {"point": clash[0], "comma": clash[1]}
        raise SourceError("mixed_decimals", table.name, params, "one_decimal_mark")
    return mark


class _State:
    """What has been gathered so far; one per file."""

    def __init__(self, plan: Plan, table: Table, catalogue: Catalogue, decimal: Decimal) -> None:
        self.plan, self.table, self.decimal = plan, table, decimal
        self.indicators = {code: catalogue[code] for code in plan.columns}
        self.derived = [
            item for item in catalogue if item.derive and set(item.derive.of) <= set(plan.columns)
        ]
        self.seen: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.elsewhere = 0
        self.cells = 0
        self.values: list[StatValue] = []
        self.missing: dict[str, Counter[str]] = defaultdict(Counter)
        self.refused: list[Refused] = []
        self.suspects: list[Suspect] = []

    def take(self, row: Row) -> None:
        """Read one row, unless its code cannot be read."""
        raw = row.cell(self.plan.code_column)
        written = clean_text(raw)
        if _COUNTRY.fullmatch(written):
            self.elsewhere += 1
            return
        try:
            code = parse_code(raw).text
        except AreaCodeError as error:
            advice = "use_suggested_code" if error.suggestion else "check_code"
            params = {"suggestion": error.suggestion} if error.suggestion else {}
            self.refused.append(Refused(row.number, written, error.code, advice, params))
            return
        if code in self.seen:
            double: dict[str, object] = {"code": code, "row": row.number, "first": self.seen[code]}
            where = f"{self.table.name}:{row.number}"
            raise SourceError("double_code", where, double, "keep_one_row")
        self.seen[code] = row.number
        place = self.plan.name_column
        self.names[code] = "" if place is None else clean_text(row.cell(place))
        numbers = self._read_cells(row, code)
        for item in self.derived:
            outcome = derive(item, numbers)
            self._settle(item, code, outcome)

    def _read_cells(self, row: Row, code: str) -> dict[str, float]:
        numbers: dict[str, float] = {}
        for name, place in self.plan.columns.items():
            self.cells += 1
            raw = row.cell(place)
            outcome = in_range(self.indicators[name], read_number(raw, self.decimal))
            if isinstance(outcome, float):
                numbers[name] = outcome
            elif outcome in SUSPECT:
                address = self.table.address(row.number, place)
                self.suspects.append(Suspect(address, name, outcome, clean_text(raw)[:60]))
            self._settle(self.indicators[name], code, outcome)
        return numbers

    def _settle(self, item: Indicator, code: str, outcome: float | str) -> None:
        if isinstance(outcome, str):
            self.missing[item.code][outcome] += 1
            return
        status = ESTIMATE if item.kind == "estimate" else OBSERVED
        self.values.append(StatValue(item.code, code, self.plan.year, outcome, status=status))

    def result(self, elsewhere: int) -> StatisticsFile:
        """The file with its report."""
        used = set(self.plan.columns.values()) | {self.plan.code_column}
        with_value = {value.indicator for value in self.values}
        report = StatReport(
            rows=len(self.table.rows),
            areas=len(self.seen),
            elsewhere=self.elsewhere + elsewhere,
            cells=self.cells,
            values=len(self.values),
            columns={code: self.table.header[i] for code, i in self.plan.columns.items()},
            missing={code: dict(reasons) for code, reasons in self.missing.items()},
            unused=tuple(
                name
                for i, name in enumerate(self.table.header)
                if name and i not in used and name not in self.plan.identity
            ),
            absent=dict(self.plan.absent),
            empty=tuple(
                self.table.header[i] for c, i in self.plan.columns.items() if c not in with_value
            ),
            refused=tuple(self.refused[:MAX_LISTED]),
            suspects=tuple(self.suspects[:MAX_LISTED]),
            notes=self.plan.notes,
        )
        return StatisticsFile(
            source=self.plan.source,
            year=self.plan.year,
            values=tuple(self.values),
            report=replace(report, notes=(*report.notes, *self._notes(report))),
            stated_edition=self.table.edition,
            names=self.names,
        )

    def _notes(self, report: StatReport) -> Iterable[Note]:
        if report.nearly_empty:
            yield Note("nearly_empty", {"empty": len(report.empty), "of": len(report.columns)})
        if any(i.kind == "estimate" for i in self.indicators.values()):
            yield Note("estimates")
        if len(self.refused) > MAX_LISTED:
            yield Note("more_refused", {"count": len(self.refused), "listed": MAX_LISTED})
        if len(self.suspects) > MAX_LISTED:
            yield Note("more_suspects", {"count": len(self.suspects), "listed": MAX_LISTED})


def in_range(item: Indicator, outcome: float | str) -> float | str:
    """A share in % lies between 0 and 100 and a count is not negative; else OUT_OF_RANGE."""
    if isinstance(outcome, str):
        return outcome
    if item.unit == "%" and not 0 <= outcome <= 100:
        return OUT_OF_RANGE
    if item.kind in ("count", "share") and outcome < 0:
        return OUT_OF_RANGE
    return outcome


def derive(item: Indicator, numbers: Mapping[str, float]) -> float | str:
    """Times x sum(of) / sum(share_of), or the reason why it cannot be made."""
    rule = item.derive
    assert rule is not None
    if not all(part in numbers for part in (*rule.of, *rule.share_of)):
        return PART_MISSING
    base = sum(numbers[part] for part in rule.share_of)
    if base == 0:
        return ZERO_BASE
    return rule.times * sum(numbers[part] for part in rule.of) / base
