"""What is remembered of a door, and who may know it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM, Actor
from fieldapp.core.submission import REJECTED, RETURNED
from fieldapp.core.walking import DoorCounts
from fieldapp.db.models import FollowUp, Submission
from fieldapp.db.queries.follow_ups import mark_done
from fieldapp.services.door_memory import MOST_DOORS, Door, doors_known
from fieldapp.services.follow_ups import NOTE_MAX, plan, promises, settle
from fieldapp.services.retention import apply_retention
from fieldapp.services.visible import NotThere, NotYours
from tests.factories import make_actor, make_area, make_person, make_round, make_survey
from tests.factories.doors import VISITED, send, visit
from tests.support.queries import counted

HERE, THERE = "BU99990101", "BU99990201"
NOW = VISITED + timedelta(days=30)
STAR = "Sterstraat 12-24"


@pytest.fixture
def kees(session: Session) -> Actor:
    """A caretaker of HERE."""
    make_area(session, HERE, "Sterrenbuurt")
    make_area(session, THERE, "Maanbuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    return make_actor(make_person(session, "kees@example.org", "buurtbeheerder", area=HERE))


def someone(
    session: Session, role: str, area: str | None = HERE, organisation: str = "gemeente"
) -> Actor:
    person = make_person(session, "", role, area=area, organisation=organisation)
    return make_actor(person)


def only(doors: list[Door]) -> Door:
    assert len(doors) == 1
    return doors[0]


def test_a_door_tells_when_who_came_and_how_many_opened(session: Session, kees: Actor) -> None:
    colleague = someone(session, "gespreksvoerder")
    doors = ("gesproken", "open", "dicht", "dicht", "liever_niet", "")
    visit(session, colleague, STAR, area=HERE, doors=doors, terugkomen_mag="ja")
    visit(session, kees, "STERSTRAAT 12-24", survey="bewonersgesprek", area=HERE, days=7)
    door = only(doors_known(session, kees, NOW))
    assert door.name == "STERSTRAAT 12-24"  # as it was typed last
    assert door.key == "sterstraat 12-24"
    assert [(v.on, v.kind, v.is_mine) for v in door.visits] == [
        (date(2026, 9, 8), "bewonersgesprek", True),
        (date(2026, 9, 1), "portiekgesprek", False),
    ]
    # Of six doors one was not tried; open, gesproken and liever_niet opened.
    assert door.counts == DoorCounts(tried=5, opened=3, spoken=1)
    assert door.counted_on == date(2026, 9, 1)
    assert (door.may_return, door.asked_on) == (True, date(2026, 9, 1))


def test_no_story_and_no_answer_of_a_resident(session: Session, kees: Actor) -> None:
    visit(session, kees, STAR, survey="bewonersgesprek", area=HERE, beloofd="Vrijdag bellen.")
    found = repr(doors_known(session, kees, NOW))
    assert "Vrijdag bellen." in found
    assert "GEHEIM" not in found


def test_a_residents_own_survey_is_no_visit_and_no_promise(session: Session, kees: Actor) -> None:
    """Even one that asks for a stairwell and has a question with the role of a promise."""
    definition = {
        "settings": {"form_id": "bewoner", "version": "1", "kind": "enquete"},
        "title": {"nl": "Bewoner"},
        "survey": [
            {"type": "text", "name": "portiek", "label": {"nl": "Waar?"}, "role": "portiek"},
            {"type": "text", "name": "wens", "label": {"nl": "Wat?"}, "role": "promise"},
        ],
    }
    made = make_round(session, make_survey(session, definition), HERE)
    send(session, None, "bewoner", "1", {"portiek": STAR, "wens": "GEHEIM"}, made.slug, HERE)
    assert session.scalars(select(Submission.portiek)).one() == STAR.casefold()
    assert session.scalars(select(FollowUp)).all() == []
    assert doors_known(session, kees, NOW) == []


def test_names_only_for_who_reviews_there(session: Session, kees: Actor) -> None:
    colleague = someone(session, "gespreksvoerder")
    visit(session, colleague, STAR, area=HERE, afspraken="Lamp doorgeven.")
    for role, name in (
        ("wijkmanager", "Kees de Vries"),
        ("beheerder", "Kees de Vries"),
        ("analist", "Kees de Vries"),
        ("gespreksvoerder", ""),
        ("buurtbeheerder", ""),
    ):
        door = only(doors_known(session, someone(session, role), NOW))
        assert [v.who for v in door.visits] == [name], role
        assert [p.made_by for p in door.promises] == [name], role


def test_a_reviewer_elsewhere_who_collects_here_sees_no_names(
    session: Session, kees: Actor
) -> None:
    visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    person = make_person(session, "", "gespreksvoerder", area=HERE)
    person.memberships.append(type(person.memberships[0])(role="wijkmanager", area_code=THERE))
    session.commit()
    door = only(doors_known(session, make_actor(person), NOW))
    assert ([v.who for v in door.visits], [p.made_by for p in door.promises]) == ([""], [""])


def test_nothing_of_another_area_or_organisation(session: Session, kees: Actor) -> None:
    visit(session, someone(session, "gespreksvoerder", None), STAR, area=THERE, afspraken="Bel.")
    stranger = someone(session, "buurtbeheerder", None, "corporatie")
    assert doors_known(session, kees, NOW) == []
    assert promises(session, kees, NOW) == []
    assert doors_known(session, stranger, NOW) == []
    assert promises(session, stranger, NOW) == []
    assert len(doors_known(session, someone(session, "buurtbeheerder", THERE), NOW)) == 1


def test_two_streets_of_one_name_are_two_doors(session: Session, kees: Actor) -> None:
    everywhere = someone(session, "gespreksvoerder", None)
    visit(session, everywhere, STAR, area=HERE, afspraken="Hier.")
    visit(session, everywhere, STAR, area=THERE, afspraken="Daar.")
    found = {door.area_code: door for door in doors_known(session, everywhere, NOW)}
    assert {code: [p.text for p in door.promises] for code, door in found.items()} == {
        HERE: ["Hier."],
        THERE: ["Daar."],
    }


@pytest.mark.parametrize("state", [RETURNED, REJECTED])
def test_what_was_sent_back_or_rejected_is_not_remembered(
    session: Session, kees: Actor, state: str
) -> None:
    sent = visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    assert len(promises(session, kees, NOW)) == 1
    sent.state = state
    session.commit()
    assert promises(session, kees, NOW) == []
    assert doors_known(session, kees, NOW) == []
    follow_up = session.scalars(select(FollowUp)).one()
    with pytest.raises(NotThere):
        settle(session, follow_up.id, kees, NOW, done=True)


@pytest.mark.parametrize("nothing", ["", "Geen", "geen.", " Nee ", "n.v.t.", "-", "Niets beloofd!"])
def test_no_promise_is_no_promise(session: Session, kees: Actor, nothing: str) -> None:
    visit(session, kees, STAR, area=HERE, afspraken=nothing)
    assert session.scalars(select(FollowUp)).all() == []


def test_a_visit_of_more_than_a_year_ago_is_forgotten_but_not_its_promise(
    session: Session, kees: Actor
) -> None:
    visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    visit(session, kees, "Maanweg 1-9", area=HERE)
    later = VISITED + timedelta(days=366)
    door = only(doors_known(session, kees, later))
    assert (door.name, door.visits) == (STAR, ())
    assert [p.text for p in door.promises] == ["Lamp doorgeven."]


def test_a_promise_is_kept_once_and_can_be_opened_again(session: Session, kees: Actor) -> None:
    colleague = someone(session, "gespreksvoerder")
    visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    (made,) = promises(session, kees, NOW)
    assert (made.is_open, made.is_mine, made.portiek) == (True, True, STAR)
    said = NOW - timedelta(days=2)
    kept = settle(session, made.id, kees, NOW, done=True, at=said, note=" Hij brandt weer. ")
    assert (kept.done_on, kept.done_by_me, kept.note) == (said.date(), True, "Hij brandt weer.")
    again = settle(session, made.id, colleague, NOW, done=True, note="ik ook")
    assert (again.done_on, again.done_by_me, again.note) == (said.date(), False, "Hij brandt weer.")
    opened = settle(session, made.id, colleague, NOW, done=False)
    assert (opened.is_open, opened.note) == (True, "")
    assert settle(session, made.id, colleague, NOW, done=False).is_open


def test_a_phones_clock_cannot_keep_a_promise_before_it_was_made_or_tomorrow(
    session: Session, kees: Actor
) -> None:
    visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    (made,) = promises(session, kees, NOW)
    for said, expected in (
        (VISITED - timedelta(days=400), VISITED.date()),
        (NOW + timedelta(days=400), NOW.date()),
    ):
        assert settle(session, made.id, kees, NOW, done=True, at=said).done_on == expected
        settle(session, made.id, kees, NOW, done=False)


def test_who_may_call_a_promise_kept(session: Session, kees: Actor) -> None:
    visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    (made,) = promises(session, kees, NOW)
    for role in ("analist", "beheerder"):
        reader = someone(session, role)
        assert [p.may_settle for p in promises(session, reader, NOW)] == [False]
        with pytest.raises(NotYours):
            settle(session, made.id, reader, NOW, done=True)
    for outsider in (
        someone(session, "buurtbeheerder", THERE),
        someone(session, "wijkmanager", None, "corporatie"),
    ):
        with pytest.raises(NotThere):
            settle(session, made.id, outsider, NOW, done=True)
    for role in ("gespreksvoerder", "wijkmanager"):
        assert settle(session, made.id, someone(session, role), NOW, done=True).done_on
        settle(session, made.id, kees, NOW, done=False)


def test_who_promised_keeps_seeing_it_after_moving_to_another_area(
    session: Session, kees: Actor
) -> None:
    visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    moved = Actor(kees.organisation_id, kees.user_id, kees.name, ())
    (made,) = promises(session, moved, NOW)
    assert settle(session, made.id, moved, NOW, done=True).done_by_me


def test_mine_come_first_then_the_newest_then_what_was_kept(session: Session, kees: Actor) -> None:
    colleague = someone(session, "gespreksvoerder")
    visit(session, kees, "A 1", area=HERE, afspraken="mijn oude")
    visit(session, colleague, "B 1", area=HERE, days=1, afspraken="van een ander")
    visit(session, kees, "C 1", area=HERE, days=2, afspraken="mijn nieuwe")
    visit(session, kees, "D 1", area=HERE, days=3, afspraken="gehouden")
    kept = next(p for p in promises(session, kees, NOW) if p.text == "gehouden")
    settle(session, kept.id, kees, NOW, done=True)
    found = [p.text for p in promises(session, kees, NOW)]
    assert found == ["mijn nieuwe", "mijn oude", "van een ander", "gehouden"]
    assert [p.text for p in promises(session, kees, NOW + timedelta(days=91))] == found[:3]


def test_what_has_a_last_day_comes_first(session: Session, kees: Actor) -> None:
    for number, text in enumerate(("ooit", "later", "eerst", "ook ooit")):
        visit(session, kees, f"A {number}", area=HERE, days=number, afspraken=text)
    made = {promise.text: promise.id for promise in promises(session, kees, NOW)}
    plan(session, made["later"], kees, date(2026, 12, 1))
    plan(session, made["eerst"], kees, date(2026, 11, 1))
    found = [promise.text for promise in promises(session, kees, NOW)]
    assert found == ["eerst", "later", "ook ooit", "ooit"]


def test_what_nobody_is_known_to_have_promised_is_of_nobody(session: Session, kees: Actor) -> None:
    sent = visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    (made,) = promises(session, kees, NOW)
    sent.user_id = None
    session.commit()
    nobody = Actor(kees.organisation_id, None, "", ())
    assert promises(session, nobody, NOW) == []
    with pytest.raises(NotThere):
        settle(session, made.id, nobody, NOW, done=True)


def test_a_long_note_is_cut(session: Session, kees: Actor) -> None:
    visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    (made,) = promises(session, kees, NOW)
    kept = settle(session, made.id, kees, NOW, done=True, note="x" * (NOTE_MAX + 1))
    assert kept.note == "x" * NOTE_MAX


def test_a_promise_goes_after_its_term(session: Session, kees: Actor, settings: Settings) -> None:
    visit(session, kees, "A 1", area=HERE, afspraken="gehouden")
    visit(session, kees, "B 1", area=HERE, afspraken="open")
    kept = next(p for p in promises(session, kees, NOW) if p.text == "gehouden")
    settle(session, kept.id, kees, NOW, done=True)

    def left(moment: object) -> list[str]:
        apply_retention(session, settings, SYSTEM, moment, dry_run=False)  # type: ignore[arg-type]
        return sorted(session.scalars(select(FollowUp.text)))

    assert left(NOW + timedelta(days=364)) == ["gehouden", "open"]
    assert left(NOW + timedelta(days=367)) == ["open"]
    assert left(VISITED + timedelta(days=729)) == ["open"]
    assert left(VISITED + timedelta(days=732)) == []


def test_an_area_full_of_doors_takes_few_queries_and_is_bounded(
    session: Session, engine: Engine, kees: Actor
) -> None:
    sent = visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    row = {c.name: getattr(sent, c.name) for c in Submission.__table__.columns if c.name != "geom"}
    rows = [
        {**row, "id": uuid.uuid4(), "portiek": f"straat {number}"}
        for number in range(MOST_DOORS + 40)
    ]
    session.execute(Submission.__table__.insert(), rows)  # type: ignore[attr-defined]
    session.commit()
    with counted(engine) as statements:
        found = doors_known(session, kees, NOW)
    assert len([door for door in found if door.visits]) == MOST_DOORS
    assert len(statements) <= 8


def test_of_two_colleagues_at_the_same_moment_the_first_one_stands(
    session: Session, kees: Actor
) -> None:
    colleague = someone(session, "gespreksvoerder")
    visit(session, kees, STAR, area=HERE, afspraken="Lamp doorgeven.")
    (made,) = promises(session, kees, NOW)
    # Both read it while it was open; only then both write.
    for number, actor in enumerate((kees, colleague)):
        mark_done(session, made.id, NOW + timedelta(hours=number), actor.user_id, "")
    session.commit()
    stored = session.scalars(select(FollowUp)).one()
    assert (stored.done_by_id, stored.done_at) == (kees.user_id, NOW)
