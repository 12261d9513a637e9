"""A form that was improved on the phone takes the place of the version that is here (ADR 33)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import RECEIVED, Location, SentFile
from fieldapp.db.models import Attachment, Submission, SubmissionConflict, SubmissionEvent
from fieldapp.db.queries.corrections import lock_submission, replace_row
from fieldapp.db.queries.receipts import signed_receipt
from fieldapp.db.queries.revisions import voices_changed
from fieldapp.db.queries.submissions import attachments_of
from fieldapp.services.intake.answers import plain_answers
from fieldapp.services.intake.files import StoredFile, attachment, keep_files
from fieldapp.services.intake.prepare import Prepared, prepare
from fieldapp.services.intake.promises import renew_promises
from fieldapp.services.intake.receipt import Receipt
from fieldapp.services.intake.sending import Sending
from fieldapp.services.intake.signing import Signing, renew_signed, sign

STAYS = ("id", "organisation_id", "user_id", "kind", "state")
NOTE = "improved"  # in the reason of the step in the history: improved=<revision>


class Beaten(Exception):
    """Another version was a moment earlier, or somebody began to work with it: look again."""


def is_own(known: Submission, actor: Actor | None) -> bool:
    """Whether this person sent it. Never of a resident's own survey: that names nobody."""
    return (
        actor is not None
        and actor.user_id is not None
        and known.user_id == actor.user_id
        and known.organisation_id == actor.organisation_id
    )


def correct(session: Session, known: Submission, sending: Sending) -> Receipt:
    """Put the newer version in the place of `known`, which becomes history: one commit.

    Raises Beaten (then nothing was written; the caller rolls back and looks again) and, as for a
    submission that is new, Refused and NotAllowed.
    """
    incoming = sending.incoming
    prepared = prepare(session, sending)
    before = [_stored(one) for one in attachments_of(session, known.id)]
    kept = _keep_files(prepared, before, sending)
    signing = sign(sending.intake.signer, incoming, sending.stored, prepared.version, sending.now)
    _write(session, known, prepared, before, kept, signing, sending)
    place = prepared.place
    return Receipt(
        known.id,
        "corrected",
        RECEIVED,
        sending.now,
        sending.sha256,
        place.status,
        place.code,
        place.name,
        tuple((file.file_name, file.sent_sha256) for file in kept),
        None if signing is None else signing.signed,
    )


def _write(
    session: Session,
    known: Submission,
    prepared: Prepared,
    before: list[StoredFile],
    kept: tuple[StoredFile, ...],
    signing: Signing | None,
    sending: Sending,
) -> None:
    """All of it or nothing: whatever was read before must still be so."""
    lock_submission(session, known.id)
    history = _history(session, known, before, sending)
    row = {name: value for name, value in prepared.row.items() if name not in STAYS}
    if prepared.row["organisation_id"] != known.organisation_id or not replace_row(
        session, known.id, known.content_sha256, known.revision, row
    ):
        raise Beaten
    session.add(history)
    session.execute(delete(Attachment).where(Attachment.submission_id == known.id))
    session.add_all(attachment(known.id, file) for file in kept)
    renew_promises(session, prepared.row, prepared.survey, prepared.answers)
    renew_signed(session, known.id, signing, sending.now)
    session.add(
        SubmissionEvent(
            submission_id=known.id,
            state=RECEIVED,
            at=sending.now,
            actor_id=sending.user_id,
            reason=f"{NOTE}={sending.incoming.revision}",
        )
    )
    voices_changed(session, known.organisation_id)
    session.commit()


def _keep_files(
    prepared: Prepared, before: list[StoredFile], sending: Sending
) -> tuple[StoredFile, ...]:
    """The files of the new version. One that the older version brought is not needed again."""
    here = {(file.question, file.sent_sha256): file for file in before}
    known = {
        file: here[key]
        for file in sending.incoming.files
        if (key := (file.question, file.sent_sha256)) in here
    }
    fresh = tuple(file for file in sending.incoming.files if file not in known)
    kept = iter(keep_files(prepared.survey, fresh, sending.intake))
    found = [
        _named(known[file], file) if file in known else next(kept)
        for file in sending.incoming.files
    ]
    return (*found, *sending.stored)


def _history(
    session: Session, known: Submission, files: list[StoredFile], sending: Sending
) -> SubmissionConflict:
    """The older version, whole, as something that nobody has to look at."""
    signed = signed_receipt(session, known.id)
    content: dict[str, Any] = {
        "survey": known.version.survey.name,
        "version": known.version.version,
        "language": known.language,
        "captured_at": known.captured_at.isoformat(),
        "revision": known.revision,
        "location": _location(known).as_json(),
        "answers": plain_answers(known.answers),
        "files": [file.as_json() for file in files],
        "receipt": None if signed is None else signed.as_json(),
    }
    return SubmissionConflict(
        submission_id=known.id,
        content_sha256=known.content_sha256,
        received_at=known.received_at,
        user_id=known.user_id,
        content=content,
        superseded=True,
        resolved_at=sending.now,
    )


def _location(known: Submission) -> Location:
    chosen = known.area_code if known.area_status == "chosen" else None
    return Location(known.lon, known.lat, known.accuracy_m, known.location_source, chosen)


def _named(stored: StoredFile, file: SentFile) -> StoredFile:
    return StoredFile.from_json({**stored.as_json(), "file_name": file.file_name})


def _stored(row: Attachment) -> StoredFile:
    return StoredFile(
        row.question,
        row.file_name,
        row.sent_sha256,
        row.sha256,
        row.size,
        row.width,
        row.height,
        row.taken_at,
        row.media_type,
    )
