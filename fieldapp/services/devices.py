"""Phones as they describe themselves, and which of them need somebody's attention."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import can_be_stored
from fieldapp.core.survey import Problem
from fieldapp.db.engine import insert_if_absent
from fieldapp.db.models import AuditEntry, Device
from fieldapp.db.queries import phones as queries

MOST_DEVICES = 20  # per person; the one that was not seen for longest goes
MOST_ITEMS = 1_000_000
MOST_BYTES = 2**53
LONGEST_OFF = 2_000_000_000  # seconds of a clock that is wrong; more no column takes

# From when on somebody should look at a phone.
LATE = timedelta(hours=24)
CLOCK_S = 600  # more seconds wrong than this
LITTLE_BYTES = 50 * 1024 * 1024  # less room than this


@dataclass(frozen=True, slots=True)
class Report:
    """What a phone tells about itself; `clock` is its own idea of now."""

    name: str
    app_version: str
    drafts: int
    unsent: int
    refused: int
    oldest_unsent_at: datetime | None
    persisted: bool | None
    sealed: bool
    free_bytes: int | None
    used_bytes: int | None
    clock: datetime | None


def read_report(data: Any) -> tuple[Report | None, list[Problem]]:
    """A report from JSON; every problem at once. Names that we do not know are left alone."""
    if not isinstance(data, Mapping):
        return None, [Problem("body_not_json", "body")]
    reader = _Reader(data)
    report = Report(
        name=reader.text("name", 60),
        app_version=reader.text("app_version", 20),
        drafts=reader.number("drafts", MOST_ITEMS) or 0,
        unsent=reader.number("unsent", MOST_ITEMS) or 0,
        refused=reader.number("refused", MOST_ITEMS) or 0,
        oldest_unsent_at=reader.moment("oldest_unsent_at"),
        persisted=reader.truth("persisted"),
        sealed=bool(reader.truth("sealed")),
        free_bytes=reader.number("free_bytes", MOST_BYTES),
        used_bytes=reader.number("used_bytes", MOST_BYTES),
        clock=reader.moment("clock"),
    )
    return (None if reader.problems else report), reader.problems


class _Reader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.problems: list[Problem] = []

    def text(self, name: str, longest: int) -> str:
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > 1000 or not can_be_stored(value):
            self.problems.append(Problem("not_text", name))
            return ""
        return value.strip()[:longest]

    def number(self, name: str, most: int) -> int | None:
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.problems.append(Problem("not_an_integer", name, {"found": str(value)[:40]}))
            return None
        return min(value, most)

    def truth(self, name: str) -> bool | None:
        value = self.data.get(name)
        if value is not None and not isinstance(value, bool):
            self.problems.append(Problem("unknown_choice", name))
            return None
        return value

    def moment(self, name: str) -> datetime | None:
        value = self.data.get(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.problems.append(Problem("not_a_moment", name, {"found": str(value)[:40]}))
            return None
        if moment.tzinfo is None or not 1970 <= moment.year <= 2200:
            self.problems.append(Problem("moment_without_zone", name))
            return None
        return moment


def report_device(
    session: Session, actor: Actor, device_id: uuid.UUID, report: Report, now: datetime
) -> Device:
    """Note what a phone of this person says. One commit."""
    if actor.user_id is None or actor.organisation_id is None:
        raise ValueError("a device belongs to a person")
    off = clock_off(report.clock, now)
    told = {
        "organisation_id": actor.organisation_id,
        "name": report.name,
        "app_version": report.app_version,
        "last_seen_at": now,
        "drafts": report.drafts,
        "unsent": report.unsent,
        "refused": report.refused,
        "oldest_unsent_at": _by_our_clock(report.oldest_unsent_at, off),
        "persisted": report.persisted,
        "sealed": report.sealed,
        "free_bytes": report.free_bytes,
        "used_bytes": report.used_bytes,
        "clock_off_s": off,
    }
    row = {"user_id": actor.user_id, "device_id": device_id, "first_seen_at": now, **told}
    table: Any = Device.__table__
    insert_if_absent(session, table, ["user_id", "device_id"], row)
    mine = queries.devices_of(session, actor.user_id)
    found = next(device for device in mine if device.device_id == device_id)
    for name, value in told.items():
        setattr(found, name, value)
    others = [device for device in mine if device is not found]
    for device in others[MOST_DEVICES - 1 :]:
        session.delete(device)
    session.commit()
    return found


def clock_off(clock: datetime | None, now: datetime) -> int | None:
    """The phone's clock minus ours, whole seconds."""
    if clock is None:
        return None
    seconds = round((clock - now).total_seconds())
    return max(-LONGEST_OFF, min(LONGEST_OFF, seconds))


def _by_our_clock(moment: datetime | None, off: int | None) -> datetime | None:
    """When it was, for a phone whose clock is wrong."""
    try:
        return moment - timedelta(seconds=off or 0) if moment else None
    except OverflowError:
        return moment


def remove_device(session: Session, actor: Actor, device: Device, now: datetime) -> None:
    """Take a lost phone off the list. One commit, with an audit entry."""
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.user_id,
            deed="device_removed",
            subject=f"person {device.user_id}",
            detail={"name": device.name, "unsent": device.unsent},
        )
    )
    session.delete(device)
    session.commit()


def needs(device: Device, newest_version: str, now: datetime) -> list[str]:
    """Why somebody should look at this phone, the worst first.

    Of: late (unsent for 24 hours), silent (unsent, and not seen for 24 hours), refused, clock,
    full, vanish (unsent, may be cleaned up and has no second copy), old (version).
    """
    waits = device.unsent > 0
    oldest = device.oldest_unsent_at
    fragile = device.persisted is not True and not device.sealed
    found = {
        "late": waits and oldest is not None and oldest < now - LATE,
        "silent": waits and device.last_seen_at < now - LATE,
        "refused": device.refused > 0,
        "clock": abs(device.clock_off_s or 0) > CLOCK_S,
        "full": device.free_bytes is not None and device.free_bytes < LITTLE_BYTES,
        "vanish": (waits or device.drafts > 0) and fragile,
        "old": bool(device.app_version) and device.app_version != newest_version,
    }
    return [code for code, true in found.items() if true]
