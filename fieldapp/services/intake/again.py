"""A submission whose id is known: the same once more, a newer version of it, or something else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from sqlalchemy import update
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.db.models import Round, Submission, SurveyVersion
from fieldapp.db.queries.corrections import is_worked_with
from fieldapp.db.queries.receipts import signed_receipt
from fieldapp.services.intake.beside import keep_beside
from fieldapp.services.intake.correct import Beaten, correct, is_own
from fieldapp.services.intake.receipt import NotAllowed, Receipt, receipt_of
from fieldapp.services.intake.sending import Sending
from fieldapp.services.intake.signing import keep_signed, sign

# How what came stands to what is there.
SAME = "same"  # the same content: the receipt that it got
CORRECT = "correct"  # a later version of the same person: it takes the place of the older one
SEEN = "seen"  # as CORRECT, but somebody has worked with the older one: kept beside it
OLDER = "older"  # an earlier version of the same person, which comes late: changes nothing
CONFLICT = "conflict"  # anything else: kept beside it, a person looks

LOOKS = 20  # each look after the first means that another version was a moment earlier


@dataclass(frozen=True, slots=True)
class OwnReceipt:
    """The receipt of what somebody sent. `correctable`: a higher revision may take its place."""

    receipt: Receipt
    revision: int
    correctable: bool


def own_receipt(session: Session, submission_id: uuid.UUID, actor: Actor) -> OwnReceipt | None:
    """For who sent it only; None for everybody else."""
    known = session.get(Submission, submission_id)
    if known is None or not is_own(known, actor):
        return None
    receipt = receipt_of(session, known, SAME)
    return OwnReceipt(receipt, known.revision, not is_worked_with(session, known.id))


def again(session: Session, sending: Sending) -> Receipt:
    """Say what becomes of it, and do that: at most one commit. Raises Refused and NotAllowed."""
    for _look in range(LOOKS):
        known = session.get(Submission, sending.incoming.id, populate_existing=True)
        if known is None:
            raise RuntimeError(f"submission {sending.incoming.id} was there and is gone")
        standing = _standing(session, known, sending)
        if standing == SAME:
            return _same(session, known, sending)
        if standing != CORRECT:
            return _beside(session, known, sending, standing)
        try:
            return correct(session, known, sending)
        except Beaten:
            session.rollback()
    raise RuntimeError(f"submission {sending.incoming.id} keeps changing")


def _standing(session: Session, known: Submission, sending: Sending) -> str:
    incoming = sending.incoming
    if known.content_sha256 == sending.sha256:
        return SAME
    counted = incoming.revision > 0 and incoming.revision != known.revision
    if not counted or not is_own(known, sending.actor):
        return CONFLICT
    if incoming.revision < known.revision:
        return OLDER
    if known.version.survey.name != incoming.survey:
        return CONFLICT
    return SEEN if is_worked_with(session, known.id) else CORRECT


def _same(session: Session, known: Submission, sending: Sending) -> Receipt:
    """The stored receipt; one from before receipts were signed gets its signature now."""
    incoming, signer = sending.incoming, sending.intake.signer
    if incoming.revision > known.revision and is_own(known, sending.actor):
        # Finished once more without a change: a version from before that may still be on its way.
        session.execute(
            update(Submission)
            .where(
                Submission.id == known.id,
                Submission.content_sha256 == sending.sha256,
                Submission.revision < incoming.revision,
            )
            .values(revision=incoming.revision)
            .execution_options(synchronize_session=False)
        )
        session.commit()
    receipt = receipt_of(session, known, SAME)
    if receipt.signed is not None or signer is None:
        return receipt
    version = session.get_one(SurveyVersion, known.survey_version_id).version
    signing = sign(signer, incoming, sending.stored, version, known.received_at)
    keep_signed(session, known.id, signing, sending.now)
    session.commit()
    # Read again: somebody else who sent the same may have been a moment earlier.
    return replace(receipt, signed=signed_receipt(session, known.id))


def _beside(session: Session, known: Submission, sending: Sending, standing: str) -> Receipt:
    if sending.actor is None and not _from_residents(session, known):
        raise NotAllowed
    keep_beside(session, known, sending, late=standing == OLDER)
    return receipt_of(session, known, standing)


def _from_residents(session: Session, known: Submission) -> bool:
    """Whether it came through a public round: only then a stranger may send beside it."""
    found = session.get(Round, known.round_id) if known.round_id is not None else None
    return found is not None and found.is_public
