"""Take in one submission, however often it is sent, and give a receipt.

The same id with the same content is the same submission; the same id with other content is a
conflict of which both sides are kept. Files are on disk before the row is committed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from fieldapp.core.dates import local_day
from fieldapp.core.people import Actor
from fieldapp.core.submission import (
    RECEIVED,
    Incoming,
    SentFile,
    can_be_stored,
    content_sha256,
)
from fieldapp.core.survey import Problem, Survey
from fieldapp.db.engine import insert_if_absent
from fieldapp.db.models import (
    Round,
    Submission,
    SubmissionConflict,
    SubmissionEvent,
    SurveyVersion,
)
from fieldapp.db.queries.receipts import signed_receipt
from fieldapp.db.queries.surveys import (
    VersionKey,
    is_open,
    public_round_of,
    published_key,
    round_by_slug,
)
from fieldapp.services.intake.answers import (
    as_stored,
    checked_answers,
    portiek_of,
    without_places,
)
from fieldapp.services.intake.files import Intake, StoredFile, attachment, keep_files
from fieldapp.services.intake.marks import marks_of
from fieldapp.services.intake.place import kept_location, place_of, point_of
from fieldapp.services.intake.promises import keep_promises
from fieldapp.services.intake.receipt import NotAllowed, Receipt, Refused, receipt_of
from fieldapp.services.intake.signing import keep_signed, sign
from fieldapp.services.survey_versions import parsed_by_key, survey_of

SUBMISSION: Table = Submission.__table__  # type: ignore[assignment]
DEEPEST = 80  # levels of what is kept beside a submission; a round in a round has two more
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
    NotAllowed; a conflict is kept and returned as a Receipt with status "conflict".
    """
    sha256 = content_sha256(_with_stored(incoming, stored))
    if session.connection().scalar(KNOWN, {"sent_id": incoming.id}) is not None:
        known = session.get_one(Submission, incoming.id)
        return _again(session, known, sha256, incoming, actor, now, intake, stored)
    version = published_key(session, incoming.survey, incoming.version)
    if version is None:
        raise Refused(_unknown_survey(session, incoming))
    open_round = _round(session, incoming, version, actor, now)
    organisation_id = _organisation(actor, open_round)
    if version.organisation_id not in (None, organisation_id):
        raise Refused(Problem("unknown_survey", "survey", {"survey": incoming.survey[:80]}))
    survey = parsed_by_key(session, version)
    answers = checked_answers(survey, incoming, stored)
    place = place_of(session, incoming.location, open_round)
    location = kept_location(incoming.location, survey.kind)
    row = {
        "id": incoming.id,
        "organisation_id": organisation_id,
        "survey_version_id": version.id,
        "round_id": open_round.id if open_round else None,
        "user_id": _user_id(actor, survey),
        "kind": survey.kind,
        "channel": incoming.channel,
        "language": incoming.language,
        "captured_at": incoming.captured_at,
        "received_at": now,
        "lon": location.lon,
        "lat": location.lat,
        "accuracy_m": location.accuracy_m,
        "location_source": location.source,
        "geom": point_of(location),
        "area_code": place.code,
        "boundary_year": place.year,
        "area_status": place.status,
        "portiek": portiek_of(survey, answers),
        "marks": marks_of(session, incoming, survey.kind, place, open_round, actor, now),
        "state": RECEIVED,
        "answers": as_stored(survey, answers, incoming.language),
        "content_sha256": sha256,
    }
    kept = keep_files(survey, incoming.files, intake) + stored
    signing = sign(intake.signer, incoming, stored, version.version, now)
    if not insert_if_absent(session, SUBMISSION, ["id"], row):
        return _beaten(session, sha256, incoming, actor, now, intake, stored)
    session.execute(FIRST_STEP, _first_history(row))
    session.add_all(attachment(incoming.id, file) for file in kept)
    keep_promises(session, row, survey, answers)
    signed = keep_signed(session, incoming.id, signing, now)
    session.commit()
    files = tuple((file.file_name, file.sent_sha256) for file in kept)
    return Receipt(
        incoming.id,
        "created",
        RECEIVED,
        now,
        sha256,
        place.status,
        place.code,
        place.name,
        files,
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


def _unknown_survey(session: Session, incoming: Incoming) -> Problem:
    params = {"survey": incoming.survey[:80], "version": incoming.version[:40]}
    newest = published_key(session, incoming.survey)
    if newest is None:
        return Problem("unknown_survey", "survey", params)
    return Problem("unknown_version", "version", {**params, "newest": newest.version})


def _round(
    session: Session,
    incoming: Incoming,
    version: VersionKey,
    actor: Actor | None,
    now: datetime,
) -> Round | None:
    day = local_day(now)
    if incoming.round_slug:
        found = round_by_slug(session, incoming.round_slug)
        if found is None or found.survey_id != version.survey_id:
            raise Refused(Problem("unknown_round", "round", {"round": incoming.round_slug[:60]}))
        # Staff may bring in what they captured while the round was open.
        if actor is None and not (found.is_public and is_open(found, day)):
            raise Refused(Problem("round_closed", "round", {"round": found.name}))
        if actor is not None and not actor.is_system and _foreign(found, actor):
            raise Refused(Problem("unknown_round", "round", {"round": found.slug}))
        return found
    if actor is None:
        found = public_round_of(session, version.survey_id, day)
        if found is None:
            raise NotAllowed
        return found
    return None


def _foreign(found: Round, actor: Actor) -> bool:
    return found.organisation_id != actor.organisation_id


def _organisation(actor: Actor | None, open_round: Round | None) -> int:
    if open_round is not None:
        return open_round.organisation_id
    if actor is None or actor.organisation_id is None:
        raise NotAllowed
    return actor.organisation_id


def _user_id(actor: Actor | None, survey: Survey) -> int | None:
    """Who captured it; a resident's own survey never names anybody."""
    return None if actor is None or survey.kind == "enquete" else actor.user_id


def _with_stored(incoming: Incoming, stored: tuple[StoredFile, ...]) -> Incoming:
    """The submission as if the files of the plain form had been sent along."""
    if not stored:
        return incoming
    sent = tuple(SentFile(f.question, f.file_name, b"", f.sent_sha256) for f in stored)
    return replace(incoming, files=incoming.files + sent)


def _beaten(
    session: Session,
    sha256: str,
    incoming: Incoming,
    actor: Actor | None,
    now: datetime,
    intake: Intake,
    stored: tuple[StoredFile, ...],
) -> Receipt:
    """Somebody was a moment earlier with the same id."""
    session.rollback()
    known = session.get(Submission, incoming.id)
    if known is None:
        raise RuntimeError(f"submission {incoming.id} was there and is gone")
    return _again(session, known, sha256, incoming, actor, now, intake, stored)


def _again(
    session: Session,
    known: Submission,
    sha256: str,
    incoming: Incoming,
    actor: Actor | None,
    now: datetime,
    intake: Intake,
    stored: tuple[StoredFile, ...],
) -> Receipt:
    """The id is known: the same content gets the same receipt, other content is kept beside it."""
    if known.content_sha256 == sha256:
        return _same(session, known, incoming, now, intake, stored)
    kept_before = session.scalar(
        select(SubmissionConflict.id).where(
            SubmissionConflict.submission_id == known.id,
            SubmissionConflict.content_sha256 == sha256,
        )
    )
    if actor is None and not _from_residents(session, known):
        raise NotAllowed
    if kept_before is None:
        survey = survey_of(session, known.survey_version_id)
        session.add(_conflict(survey, known, sha256, incoming, actor, now, intake, stored))
        session.commit()
    return receipt_of(session, known, "conflict")


def _same(
    session: Session,
    known: Submission,
    incoming: Incoming,
    now: datetime,
    intake: Intake,
    stored: tuple[StoredFile, ...],
) -> Receipt:
    """The stored receipt; one from before receipts were signed gets its signature now."""
    receipt = receipt_of(session, known, "same")
    if receipt.signed is not None or intake.signer is None:
        return receipt
    version = session.get_one(SurveyVersion, known.survey_version_id).version
    signing = sign(intake.signer, incoming, stored, version, known.received_at)
    keep_signed(session, known.id, signing, now)
    session.commit()
    # Read again: somebody else who sent the same may have been a moment earlier.
    return replace(receipt, signed=signed_receipt(session, known.id))


def _from_residents(session: Session, known: Submission) -> bool:
    """Whether it came through a public round: only then a stranger may send beside it."""
    found = session.get(Round, known.round_id) if known.round_id is not None else None
    return found is not None and found.is_public


def _conflict(
    survey: Survey,
    known: Submission,
    sha256: str,
    incoming: Incoming,
    actor: Actor | None,
    now: datetime,
    intake: Intake,
    stored: tuple[StoredFile, ...],
) -> SubmissionConflict:
    content = {
        "survey": incoming.survey,
        "version": incoming.version,
        "language": incoming.language,
        "captured_at": incoming.captured_at.isoformat(),
        "location": kept_location(incoming.location, known.kind).as_json(),
        "answers": without_places(survey, incoming.answers),
        "files": [file.as_json() for file in keep_files(survey, incoming.files, intake) + stored],
    }
    return SubmissionConflict(
        submission_id=known.id,
        content_sha256=sha256,
        received_at=now,
        user_id=None if known.kind == "enquete" or actor is None else actor.user_id,
        content=_storable(content),
    )


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
