"""Load, then check: a submission or statement for who may act on it there."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.db.models import Statement, Submission


class NotThere(LookupError):
    """It does not exist, or is another organisation's: the answer is the same."""


class NotYours(PermissionError):
    """It lies in an area where this person does not have the role."""


def visible_submission(
    session: Session, submission_id: uuid.UUID, actor: Actor, *roles: str
) -> Submission:
    """The submission, when it is of the actor's organisation and in an area of these roles."""
    found = session.get(Submission, submission_id)
    if found is None or not (actor.is_system or found.organisation_id == actor.organisation_id):
        raise NotThere(f"no submission {submission_id}")
    if not actor.covers(found.area_code, *roles):
        raise NotYours(f"submission {submission_id} lies outside this person's areas")
    return found


def visible_statement(
    session: Session, statement_id: int, actor: Actor, *roles: str
) -> tuple[Statement, Submission]:
    """A statement with its submission, under the same rules."""
    found = session.get(Statement, statement_id)
    if found is None:
        raise NotThere(f"no statement {statement_id}")
    return found, visible_submission(session, found.submission_id, actor, *roles)
