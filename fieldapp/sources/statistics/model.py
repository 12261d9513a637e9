"""What a reader of statistics hands back: values with their vintage, and a full account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fieldapp.sources.errors import Note, Refused

OBSERVED, ESTIMATE = "", "estimate"


class StatValue(NamedTuple):
    """One figure of one area. `year` is what it describes, `edition` which publication of it.

    A named tuple and not a dataclass: one file gives a quarter of a million of them.
    """

    indicator: str
    area_code: str
    year: int
    value: float
    edition: str = ""
    status: str = OBSERVED


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell that should hold a number and does not; `where` is its address in the file."""

    where: str
    indicator: str
    reason: str
    written: str


@dataclass(frozen=True, slots=True)
class StatReport:
    """Account of one file: nothing that was in it is left out in silence.

    `rows` = areas + `elsewhere` (rows of another age, margin, period or country) + refused.
    `missing`: indicator -> reason -> cells. `unused`: columns that no indicator asks for;
    `absent`: indicator -> column names that were expected; `empty`: columns without one value.
    """

    rows: int = 0
    areas: int = 0
    elsewhere: int = 0
    cells: int = 0
    values: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def nearly_empty(self) -> bool:
        """True when more than half of the expected columns hold nothing: a first edition."""
        return len(self.empty) * 2 > len(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "rows": self.rows,
            "areas": self.areas,
            "elsewhere": self.elsewhere,
            "cells": self.cells,
            "values": self.values,
            "nearly_empty": self.nearly_empty,
            "columns": dict(self.columns),
            "missing": {code: dict(reasons) for code, reasons in self.missing.items()},
            "columns_unused": list(self.unused),
            "columns_absent": {code: list(names) for code, names in self.absent.items()},
            "columns_empty": list(self.empty),
            "refused": [
                {"row": r.row, "code": r.code, "reason": r.reason, "advice": r.advice}
                | ({"params": dict(r.params)} if r.params else {})
                for r in self.refused
            ],
            "suspects": [
                {"where": s.where, "indicator": s.indicator, "reason": s.reason, "text": s.written}
                for s in self.suspects
            ],
            "notes": [{"code": note.code, **note.params} for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class StatisticsFile:
    """The values of a file and the report; `stated_edition` is the date the file itself gives."""

    source: str
    year: int
    values: tuple[StatValue, ...]
    report: StatReport
    stated_edition: str = ""
    names: Mapping[str, str] = field(default_factory=dict)  # every area in the file -> its name
