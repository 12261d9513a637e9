"""Keeping a receipt beside its submission, within the caller's transaction."""

from __future__ import annotations

import time
import uuid
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Table
from sqlalchemy.orm import Session

from fieldapp.core.receipt import Signed
from fieldapp.db.engine import insert_if_absent
from fieldapp.db.models import ReceiptKey, SignedReceipt
from fieldapp.db.queries.receipts import is_key_known, receipt_keys
from fieldapp.services.receipts.sign import Key, Signer

KEYS: Table = ReceiptKey.__table__  # type: ignore[assignment]
RECEIPTS: Table = SignedReceipt.__table__  # type: ignore[assignment]
SURE_S = 60.0  # how long a key once seen in a database is not looked up again

_seen: WeakKeyDictionary[object, tuple[str, float]] = WeakKeyDictionary()


def keep_receipt(
    session: Session, submission_id: uuid.UUID, signed: Signed, key: Key, now: datetime
) -> bool:
    """Add the receipt, and its key when that is new. False when there was a receipt already."""
    publish_key(session, key, now)
    row = {
        "submission_id": submission_id,
        "document": signed.document,
        "signature": signed.signature,
        "key_id": signed.key,
    }
    return insert_if_absent(session, RECEIPTS, ["submission_id"], row)


def announced_keys(session: Session, signer: Signer, now: datetime) -> list[dict[str, str]]:
    """Every public key as JSON, that of the next receipt included: at most one small commit.

    A phone takes these along before it sends, so that it can check what it gets.
    """
    publish_key(session, signer.key(), now)
    session.commit()
    return keys_as_json(session)


def keys_as_json(session: Session) -> list[dict[str, str]]:
    """Every public key with which receipts were signed, oldest first."""
    return [{"id": key.id, "public_key": key.public_key} for key in receipt_keys(session)]


def publish_key(session: Session, key: Key, now: datetime) -> None:
    """See to it that the public key is in the list; old ones stay, so old receipts verify."""
    engine = session.get_bind()
    known, since = _seen.get(engine, ("", 0.0))
    if known == key.id and time.monotonic() - since < SURE_S:
        return
    if is_key_known(session, key.id):
        _seen[engine] = (key.id, time.monotonic())
        return
    # Not noted as seen: this transaction may still be undone.
    insert_if_absent(
        session, KEYS, ["id"], {"id": key.id, "public_key": key.public, "made_at": now}
    )
