"""Reviewing what came in: accept, return or reject, give it a buurt, settle a conflict.

Every function takes (session, ..., actor, now) and commits once. NotThere: not there for this
organisation; NotYours: not this person's area; ReviewRefused: against a rule.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from fieldapp.core.people import REVIEW_ROLES, Actor
from fieldapp.core.submission import ACCEPTED, NEED_REASON, RECEIVED, STEPS, may_step
from fieldapp.db.models import Submission, SubmissionConflict, SubmissionEvent
from fieldapp.db.queries.areas import newest_area
from fieldapp.db.queries.revisions import voices_changed
from fieldapp.db.queries.statements import submissions_by_id
from fieldapp.services.refusal import Refusal
from fieldapp.services.visible import NotThere, NotYours, visible_submission

REASON_MAX = 1000  # characters
BATCH_MAX = 100  # submissions accepted at once

# Steps in the history that change no state carry what they did in their reason.
NOTE = re.compile(r"(area|conflict|improved)=(\S+)")


class ReviewRefused(Refusal):
    """Against a rule of reviewing (words: web/inbox/texts.py)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What "accept all" did. `skipped`: no longer waiting, changed since, or not their area."""

    accepted: int
    skipped: int


def step(
    session: Session,
    submission_id: uuid.UUID,
    state: str,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    seen: str = "",
) -> Submission:
    """Bring a submission into another state (core/submission.STEPS); its history grows by a row.

    `seen`: content_sha256 of the version that was read. Refused when a newer one came since.
    """
    submission = visible_submission(session, submission_id, actor, *REVIEW_ROLES)
    reason = reason.strip()
    if _is_newer(submission, seen):
        raise ReviewRefused("changed_meanwhile", "state")
    if not may_step(submission.state, state):
        raise ReviewRefused("step_not_allowed", "state", old=submission.state, new=state[:20])
    if state in NEED_REASON and not reason:
        raise ReviewRefused("reason_needed", "reason")
    if len(reason) > REASON_MAX:
        raise ReviewRefused("reason_too_long", "reason", limit=REASON_MAX)
    if not _move(session, submission, state):
        session.rollback()
        raise ReviewRefused("changed_meanwhile", "state")
    session.add(_event(submission.id, state, actor, now, reason))
    voices_changed(session, submission.organisation_id)
    session.commit()
    session.refresh(submission, ["state"])
    return submission


def accept_all(
    session: Session, shown: Mapping[uuid.UUID, str], actor: Actor, now: datetime
) -> Accepted:
    """Accept the submissions that still wait; the rest is left as it is. One commit.

    `shown`: id -> content_sha256 of the version that was read; '' takes what stands there.
    """
    if len(shown) > BATCH_MAX:
        raise ReviewRefused("too_many", "ids", limit=BATCH_MAX)
    found = submissions_by_id(session, list(shown))
    accepted = 0
    for submission in (found[key] for key in shown if key in found):
        if submission.state != RECEIVED or not _covers(submission, actor):
            continue
        if _is_newer(submission, shown[submission.id]):
            continue
        if _move(session, submission, ACCEPTED):
            session.add(_event(submission.id, ACCEPTED, actor, now, ""))
            accepted += 1
    session.commit()
    return Accepted(accepted, len(shown) - accepted)


def choose_area(
    session: Session, submission_id: uuid.UUID, area_code: str, actor: Actor, now: datetime
) -> Submission:
    """Give a submission without a found buurt the buurt that a person chose; kept in its history.

    What the point itself says stays: a submission that lies in a buurt keeps that buurt.
    """
    submission = visible_submission(session, submission_id, actor, *REVIEW_ROLES)
    if submission.area_status == "found":
        raise ReviewRefused("area_found", "area")
    area = newest_area(session, area_code.strip())
    if area is None or area.level != "buurt":
        raise ReviewRefused("unknown_area", "area", written=area_code.strip()[:40])
    if not actor.covers(area.code, *REVIEW_ROLES):
        raise NotYours(f"area {area.code} is not this person's")
    if submission.area_code == area.code:
        return submission
    submission.area_code = area.code
    submission.boundary_year = area.boundary_year
    submission.area_status = "chosen"
    session.add(_event(submission.id, submission.state, actor, now, f"area={area.code}"))
    voices_changed(session, submission.organisation_id)
    session.commit()
    return submission


def resolve_conflict(
    session: Session, conflict_id: int, actor: Actor, now: datetime
) -> SubmissionConflict:
    """A person looked at both sides: what came first stays, the other is kept and marked seen."""
    conflict = session.get(SubmissionConflict, conflict_id)
    if conflict is None:
        raise NotThere(f"no conflict {conflict_id}")
    submission = visible_submission(session, conflict.submission_id, actor, *REVIEW_ROLES)
    if conflict.resolved_at is None:
        conflict.resolved_at = now
        note = f"conflict={conflict.id}"
        session.add(_event(submission.id, submission.state, actor, now, note))
    session.commit()
    return conflict


def steps_from(state: str) -> tuple[str, ...]:
    """The states that a submission in this state may go to."""
    return STEPS.get(state, ())


def note_of(reason: str) -> tuple[str, str] | None:
    """What a step did that changed no state, else None.

    ("area", code), ("conflict", number), or ("improved", revision) of who sent it.
    """
    match = NOTE.fullmatch(reason)
    return (match[1], match[2]) if match else None


def _is_newer(submission: Submission, seen: str) -> bool:
    """Whether another version than the one that was read stands there; '' read whatever does."""
    return bool(seen) and seen != submission.content_sha256


def _covers(submission: Submission, actor: Actor) -> bool:
    own = actor.is_system or submission.organisation_id == actor.organisation_id
    return own and actor.covers(submission.area_code, *REVIEW_ROLES)


def _move(session: Session, submission: Submission, state: str) -> bool:
    """False when somebody else was a moment earlier."""
    result: Any = session.execute(
        update(Submission)
        .where(
            Submission.id == submission.id,
            Submission.state == submission.state,
            Submission.content_sha256 == submission.content_sha256,
        )
        .values(state=state)
        .execution_options(synchronize_session=False)
    )
    done: CursorResult[Any] = result
    if done.rowcount:
        session.expire(submission, ["state"])
    return bool(done.rowcount)


def _event(
    submission_id: uuid.UUID, state: str, actor: Actor, now: datetime, reason: str
) -> SubmissionEvent:
    return SubmissionEvent(
        submission_id=submission_id, state=state, at=now, actor_id=actor.user_id, reason=reason
    )
