"""Lists and pages must not grow slower as the table grows."""

from __future__ import annotations

import random
import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from bench.figures import Figure
from bench.house import EMAIL, SIDE, SOUTH, WEST, House
from bench.intake import answers
from fieldapp.app import create_app
from fieldapp.config import load_settings
from fieldapp.db.engine import make_session_factory
from fieldapp.db.models import Submission, SubmissionEvent, SurveyVersion, User
from tests.factories import PASSWORD
from tests.support.client import CheckingClient

FEW, MANY = 1_000, 20_000
FLAT = 1.5  # what a busy machine adds by itself
PAGES = ("/veld/", "/inzendingen/", "/coderen/", "/buurten/gemeente/GM9999", "/beheer/")


def measure_lists(house: House, times: int) -> Iterator[Figure]:
    """Each list at FEW and at MANY submissions, and how much slower it became."""
    with browser(house) as client:
        fill(house, FEW)
        few = {page: milliseconds(client, page, times) for page in PAGES}
        fill(house, MANY - FEW)
        many = {page: milliseconds(client, page, times) for page in PAGES}
    for page in PAGES:
        yield Figure(house.kind, f"{page} at {MANY:,} submissions", many[page], "ms")
        ratio = many[page] / few[page]
        yield Figure(house.kind, f"{page} at {MANY:,} / at {FEW:,}", ratio, "x", FLAT)


@contextmanager
def browser(house: House) -> Iterator[FlaskClient]:
    """Somebody with every role, logged in; the app in this process, no network between."""
    app: Flask = create_app(load_settings(house.environment))
    app.test_client_class = CheckingClient
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    client.log_in(EMAIL, PASSWORD)
    yield client
    app.extensions["fieldapp"].engine.dispose()


def milliseconds(client: FlaskClient, page: str, times: int) -> float:
    took = []
    for _ in range(times + 2):
        began = time.perf_counter()
        # Past the checking client, whose checks would be most of the time.
        answer = FlaskClient.open(client, page)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{page} answered {answer.status_code}")
    return statistics.median(took[2:])


def fill(house: House, count: int) -> None:
    """Rows as the intake writes them, many at a time."""
    dice = random.Random(count)
    with make_session_factory(house.engine)() as session:
        person = session.scalars(select(User).where(User.email == EMAIL)).one()
        version = session.scalars(select(SurveyVersion).where(SurveyVersion.version == "1")).one()
        rows = [row(dice, person, version.id) for _ in range(count)]
        session.execute(insert(Submission), rows)
        events = [
            {"submission_id": r["id"], "state": "received", "at": r["received_at"], "reason": ""}
            for r in rows
        ]
        session.execute(insert(SubmissionEvent), events)
        session.commit()


def row(dice: random.Random, person: User, version_id: int) -> dict[str, Any]:
    column, line = dice.randrange(SIDE), dice.randrange(SIDE)
    moment = datetime.now(UTC) - timedelta(minutes=dice.randrange(500_000))
    return {
        "id": uuid.UUID(int=dice.getrandbits(128), version=4),
        "organisation_id": person.organisation_id,
        "survey_version_id": version_id,
        "user_id": person.id,
        "kind": "bewonersgesprek",
        "channel": "api",
        "language": "nl",
        "captured_at": moment,
        "received_at": moment,
        "lon": WEST + column / 100 + 0.005,
        "lat": SOUTH + line / 100 + 0.005,
        "location_source": "gps",
        "area_code": f"BU9999{line * SIDE + column:04}",
        "boundary_year": 2024,
        "area_status": "found",
        "portiek": f"lindestraat {dice.randrange(200)}",
        "state": "received",
        "answers": {name: {"v": value} for name, value in answers(dice).items()},
        "content_sha256": f"{dice.getrandbits(256):064x}",
    }
