"""A form that was improved on the phone takes the place of its older version: once, and whole."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.receipt import answers_sha256
from fieldapp.core.submission import HIGHEST_REVISION, Incoming, Location, SentFile, read_revision
from fieldapp.db.engine import make_session_factory
from fieldapp.db.models import (
    Attachment,
    FollowUp,
    SignedReceipt,
    Statement,
    Submission,
    SubmissionConflict,
    SubmissionEvent,
)
from fieldapp.db.queries.retention import media_in_use
from fieldapp.db.queries.revisions import revision, voices_key
from fieldapp.db.queries.voices import area_stamps
from fieldapp.services import code_statements
from fieldapp.services import review_submissions as reviewing
from fieldapp.services.code_statements import MarkStatement
from fieldapp.services.coding_rules import CodingRefused
from fieldapp.services.follow_ups import plan, settle
from fieldapp.services.frames import code_frame
from fieldapp.services.intake import Intake, Receipt, Refused, receive_submission
from fieldapp.services.intake.again import own_receipt
from fieldapp.services.media import MediaStore
from fieldapp.services.receipts import Signer, check_receipt
from tests.factories import make_actor, make_area, make_person, make_round, make_survey
from tests.factories.submissions import CAPTURED, TALK
from tests.support.shipped import version

FIRST = CAPTURED + timedelta(minutes=5)
LATER = CAPTURED + timedelta(hours=1)
INSIDE = Location(5.11, 52.09, 8.0, "gps")
Send = Callable[..., Receipt]


@pytest.fixture
def kees(session: Session) -> Actor:
    make_survey(session, TALK)
    make_area(session, "BU99990101", "Sterrenbuurt", bounds=(5.10, 52.08, 5.12, 52.10))
    make_area(session, "BU99990102", "Verderweg", bounds=(5.12, 52.08, 5.14, 52.10))
    return make_actor(make_person(session, "kees@example.org", "gespreksvoerder"))


@pytest.fixture
def manager(session: Session) -> Actor:
    return make_actor(make_person(session, "wil@example.org", "wijkmanager", "analist"))


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    signer = Signer(tmp_path / "keys" / "receipts.pem")
    return Intake(MediaStore(tmp_path / "media"), signer=signer)


@pytest.fixture
def send(session: Session, kees: Actor, intake: Intake) -> Send:
    def send(incoming: Incoming, now: datetime = FIRST, actor: Actor | None = kees) -> Receipt:
        return receive_submission(session, incoming, actor, now, intake)

    return send


def talk(story: str = "Het is rustig.", number: int = 1, **more: Any) -> Incoming:
    given = {"answers": {"verhaal": story}, "revision": number, **more}
    return Incoming(
        more.pop("id", uuid.uuid4()), "praatje", "1", "nl", CAPTURED,
        **{k: v for k, v in given.items() if k != "id"},
    )  # fmt: skip


def improved(incoming: Incoming, story: str, number: int, **more: Any) -> Incoming:
    return replace(incoming, answers={"verhaal": story}, revision=number, **more)


def story(session: Session, incoming: Incoming) -> str:
    session.expire_all()
    return str(session.get_one(Submission, incoming.id).answers["verhaal"]["v"])


def rows(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_newer_version_takes_the_place_of_the_older(session: Session, send: Send) -> None:
    first = talk(location=INSIDE)
    before = send(first)
    newer = improved(first, "Het is druk.", 2, location=Location(5.13, 52.09, 5.0, "gps"))
    after = send(newer, LATER)
    assert (before.status, after.status) == ("created", "corrected")
    assert story(session, first) == "Het is druk."
    found = session.get_one(Submission, first.id)
    assert (found.area_code, found.lon, found.revision) == ("BU99990102", 5.13, 2)
    assert (found.received_at, found.content_sha256) == (LATER, after.content_sha256)
    assert rows(session, Submission) == 1
    old = session.scalars(select(SubmissionConflict)).one()
    assert old.superseded
    assert old.resolved_at == LATER
    assert (old.received_at, old.content_sha256) == (FIRST, before.content_sha256)
    assert old.content["answers"] == {"verhaal": "Het is rustig."}
    assert (old.content["location"]["lon"], old.content["revision"]) == (5.11, 1)
    events = session.scalars(select(SubmissionEvent).order_by(SubmissionEvent.id)).all()
    assert [(e.state, e.reason, e.actor_id) for e in events] == [
        ("received", "", found.user_id),
        ("received", "improved=2", found.user_id),
    ]


def test_the_receipt_is_of_the_newer_version(session: Session, send: Send) -> None:
    first = talk()
    before = send(first)
    newer = improved(first, "Het is druk.", 2)
    after = send(newer, LATER)
    again = send(newer, LATER + timedelta(days=1))
    assert (again.status, again.signed) == ("same", after.signed)
    assert after.signed is not None
    assert before.signed is not None
    document = json.loads(after.signed.document)
    assert document["answers_sha256"] == answers_sha256(newer.answers)
    assert document["received_at"] == LATER.isoformat()
    assert rows(session, SignedReceipt) == 1
    # The older one stays genuine, and stays with the older version.
    assert check_receipt(session, before.signed).verdict == "genuine"
    old = session.scalars(select(SubmissionConflict)).one()
    assert old.content["receipt"] == before.signed.as_json()


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_whatever_the_order_the_last_one_stands(
    session: Session, send: Send, order: tuple[int, ...]
) -> None:
    """A late or repeated copy of an older version never comes back on top."""
    sent = talk("Versie 1.")
    for number in (*order, *order):
        send(improved(sent, f"Versie {number}.", number))
        send(improved(sent, f"Versie {number}.", number))
    assert story(session, sent) == "Versie 3."
    kept = session.scalars(select(SubmissionConflict)).all()
    assert all(one.superseded and one.resolved_at for one in kept)
    assert sorted(one.content["answers"]["verhaal"] for one in kept) == ["Versie 1.", "Versie 2."]


def test_an_older_version_that_comes_late_changes_nothing(session: Session, send: Send) -> None:
    newer = talk("Het is druk.", 2)
    after = send(newer)
    late = send(improved(newer, "Het is rustig.", 1), LATER)
    assert late.status == "older"
    assert late.signed == after.signed
    assert story(session, newer) == "Het is druk."
    assert rows(session, SubmissionEvent) == 1


def test_back_to_what_it_was_is_a_newer_version_too(session: Session, send: Send) -> None:
    first = talk("Rustig.")
    for number, words in enumerate(("Rustig.", "Druk.", "Rustig."), 1):
        send(improved(first, words, number))
    assert story(session, first) == "Rustig."
    assert send(improved(first, "Druk.", 2)).status == "older"
    assert story(session, first) == "Rustig."


def test_finished_again_without_a_change_counts(session: Session, send: Send) -> None:
    """Else a version that was on its way in between would come on top."""
    first = talk("Rustig.")
    send(first)
    assert send(replace(first, revision=3)).status == "same"
    assert send(improved(first, "Druk.", 2)).status == "older"
    assert story(session, first) == "Rustig."


def test_equal_or_absent_numbers_are_a_conflict_as_before(session: Session, send: Send) -> None:
    first = talk(number=0)
    send(first)
    assert send(improved(first, "Druk.", 0)).status == "conflict"
    second = talk(number=2)
    send(second)
    assert send(improved(second, "Druk.", 2)).status == "conflict"
    assert send(improved(second, "Stil.", 0)).status == "conflict"
    assert story(session, second) == "Het is rustig."
    kept = session.scalars(select(SubmissionConflict)).all()
    assert [(one.superseded, one.resolved_at) for one in kept] == [(False, None)] * 3


def test_only_who_sent_it_replaces_it(session: Session, send: Send) -> None:
    first = talk()
    send(first)
    other = make_actor(make_person(session, "mo@example.org", "gespreksvoerder"))
    receipt = send(improved(first, "Druk.", 2), LATER, other)
    assert (receipt.status, receipt.signed) == ("conflict", None)
    assert story(session, first) == "Het is rustig."
    assert own_receipt(session, first.id, other) is None


def test_a_residents_enquete_is_never_replaced(session: Session, kees: Actor, send: Send) -> None:
    make_round(session, make_survey(session, "bewonersenquete"), "BU99990101", slug="lente")
    sent = Incoming(
        uuid.uuid4(), "bewonersenquete", version("bewonersenquete"), "nl", CAPTURED, {},
        round_slug="lente", revision=1,
    )  # fmt: skip
    for actor in (None, kees):
        one = replace(sent, id=uuid.uuid4())
        send(one, FIRST, actor)
        assert send(replace(one, language="en", revision=2), LATER, actor).status == "conflict"
        assert session.get_one(Submission, one.id).language == "nl"


def _accept(session: Session, first: Incoming, manager: Actor) -> None:
    reviewing.step(session, first.id, "accepted", "", manager, LATER)


def _code(session: Session, first: Incoming, manager: Actor) -> None:
    session.add(
        Statement(
            submission_id=first.id, question="verhaal", starts=0, ends=3, text="Het", valence=1,
            frame_version="x", coder_id=manager.user_id, created_at=LATER,
        )
    )  # fmt: skip
    session.commit()


def _place(session: Session, first: Incoming, manager: Actor) -> None:
    reviewing.choose_area(session, first.id, "BU99990102", manager, LATER)


def _call_done(session: Session, first: Incoming, _manager: Actor) -> None:
    session.get_one(Submission, first.id).coded_at = LATER
    session.commit()


@pytest.mark.parametrize("work", [_accept, _code, _place, _call_done])
def test_what_somebody_has_worked_with_stays(
    session: Session,
    send: Send,
    kees: Actor,
    manager: Actor,
    work: Callable[[Session, Incoming, Actor], None],
) -> None:
    first = talk()
    before = send(first)
    own = own_receipt(session, first.id, kees)
    assert own is not None
    assert own.correctable
    work(session, first, manager)
    own = own_receipt(session, first.id, kees)
    assert own is not None
    assert not own.correctable
    for _ in range(2):
        receipt = send(improved(first, "Druk.", 2), LATER)
        assert (receipt.status, receipt.signed) == ("seen", before.signed)
    assert story(session, first) == "Het is rustig."
    kept = session.scalars(select(SubmissionConflict)).one()
    assert (kept.superseded, kept.resolved_at) == (False, None)
    assert kept.content["answers"] == {"verhaal": "Druk."}


def test_a_wrong_newer_version_is_refused_and_changes_nothing(session: Session, send: Send) -> None:
    first = talk()
    send(first)
    with pytest.raises(Refused):
        send(replace(first, answers={"bestaat_niet": "x"}, revision=2), LATER)
    session.rollback()
    assert story(session, first) == "Het is rustig."
    assert rows(session, SubmissionConflict) == 0


# Files.


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def picture(name: str, data: bytes) -> SentFile:
    return SentFile("foto", name, data)


def gone(sha256: str) -> bytes:
    raise FileNotFoundError(sha256)


def without_bytes(file: SentFile) -> SentFile:
    """As a phone names it again: the server let go of the parts when the first version came."""
    return SentFile(
        file.question, file.file_name, b"", file.sent_sha256, None, partial(gone, file.sent_sha256)
    )


def observation(*files: SentFile, number: int = 1) -> Incoming:
    answers = {"wat": "schoon", "niveau_schoon": "A"}
    return Incoming(
        uuid.uuid4(), "observatie", version("observatie"), "nl", CAPTURED, answers, INSIDE,
        files, revision=number,
    )  # fmt: skip


def test_photos_of_the_newer_version_stand_and_the_older_are_kept(
    session: Session, send: Send, intake: Intake
) -> None:
    make_survey(session, "observatie")
    red, blue = picture("rood.jpg", photo("red")), picture("blauw.jpg", photo("blue"))
    first = observation(red)
    send(first)
    old = session.scalars(select(Attachment)).one().sha256
    receipt = send(replace(first, files=(blue,), revision=2), LATER)
    assert receipt.files == (("blauw.jpg", blue.sent_sha256),)
    now = session.scalars(select(Attachment)).one()
    assert (now.file_name, now.sent_sha256) == ("blauw.jpg", blue.sent_sha256)
    assert media_in_use(session) == {old, now.sha256}
    assert intake.media.read(old)


def test_a_photo_that_is_here_need_not_come_again(session: Session, send: Send) -> None:
    make_survey(session, "observatie")
    red, blue = picture("rood.jpg", photo("red")), picture("blauw.jpg", photo("blue"))
    first = observation(red)
    send(first)
    stored = session.scalars(select(Attachment)).one().sha256
    receipt = send(replace(first, files=(blue, without_bytes(red)), revision=2), LATER)
    assert [name for name, _ in receipt.files] == ["blauw.jpg", "rood.jpg"]
    kept = session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert [one.file_name for one in kept] == ["blauw.jpg", "rood.jpg"]
    assert kept[1].sha256 == stored
    with pytest.raises(Refused) as refused:
        send(replace(first, files=(without_bytes(picture("x.jpg", b"x")),), revision=3), LATER)
    assert [problem.code for problem in refused.value.problems] == ["file_missing"]


# What was promised.


@pytest.fixture
def visit(session: Session, kees: Actor) -> Incoming:
    make_survey(session, "portiekgesprek")
    answers = {
        "portiek": "Sterstraat 12-24", "huishoudens_gesproken": 1,
        "deuren": [{"deur": "gesproken"}], "afspraken": "Lamp maken.",
    }  # fmt: skip
    return Incoming(
        uuid.uuid4(), "portiekgesprek", version("portiekgesprek"), "nl", CAPTURED, answers,
        revision=1,
    )  # fmt: skip


def promising(visit: Incoming, words: str, number: int = 2) -> Incoming:
    return replace(visit, answers={**visit.answers, "afspraken": words}, revision=number)


def promises(session: Session) -> list[str]:
    session.expire_all()
    return [one.text for one in session.scalars(select(FollowUp))]


def test_a_promise_follows_the_newer_version(session: Session, send: Send, visit: Incoming) -> None:
    send(visit)
    number = session.scalars(select(FollowUp.id)).one()
    send(promising(visit, "Lamp en deur maken."), LATER)
    assert promises(session) == ["Lamp en deur maken."]
    assert session.scalars(select(FollowUp.id)).one() == number  # as phones know it
    send(promising(visit, "Geen", 3), LATER)
    assert promises(session) == []
    send(promising(visit, "Bellen.", 4), LATER)
    assert promises(session) == ["Bellen."]


@pytest.mark.parametrize("how", ["planned", "kept"])
def test_a_promise_that_somebody_touched_stays(
    session: Session, send: Send, visit: Incoming, kees: Actor, manager: Actor, how: str
) -> None:
    send(visit)
    number = session.scalars(select(FollowUp.id)).one()
    if how == "planned":
        plan(session, number, manager, date(2026, 4, 1))
    else:
        settle(session, number, kees, LATER, done=True)
    assert send(promising(visit, "Geen"), LATER).status == "corrected"
    assert promises(session) == ["Lamp maken."]
    send(promising(visit, "Iets anders.", 3), LATER)
    assert promises(session) == ["Lamp maken."]


# What is worked out from it.


def test_kept_profiles_notice_and_nothing_counts_twice(
    session: Session, send: Send, kees: Actor
) -> None:
    first = talk(location=INSIDE)
    send(first)
    organisation = kees.organisation_id or 0
    year = (date(2026, 1, 1), date(2026, 12, 31))

    def stamps() -> Any:
        return area_stamps(session, organisation, ["BU99990101", "BU99990102"], *year)

    before, counter = stamps(), revision(session, voices_key(organisation))
    send(improved(first, "Druk.", 2), FIRST)  # within the same moment
    assert revision(session, voices_key(organisation)) == counter + 1
    assert stamps()["BU99990101"].total == 1
    send(improved(first, "Druk.", 3, location=Location(5.13, 52.09, 5.0, "gps")), LATER)
    assert list(stamps()) == ["BU99990102"]
    assert stamps()["BU99990102"].total == before["BU99990101"].total == 1


def test_the_older_version_makes_no_jump(session: Session, send: Send) -> None:
    """50 metres further within the same second is another measurement, not a journey."""
    first = talk(location=INSIDE)
    send(first)
    further = Location(5.13, 52.09, 8.0, "gps")  # 1.4 km
    send(improved(first, "Druk.", 2, location=further), LATER)
    session.expire_all()
    assert "jump" not in session.get_one(Submission, first.id).marks


# At one moment.


def test_many_at_once_leave_the_last(
    engine: Engine, session: Session, kees: Actor, intake: Intake
) -> None:
    """Eight versions, three times each, in threads of their own: one submission, the last one."""
    sent = talk("Versie 1.")
    make = make_session_factory(engine)

    def one(number: int) -> str:
        with make() as own:
            incoming = improved(sent, f"Versie {number}.", number)
            return receive_submission(own, incoming, kees, FIRST, intake).status

    numbers = list(range(1, 9)) * 3
    with ThreadPoolExecutor(12) as pool:
        came = list(pool.map(one, numbers))
    assert came.count("created") == 1
    assert set(came) <= {"created", "corrected", "same", "older"}
    assert story(session, sent) == "Versie 8."
    assert session.get_one(Submission, sent.id).revision == 8
    kept = session.scalars(select(SubmissionConflict)).all()
    assert all(one.superseded for one in kept)
    words = [one.content["answers"]["verhaal"] for one in kept]
    assert sorted(words) == [f"Versie {n}." for n in range(1, 8)]  # each once: nothing is lost
    document = json.loads(session.get_one(SignedReceipt, sent.id).document)
    assert document["answers_sha256"] == answers_sha256({"verhaal": "Versie 8."})


def test_judged_at_the_same_moment_is_judged_or_corrected_never_both(
    engine: Engine, session: Session, kees: Actor, manager: Actor, intake: Intake
) -> None:
    make = make_session_factory(engine)

    def correct(sent: Incoming) -> str:
        with make() as own:
            newer = improved(sent, "Druk.", 2)
            return receive_submission(own, newer, kees, LATER, intake).status

    def accept(sent: Incoming) -> bool:
        with make() as own:
            try:
                _accept(own, sent, manager)
            except reviewing.ReviewRefused:  # "a colleague was a moment earlier"
                return False
            return True

    for _ in range(6):
        sent = talk()
        receive_submission(session, sent, kees, FIRST, intake)
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.submit(correct, sent), pool.submit(accept, sent)
            status, judged = first.result(), second.result()
        words = story(session, sent)
        found = session.get_one(Submission, sent.id)
        assert found.state == ("accepted" if judged else "received")
        if status == "corrected":  # first corrected, then perhaps judged
            assert words == "Druk."
        else:
            assert (status, words, judged) == ("seen", "Het is rustig.", True)


def test_a_judgement_is_of_the_version_that_was_read(
    session: Session, send: Send, manager: Actor
) -> None:
    first = talk()
    read = send(first).content_sha256
    newer = send(improved(first, "Druk.", 2), LATER).content_sha256
    with pytest.raises(reviewing.ReviewRefused) as refused:
        reviewing.step(session, first.id, "accepted", "", manager, LATER, seen=read)
    assert refused.value.problem.code == "changed_meanwhile"
    reviewing.step(session, first.id, "accepted", "", manager, LATER, seen=newer)


def test_coded_at_the_same_moment_quotes_what_stands_there(
    engine: Engine, session: Session, kees: Actor, manager: Actor, intake: Intake
) -> None:
    make = make_session_factory(engine)
    code = code_frame().themes[0].codes[0].code

    def correct(sent: Incoming) -> str:
        with make() as own:
            return receive_submission(own, improved(sent, "Druk.", 2), kees, LATER, intake).status

    def mark(sent: Incoming) -> None:
        command = MarkStatement(sent.id, "verhaal", 0, 3, (code,), 1)
        with make() as own, suppress(CodingRefused):
            code_statements.mark(own, command, manager, LATER)

    for _ in range(6):
        sent = talk()
        receive_submission(session, sent, kees, FIRST, intake)
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.submit(correct, sent), pool.submit(mark, sent)
            status = first.result()
            second.result()
        words = story(session, sent)
        quoted = session.scalars(select(Statement.text).where(Statement.submission_id == sent.id))
        assert all(words.startswith(text) for text in quoted), (status, words)


# The number itself.


@pytest.mark.parametrize(
    ("given", "number"), [(None, 0), ("", 0), (0, 0), (3, 3), ("12", 12), (HIGHEST_REVISION,) * 2]
)
def test_a_right_number(given: Any, number: int) -> None:
    assert read_revision(given) == (number, [])


@pytest.mark.parametrize(
    "given",
    [-1, 1.0, 1.5, True, HIGHEST_REVISION + 1, 10**40, "x", "-1", "١٢", "1" * 5000, [], {}, [1]],
)
def test_a_wrong_number_is_told(given: Any) -> None:
    number, problems = read_revision(given)
    assert number == 0
    assert [(one.code, one.where) for one in problems] == [("not_a_revision", "revision")]
