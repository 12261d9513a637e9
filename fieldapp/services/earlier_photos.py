"""Photos of earlier observations that go along on a phone, to take a new one from the same spot.

Nobody gets to see more than on the pages with submissions: their own, and those of the areas that
they review.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from PIL import Image
from sqlalchemy.orm import Session

from fieldapp.core.people import REVIEW_ROLES, Actor
from fieldapp.db.queries import earlier_photos as queries
from fieldapp.db.queries.earlier_photos import EarlierPhoto

REMEMBERED = timedelta(days=365)
MOST = 40  # some 25 kB each: a megabyte on the phone
LONGEST_SIDE = 480  # pixels; it is looked through, not looked at
QUALITY = 60


def earlier_photos(session: Session, actor: Actor, now: datetime) -> list[EarlierPhoto]:
    """The newest MOST of the last year that this person may see."""
    if actor.organisation_id is None:
        return []
    return queries.earlier_photos(
        session,
        actor.organisation_id,
        actor.user_id,
        actor.area_codes(*REVIEW_ROLES),
        now - REMEMBERED,
        MOST,
    )


def small(photo: bytes) -> bytes:
    """A stored photo as JPEG of at most LONGEST_SIDE pixels. Raises OSError when it is damaged."""
    with Image.open(io.BytesIO(photo)) as image:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # straight from the decoder
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
