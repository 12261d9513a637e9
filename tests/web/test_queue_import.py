"""/inzendingen/bestand: choose the file of a phone, read what came of each form."""

from __future__ import annotations

import io
import random

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Submission, SurveyVersion, User
from fieldapp.services import import_queue
from tests.bad_input.world import picture
from tests.factories import PASSWORD, make_person, make_round, make_survey
from tests.services.test_import_queue import observation, packed, with_password
from tests.support.client import CheckingClient, text_of

PAGE = "/inzendingen/bestand"


@pytest.fixture
def caretaker(client: CheckingClient, session: Session) -> CheckingClient:
    make_survey(session, "observatie")
    make_person(session, "kees@example.org", "buurtbeheerder")
    client.log_in("kees@example.org", PASSWORD)
    return client


def hand_in(client: CheckingClient, data: bytes) -> int:
    client.get(PAGE)
    return client.submit("bestand", file=(io.BytesIO(data), "wachtrij.zip")).status_code


def test_new_there_and_refused_are_told_apart(caretaker: CheckingClient, session: Session) -> None:
    photo = picture()
    known, new = observation(), observation(photo)
    assert hand_in(caretaker, packed(known)) == 200
    wrong = observation(answers={"wat": "paars"})
    assert hand_in(caretaker, packed(known, new, wrong, photos=(photo,))) == 200
    said = caretaker.text()
    assert "3 formulieren bekeken" in said
    assert "1 is nieuw en nu aangekomen." in said
    assert "1 was er al." in said
    assert "1 is niet aangenomen." in said
    assert "paars" not in said or "keuze" in said
    kees = session.scalars(select(User)).one()
    assert {found.user_id for found in session.scalars(select(Submission))} == {kees.id}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"geen zip", "geen .zip van een telefoon"),
        (packed(), "staan geen formulieren"),
        (packed(observation())[:-100], "is niet heel. Zet het opnieuw over"),
        (with_password(), "heeft een wachtwoord"),
        (packed(observation(), also={"x": b"\0" * 1_100_000}), "Er past 1 MB in"),
    ],
)
def test_another_file_is_refused_in_words(
    caretaker: CheckingClient, monkeypatch: pytest.MonkeyPatch, data: bytes, words: str
) -> None:
    monkeypatch.setattr(import_queue, "MOST_TOGETHER", import_queue.MB)
    assert hand_in(caretaker, data) == 422
    assert words in caretaker.text()


def test_what_is_wrong_with_a_form_is_said_in_words(
    caretaker: CheckingClient, session: Session
) -> None:
    made = session.scalars(select(SurveyVersion)).one()
    make_round(session, made, slug="van-hen", organisation="corporatie")
    lost, broken = observation(picture()), b"{"
    theirs = observation(round="van-hen")
    said = []
    for document in (theirs, lost, broken, b""):
        assert hand_in(caretaker, packed(document)) == 200
        rows = [li for li in caretaker.page.iter("li") if "fa-queue-row" in li.get("class", "")]
        said.append([text_of(row) for row in rows])
    assert all(len(told) == 1 and "Niet aangenomen" in told[0] for told in said)
    words = ["van-hen", "foto0.jpg", "JSON", "beschadigd of te groot"]
    assert [word for word, told in zip(words, said, strict=True) if word not in told[0]] == [], said
    assert session.scalars(select(Submission)).all() == []


def test_a_name_from_the_zip_is_shown_as_text(caretaker: CheckingClient) -> None:
    name = "inzendingen/<script>raak()<b>.json"
    assert hand_in(caretaker, packed(also={name: b"[]"})) == 200
    assert "<script>raak()<b>" in caretaker.text()


def test_without_a_file(caretaker: CheckingClient) -> None:
    caretaker.get(PAGE)
    assert caretaker.submit("bestand").status_code == 422
    assert "Kies het bestand" in caretaker.text()


def test_a_queue_may_be_larger_than_other_forms(
    app: Flask, caretaker: CheckingClient, session: Session
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    filling = random.Random(1).randbytes(50_000)  # hardly shrinks
    assert hand_in(caretaker, packed(observation(), also={"vulling": filling})) == 200
    big = packed(observation()) + filling
    stranger = app.test_client()
    answer = stranger.post(PAGE, data={"file": (io.BytesIO(big), "a.zip")})
    assert answer.status_code == 413
    assert len(session.scalars(select(Submission)).all()) == 1


def test_another_site_cannot_hand_in_a_file(caretaker: CheckingClient, session: Session) -> None:
    data = {"file": (io.BytesIO(packed(observation())), "a.zip")}
    assert caretaker.post(PAGE, data=data).status_code == 400
    assert session.scalars(select(Submission)).all() == []
