"""Receive a submission whose files came in parts, and let go of the parts when it is safe."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming
from fieldapp.db.models import Submission
from fieldapp.services.intake import Intake, Receipt, Refused, receive_submission
from fieldapp.services.parts import PartStore


def receive_with_parts(
    session: Session,
    incoming: Incoming,
    actor: Actor | None,
    now: datetime,
    intake: Intake,
    store: PartStore,
) -> Receipt:
    """As `receive_submission`; afterwards the parts of its files are gone.

    Raises Refused and NotAllowed. What was received before needs no parts any more.
    """
    try:
        receipt = receive_submission(session, incoming, actor, now, intake)
    except Refused as error:
        # Sent twice at one moment: the other one was received and took the parts with it.
        missing = all(problem.code == "file_missing" for problem in error.problems)
        session.rollback()
        if not missing or session.get(Submission, incoming.id) is None:
            raise
        receipt = receive_submission(session, incoming, actor, now, intake)
    if actor is not None and actor.user_id is not None:
        came = (file for file in incoming.files if file.load is not None)
        store.forget(actor.user_id, (file.sent_sha256 for file in came))
    return receipt
