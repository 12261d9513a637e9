"""The answers to several versions of a survey as tables: which columns, and what stands in them.

Versions are read newest first. A question joins the column of its name when the types fit and it
stands in the same repeats; else it gets a column of its own, named after its version. Each repeat
is a table of its own. Closed answers have two columns: the code, and the words that were shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldapp.core.survey.compare import fits
from fieldapp.core.survey.model import Group, Item, Question, Survey
from fieldapp.core.survey.vocabulary import LIST_TYPES, METADATA_TYPES

Cell = str | int | float | None
NOT_SHOWN = METADATA_TYPES | {"note"}  # times to the second and devices say who it was
MAIN = ""
OF_ROUND = ("inzending", "ronde")
NUMBERS = frozenset({"integer", "decimal", "range"})


@dataclass(slots=True)
class Column:
    """One question over its versions. `labelled`: with the words shown in a column beside it."""

    key: str
    table: str
    question: Question
    versions: list[str]
    labelled: bool = False
    remark: str = ""  # type or repeats: why it does not stand with its namesake


@dataclass(slots=True)
class Plan:
    """The tables ("" the main one, then the repeats) and where each version's answers go."""

    columns: list[Column] = field(default_factory=list)
    tables: list[str] = field(default_factory=lambda: [MAIN])
    places: dict[tuple[str, str], Column] = field(default_factory=dict)  # (version, question)

    def of_table(self, table: str) -> list[Column]:
        """The columns of one table, in order."""
        return [column for column in self.columns if column.table == table]

    def headers(self, table: str) -> list[str]:
        """Names of the columns of one table; without those of the submission itself."""
        return [
            header
            for column in self.of_table(table)
            for header in (
                (column.key, f"{column.key}_tekst") if column.labelled else (column.key,)
            )
        ]


def plan_of(versions: Sequence[Survey]) -> Plan:
    """The columns for these versions, given newest first."""
    plan = Plan()
    for survey in versions:
        for question in survey.questions:
            if question.type in NOT_SHOWN:
                continue
            table = question.repeats[-1] if question.repeats else MAIN
            if table not in plan.tables:
                plan.tables.append(table)
            column = _column(plan, survey, question, table)
            column.versions.append(survey.version)
            column.labelled = column.labelled or question.type in LIST_TYPES
            plan.places[survey.version, question.name] = column
    return plan


def _column(plan: Plan, survey: Survey, question: Question, table: str) -> Column:
    namesakes = [column for column in plan.columns if column.question.name == question.name]
    for column in namesakes:
        same = column.question.repeats == question.repeats
        if same and fits(column.question.type, question.type):
            return column
    key, remark = question.name, ""
    if namesakes:
        key = f"{question.name}@{survey.version}"
        moved = namesakes[0].question.repeats != question.repeats
        remark = "repeats" if moved else "type"
    column = Column(key, table, question, [], remark=remark)
    plan.columns.append(column)
    return column


def rows_of(
    plan: Plan, survey: Survey, stored: Mapping[str, Any], key: str
) -> Iterator[tuple[str, list[Cell]]]:
    """(table, cells) of one submission: of the main table without its own facts, of a repeat with
    `key` and the round (`2`, nested `2.1`) in front.
    """
    yield from _level(plan, survey, survey.items, stored, MAIN, key, "")


def _level(
    plan: Plan,
    survey: Survey,
    items: Iterable[Item],
    stored: Mapping[str, Any],
    table: str,
    key: str,
    at: str,
) -> Iterator[tuple[str, list[Cell]]]:
    found: dict[str, tuple[Cell, Cell]] = {}
    repeats: list[Group] = []
    _gather(plan, survey, items, stored, found, repeats)
    cells: list[Cell] = [] if table == MAIN else [key, at]
    for column in plan.of_table(table):
        value, label = found.get(column.key, (None, None))
        cells += [value, label] if column.labelled else [value]
    yield table, cells
    for repeat in repeats:
        entry = stored.get(repeat.name)
        rounds = entry.get("v") if isinstance(entry, Mapping) else None
        for number, one in enumerate(rounds if isinstance(rounds, list) else (), start=1):
            if isinstance(one, Mapping):
                here = f"{at}.{number}" if at else str(number)
                yield from _level(plan, survey, repeat.children, one, repeat.name, key, here)


def _gather(
    plan: Plan,
    survey: Survey,
    items: Iterable[Item],
    stored: Mapping[str, Any],
    found: dict[str, tuple[Cell, Cell]],
    repeats: list[Group],
) -> None:
    for item in items:
        if isinstance(item, Question):
            column = plan.places.get((survey.version, item.name))
            entry = stored.get(item.name)
            if column is not None and isinstance(entry, Mapping):
                found[column.key] = _cells(item, entry)
        elif item.is_repeat:
            repeats.append(item)
        else:
            _gather(plan, survey, item.children, stored, found, repeats)


def _cells(question: Question, entry: Mapping[str, Any]) -> tuple[Cell, Cell]:
    value, label = entry.get("v"), entry.get("l")
    if value is None:
        return None, None
    if question.type == "geopoint":
        value = " ".join(str(value).split()[:2])
    elif question.type in ("geotrace", "geoshape"):
        value = len([part for part in str(value).split(";") if part.strip()])
    return _cell(value, " "), _cell(label, "; ")


def _cell(value: Any, between: str) -> Cell:
    if isinstance(value, list):
        return between.join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, int | float) else str(value)


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_text(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV
    injection"); numbers stay numbers.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
