"""Walking lists: who walks a round, what a visit adds, and which list may be made."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.door_list import ListedDoor
from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming, Location
from fieldapp.db.models import Round, RoundDoor, SurveyVersion
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from fieldapp.services.walks import may_walk, set_doors, walk_of, walks_of
from tests.factories import make_actor, make_area, make_person, make_round, make_survey
from tests.factories.doors import SHIPPED, VISITED, visit
from tests.support.shipped import version

WIJK, HERE, THERE, ELSEWHERE = "WK999901", "BU99990101", "BU99990102", "BU99990201"
NOW = VISITED + timedelta(days=30)
STAR = "Sterstraat 12-24"


@pytest.fixture
def portiekgesprek(session: Session) -> SurveyVersion:
    make_area(session, HERE, "Sterrenbuurt")
    make_area(session, THERE, "Maanbuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    make_area(session, ELSEWHERE, "Zonbuurt", bounds=(5.14, 52.08, 5.16, 52.10))
    return make_survey(session, "portiekgesprek")


def someone(session: Session, role: str = "gespreksvoerder", **more: Any) -> Actor:
    return make_actor(make_person(session, "", role, **more))


@pytest.mark.parametrize(
    ("areas", "mine", "expected"),
    [
        ((HERE,), HERE, True),
        ((HERE,), THERE, False),
        ((HERE,), WIJK, True),  # the round lies within where I work
        ((WIJK,), HERE, True),  # I work in a part of the round
        ((WIJK,), ELSEWHERE, False),
        ((THERE, ELSEWHERE), ELSEWHERE, True),
        ((), HERE, True),  # a round without areas is everywhere
        ((HERE,), None, True),
        ((), None, True),
    ],
)
def test_who_walks_a_round(
    session: Session,
    portiekgesprek: SurveyVersion,
    areas: tuple[str, ...],
    mine: str | None,
    expected: bool,
) -> None:
    made = make_round(session, portiekgesprek, *areas, public=False)
    actor = someone(session, area=mine)
    assert may_walk(made, actor) is expected
    assert [walk.slug for walk in walks_of(session, actor, NOW.date())] == [made.slug] * expected
    assert not may_walk(made, Actor(actor.organisation_id, actor.user_id))  # with no role at all
    assert not may_walk(made, someone(session, area=mine, organisation="corporatie"))


def test_a_visit_that_was_improved_on_the_phone_counts_as_it_is_now(
    session: Session, portiekgesprek: SurveyVersion
) -> None:
    kees = someone(session)
    made = make_round(session, portiekgesprek, HERE, slug="trap", public=False)
    first = visit(session, kees, STAR, area=HERE, round_slug="trap", doors=("dicht", "dicht"))
    assert counts(session, made, kees) == [(STAR, 2, 0)]
    answers = {
        **SHIPPED["portiekgesprek"],
        "portiek": "STERSTRAAT 12-24",
        "deuren": [{"deur": how} for how in ("gesproken", "open", "dicht")],
    }
    improved = Incoming(
        id=first.id,
        survey="portiekgesprek",
        version=version("portiekgesprek"),
        language="nl",
        captured_at=VISITED,
        answers=answers,
        location=Location(area_code=HERE, source="area"),
        round_slug="trap",
        revision=1,
    )
    intake = Intake(MediaStore(Path("no-photos-here")))
    later = VISITED + timedelta(hours=1)
    assert receive_submission(session, improved, kees, later, intake).status == "corrected"
    session.expire_all()
    assert counts(session, made, kees) == [("STERSTRAAT 12-24", 3, 2)]


def test_each_round_counts_its_own_visits(session: Session, portiekgesprek: SurveyVersion) -> None:
    kees = someone(session)
    for slug, doors in (("lente", ("dicht", "dicht", "open")), ("herfst", ("gesproken", "dicht"))):
        make_round(session, portiekgesprek, HERE, slug=slug, public=False)
        visit(session, kees, STAR, area=HERE, round_slug=slug, doors=doors)
    visit(session, kees, "Zonder ronde 1", area=HERE)
    found = {walk.slug: walk.doors for walk in walks_of(session, kees, NOW.date())}
    assert {
        slug: [(door.name, door.progress.visits, door.progress.tried) for door in doors]
        for slug, doors in found.items()
    } == {"lente": [(STAR, 1, 3)], "herfst": [(STAR, 1, 2)]}


def test_a_stairwell_that_is_not_listed_is_called_as_it_was_typed_last(
    session: Session, portiekgesprek: SurveyVersion
) -> None:
    kees = someone(session)
    made = make_round(session, portiekgesprek, HERE, slug="trap", public=False)
    visit(session, kees, "STERSTRAAT 12-24", area=HERE, round_slug="trap", doors=("dicht",))
    visit(session, kees, STAR, area=HERE, round_slug="trap", days=1, doors=("dicht", "open"))
    assert counts(session, made, kees) == [(STAR, 2, 1)]


def test_where_a_listed_stairwell_is_follows_from_our_own_visits_only(
    session: Session, portiekgesprek: SurveyVersion
) -> None:
    kees, stranger = someone(session), someone(session, organisation="corporatie")
    made = make_round(session, portiekgesprek, HERE, THERE, public=False)
    visit(session, kees, STAR, area=HERE)
    visit(session, stranger, STAR, area=THERE)
    assert set_doors(session, made, [ListedDoor(STAR, 8)], kees, NOW) == []
    assert session.scalars(select(RoundDoor.area_code)).all() == [HERE]


def counts(session: Session, made: Round, actor: Actor) -> list[tuple[str, int, int]]:
    doors = walk_of(session, made, actor).doors
    return [(door.name, door.progress.tried, door.progress.opened) for door in doors]
