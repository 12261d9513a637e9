"""A submission: what comes in, its content hash, its states and the steps between them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fieldapp.core.survey import Problem

RECEIVED, ACCEPTED, RETURNED, REJECTED = "received", "accepted", "returned", "rejected"

# A voice counts from its arrival; returning or rejecting takes it out (docs/adr).
COUNTING = (RECEIVED, ACCEPTED)

STEPS: Mapping[str, tuple[str, ...]] = {
    RECEIVED: (ACCEPTED, RETURNED, REJECTED),
    ACCEPTED: (RETURNED, REJECTED),
    RETURNED: (ACCEPTED, REJECTED),
    REJECTED: (ACCEPTED,),
}
NEED_REASON = (RETURNED, REJECTED)

HIGHEST_REVISION = 1_000_000  # nobody finishes a form more often

LOCATION_SOURCES = ("gps", "map", "area", "manual", "none")


def can_be_stored(text: str) -> bool:
    """Whether both engines can keep and compare this text: no NUL, no half of a character pair."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def may_step(old: str, new: str) -> bool:
    """Whether a submission in state `old` may become `new`."""
    return new in STEPS.get(old, ())


@dataclass(frozen=True, slots=True)
class Location:
    """Where it was captured, in degrees (EPSG:4326); accuracy in metres.

    Either a point, or the code of an area that somebody chose from a list, or nothing.
    `taken_at`: when the phone measured the point.
    """

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    source: str = "none"
    area_code: str | None = None
    taken_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """As the API writes it."""
        said = {
            "lon": self.lon,
            "lat": self.lat,
            "accuracy_m": self.accuracy_m,
            "source": self.source,
            "area_code": self.area_code,
        }
        # Only where it is known: what was sent before this existed keeps its hash.
        moment = self.taken_at.astimezone(UTC).isoformat() if self.taken_at else None
        return {**said, "taken_at": moment} if moment else said


NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent for a question, before it is checked and re-encoded.

    Of one that came before its submission `data` is empty, `sha256` known, and `load` reads the
    bytes when they are needed; FileNotFoundError when they are not here.
    """

    question: str
    file_name: str
    data: bytes
    sha256: str = ""
    taken_at: datetime | None = None  # as the phone read it before it took the EXIF out
    load: Callable[[], bytes] | None = field(default=None, compare=False, repr=False)

    @property
    def sent_sha256(self) -> str:
        """SHA-256 of the bytes as sent, hex."""
        return self.sha256 or hashlib.sha256(self.data).hexdigest()

    def content(self) -> bytes:
        """The bytes. Raises FileNotFoundError when they are not here."""
        return self.load() if self.load is not None else self.data


@dataclass(frozen=True, slots=True)
class Incoming:
    """One submission as a phone or a plain form sends it.

    `revision`: how often its form was finished on the phone; 0 where nobody counts. It is no part
    of the content: the same words finished twice are the same submission.
    """

    id: UUID
    survey: str
    version: str
    language: str
    captured_at: datetime
    answers: Mapping[str, Any]
    location: Location = NOWHERE
    files: tuple[SentFile, ...] = ()
    round_slug: str = ""
    channel: str = "api"
    revision: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)


def content_sha256(incoming: Incoming) -> str:
    """What makes two sendings the same: everything said, and the bytes of every file.

    SHA-256, hex, of JSON with sorted keys; the moment in UTC.
    """
    content = {
        "survey": incoming.survey,
        "version": incoming.version,
        "language": incoming.language,
        "captured_at": incoming.captured_at.astimezone(UTC).isoformat(),
        "location": incoming.location.as_json(),
        "answers": dict(incoming.answers),
        "files": sorted([f.question, f.file_name, f.sent_sha256] for f in incoming.files),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_revision(data: Any) -> tuple[int, list[Problem]]:
    """A whole number, in JSON or as the text of a form part; absent is 0."""
    if data is None or data == "":
        return 0, []
    if isinstance(data, str) and data.isascii() and data.isdecimal() and len(data) <= 7:
        data = int(data)
    if type(data) is int and 0 <= data <= HIGHEST_REVISION:
        return data, []
    params = {"found": str(data)[:40], "most": HIGHEST_REVISION}
    return 0, [Problem("not_a_revision", "revision", params)]


def read_location(data: Any) -> tuple[Location, list[Problem]]:
    """A location from JSON; None or {} is nowhere.

    Keys: lon, lat, accuracy_m, source, area_code, taken_at (ISO with zone).
    """
    if data in (None, "", {}):
        return NOWHERE, []
    if not isinstance(data, Mapping):
        return NOWHERE, [Problem("location_not_an_object", "location")]
    problems: list[Problem] = []
    lon, lat, accuracy = (
        _number(data.get(name), name, problems) for name in ("lon", "lat", "accuracy_m")
    )
    if (lon is None) != (lat is None):
        problems.append(Problem("location_half", "location"))
    if lon is not None and lat is not None:
        problems += _check_degrees(lon, lat)
    if accuracy is not None and accuracy < 0:
        problems.append(Problem("location_accuracy", "location.accuracy_m"))
    area_code = data.get("area_code") or None
    if area_code is not None and not _is_code(area_code):
        problems.append(Problem("location_area", "location.area_code"))
        area_code = None
    default = "gps" if lon is not None else "area" if area_code else "none"
    source = data.get("source") or default
    if source not in LOCATION_SOURCES:
        known = ", ".join(LOCATION_SOURCES)
        problems.append(Problem("location_source", "location.source", {"known": known}))
        source = default
    taken_at = _moment(data.get("taken_at"), problems)
    return Location(lon, lat, accuracy, source, area_code, taken_at), problems


def _moment(value: Any, problems: list[Problem]) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2200:
        problems.append(Problem("location_taken_at", "location.taken_at"))
        return None
    return moment


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 40 and can_be_stored(value)


def _number(value: Any, name: str, problems: list[Problem]) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = value.strip().replace(",", ".")
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        problems.append(Problem("not_a_number", f"location.{name}", {"found": str(value)[:40]}))
        return None
    return number


def _check_degrees(lon: float, lat: float) -> list[Problem]:
    if abs(lat) <= 90 and abs(lon) <= 180:
        return []
    # RD metres sent as degrees are the usual mistake; say so.
    rijksdriehoek = 0 <= lon <= 300_000 and 300_000 <= lat <= 625_000
    code = "location_rd" if rijksdriehoek else "point_off_earth"
    return [Problem(code, "location", {"lon": lon, "lat": lat})]
