"""Marks of a place as a submission comes in, on both engines."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming, Location, content_sha256
from fieldapp.db.models import Submission
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from tests.factories import make_area, make_person, make_round, make_submission, make_survey
from tests.factories.people import make_actor
from tests.factories.submissions import CAPTURED, TALK
from tests.support.queries import counted

# The buurt of make_area: 5.10 to 5.12 east, 52.08 to 52.10 north. There one degree of longitude
# is 111 320 * cos(52.09) = 68 390 m.
MIDDLE = (5.11, 52.09)
NEAR = (5.134, 52.09)  # 0.014 degrees past the edge: 957 m
FAR = (5.1355, 52.09)  # 0.0155 degrees: 1 060 m


def at(lon: float, lat: float, **more: object) -> Location:
    return Location(lon=lon, lat=lat, **{"accuracy_m": 8.0, "source": "gps", **more})  # type: ignore[arg-type]


@pytest.fixture
def kees(session: Session) -> Actor:
    """Works in the one buurt that there is."""
    make_area(session)
    person = make_person(session, "kees@example.org", "buurtbeheerder", area="BU99990101")
    return make_actor(person)


def sent(session: Session, actor: Actor, location: Location, number: int = 0) -> list[str]:
    return make_submission(session, location=location, actor=actor, number=number).marks


def test_in_and_near_the_own_area(session: Session, kees: Actor) -> None:
    assert sent(session, kees, at(*MIDDLE)) == []
    assert sent(session, kees, at(*NEAR), 30) == []
    assert sent(session, kees, at(*FAR), 60) == ["far"]


def test_the_area_of_the_round_is_right_too(session: Session, kees: Actor) -> None:
    make_area(session, "BU99990102", "Zonnebuurt", bounds=(5.13, 52.08, 5.15, 52.10))
    assert sent(session, kees, at(5.145, 52.09)) == ["far"]  # 1 710 m from the own buurt
    round_ = make_round(session, make_survey(session, TALK), "BU99990102")
    incoming = Incoming(
        id=uuid4(), survey="praatje", version="1", language="nl", captured_at=CAPTURED,
        answers={"verhaal": "Stil."}, location=at(5.145, 52.09), round_slug=round_.slug,
    )  # fmt: skip
    later = CAPTURED + timedelta(hours=1)
    receive_submission(session, incoming, kees, later, Intake(MediaStore(Path("none"))))
    assert session.get_one(Submission, incoming.id).marks == []


def test_who_works_everywhere_is_far_outside_every_buurt(session: Session) -> None:
    make_area(session)
    els = make_actor(make_person(session, "els@example.org", "buurtbeheerder"))
    assert sent(session, els, at(*FAR)) == ["far"]
    assert sent(session, els, at(*MIDDLE), 60) == []


def test_without_boundaries_nobody_is_far(session: Session) -> None:
    els = make_actor(make_person(session, "els@example.org", "buurtbeheerder"))
    jan = make_person(session, "jan@example.org", "buurtbeheerder", area="BU99990101")
    assert sent(session, els, at(*FAR)) == []
    assert sent(session, make_actor(jan), at(*FAR)) == []


def test_a_jump_is_seen_per_person(session: Session, kees: Actor) -> None:
    els = make_actor(make_person(session, "els@example.org", "buurtbeheerder", area="BU99990101"))
    assert sent(session, kees, at(5.10, 52.08)) == []
    # 2 224 m north within a minute: 133 km/h; within no time at all it is a jump.
    assert sent(session, els, at(5.10, 52.10)) == []
    assert sent(session, kees, at(5.10, 52.10)) == ["jump"]
    assert sent(session, kees, at(5.10, 52.08), 1) == []


def test_old_made_up_and_ahead(session: Session, kees: Actor) -> None:
    early = CAPTURED - timedelta(minutes=11)
    assert sent(session, kees, at(*MIDDLE, taken_at=early)) == ["old"]
    assert sent(session, kees, at(*MIDDLE, accuracy_m=0.0), 1) == ["mock"]
    same = [sent(session, kees, at(5.115, 52.085, accuracy_m=1.0), n) for n in (10, 20, 30)]
    assert same == [[], [], ["mock"]]


def test_what_was_not_measured_is_not_judged(session: Session, kees: Actor) -> None:
    pointed = Location(lon=FAR[0], lat=FAR[1], accuracy_m=0.0, source="map")
    assert sent(session, kees, pointed) == []
    assert sent(session, kees, Location(area_code="BU99990101", source="area"), 1) == []


def test_a_program_without_a_person_is_not_judged(session: Session, kees: Actor) -> None:
    nobody = Actor(kees.organisation_id)
    assert sent(session, nobody, at(*FAR, accuracy_m=0.0)) == []


def test_it_costs_one_query(session: Session, kees: Actor) -> None:
    sent(session, kees, at(*MIDDLE))
    with counted(session.get_bind().engine) as seen:
        sent(session, kees, at(*MIDDLE), 1)
    looked = [one for one in seen if "location_source" in one and one.startswith("SELECT")]
    assert len([one for one in looked if "LIMIT" in one]) == 1


def test_the_moment_of_measuring_is_part_of_what_was_sent(session: Session, kees: Actor) -> None:
    plain = make_submission(session, location=at(*MIDDLE), actor=kees)

    def hash_of(location: Location) -> str:
        return content_sha256(
            Incoming(
                id=plain.id, survey="praatje", version="1", language="nl", captured_at=CAPTURED,
                answers={"verhaal": "Het is hier rustig."}, location=location,
            )
        )  # fmt: skip

    assert hash_of(at(*MIDDLE)) == plain.content_sha256  # as before there was a moment
    assert hash_of(at(*MIDDLE, taken_at=CAPTURED)) != plain.content_sha256
