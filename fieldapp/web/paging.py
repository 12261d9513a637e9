"""Where a reader of a long list is, as a word in the address."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import request, url_for

from fieldapp.db.queries.keyset import Cursor, Page
from fieldapp.web.requests import LARGEST_ID

PARAM = "vanaf"


def cursor_text(cursor: Cursor) -> str:
    """A cursor in an address: '<' goes back, then the moment and the id."""
    mark = "<" if cursor.backward else ""
    return f"{mark}{cursor.first.isoformat()}_{cursor.second}"


def read_cursor(text: str, read_id: Callable[[str], Any] = uuid.UUID) -> Cursor | None:
    """The cursor in an address; None, the first page, when it is no cursor of ours."""
    backward = text.startswith("<")
    moment, _, name = text.removeprefix("<").partition("_")
    try:
        first = datetime.fromisoformat(moment)
        if first.tzinfo is None:
            return None
        # A moment at either end of time has no UTC; a number beyond a column has no row.
        first, second = first.astimezone(UTC), read_id(name)
    except (ValueError, OverflowError):
        return None
    if isinstance(second, int) and abs(second) > LARGEST_ID:
        return None
    return Cursor(first, second, backward)


def asked_cursor(read_id: Callable[[str], Any] = uuid.UUID) -> Cursor | None:
    """The cursor of this request."""
    return read_cursor(request.args.get(PARAM, ""), read_id)


def page_urls(
    page: Page[Any], endpoint: str, filters: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """The addresses of the previous and the next page, filters kept."""

    def to(cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        return url_for(endpoint, **{**filters, PARAM: cursor_text(cursor)})

    return to(page.previous), to(page.next)
