"""What a browser sends for a question, as a draft keeps it, and as core reads it. A table by type.

A draft keeps what was typed, right or wrong; only on its way to core is it brought into the form
that core knows (`2026-05` of a month field, `52,09 5,12` on a line of its own).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from fieldapp.core.survey import Question
from fieldapp.core.survey.vocabulary import FILE_TYPES, UNANSWERED_TYPES

Values = Mapping[str, list[str]]
POINT_PARTS = ("lat", "lon", "accuracy", "source")
# Files and the place have their own way in; nothing is typed for the others.
NOT_TYPED = UNANSWERED_TYPES | FILE_TYPES | {"hidden"}

MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})")
DUTCH_MONTH = re.compile(r"(?P<month>[0-9]{1,2})[-/. ](?P<year>[0-9]{4})")
YEAR = re.compile(r"(?P<year>[0-9]{4})")


class Unreadable(ValueError):
    """What was typed cannot be turned into an answer; `code` and `params` say why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def clean(values: list[str]) -> list[str]:
    """Without NUL: PostgreSQL stores none in text, and nobody typed it either."""
    return [value.replace("\0", "") for value in values]


# as a draft keeps it


def raw_of(question: Question, path: str, values: Values) -> Any:
    """What the controls of the question at `path` said."""
    reader = KEPT.get(question.type)
    if reader is not None:
        return reader(question, path, values)
    sent = clean(values.get(path, []))
    if len(sent) > 1:
        return sent
    return sent[0] if sent else ""


def was_sent(question: Question, path: str, values: Values) -> bool:
    """Whether any control of the question came along."""
    return path in values or any(
        name.startswith(f"{path}/") for name in values if question.type in PARTED
    )


def _list(question: Question, path: str, values: Values) -> list[str]:
    return [value for value in clean(values.get(path, [])) if value]


def _parts(question: Question, path: str, values: Values) -> Any:
    """A month and a year as `2026-5`; half of it stays half, to be shown again."""
    if not {"year", "month-year"} & question.appearances or path in values:
        sent = clean(values.get(path, []))
        return sent[0] if sent else ""
    year, month = (clean(values.get(f"{path}/{part}", [""]))[0] for part in ("year", "month"))
    return year if "month-year" not in question.appearances else f"{year}-{month}".strip("-")


def _point(question: Question, path: str, values: Values) -> dict[str, str]:
    parts = {part: clean(values.get(f"{path}/{part}", [""]))[0].strip() for part in POINT_PARTS}
    return parts if parts["lat"] or parts["lon"] else {}


PARTED = frozenset({"date", "geopoint"})  # these may have several controls
KEPT: Mapping[str, Callable[[Question, str, Values], Any]] = {
    "select_multiple": _list,
    "rank": _list,
    "date": _parts,
    "geopoint": _point,
}


# as core reads it


def for_core(question: Question, raw: Any) -> Any:
    """What was typed, in the form that core knows. Unreadable when that cannot be."""
    turn = READ.get(question.type)
    return raw if turn is None or raw in ("", None) else turn(question, raw)


def _as_point(question: Question, raw: Any) -> Any:
    if not isinstance(raw, Mapping):
        return raw
    lat, lon = (str(raw.get(part) or "").replace(",", ".").strip() for part in ("lat", "lon"))
    if not lat and not lon:
        return None
    if not lat or not lon:
        raise Unreadable("location_half")
    return f"{lat} {lon} 0 {raw.get('accuracy') or 0}"


def _line(question: Question, raw: Any) -> Any:
    """Points, one a line or with `;` between; each latitude and longitude, comma or point."""
    if not isinstance(raw, str):
        return raw
    points = [point for line in raw.splitlines() for point in line.split(";") if point.strip()]
    return "; ".join(" ".join(_numbers(point)) for point in points)


def _numbers(point: str) -> list[str]:
    parts = point.split()
    if len(parts) == 1 and point.count(",") in (1, 3):
        # 52.09,5.12 and 52,09,5,12
        pieces = parts[0].split(",")
        parts = pieces if len(pieces) == 2 else [".".join(pieces[:2]), ".".join(pieces[2:])]
    return [part.strip(",").replace(",", ".") for part in parts]


def _date(question: Question, raw: Any) -> Any:
    """A month or a year counts as its first day, as in ODK."""
    if not isinstance(raw, str):
        return raw
    text = raw.strip()
    if "month-year" in question.appearances:
        found = MONTH.fullmatch(text) or DUTCH_MONTH.fullmatch(text)
        return f"{found['year']}-{int(found['month']):02}-01" if found else raw
    if "year" in question.appearances:
        found = YEAR.fullmatch(text)
        return f"{found['year']}-01-01" if found else raw
    return raw


READ: Mapping[str, Callable[[Question, Any], Any]] = {
    "geopoint": _as_point,
    "geotrace": _line,
    "geoshape": _line,
    "date": _date,
}
