"""Pages of a long list by where one stopped, not by counting rows: page 900 costs as page 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Go on after (or, `backward`, before) the row with these two values."""

    first: Any
    second: Any
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and whether there are more on either side."""

    rows: Sequence[Row]
    previous: Cursor | None
    next: Cursor | None


def keyset_page(
    session: Session,
    query: Select[Row],
    keys: tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]],
    cursor: Cursor | None,
    limit: int,
    descending: bool = False,
) -> Page[Row]:
    """One page of entities, ordered by two columns that together name one row."""
    first, second = keys
    backward = cursor is not None and cursor.backward
    falling = descending != backward
    if cursor is not None:
        query = query.where(_beyond(keys, cursor, falling))
    order = [key.desc() if falling else key.asc() for key in keys]
    found: Any = session.scalars(query.order_by(*order).limit(limit + 1)).all()
    rows: list[Row] = list(found)
    more, rows = len(rows) > limit, rows[:limit]
    if backward:
        rows.reverse()
    if not rows:
        return Page(rows, None, None)

    def at(row: Row, back: bool) -> Cursor:
        return Cursor(getattr(row, first.key), getattr(row, second.key), back)

    before = more if backward else cursor is not None
    after = True if backward else more
    return Page(rows, at(rows[0], True) if before else None, at(rows[-1], False) if after else None)


def _beyond(
    keys: tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]],
    cursor: Cursor,
    falling: bool,
) -> Any:
    """Written so that an index on the first column is used on both engines."""
    first, second = keys
    if falling:
        return and_(first <= cursor.first, or_(first < cursor.first, second < cursor.second))
    return and_(first >= cursor.first, or_(first > cursor.first, second > cursor.second))
