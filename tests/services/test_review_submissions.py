"""Reviewing: allowed steps with reasons, history that only grows, a buurt by hand, conflicts."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import Location
from fieldapp.db.models import Submission, SubmissionConflict, SubmissionEvent
from fieldapp.db.queries.review import InboxFilter, buurten_named, buurten_near, inbox
from fieldapp.services import review_submissions as reviewing
from fieldapp.services.review_submissions import ReviewRefused, note_of
from fieldapp.services.visible import NotThere, NotYours
from tests.factories import make_actor, make_area, make_person, make_submission

NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
HERE = Location(lon=5.11, lat=52.09, source="gps")
SEA = Location(lon=3.0, lat=53.5, source="gps")


@pytest.fixture
def manager(session: Session) -> Actor:
    return make_actor(make_person(session, "", "wijkmanager"))


def events(session: Session, submission: Submission) -> list[tuple[str, str]]:
    query = select(SubmissionEvent).where(SubmissionEvent.submission_id == submission.id)
    return [(e.state, e.reason) for e in session.scalars(query.order_by(SubmissionEvent.id))]


def test_steps_and_their_history(session: Session, manager: Actor) -> None:
    submission = make_submission(session)
    reviewing.step(session, submission.id, "accepted", "", manager, NOW)
    reviewing.step(session, submission.id, "returned", " foto is van elders ", manager, NOW)
    reviewing.step(session, submission.id, "rejected", "test", manager, NOW)
    assert submission.state == "rejected"
    assert events(session, submission) == [
        ("received", ""),
        ("accepted", ""),
        ("returned", "foto is van elders"),
        ("rejected", "test"),
    ]


@pytest.mark.parametrize(
    ("state", "reason", "code"),
    [
        ("returned", "", "reason_needed"),
        ("rejected", "  ", "reason_needed"),
        ("returned", "x" * 1001, "reason_too_long"),
        ("received", "toch niet", "step_not_allowed"),
        ("weg", "x", "step_not_allowed"),
    ],
)
def test_steps_that_are_refused(
    session: Session, manager: Actor, state: str, reason: str, code: str
) -> None:
    submission = make_submission(session)
    with pytest.raises(ReviewRefused) as error:
        reviewing.step(session, submission.id, state, reason, manager, NOW)
    assert error.value.problem.code == code
    assert events(session, submission) == [("received", "")]


def test_a_colleague_who_was_earlier(session: Session, manager: Actor) -> None:
    submission = make_submission(session)
    session.execute(
        update(Submission)
        .where(Submission.id == submission.id)
        .values(state="accepted")
        .execution_options(synchronize_session=False)
    )
    assert submission.state == "received"
    with pytest.raises(ReviewRefused) as error:
        reviewing.step(session, submission.id, "rejected", "dubbel", manager, NOW)
    assert error.value.problem.code == "changed_meanwhile"


def test_accept_all_leaves_the_rest(session: Session) -> None:
    make_area(session)
    mine = [make_submission(session, location=HERE, number=n) for n in range(2)]
    returned = make_submission(session, location=HERE)
    returned.state = "returned"
    outside = make_submission(session, location=SEA)
    foreign = make_submission(session, organisation="andere")
    session.commit()
    actor = make_actor(make_person(session, "", "wijkmanager", area="WK999901"))
    ids = [s.id for s in (*mine, returned, outside, foreign)] + [uuid.uuid4()]
    done = reviewing.accept_all(session, dict.fromkeys(ids, ""), actor, NOW)
    assert (done.accepted, done.skipped) == (2, 4)
    session.expire_all()
    states = [s.state for s in (*mine, returned, outside, foreign)]
    assert states == ["accepted", "accepted", "returned", "received", "received"]
    assert events(session, mine[0]) == [("received", ""), ("accepted", "")]
    with pytest.raises(ReviewRefused):
        reviewing.accept_all(session, {uuid.uuid4(): "" for _ in range(101)}, actor, NOW)


def test_who_may_review(session: Session) -> None:
    make_area(session)
    submission = make_submission(session, location=HERE)
    refused = {
        make_actor(make_person(session, "", "wijkmanager", area="WK999902")): NotYours,
        make_actor(make_person(session, "", "buurtbeheerder")): NotYours,
        make_actor(make_person(session, "", "wijkmanager", organisation="andere")): NotThere,
    }
    for actor, error in refused.items():
        with pytest.raises(error):
            reviewing.step(session, submission.id, "accepted", "", actor, NOW)


def test_a_point_outside_all_areas_gets_a_buurt_by_hand(session: Session, manager: Actor) -> None:
    make_area(session, year=2023)
    make_area(session)
    submission = make_submission(session, location=SEA)
    assert submission.area_status == "outside"
    reviewing.choose_area(session, submission.id, "BU99990101", manager, NOW)
    reviewing.choose_area(session, submission.id, "BU99990101", manager, NOW)
    session.expire_all()
    assert (submission.area_code, submission.boundary_year) == ("BU99990101", 2024)
    assert submission.area_status == "chosen"
    assert (submission.lon, submission.lat) == (3.0, 53.5)
    assert events(session, submission)[1:] == [("received", "area=BU99990101")]
    assert note_of("area=BU99990101") == ("area", "BU99990101")
    assert note_of("te donker") is None


def test_buurten_that_cannot_be_chosen(session: Session, manager: Actor) -> None:
    make_area(session)
    make_area(session, "WK999901", "Sterrenwijk")
    found = make_submission(session, location=HERE)
    with pytest.raises(ReviewRefused) as error:
        reviewing.choose_area(session, found.id, "BU99990101", manager, NOW)
    assert error.value.problem.code == "area_found"
    outside = make_submission(session, location=SEA)
    for code in ("BU00000000", "WK999901", ""):
        with pytest.raises(ReviewRefused) as error:
            reviewing.choose_area(session, outside.id, code, manager, NOW)
        assert error.value.problem.code == "unknown_area"


def test_buurten_near_and_by_name(session: Session) -> None:
    make_area(session, year=2023)
    make_area(session)
    make_area(session, "BU99990102", "Verderweg", bounds=(5.5, 52.5, 5.6, 52.6))
    near = buurten_near(session, 5.1, 52.0)
    assert [(a.code, a.boundary_year) for a in near] == [("BU99990101", 2024), ("BU99990102", 2024)]
    assert [a.boundary_year for a in buurten_named(session, "sterrenBUURT")] == [2024]
    assert [a.code for a in buurten_named(session, "bu99990102")] == ["BU99990102"]


def test_a_conflict_is_seen_once_and_both_sides_stay(session: Session, manager: Actor) -> None:
    first = make_submission(session, {"verhaal": "Rustig."})
    make_submission(session, {"verhaal": "Druk!"}, submission_id=first.id)
    conflict = session.scalars(select(SubmissionConflict)).one()
    wanted = InboxFilter(first.organisation_id, None, conflicts=True)
    assert [s.id for s in inbox(session, wanted).rows] == [first.id]
    for _ in range(2):
        reviewing.resolve_conflict(session, conflict.id, manager, NOW)
    session.expire_all()
    assert conflict.resolved_at == NOW
    assert conflict.content["answers"] == {"verhaal": "Druk!"}
    assert first.answers["verhaal"]["v"] == "Rustig."
    assert events(session, first)[1:] == [("received", f"conflict={conflict.id}")]
    assert inbox(session, wanted).rows == []
    with pytest.raises(NotThere):
        reviewing.resolve_conflict(session, 999, manager, NOW)


def test_pages_forward_and_back_cover_everything_once(session: Session) -> None:
    made = [make_submission(session, number=n // 2).id for n in range(7)]
    wanted = InboxFilter(make_actor(make_person(session)).organisation_id or 0, None)
    seen, cursor, pages = [], None, []
    while True:
        page = inbox(session, wanted, cursor, limit=3)
        pages.append([s.id for s in page.rows])
        seen += pages[-1]
        if page.next is None:
            break
        cursor = page.next
    assert sorted(seen) == sorted(made)
    assert [len(ids) for ids in pages] == [3, 3, 1]
    back = page.previous
    for expected in (pages[1], pages[0]):
        page = inbox(session, wanted, back, limit=3)
        assert [s.id for s in page.rows] == expected
        back = page.previous
    assert back is None
