"""Which photos of earlier observations go along on a phone."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming, Location, SentFile
from fieldapp.db.models import Attachment, Submission
from fieldapp.services.earlier_photos import LONGEST_SIDE, MOST, earlier_photos, small
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from tests.factories import make_actor, make_area, make_organisation, make_person, make_survey
from tests.support.shipped import version

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
HERE = Location(5.11, 52.09, 8.0, "gps")
BUURT, OTHER = "BU99990101", "BU99990201"


def picture(color: str = "red", size: tuple[int, int] = (80, 60)) -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    """Where the photos of these tests lie."""
    return MediaStore(tmp_path / "media")


@pytest.fixture
def kees(session: Session) -> Actor:
    """A caretaker in one of two buurten."""
    make_area(session, BUURT, "Sterrenbuurt", bounds=(5.10, 52.08, 5.12, 52.10))
    make_area(session, OTHER, "Maanbuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    make_survey(session, "observatie")
    return make_actor(make_person(session, "kees@example.org", "buurtbeheerder", area=BUURT))


def observe(
    session: Session,
    media: MediaStore,
    actor: Actor,
    *,
    place: Location = HERE,
    days: int = 0,
    photos: int = 1,
) -> Submission:
    """An observation with photos, `days` before NOW."""
    moment = NOW - timedelta(days=days)
    files = tuple(
        SentFile("foto", f"foto-{number}.jpg", picture(size=(80 + number, 60)))
        for number in range(photos)
    )
    incoming = Incoming(
        id=uuid.uuid4(),
        survey="observatie",
        version=version("observatie"),
        language="nl",
        captured_at=moment,
        answers={"wat": "heel", "niveau_heel": "C"},
        files=files,
        location=place,
    )
    receipt = receive_submission(session, incoming, actor, moment, Intake(media))
    return session.get_one(Submission, receipt.id)


def seen(session: Session, actor: Actor) -> list[uuid.UUID]:
    """Of which observations this person gets a photo."""
    return [one.submission_id for one in earlier_photos(session, actor, NOW)]


def test_own_photos_of_the_last_year_newest_first(
    session: Session, media: MediaStore, kees: Actor
) -> None:
    observe(session, media, kees, days=366)
    old, new = (observe(session, media, kees, days=days, photos=2) for days in (200, 1))
    observe(session, media, kees, photos=0)
    observe(session, media, kees, place=Location(area_code=BUURT, source="area"))
    found = earlier_photos(session, kees, NOW)
    assert [one.submission_id for one in found] == [new.id, old.id]
    assert (found[0].lon, found[0].lat) == (5.11, 52.09)
    ids = session.scalars(select(Attachment.id).where(Attachment.submission_id == new.id)).all()
    assert found[0].attachment_id == min(ids)


def test_of_others_only_for_who_reviews_there(
    session: Session, media: MediaStore, kees: Actor
) -> None:
    els = make_actor(make_person(session, "els@example.org", "buurtbeheerder", area=BUURT))
    here = make_actor(make_person(session, "wim@example.org", "wijkmanager", area=BUURT))
    there = make_actor(make_person(session, "ans@example.org", "wijkmanager", area=OTHER))
    taken = observe(session, media, kees)
    assert seen(session, kees) == seen(session, here) == [taken.id]
    assert seen(session, els) == seen(session, there) == []
    strange = make_organisation(session, "corporatie")
    foreign = make_person(session, "x@example.org", "wijkmanager", organisation="corporatie")
    assert make_actor(foreign).organisation_id == strange.id
    assert seen(session, make_actor(foreign)) == []


@pytest.mark.parametrize("state", ["returned", "rejected"])
def test_what_was_sent_back_stays_out(
    session: Session, media: MediaStore, kees: Actor, state: str
) -> None:
    observe(session, media, kees).state = state
    session.commit()
    assert seen(session, kees) == []


def test_a_phone_takes_no_more_than_it_can_bear(
    session: Session, media: MediaStore, kees: Actor
) -> None:
    taken = [observe(session, media, kees, days=days) for days in range(MOST + 2)]
    assert seen(session, kees) == [one.id for one in taken[:MOST]]


def test_small_keeps_the_shape() -> None:
    with Image.open(io.BytesIO(small(picture(size=(1600, 1200))))) as image:
        assert image.size == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)
        assert image.format == "JPEG"
    with pytest.raises(OSError, match="identify"):
        small(b"no photo")
