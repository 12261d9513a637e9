"""The marks of a submission's place, worked out as it comes in: one query more, of a few rows."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from fieldapp.core.people import FIELD_ROLES, Actor
from fieldapp.core.place_marks import FAR_M, Circumstances, Sighting, place_marks
from fieldapp.core.submission import Incoming, Location
from fieldapp.db.geo import area_index, is_near
from fieldapp.db.models import Round, Submission
from fieldapp.services.intake.place import ENQUETE, Place

LOOKED_AT = 20  # what the same person sent last
SUBMISSION: Table = Submission.__table__  # type: ignore[assignment]
LAST = (
    select(
        SUBMISSION.c.lon,
        SUBMISSION.c.lat,
        SUBMISSION.c.accuracy_m,
        SUBMISSION.c.captured_at,
        SUBMISSION.c.location_source,
    )
    .where(SUBMISSION.c.user_id == bindparam("who"), SUBMISSION.c.id != bindparam("itself"))
    .order_by(SUBMISSION.c.received_at.desc())
    .limit(LOOKED_AT)
)


def marks_of(
    session: Session,
    incoming: Incoming,
    kind: str,
    place: Place,
    open_round: Round | None,
    actor: Actor | None,
    now: datetime,
) -> list[str]:
    """What somebody should look at; only of positions that a colleague's phone measured."""
    where = incoming.location
    if kind == ENQUETE or actor is None or actor.user_id is None or where.source != "gps":
        return []
    if where.lon is None or where.lat is None:
        return []
    here = Sighting(where.lon, where.lat, where.accuracy_m, incoming.captured_at)
    around = Circumstances(
        received_at=now,
        taken_at=where.taken_at,
        outside=_is_outside(session, where, place, open_round, actor),
        earlier=_earlier(session, actor.user_id, incoming.id),
    )
    return list(place_marks(here, around))


def _earlier(session: Session, user_id: int, itself: uuid.UUID) -> tuple[Sighting, ...]:
    """Where the same person was before; an older version of the same form says nothing."""
    rows = session.connection().execute(LAST, {"who": user_id, "itself": itself})
    return tuple(
        Sighting(row.lon, row.lat, row.accuracy_m, row.captured_at)
        for row in rows
        if row.location_source == "gps" and row.lon is not None
    )


def _is_outside(
    session: Session, where: Location, place: Place, open_round: Round | None, actor: Actor
) -> bool:
    """Over a kilometre outside what the person or the round is about, or outside every buurt."""
    own = actor.area_codes(*FIELD_ROLES)
    if own is None or where.lon is None or where.lat is None:
        return place.status == "outside" and area_index(session) is not None
    codes = (*own, *(open_round.area_codes if open_round else ()))
    return not is_near(session, where.lon, where.lat, codes, FAR_M)
