"""A receipt that somebody hands in: genuine, changed, or not ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from fieldapp.core.receipt import Content, NotAReceipt, Signed, read_document
from fieldapp.db.models import Submission
from fieldapp.db.queries.receipts import receipt_keys
from fieldapp.services.receipts.verify import signed_by

Verdict = Literal["genuine", "changed", "not_ours"]


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict; of a genuine receipt also what it says and whether the submission is here."""

    verdict: Verdict
    content: Content | None = None
    is_here: bool = False
    key: str = ""


def check_receipt(session: Session, signed: Signed) -> Checked:
    """Check it against every key of this server.

    Nothing that a receipt says is passed on unless its signature holds.
    """
    keys = {key.id: key.public_key for key in receipt_keys(session)}
    by = signed_by(signed, keys)
    if by is None:
        return Checked("changed" if signed.key in keys else "not_ours", key=signed.key)
    try:
        content = read_document(signed.document)
    except NotAReceipt:  # signed by us, but no receipt: a newer kind than this version knows
        return Checked("not_ours", key=by)
    here = session.get(Submission, content.id) is not None
    return Checked("genuine", content, here, by)
