"""Which rows a person may see: SQL twins of core/people.area_covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

Column = InstrumentedAttribute[Any]


def in_areas(column: Column, codes: Sequence[str] | None) -> ColumnElement[bool]:
    """The column's area lies in one of `codes` (None: anywhere, also outside every area)."""
    if codes is None:
        return true()
    return or_(*(in_area(column, code) for code in codes)) if codes else false()


def in_area(column: Column, code: str) -> ColumnElement[bool]:
    """The column's area is `code` or a wijk or buurt inside it, by CBS code."""
    if code[:2] not in ("GM", "WK"):
        return column == code
    inside = (column.startswith(level + code[2:], autoescape=True) for level in ("WK", "BU"))
    return or_(column == code, *inside)
