"""What the sender gets back: a receipt, or what is wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.receipt import Signed
from fieldapp.core.survey import Problem
from fieldapp.db.models import Attachment, Submission
from fieldapp.db.queries.areas import area_name
from fieldapp.db.queries.receipts import signed_receipt

BESIDE = ("conflict", "seen", "older")  # kept beside what counts: see again.py


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender may rely on. `status`: created, corrected, same, or one of BESIDE."""

    id: uuid.UUID
    status: str
    state: str
    received_at: datetime
    content_sha256: str
    area_status: str
    area_code: str | None
    area_name: str | None = None
    files: tuple[tuple[str, str], ...] = ()  # (file name, SHA-256 as sent)
    signed: Signed | None = None  # None: not the sender's, or from before receipts were signed


class Refused(ValueError):
    """The submission cannot be taken as it is; `problems` say what is wrong and where."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class NotAllowed(PermissionError):
    """Nobody is logged in and the survey is not open to the public."""


def receipt_of(session: Session, known: Submission, status: str) -> Receipt:
    """The receipt of a submission that is there already; the same as the first time.

    A conflict's receipt tells the sender only that the id is taken.
    """
    if status == "conflict":
        return Receipt(known.id, status, "", known.received_at, "", "none", None)
    files = session.execute(
        select(Attachment.file_name, Attachment.sent_sha256)
        .where(Attachment.submission_id == known.id)
        .order_by(Attachment.id)
    ).all()
    name = None
    if known.area_code is not None and known.boundary_year is not None:
        name = area_name(session, known.area_code, known.boundary_year)
    return Receipt(
        known.id,
        status,
        known.state,
        known.received_at,
        known.content_sha256,
        known.area_status,
        known.area_code,
        name,
        tuple((row.file_name, row.sent_sha256) for row in files),
        signed_receipt(session, known.id),
    )
