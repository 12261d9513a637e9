"""Submissions of the fictional gemeente through the intake, and what an analyst made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming, Location, SentFile
from fieldapp.db.models import Statement, StatementCode, Submission
from fieldapp.db.queries.chunks import chunks
from fieldapp.db.queries.revisions import voices_changed
from fieldapp.demo.compose import DemoWorld
from fieldapp.demo.pictures import draw_picture
from fieldapp.demo.submissions import DemoSubmission
from fieldapp.services.demo_report import DemoReport
from fieldapp.services.frames import code_frame, frame_version
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.review_submissions import accept_all

Progress = Callable[[int, int], None]
STILL_WAITING = timedelta(days=14)
BATCH = 50


def store_submissions(
    session: Session,
    world: DemoWorld,
    actors: Mapping[str, Actor],
    intake: Intake,
    report: DemoReport,
    progress: Progress | None,
) -> None:
    """Take in what is not there yet, some minutes after it was captured."""
    rounds = {planned.survey: planned.slug for planned in world.rounds}
    known = _known(session, world.submissions)
    todo = [submission for submission in world.submissions if submission.id not in known]
    for done, submission in enumerate(todo, start=1):
        actor = None if submission.captured_by is None else actors[submission.captured_by]
        incoming = _incoming(submission, rounds[submission.survey])
        received_at = submission.captured_at + timedelta(minutes=3 + submission.id.int % 50)
        receive_submission(session, incoming, actor, received_at, intake)
        report.submissions += 1
        report.photos += len(incoming.files)
        if progress is not None:
            progress(done, len(todo))


def _known(session: Session, submissions: Iterable[DemoSubmission]) -> set[UUID]:
    found: set[UUID] = set()
    for part in chunks(submission.id for submission in submissions):
        found |= set(session.scalars(select(Submission.id).where(Submission.id.in_(part))))
    return found


def _incoming(submission: DemoSubmission, round_slug: str) -> Incoming:
    files = tuple(
        SentFile(
            picture.question,
            f"tekening-{picture.subject}.jpg",
            draw_picture(picture.subject, str(submission.id), good=picture.good),
        )
        for picture in submission.pictures
    )
    return Incoming(
        id=submission.id,
        survey=submission.survey,
        version=submission.version,
        language=submission.language,
        captured_at=submission.captured_at,
        answers=submission.answers,
        location=Location(
            submission.lon, submission.lat, submission.accuracy_m, submission.location_source
        ),
        files=files,
        round_slug=round_slug,
        channel="demo",
    )


def accept_older(session: Session, world: DemoWorld, reviewer: Actor) -> int:
    """Accept all but the last two weeks, which wait for whoever tries the demo; how many."""
    submissions = sorted(world.submissions, key=lambda submission: submission.captured_at)
    until = submissions[-1].captured_at - STILL_WAITING
    older = [submission for submission in submissions if submission.captured_at < until]
    accepted = 0
    for start in range(0, len(older), BATCH):
        batch = older[start : start + BATCH]
        moment = batch[-1].captured_at + timedelta(days=2)
        accepted += accept_all(session, {one.id: "" for one in batch}, reviewer, moment).accepted
    return accepted


def store_statements(
    session: Session,
    world: DemoWorld,
    actors: Mapping[str, Actor],
    report: DemoReport,
) -> None:
    """What the demo's analyst marked, and the wijkmanager approved as a quote. One commit."""
    captured = {submission.id: submission.captured_at for submission in world.submissions}
    users = {email.partition("@")[0]: actor.user_id for email, actor in actors.items()}
    organisation_id = next((actor.organisation_id for actor in actors.values()), None)
    uncoded = _uncoded(session, {told.submission_id for told in world.statements})
    coded: dict[UUID, datetime] = {}
    for told in world.statements:
        if told.submission_id not in uncoded:
            continue
        moment = captured[told.submission_id].astimezone(UTC) + timedelta(days=6)
        coded[told.submission_id] = moment
        row = Statement(
            submission_id=told.submission_id,
            question=told.question,
            starts=told.starts,
            ends=told.ends,
            text=told.text,
            valence=told.valence,
            frame_version=frame_version(code_frame()),
            coder_id=users.get("analist"),
            created_at=moment,
            codes=[StatementCode(code=told.code)],
        )
        if told.approved:
            row.quote_state, row.quote_text = "approved", told.text
            row.approved_by, row.approved_at = users.get("wijkmanager"), moment
            report.quotes += 1
        session.add(row)
        report.statements += 1
    for part in chunks(coded):
        for submission in session.scalars(select(Submission).where(Submission.id.in_(part))):
            submission.coded_at = coded[submission.id]
    if coded and organisation_id is not None:
        voices_changed(session, organisation_id)  # profiles that were computed before are old
    session.commit()


def _uncoded(session: Session, ids: set[UUID]) -> set[UUID]:
    """Those nobody coded yet, also after a run that was stopped halfway."""
    found: set[UUID] = set()
    for part in chunks(ids):
        coded = select(Statement.submission_id).where(Statement.submission_id.in_(part))
        query = select(Submission.id).where(
            Submission.id.in_(part), Submission.coded_at.is_(None), Submission.id.not_in(coded)
        )
        found |= set(session.scalars(query))
    return found
