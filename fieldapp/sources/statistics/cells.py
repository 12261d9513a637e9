"""What one cell says: a number, or nothing and why. Missing is never a number; a real 0 is one.

CBS writes "." for unknown, secret and not yet published alike; PDOK and shapefiles write negative
codes (-99995 not available, -99997 suppressed, -99999999); RIVM leaves cells empty for what was
not measured. Numbers come as numbers or as text, padded, with a point or a comma.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal

from fieldapp.core.profile.constants import MISSING_CODES

Decimal = Literal[".", ","]

# Reasons why a cell holds no number; the first group is normal, the second asks for a look.
DOT, EMPTY, SENTINEL, SECRET = "dot", "empty", "sentinel", "secret"
NOT_A_NUMBER, EXCEL_ERROR, OUT_OF_RANGE = "not_a_number", "excel_error", "out_of_range"
PART_MISSING, ZERO_BASE = "part_missing", "zero_base"
SUSPECT = frozenset({NOT_A_NUMBER, EXCEL_ERROR, OUT_OF_RANGE})

_SPACES = dict.fromkeys(map(ord, " \u00a0\u2007\u202f\t"))
_PLAIN = {
    ".": re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?"),
    ",": re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?"),
}
_EXCEL_ERRORS = re.compile(
    r"#(N/A|NB|DIV/0!|DEEL/0!|REF!|VERW!|VALUE!|WAARDE!|NAME\?|NAAM\?|NUM!|NULL!)"
)


def clean_text(raw: object) -> str:
    """Text of a cell without padding; non-breaking and double spaces become one space."""
    return "" if raw is None else " ".join(str(raw).replace("\u00a0", " ").split())


def find_decimal(cells: Iterable[object]) -> tuple[Decimal, tuple[str, str] | None]:
    """Which mark this file uses in numbers written as text, and a clash when it uses both.

    One cell "1.234" could be either; the file as a whole decides. Without any mark: a point.
    Returns the mark and, when some cells can only be read one way and others only the other,
    one example of each.
    """
    point = comma = ""
    for cell in cells:
        if not isinstance(cell, str) or ("," not in cell and "." not in cell):
            continue
        text = cell.translate(_SPACES)
        as_point = _PLAIN["."].fullmatch(text) is not None
        as_comma = _PLAIN[","].fullmatch(text) is not None
        if as_point and not as_comma:
            point = point or text
        elif as_comma and not as_point:
            comma = comma or text
    clash = (point, comma) if point and comma else None
    if comma and not clash:
        return ",", None
    return ".", clash


def read_number(raw: object, decimal: Decimal = ".") -> float | str:
    """The number in a cell, or the reason (a constant of this module) why there is none."""
    if raw is None:
        return EMPTY
    if isinstance(raw, bool):
        return NOT_A_NUMBER
    if isinstance(raw, (int, float)):
        return _known(float(raw))
    if not isinstance(raw, str):
        return NOT_A_NUMBER  # a date: Excel reads "1-2" and "1.2" as one
    text = raw.translate(_SPACES).strip()
    if text in ("", "."):
        return EMPTY if text == "" else DOT
    if text in ("x", "X"):
        return SECRET
    if _EXCEL_ERRORS.fullmatch(text.upper()):
        return EXCEL_ERROR
    if not _PLAIN[decimal].fullmatch(text):
        return NOT_A_NUMBER
    grouping = "," if decimal == "." else "."
    return _known(float(text.replace(grouping, "").replace(",", ".")))


def _known(number: float) -> float | str:
    if math.isnan(number):
        return EMPTY
    if math.isinf(number):
        return NOT_A_NUMBER
    return SENTINEL if number in MISSING_CODES else number + 0.0
