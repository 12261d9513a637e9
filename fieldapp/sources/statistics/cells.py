"""What cells say: a number, or nothing and why. Missing is never a number; a real 0 is one.

CBS writes "." for unknown, secret and not yet published alike; PDOK and shapefiles write negative
codes (-99995 not available, -99997 suppressed, -99999999); RIVM leaves cells empty for what was
not measured. Numbers come as numbers or as text, padded, with a point or a comma.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import pandas as pd

from fieldapp.core.profile.constants import MISSING_CODES

Decimal = Literal[".", ","]

# Reasons why a cell holds no number; the first group is normal, the second asks for a look.
DOT, EMPTY, SENTINEL, SECRET = "dot", "empty", "sentinel", "secret"
NOT_A_NUMBER, EXCEL_ERROR, OUT_OF_RANGE = "not_a_number", "excel_error", "out_of_range"
PART_MISSING, ZERO_BASE = "part_missing", "zero_base"
SUSPECT = frozenset({NOT_A_NUMBER, EXCEL_ERROR, OUT_OF_RANGE})

_SPACES = dict.fromkeys(map(ord, " \u00a0\u2007\u202f\t"))
_PLAIN = {
    ".": r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?",
    ",": r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?",
}
_EXCEL_ERROR = r"#(?:N/A|NB|DIV/0!|DEEL/0!|REF!|VERW!|VALUE!|WAARDE!|NAME\?|NAAM\?|NUM!|NULL!)"


def clean_text(raw: object) -> str:
    """Text of a cell without padding; non-breaking and double spaces become one space."""
    return "" if raw is None else " ".join(str(raw).replace("\u00a0", " ").split())


def find_decimal(cells: Iterable[object]) -> tuple[Decimal, tuple[str, str] | None]:
    """Which mark this file uses in numbers written as text, and a clash when it uses both.

    One cell "1.234" could be either; the file as a whole decides. Without any mark: a point.
    Returns the mark and, when some cells can only be read one way and others only the other,
    one example of each.
    """
    column = pd.Series(list(cells), dtype=object)
    text = _bare(column[column.map(type).isin([str])].drop_duplicates())
    as_point, as_comma = (text.str.fullmatch(_PLAIN[mark]) for mark in (".", ","))
    point = next(iter(text[as_point & ~as_comma]), "")
    comma = next(iter(text[as_comma & ~as_point]), "")
    if point and comma:
        return ".", (point, comma)
    return ("," if comma else "."), None


def read_numbers(cells: pd.Series[Any], decimal: Decimal) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The numbers in a column of raw cells, and why there is none where there is none.

    Two columns with the index of `cells`: float, NaN where there is no number; and text, a
    constant of this module there and empty elsewhere.
    """
    kind = cells.map(type)
    text = _bare(cells[kind.isin([str])])
    plain = text[text.str.fullmatch(_PLAIN[decimal])]
    grouping = "," if decimal == "." else "."
    plain = plain.str.replace(grouping, "", regex=False).str.replace(",", ".", regex=False)
    written = plain.map(float).astype("float64")  # to_numeric knows no digits of other scripts
    # Of the other types only int and float are numbers: not bool, and not a date, which Excel
    # makes of "1-2" and "1.2" alike.
    stored = cells[kind.isin([int, float])].astype("float64")
    numbers = pd.concat([written, stored]).reindex(cells.index)
    text = text.reindex(cells.index)
    reasons = np.select(
        [
            cells.isna() | text.eq(""),
            text.eq("."),
            text.isin(["x", "X"]),
            text.str.upper().str.fullmatch(_EXCEL_ERROR, na=False),
            numbers.isin(MISSING_CODES),
            ~np.isfinite(numbers),
        ],
        [EMPTY, DOT, SECRET, EXCEL_ERROR, SENTINEL, NOT_A_NUMBER],
        default="",
    )
    why = pd.Series(reasons, index=cells.index, dtype=object)
    return numbers.where(why.eq("")) + 0.0, why  # + 0.0: no minus zero


def read_number(raw: object, decimal: Decimal = ".") -> float | str:
    """The number in one cell, or the reason why there is none."""
    numbers, reasons = read_numbers(pd.Series([raw], dtype=object), decimal)
    return str(reasons[0]) or float(numbers[0])


def _bare(text: pd.Series[Any]) -> pd.Series[Any]:
    """Text without any space in it."""
    return text.astype("str").str.translate(_SPACES).str.strip()
