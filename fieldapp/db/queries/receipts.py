"""Signed receipts and the keys that signed them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from fieldapp.core.receipt import Signed
from fieldapp.db.models import ReceiptKey, SignedReceipt

_ONE = select(SignedReceipt.document, SignedReceipt.signature, SignedReceipt.key_id).where(
    SignedReceipt.submission_id == bindparam("wanted")
)
_KEY = select(ReceiptKey.id).where(ReceiptKey.id == bindparam("wanted"))


def signed_receipt(session: Session, submission_id: uuid.UUID) -> Signed | None:
    """The receipt of a submission as it was signed; None for one from before receipts."""
    row = session.execute(_ONE, {"wanted": submission_id}).one_or_none()
    return None if row is None else Signed(row.document, row.signature, row.key_id)


def receipt_keys(session: Session) -> Sequence[ReceiptKey]:
    """Every key with which receipts were signed, oldest first."""
    return session.scalars(select(ReceiptKey).order_by(ReceiptKey.made_at, ReceiptKey.id)).all()


def is_key_known(session: Session, key_id: str) -> bool:
    """Whether this key is in the list."""
    return session.scalar(_KEY, {"wanted": key_id}) is not None
