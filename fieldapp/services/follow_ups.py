"""Promises made at a door: who sees them, and calling one kept (or not kept after all)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fieldapp.core.dates import local_day
from fieldapp.core.people import COLLECTORS, FIELD_ROLES, REVIEW_ROLES, Actor
from fieldapp.core.portiek import portiek_key
from fieldapp.db.models import FollowUp
from fieldapp.db.queries.doors import names_of
from fieldapp.db.queries.follow_ups import FollowUpRow, follow_up_row, follow_ups, mark_done
from fieldapp.services.visible import NotThere, NotYours

# Who goes to the door, or answers for those who do; an analyst only reads.
KEEPERS = (*COLLECTORS, "wijkmanager")
KEPT_SHOWN = timedelta(days=90)  # how long a promise that was kept stays in sight
MOST = 300
NOTE_MAX = 500  # characters


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise as one reader sees it. Names are "" where the reader may not see them."""

    id: int
    text: str
    portiek: str  # as it was typed, "" when it was not
    area_code: str | None
    kind: str
    made_on: date
    made_by: str
    is_mine: bool
    due_on: date | None
    done_on: date | None
    done_by: str
    done_by_me: bool
    note: str
    may_settle: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still to be kept."""
        return self.done_on is None

    @property
    def key(self) -> str:
        """The key of its stairwell."""
        return portiek_key(self.portiek)


def promises(session: Session, actor: Actor, now: datetime, *, limit: int = MOST) -> list[Promise]:
    """What this person promised and what was promised in their areas: open first, mine before.

    Of those what has a last day comes first. At most `limit` open ones, and as many that were
    kept in the last KEPT_SHOWN.
    """
    if actor.organisation_id is None:
        return []
    rows = follow_ups(
        session,
        actor.organisation_id,
        actor.area_codes(*FIELD_ROLES),
        actor.user_id,
        now - KEPT_SHOWN,
        limit,
    )
    seen = as_seen(session, rows, actor)
    return sorted(seen, key=_urgency)


def _urgency(one: Promise) -> tuple[bool, bool, date]:
    """Stable: within equal ones the order of the query stands."""
    if not one.is_open:
        return True, False, date.max
    return False, not one.is_mine, one.due_on or date.max


def as_seen(session: Session, rows: Sequence[FollowUpRow], actor: Actor) -> list[Promise]:
    """Promises with names for who reviews in their area, without for all others."""
    people = {row.made_by_id for row in rows} | {row.follow_up.done_by_id for row in rows}
    wanted = {number for number in people if number is not None}
    names = names_of(session, wanted) if actor.has(*REVIEW_ROLES) else {}
    return [_as_seen(row, actor, names) for row in rows]


def _as_seen(row: FollowUpRow, actor: Actor, names: dict[int, str]) -> Promise:
    found = row.follow_up
    names = names if actor.covers(row.area_code, *REVIEW_ROLES) else {}
    return Promise(
        id=found.id,
        text=found.text,
        portiek=found.portiek or "",
        area_code=row.area_code,
        kind=row.kind,
        made_on=local_day(found.made_at),
        made_by=names.get(row.made_by_id or 0, ""),
        is_mine=_is(actor, row.made_by_id),
        due_on=found.due_on,
        done_on=local_day(found.done_at) if found.done_at else None,
        done_by=names.get(found.done_by_id or 0, ""),
        done_by_me=_is(actor, found.done_by_id),
        note=found.note,
        may_settle=_may_settle(row, actor),
    )


def _is(actor: Actor, user_id: int | None) -> bool:
    return user_id is not None and user_id == actor.user_id


def _may_settle(row: FollowUpRow, actor: Actor) -> bool:
    return _is(actor, row.made_by_id) or actor.covers(row.area_code, *KEEPERS)


def settle(
    session: Session,
    follow_up_id: int,
    actor: Actor,
    now: datetime,
    *,
    done: bool,
    at: datetime | None = None,
    note: str = "",
) -> Promise:
    """Call a promise kept, or open again: one commit; saying the same twice changes nothing.

    `at`: when somebody said so on a phone without signal; never before it was made or after now.
    Raises NotThere (also for another organisation or area) and NotYours (may look, not settle).
    """
    row = _to_settle(session, follow_up_id, actor)
    found: FollowUp = row.follow_up
    if done:
        moment = min(max(at or now, found.made_at), max(now, found.made_at))
        mark_done(session, found.id, moment, actor.user_id, note.strip()[:NOTE_MAX])
    else:
        found.done_at, found.done_by_id, found.note = None, None, ""
    session.commit()
    session.refresh(found)
    return as_seen(session, [row], actor)[0]


def plan(session: Session, follow_up_id: int, actor: Actor, due_on: date | None) -> Promise:
    """Give a promise its last day, or none: one commit. Raises as `settle`."""
    row = _to_settle(session, follow_up_id, actor)
    row.follow_up.due_on = due_on
    session.commit()
    return as_seen(session, [row], actor)[0]


def _to_settle(session: Session, follow_up_id: int, actor: Actor) -> FollowUpRow:
    row = _visible(session, follow_up_id, actor)
    if not _may_settle(row, actor):
        raise NotYours(f"follow-up {follow_up_id} is for who works at that door")
    return row


def _visible(session: Session, follow_up_id: int, actor: Actor) -> FollowUpRow:
    row = follow_up_row(session, follow_up_id)
    if row is None or row.follow_up.organisation_id != actor.organisation_id:
        raise NotThere(f"no follow-up {follow_up_id}")
    if not (_is(actor, row.made_by_id) or actor.covers(row.area_code, *FIELD_ROLES)):
        raise NotThere(f"follow-up {follow_up_id} lies outside this person's areas")
    return row
