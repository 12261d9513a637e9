"""Other content under an id that was taken, kept whole beside what counts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.submission import Incoming, can_be_stored
from fieldapp.core.survey import Survey
from fieldapp.db.models import Submission, SubmissionConflict
from fieldapp.db.queries.corrections import lock_submission
from fieldapp.services.intake.answers import without_places
from fieldapp.services.intake.files import StoredFile, keep_files
from fieldapp.services.intake.place import kept_location
from fieldapp.services.intake.receipt import Refused
from fieldapp.services.intake.sending import Sending
from fieldapp.services.survey_versions import survey_of

DEEPEST = 80  # levels of what is kept beside a submission; a round in a round has two more


def keep_beside(session: Session, known: Submission, sending: Sending, *, late: bool) -> None:
    """Keep what came beside `known`, once: one commit. Raises Refused when a file is missing.

    `late`: an older version of what is there, for the history and not for a person to judge. Its
    files may have gone with the newer one; it is kept without them.
    """
    if _is_kept(session, known, sending):
        return
    survey = survey_of(session, known.survey_version_id)
    conflict = SubmissionConflict(
        submission_id=known.id,
        content_sha256=sending.sha256,
        received_at=sending.now,
        user_id=None if known.kind == "enquete" else sending.user_id,
        content=_content(survey, known, sending, _files(survey, sending, late=late)),
        superseded=late,
        resolved_at=sending.now if late else None,
    )
    lock_submission(session, known.id)
    if not _is_kept(session, known, sending):  # by the same, sent twice at one moment
        session.add(conflict)
    session.commit()


def _is_kept(session: Session, known: Submission, sending: Sending) -> bool:
    kept = select(SubmissionConflict.id).where(
        SubmissionConflict.submission_id == known.id,
        SubmissionConflict.content_sha256 == sending.sha256,
    )
    return session.scalars(kept.limit(1)).first() is not None


def _files(survey: Survey, sending: Sending, *, late: bool) -> tuple[StoredFile, ...]:
    try:
        return keep_files(survey, sending.incoming.files, sending.intake) + sending.stored
    except Refused:
        if not late:
            raise
        return sending.stored


def _content(
    survey: Survey, known: Submission, sending: Sending, files: tuple[StoredFile, ...]
) -> Any:
    incoming: Incoming = sending.incoming
    content = {
        "survey": incoming.survey,
        "version": incoming.version,
        "language": incoming.language,
        "captured_at": incoming.captured_at.isoformat(),
        "revision": incoming.revision,
        "location": kept_location(incoming.location, known.kind).as_json(),
        "answers": without_places(survey, incoming.answers),
        "files": [file.as_json() for file in files],
    }
    return _storable(content)


def _storable(value: Any, depth: int = 0) -> Any:
    """What was sent, unchecked, as both engines can keep it: no NUL, no half characters."""
    if depth > DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {_storable(str(key)): _storable(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(one, depth + 1) for one in value]
    if isinstance(value, str) and not can_be_stored(value):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
