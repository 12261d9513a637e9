"""Of each gemeente the boundaries that count today: those of its newest boundary year."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Subquery, and_, func, select

from fieldapp.db.models import Area


def newest_years(*conditions: ColumnElement[bool]) -> tuple[Subquery, ColumnElement[bool]]:
    """(gemeente and its newest year among buurten under these conditions, how Area joins it)."""
    newest = (
        select(Area.gemeente_code, func.max(Area.boundary_year).label("year"))
        .where(Area.level == "buurt", *conditions)
        .group_by(Area.gemeente_code)
        .subquery()
    )
    same_gemeente = newest.c.gemeente_code == Area.gemeente_code
    on = and_(same_gemeente, newest.c.year == Area.boundary_year)
    return newest, on
