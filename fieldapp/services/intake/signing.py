"""The signed receipt of a submission that comes in, made before the database is asked to wait."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from fieldapp.core.receipt import Signed, receipt_document
from fieldapp.core.submission import Incoming, SentFile
from fieldapp.db.models import SignedReceipt
from fieldapp.services.intake.files import StoredFile
from fieldapp.services.receipts.keep import keep_receipt
from fieldapp.services.receipts.sign import Key, Signer


@dataclass(frozen=True, slots=True)
class Signing:
    """A receipt that is signed and not kept yet, with the key that signed it."""

    signed: Signed
    key: Key


def sign(
    signer: Signer | None,
    incoming: Incoming,
    stored: tuple[StoredFile, ...],
    version: str,
    received_at: datetime,
) -> Signing | None:
    """Sign what came in; `stored` are files that a plain form sent before. None without a signer.

    Names and hashes of files are those that were sent: what is kept may be shortened, re-encoded.
    """
    if signer is None:
        return None
    came: tuple[SentFile | StoredFile, ...] = (*incoming.files, *stored)
    files = [(file.file_name, file.sent_sha256) for file in came]
    document = receipt_document(
        incoming.id, incoming.survey, version, received_at, incoming.answers, files
    )
    key = signer.key()
    return Signing(key.sign(document), key)


def keep_signed(
    session: Session, submission_id: uuid.UUID, signing: Signing | None, now: datetime
) -> Signed | None:
    """Put it beside the submission, in the caller's transaction."""
    if signing is None:
        return None
    keep_receipt(session, submission_id, signing.signed, signing.key, now)
    return signing.signed


def renew_signed(
    session: Session, submission_id: uuid.UUID, signing: Signing | None, now: datetime
) -> None:
    """Put it in the place of the receipt of an older version, in the caller's transaction."""
    session.execute(delete(SignedReceipt).where(SignedReceipt.submission_id == submission_id))
    keep_signed(session, submission_id, signing, now)
