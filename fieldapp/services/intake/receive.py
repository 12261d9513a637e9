"""Take in one submission, however often it is sent, and give a receipt.

The same id with the same content is the same submission. Of other content under the same id
again.py says what becomes of it. Files are on disk before the row is committed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import RECEIVED, Incoming
from fieldapp.db.engine import insert_if_absent
from fieldapp.db.models import Submission, SubmissionEvent
from fieldapp.services.intake.again import again
from fieldapp.services.intake.files import Intake, StoredFile, attachment, keep_files
from fieldapp.services.intake.prepare import prepare
from fieldapp.services.intake.promises import keep_promises
from fieldapp.services.intake.receipt import Receipt
from fieldapp.services.intake.sending import Sending
from fieldapp.services.intake.signing import keep_signed, sign

SUBMISSION: Table = Submission.__table__  # type: ignore[assignment]
FIRST_STEP = insert(SubmissionEvent.__table__)  # type: ignore[arg-type]
KNOWN = select(SUBMISSION.c.id).where(SUBMISSION.c.id == bindparam("sent_id"))


def receive_submission(
    session: Session,
    incoming: Incoming,
    actor: Actor | None,
    now: datetime,
    intake: Intake,
    stored: tuple[StoredFile, ...] = (),
) -> Receipt:
    """Check, place and store one submission: one commit.

    `stored` are files that a plain form has kept already, page by page. Raises Refused and
    NotAllowed; what cannot take the place of what is there is kept beside it and returned as a
    Receipt whose status is one of receipt.BESIDE.
    """
    sending = Sending.of(incoming, actor, now, intake, stored)
    if session.connection().scalar(KNOWN, {"sent_id": incoming.id}) is not None:
        return again(session, sending)
    prepared = prepare(session, sending)
    kept = keep_files(prepared.survey, incoming.files, intake) + stored
    signing = sign(intake.signer, incoming, stored, prepared.version, now)
    if not insert_if_absent(session, SUBMISSION, ["id"], prepared.row):
        session.rollback()  # somebody was a moment earlier with the same id
        return again(session, sending)
    session.execute(FIRST_STEP, _first_history(prepared.row))
    session.add_all(attachment(incoming.id, file) for file in kept)
    keep_promises(session, prepared.row, prepared.survey, prepared.answers)
    signed = keep_signed(session, incoming.id, signing, now)
    session.commit()
    place = prepared.place
    return Receipt(
        incoming.id,
        "created",
        RECEIVED,
        now,
        sending.sha256,
        place.status,
        place.code,
        place.name,
        tuple((file.file_name, file.sent_sha256) for file in kept),
        signed,
    )


def _first_history(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "submission_id": row["id"],
        "state": RECEIVED,
        "at": row["received_at"],
        "actor_id": row["user_id"],
        "reason": "",
    }
