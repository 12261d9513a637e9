"""Store the fictional gemeente through the same services as everything else.

A second run changes nothing: each part asks first what is there already.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from shapely.geometry import mapping as as_geojson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.codeframe import load_codeframe
from fieldapp.core.people import SYSTEM, Actor, Grant
from fieldapp.core.submission import Incoming, Location, SentFile
from fieldapp.db.models import (
    ImportRun,
    IndicatorValue,
    Organisation,
    Statement,
    StatementCode,
    Submission,
    User,
)
from fieldapp.db.queries import indicators as indicator_queries
from fieldapp.db.queries.areas import areas_by_code
from fieldapp.db.queries.people import organisation_by_slug, person_by_email
from fieldapp.db.queries.surveys import round_by_slug
from fieldapp.demo.compose import DemoSubmission, DemoWorld, demo_world
from fieldapp.demo.figures import EDITION, SOURCE
from fieldapp.demo.people import ORGANISATION, PASSWORD
from fieldapp.demo.pictures import draw_picture
from fieldapp.demo.stories import DATA
from fieldapp.paths import FRAMEWORKS, SURVEYS
from fieldapp.services.import_areas import import_areas
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from fieldapp.services.open_round import OpenRound, open_round
from fieldapp.services.people import AddPerson, add_person, make_organisation
from fieldapp.services.publish_survey import ship_surveys

Progress = Callable[[int, int], None]
SLUG = "voorbeeldstad-verzonnen"


class DemoRefused(RuntimeError):
    """The demo may not run here; the message says why and what to do."""


@dataclass(slots=True)
class DemoReport:
    """What was added now; all zero on a second run. `log_ins` are e-mail addresses."""

    organisation: str = ORGANISATION
    areas: int = 0
    figures: int = 0
    people: int = 0
    rounds: int = 0
    submissions: int = 0
    photos: int = 0
    statements: int = 0
    quotes: int = 0
    log_ins: tuple[str, ...] = ()
    password: str = PASSWORD

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def make_demo(
    session: Session,
    settings: Settings,
    now: datetime,
    progress: Progress | None = None,
    world: DemoWorld | None = None,
) -> DemoReport:
    """Fill the database with Voorbeeldstad (verzonnen); several commits, each part whole.

    Raises DemoRefused in production mode: the demo's password is known to everyone.
    """
    if settings.environment == "production":
        raise DemoRefused(
            "the demo has log-ins with a known password and does not run in production; "
            "use another database with FIELDAPP_ENV=development"
        )
    world = world or demo_world()
    report = DemoReport(log_ins=tuple(person.email for person in world.people))
    organisation_id = _organisation(session).id
    ship_surveys(session, SURVEYS, SYSTEM, now)
    _areas(session, world, organisation_id, now, report)
    _figures(session, world, organisation_id, now, report)
    actors = _people(session, world, organisation_id, report)
    _rounds(session, world, organisation_id, now, report)
    intake = Intake(MediaStore(settings.media_dir))
    _submissions(session, world, actors, intake, report, progress)
    _statements(session, world, actors, report)
    return report


def _organisation(session: Session) -> Organisation:
    found = organisation_by_slug(session, SLUG)
    if found is None:
        found = make_organisation(session, ORGANISATION, fictional=True)
        session.commit()
    return found


def _areas(
    session: Session, world: DemoWorld, organisation_id: int, now: datetime, report: DemoReport
) -> None:
    """The same boundaries in every year that has figures: unchanged, so years are comparable."""
    codes = [area.code for area in world.areas]
    years = sorted({value.year for value in world.indicator_values})
    missing = [y for y in years if len(areas_by_code(session, y, codes)) < len(codes)]
    if not missing:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "voorbeeldstad-verzonnen.geojson"
        file.write_text(json.dumps(_geojson(world)), encoding="utf-8")
        for year in missing:
            done = import_areas(
                session,
                file,
                year=year,
                actor=SYSTEM,
                now=now,
                mapping=DATA / "boundaries.yaml",
                organisation=organisation_id,
            )
            report.areas += done.added


def _geojson(world: DemoWorld) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": area.code,
                "naam": area.name,
                "inwoners": area.inhabitants,
                "gewijzigd": 1,  # as CBS writes it: 1 = not changed
            },
            "geometry": as_geojson(area.geometry),
        }
        for area in world.areas
    ]
    return {"type": "FeatureCollection", "features": features}


def _figures(
    session: Session, world: DemoWorld, organisation_id: int, now: datetime, report: DemoReport
) -> None:
    """Straight into the table: no publisher's format holds figures that nobody published."""
    known = session.scalar(
        select(func.count()).select_from(IndicatorValue).where(IndicatorValue.source == SOURCE)
    )
    if known:
        return
    run = ImportRun(
        organisation_id=organisation_id,
        kind="indicators",
        source=SOURCE,
        file_name="fieldapp demo",
        state="done",
        progress=100,
        created_at=now,
        finished_at=now,
    )
    session.add(run)
    session.flush()
    rows = [
        {
            "indicator": value.indicator,
            "area_code": value.area_code,
            "year": value.year,
            "edition": EDITION,
            "value": value.value,
            "status": "",
            "source": SOURCE,
            "import_id": run.id,
        }
        for value in world.indicator_values
    ]
    for _ in indicator_queries.insert_values(session, rows):
        pass
    session.commit()
    report.figures = len(rows)


def _people(
    session: Session, world: DemoWorld, organisation_id: int, report: DemoReport
) -> dict[str, Actor]:
    """E-mail -> actor, for those who capture and code."""
    actors: dict[str, Actor] = {}
    for person in world.people:
        user = person_by_email(session, person.email)
        if user is None:
            areas = () if person.area_code is None else (person.area_code,)
            command = AddPerson(person.email, person.name, (person.role,), areas, SLUG, PASSWORD)
            user = add_person(session, command, SYSTEM)
            report.people += 1
        actors[person.email] = _actor(user, organisation_id)
    return actors


def _actor(user: User, organisation_id: int) -> Actor:
    grants = tuple(Grant(m.role, m.area_code) for m in user.memberships)
    return Actor(organisation_id, user.id, user.name, grants)


def _rounds(
    session: Session, world: DemoWorld, organisation_id: int, now: datetime, report: DemoReport
) -> None:
    owner = replace(SYSTEM, organisation_id=organisation_id)
    for planned in world.rounds:
        if round_by_slug(session, planned.slug) is not None:
            continue
        command = OpenRound(
            survey=planned.survey,
            name=planned.name,
            area_codes=planned.area_codes,
            opens_on=planned.opens_on,
            closes_on=planned.closes_on,
            is_public=planned.is_public,
            slug=planned.slug,
        )
        opened = open_round(session, command, owner, now)
        opened.target = planned.target
        session.commit()
        report.rounds += 1


def _submissions(
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
    for part in _parts(submission.id for submission in submissions):
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


def _statements(
    session: Session,
    world: DemoWorld,
    actors: Mapping[str, Actor],
    report: DemoReport,
) -> None:
    """What the demo's analyst marked, and the wijkmanager approved as a quote. One commit."""
    frame = load_codeframe(FRAMEWORKS / "wijkaanpak.yaml")
    captured = {submission.id: submission.captured_at for submission in world.submissions}
    users = {email.partition("@")[0]: actor.user_id for email, actor in actors.items()}
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
            frame_version=f"{frame.name} {frame.version}",
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
    for part in _parts(coded):
        for submission in session.scalars(select(Submission).where(Submission.id.in_(part))):
            submission.coded_at = coded[submission.id]
    session.commit()


def _uncoded(session: Session, ids: set[UUID]) -> set[UUID]:
    """Those nobody coded yet, also after a run that was stopped halfway."""
    found: set[UUID] = set()
    for part in _parts(ids):
        coded = select(Statement.submission_id).where(Statement.submission_id.in_(part))
        query = select(Submission.id).where(
            Submission.id.in_(part), Submission.coded_at.is_(None), Submission.id.not_in(coded)
        )
        found |= set(session.scalars(query))
    return found


def _parts(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """At most 500 at a time: engines limit the length of a list."""
    rest = list(ids)
    yield from (rest[start : start + 500] for start in range(0, len(rest), 500))
