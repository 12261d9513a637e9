"""What the demo knows of doors: a walking list, and promises of which most were kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.door_list import ListedDoor
from fieldapp.core.people import Actor
from fieldapp.db.models import FollowUp, Submission
from fieldapp.db.queries.surveys import round_by_slug
from fieldapp.db.queries.walks import round_doors
from fieldapp.demo.compose import DemoWorld
from fieldapp.demo.people import round_slug
from fieldapp.services.walks import set_doors

FRESH = timedelta(days=30)  # promises of the last weeks are open still
DOORS = 8  # behind each stairwell: its name goes up by fourteen


def store_doors(session: Session, world: DemoWorld, owner: Actor, now: datetime) -> None:
    """The round along stairwells gets its list; older promises get their ending. Once."""
    found = round_by_slug(session, round_slug("portiekgesprek"))
    if found is None or round_doors(session, [found.id]):
        return
    listed = [
        ListedDoor(portiek.name, DOORS, portiek.buurt)
        for places in world.portieken.values()
        for portiek in places
    ]
    set_doors(session, found, listed, owner, now)
    _keep_most(session, world, found.organisation_id)


def _keep_most(session: Session, world: DemoWorld, organisation_id: int) -> None:
    """Three in four of those older than FRESH were kept, within three weeks."""
    newest = max(submission.captured_at for submission in world.submissions)
    query = (
        select(FollowUp, Submission.user_id)
        .join(Submission, Submission.id == FollowUp.submission_id)
        .where(FollowUp.organisation_id == organisation_id, FollowUp.made_at < newest - FRESH)
        .order_by(FollowUp.made_at, FollowUp.submission_id)
    )
    for number, (promise, maker) in enumerate(session.execute(query).all()):
        if number % 4 != 3:
            promise.done_at = promise.made_at + timedelta(days=2 + number % 19)
            promise.done_by_id = maker
    session.commit()
