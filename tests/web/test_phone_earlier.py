"""Earlier photos that a phone takes along: in the pack, small, and only for who may see them."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.submission import Incoming, Location, SentFile
from fieldapp.db.models import Attachment, Submission
from fieldapp.services.intake import Intake, receive_submission
from tests.factories import PASSWORD, make_actor, make_area, make_person, make_survey
from tests.support.client import CheckingClient
from tests.support.shipped import version

KEES, ELS = "kees@example.org", "els@example.org"


def large_photo() -> bytes:
    """A photo as phones send them, only plainer."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture
def taken(app: Flask, session: Session) -> Submission:
    """An observation with a photo by Kees; Els works in the same buurt."""
    make_area(session)
    make_survey(session, "observatie")
    kees = make_actor(make_person(session, KEES, "buurtbeheerder"))
    make_person(session, ELS, "buurtbeheerder")
    now = datetime.now(UTC)
    incoming = Incoming(
        id=uuid.uuid4(),
        survey="observatie",
        version=version("observatie"),
        language="nl",
        captured_at=now,
        answers={"wat": "heel"},
        files=(SentFile("foto", "foto.jpg", large_photo()),),
        location=Location(5.123456789, 52.09, 8.0, "gps"),
    )
    receive_submission(session, incoming, kees, now, Intake(app.extensions["fieldapp"].media))
    return session.get_one(Submission, incoming.id)


def earlier(client: CheckingClient) -> list[dict[str, str]]:
    """That part of the pack."""
    answer = client.get("/veld/app/gegevens.json")
    assert answer.status_code == 200
    found = answer.json["earlier"]
    assert isinstance(found, list)
    return found


def test_the_photo_goes_along_small(client: CheckingClient, taken: Submission) -> None:
    client.log_in(KEES, PASSWORD)
    [one] = earlier(client)
    assert (one["lon"], one["lat"]) == (5.12346, 52.09)
    answer = client.get(one["url"])
    assert answer.mimetype == "image/jpeg"
    with Image.open(io.BytesIO(answer.data)) as image:
        assert max(image.size) == 480
    assert answer.cache_control.private
    assert not answer.cache_control.public
    again = client.get(one["url"], headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_another_gets_neither_address_nor_photo(
    app: Flask, client: CheckingClient, taken: Submission
) -> None:
    client.log_in(KEES, PASSWORD)
    [one] = earlier(client)
    other = CheckingClient(app)
    assert other.get(one["url"]).status_code in (302, 401)
    other.log_in(ELS, PASSWORD)
    assert earlier(other) == []
    assert other.get(one["url"]).status_code == 404


def test_what_is_no_photo_of_an_observation_is_not_there(
    client: CheckingClient, session: Session, taken: Submission
) -> None:
    client.log_in(KEES, PASSWORD)
    [one] = earlier(client)
    nowhere = one["url"].replace(str(taken.id), str(uuid.uuid4()))
    assert client.get(nowhere).status_code == 404
    attachment = session.scalars(select(Attachment)).one()
    attachment.media_type = "video/mp4"
    session.commit()
    assert client.get(one["url"]).status_code == 404
    attachment.media_type = "image/jpeg"
    taken.kind = "bewonersgesprek"
    session.commit()
    assert client.get(one["url"]).status_code == 404
    assert earlier(client) == []


def test_a_photo_that_was_cleared_away_is_not_there(
    app: Flask, client: CheckingClient, session: Session, taken: Submission
) -> None:
    client.log_in(KEES, PASSWORD)
    [one] = earlier(client)
    sha256 = session.scalars(select(Attachment.sha256)).one()
    app.extensions["fieldapp"].media.path(sha256).unlink()
    assert client.get(one["url"]).status_code == 404
