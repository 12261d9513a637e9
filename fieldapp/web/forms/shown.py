"""What a draft keeps of a question, as pairs of control and value that WTForms reads. By type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fieldapp.core.survey import Question
from fieldapp.core.survey.vocabulary import FILE_TYPES
from fieldapp.services.place_question import geopoint_question
from fieldapp.services.typed import POINT_PARTS
from fieldapp.web.forms.look import Asked
from fieldapp.web.forms.made import SEPARATOR
from fieldapp.web.forms.places import PLACE_PARTS

Pairs = list[tuple[str, str]]


def typed_pairs(question: Question, path: str, asked: Asked) -> Pairs:
    """(name of a control, value) as it was typed."""
    if question is geopoint_question(asked.survey):
        return _place(path, asked)
    show = SHOWN.get(question.type)
    raw = asked.typed(path)
    if raw in (None, ""):
        return []
    if show is not None:
        return show(question, path, raw)
    values = raw if isinstance(raw, list) else [raw]
    return [(path, str(one)) for one in values if one != ""]


def _place(path: str, asked: Asked) -> Pairs:
    if not asked.look.exact_place:
        return [(path, str(asked.location.get("area_code") or ""))]
    return [
        (f"{path}{SEPARATOR}{part}", str(asked.location.get(key) or ""))
        for key, part in PLACE_PARTS.items()
    ]


def _point(question: Question, path: str, raw: Any) -> Pairs:
    if isinstance(raw, str):  # a default: lat lon altitude accuracy
        lat, lon, *rest = [*raw.split(), "", ""][:4]
        raw = {"lat": lat, "lon": lon, "accuracy": rest[1] if len(rest) > 1 else ""}
    if not isinstance(raw, Mapping):
        return []
    return [(f"{path}{SEPARATOR}{part}", str(raw.get(part) or "")) for part in POINT_PARTS]


def _line(question: Question, path: str, raw: Any) -> Pairs:
    """Points below each other, however they came in."""
    return [(path, "\n".join(part.strip() for part in str(raw).split(";") if part.strip()))]


def _date(question: Question, path: str, raw: Any) -> Pairs:
    text = str(raw)
    if not {"month-year", "year"} & question.appearances:
        return [(path, text)]
    parts = text.split("-")
    year = next((part for part in parts if len(part) == 4), "")
    pairs = [(f"{path}{SEPARATOR}year", year)]
    if "month-year" in question.appearances:
        month = next((part for part in parts[bool(year) :][:1] if part.isdecimal()), "")
        pairs.append((f"{path}{SEPARATOR}month", str(int(month)) if month else ""))
    return pairs


def _clock(question: Question, path: str, raw: Any) -> Pairs:
    """Without seconds of zero, which the control does not show."""
    text = str(raw)
    return [(path, text.removesuffix(":00") if text.count(":") == 2 else text)]


def _nothing(question: Question, path: str, raw: Any) -> Pairs:
    return []


SHOWN: Mapping[str, Callable[[Question, str, Any], Pairs]] = {
    "geopoint": _point,
    "geotrace": _line,
    "geoshape": _line,
    "date": _date,
    "time": _clock,
    "dateTime": _clock,
    **dict.fromkeys(FILE_TYPES, _nothing),
}
