"""Sending: odd JSON, ids used again, a full disk, a busy database; nothing half, nothing lost."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.db.models import Attachment, Draft, Submission, SubmissionConflict
from fieldapp.services.people import add_token
from tests.bad_input.world import World, fingerprint, picture, rows_of
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey
from tests.factories.submissions import TALK
from tests.support.client import CheckingClient
from tests.support.shipped import version

URL = "/api/v1/submissions"


@pytest.fixture
def token(session: Session) -> dict[str, str]:
    make_survey(session, TALK)
    make_survey(session, "observatie")
    make_area(session, "BU99990101")
    make_person(session, "kees@example.org", "buurtbeheerder")
    _, secret = add_token(session, "kees@example.org", "buurtbeheerder", 30, "t", SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


def talk(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "survey": "praatje",
        "version": "1",
        "captured_at": "2026-11-20T14:03:00+01:00",
        "answers": {"verhaal": "Het is hier donker."},
        **changes,
    }


# --- odd JSON ---


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"id": 1, "id": 2}', "name_twice"),
        ('{"answers": {"verhaal": "een", "verhaal": "twee"}}', "name_twice"),
        ('{"location": {"lon": NaN, "lat": 52}}', "body_not_json"),
        ('{"location": {"lon": Infinity, "lat": 52}}', "body_not_json"),
        ('{"location": {"lon": 1e999, "lat": 52}}', "not_a_number"),
        ('{"answers": ' + '{"a":' * 1000 + "1" + "}" * 1001, "answers"),
        ("[" * 100_000, "body_not_json"),
        ('"text"', "body_not_json"),
        ("", "body_not_json"),
        ('{"captured_at": "9999-99-99"}', "not_a_moment"),
        ('{"language": "\\ud800"}', "not_text"),
        ('{"survey": "a\\u0000b"}', "not_text"),
        ('{"id": ' + "9" * 5000 + "}", "body_not_json"),
    ],
)
def test_odd_json_is_refused_with_a_reason(
    client: CheckingClient, token: dict[str, str], engine: Engine, body: str, code: str
) -> None:
    before = fingerprint(engine)
    answer = client.post(URL, data=body, headers=token, content_type="application/json")
    assert answer.status_code == 422
    error = answer.get_json()["error"]
    assert code == "answers" or code in {problem["code"] for problem in error["problems"]}
    assert all(problem["message"] for problem in error["problems"])
    assert fingerprint(engine) == before


def test_the_name_that_stands_twice_is_named(client: CheckingClient, token: dict[str, str]) -> None:
    body = '{"answers": {"verhaal": "een", "verhaal": "twee"}}'
    answer = client.post(URL, data=body, headers=token, content_type="application/json")
    assert "verhaal" in answer.get_json()["error"]["problems"][0]["message"]


@pytest.mark.parametrize(
    ("story", "status"),
    [
        ("x" * 20_000, 201),
        ("x" * 20_001, 422),
        ("😀🏚️" * 500, 201),
        ("\u202eomgekeerd\u202c", 201),
        ("a\0b", 422),
        ("half \ud83d teken", 422),
        ("=cmd|' /C calc'!A0", 201),
        ("<img src=x onerror=alert(1)>", 201),
    ],
)
def test_odd_texts_are_kept_as_they_are_or_refused(
    client: CheckingClient, token: dict[str, str], story: str, status: int
) -> None:
    sent = talk(answers={"verhaal": story})
    answer = client.post(URL, data=json.dumps(sent), headers=token, content_type="application/json")
    assert answer.status_code == status
    if status == 201:
        back = client.get(f"{URL}/{sent['id']}", headers=token).get_json()
        assert back["answers"]["verhaal"]["v"] == story


def test_answers_to_questions_that_do_not_exist(
    client: CheckingClient, token: dict[str, str], engine: Engine
) -> None:
    before = fingerprint(engine)
    answer = client.post(URL, json=talk(answers={"verhaal": "x", "verhal": "y"}), headers=token)
    assert answer.status_code == 422
    problem = answer.get_json()["error"]["problems"][0]
    assert (problem["code"], problem["where"]) == ("unknown_question", "verhal")
    assert "verhaal" in problem["params"].values(), "the likely name is suggested"
    assert fingerprint(engine) == before


def test_a_point_in_the_sea_is_kept_and_marked(
    client: CheckingClient, token: dict[str, str]
) -> None:
    answer = client.post(URL, json=talk(location={"lon": 3.0, "lat": 53.5}), headers=token)
    assert answer.status_code == 201
    assert answer.get_json()["area_status"] == "outside"


# --- an id used again ---

BESIDE = (
    {"verhaal": "Iets anders."},
    {"verhaal": "nul \0 teken"},
    {"verhaal": "half \ud83d teken"},
    {"bestaat_niet": [1, {"a": "\0"}]},
    {"\0": {"\0": "\0"}},
)


@pytest.mark.parametrize("answers", BESIDE, ids=range(len(BESIDE)))
def test_other_content_under_an_id_is_kept_and_seen(
    client: CheckingClient, session: Session, token: dict[str, str], answers: dict[str, Any]
) -> None:
    first = talk()
    assert client.post(URL, json=first, headers=token).status_code == 201
    body = json.dumps({**first, "answers": answers})
    for _again in range(2):
        answer = client.post(URL, data=body, headers=token, content_type="application/json")
        assert answer.status_code == 409
    assert rows_of(session, SubmissionConflict) == 1
    make_person(session, "baas@example.org", "wijkmanager")
    client.log_in("baas@example.org", PASSWORD)
    client.get("/inzendingen/?let_op=dubbel")
    assert first["id"] in client.get("/inzendingen/?let_op=dubbel").get_data(as_text=True)
    assert client.get(f"/inzendingen/{first['id']}").status_code == 200


def test_a_stranger_cannot_write_beside_a_colleagues_work(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    first = talk()
    assert client.post(URL, json=first, headers=token).status_code == 201
    answer = client.post(URL, json={**first, "answers": {"verhaal": "Onzin"}})
    assert answer.status_code == 401
    assert rows_of(session, SubmissionConflict) == 0


def test_another_organisation_learns_nothing_from_an_id(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    first = talk()
    client.post(URL, json=first, headers=token)
    make_person(session, "mo@example.org", "buurtbeheerder", organisation="corporatie")
    _, secret = add_token(session, "mo@example.org", "buurtbeheerder", 30, "t", SYSTEM)
    theirs = {"Authorization": f"Bearer {secret}"}
    assert client.get(f"{URL}/{first['id']}", headers=theirs).status_code == 404
    answer = client.post(URL, json={**first, "answers": {"verhaal": "Mijn"}}, headers=theirs)
    assert answer.status_code == 409, "theirs is kept too"
    assert "donker" not in answer.get_data(as_text=True)


def test_one_id_with_different_photos_at_once(
    app: Flask, session: Session, token: dict[str, str]
) -> None:
    base = talk(survey="observatie", version=version("observatie"))
    base["answers"] = {"wat": "schoon", "niveau_schoon": "A"}
    barrier = threading.Barrier(4)

    def send(color: str) -> int:
        client = CheckingClient(app, app.response_class)
        fields = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in base.items()}
        barrier.wait()
        photo = (io.BytesIO(picture(color)), f"{color}.jpg")
        return client.post(URL, data={**fields, "foto": photo}, headers=token).status_code

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(send, ["red", "green", "blue", "white"]))
    assert found == [201, 409, 409, 409]
    assert rows_of(session, Submission) == 1
    assert rows_of(session, Attachment) == 1
    assert rows_of(session, SubmissionConflict) == 3
    media = app.extensions["fieldapp"].media
    for conflict in session.query(SubmissionConflict):
        assert media.path(conflict.content["files"][0]["sha256"]).is_file()


# --- the disk is full ---


@pytest.fixture
def full_disk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be written to the media folder any more; root writes through any mode."""
    media = app.extensions["fieldapp"].media
    media.folder.parent.mkdir(parents=True, exist_ok=True)
    media.folder.write_text("a file where the folder should be")


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_gives_no_receipt(
    client: CheckingClient, session: Session, token: dict[str, str], engine: Engine
) -> None:
    before = fingerprint(engine)
    sent = talk(survey="observatie", version=version("observatie"))
    fields = {**sent, "answers": json.dumps({"wat": "schoon", "niveau_schoon": "A"})}
    photo = (io.BytesIO(picture()), "x.jpg")
    answer = client.post(URL, data={**fields, "foto": photo}, headers=token)
    assert answer.status_code == 503
    assert answer.get_json()["error"]["code"] == "http_503"
    assert int(answer.headers["Retry-After"]) > 0
    assert fingerprint(engine) == before


WITH_PHOTO: dict[str, Any] = {
    "settings": {**TALK["settings"], "form_id": "fotopraatje"},
    "title": {"nl": "Praatje met foto"},
    "survey": [
        {
            "type": "group",
            "name": "blad",
            "children": [
                {"type": "text", "name": "verhaal", "label": {"nl": "Vertel"}},
                {"type": "image", "name": "foto", "label": {"nl": "Foto"}},
            ],
        },
        {
            "type": "group",
            "name": "waar",
            "children": [{"type": "text", "name": "wens", "label": {"nl": "Wens"}}],
        },
    ],
    "choices": {},
}


def begin(client: CheckingClient, session: Session) -> str:
    """A conversation, at the page with a text and a photo."""
    make_survey(session, WITH_PHOTO)
    client.log_in("kees@example.org", PASSWORD)
    client.get("/veld/")
    token = client.fields("begin")[1]["csrf_token"]
    client.post(
        "/veld/begin", data={"survey": "fotopraatje", "csrf_token": token}, follow_redirects=True
    )
    if client.address.endswith("0-buurt"):
        client.submit("formulier", also={"area_code": "BU99990101"})
    assert client.address.endswith("/blad")
    return client.address


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_keeps_what_was_typed(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    address = begin(client, session)
    _action, fields = client.fields("formulier")
    photo = (io.BytesIO(picture()), "lamp.jpg")
    answer = client.post(address, data={**fields, "verhaal": "Donker", "foto": photo})
    assert answer.status_code == 422
    assert "lamp.jpg" in client.text()
    assert "kunnen we nu niet bewaren" in client.text()
    session.expire_all()
    draft = session.query(Draft).one()
    assert draft.raw["verhaal"] == "Donker"
    assert draft.files == []


def test_nothing_is_left_of_a_file_that_could_not_be_written(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = app.extensions["fieldapp"].media

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        media.write(b"some photo")
    assert [p for p in Path(media.folder).rglob("*") if p.is_file()] == []


# --- the database is busy ---


class Locked:
    """Another program writes to the database and does not stop."""

    def __init__(self, engine: Engine) -> None:
        self.sqlite = None
        self.engine = engine
        if engine.dialect.name == "sqlite":
            self.sqlite = sqlite3.connect(str(engine.url.database), isolation_level=None)
            self.sqlite.execute("begin immediate")
        else:
            self.connection = engine.connect()
            for table in ("draft", "submission", "organisation", "audit_entry"):
                self.connection.execute(text(f"lock table {table} in exclusive mode"))

    def release(self) -> None:
        if self.sqlite is not None:
            self.sqlite.rollback()
            self.sqlite.close()
        else:
            self.connection.close()


@pytest.fixture
def impatient(app: Flask) -> Flask:
    """The app gives up waiting for the database after a twentieth of a second."""
    from sqlalchemy import event

    engine = app.extensions["fieldapp"].engine

    def hurry(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("pragma busy_timeout=50")
        else:
            cursor.execute("set lock_timeout = '50ms'")
            connection.commit()
        cursor.close()

    engine.dispose()
    event.listen(engine, "connect", hurry)
    return app


def test_a_busy_database_asks_the_phone_to_wait(
    impatient: Flask, client: CheckingClient, engine: Engine, token: dict[str, str],
    session: Session,
) -> None:  # fmt: skip
    sent = talk()
    lock = Locked(engine)
    try:
        answer = client.post(URL, json=sent, headers=token)
    finally:
        lock.release()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert client.post(URL, json=sent, headers=token).status_code == 201


def test_a_busy_database_loses_nothing_of_a_draft(
    impatient: Flask, client: CheckingClient, engine: Engine, token: dict[str, str],
    session: Session,
) -> None:  # fmt: skip
    address = begin(client, session)
    _action, fields = client.fields("formulier")
    photo = (io.BytesIO(picture()), "lamp.jpg")
    session.commit()
    lock = Locked(engine)
    try:
        answer = client.post(address, data={**fields, "verhaal": "Donker", "foto": photo})
    finally:
        lock.release()
    assert answer.status_code == 503
    assert "opnieuw" in client.text()
    assert "lamp.jpg" in client.text(), "the page says that the file must be chosen again"
    again = client.submit(address.rsplit("/", 1)[0], follow=False)
    assert again.status_code == 302
    session.expire_all()
    assert session.query(Draft).one().raw["verhaal"] == "Donker"


def test_a_busy_database_loses_nothing_of_a_resident_and_sets_no_cookie(
    impatient: Flask, client: CheckingClient, engine: Engine, session: Session
) -> None:
    make_area(session, "BU99990101")
    make_round(session, make_survey(session, TALK), "BU99990101", slug="lente")
    client.get("/v/lente")
    client.submit("lente")
    address = client.address
    _action, fields = client.fields("lente")
    session.commit()
    lock = Locked(engine)
    try:
        answer = client.post(address, data={**fields, "verhaal": "Het is donker."})
    finally:
        lock.release()
    assert answer.status_code == 503
    assert not answer.headers.getlist("Set-Cookie")
    assert client.submit("lente", follow=False).status_code == 302
    session.expire_all()
    found = session.query(Submission).one()
    assert found.answers["verhaal"]["v"] == "Het is donker."


# --- an expired log-in ---


def test_a_form_from_before_another_log_in_is_not_lost(
    client: CheckingClient, session: Session, world: World
) -> None:
    """Logged out and in again in another tab: the token of the old page no longer fits."""
    client.log_in(world.owner.email, PASSWORD)
    client.get("/beheer/organisatie")
    action, fields = client.fields("organisatie")
    sent = {**fields, "name": "Gemeente Lindestad", "csrf_token": "of-another-log-in"}
    answer = client.post(action, data=sent)
    assert answer.status_code == 400
    assert "Gemeente Lindestad" in client.text()
    client.submit("organisatie")
    session.expire_all()
    assert world.owner.organisation.name == "Gemeente Lindestad"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/beheer/organisatie", {"name": "Gemeente Lindestad"}),
        ("/coderen/{talk}/uitspraken", {"fragment": "in het donker", "codes": ["wonen", "werk"]}),
        ("/inzendingen/{talk}/stap", {"state": "returned", "reason": "Waar was dit?"}),
        ("/veld/formulier/{draft}/blad", {"verhaal": "Een lang verhaal"}),
    ],
)
def test_typed_work_survives_an_expired_log_in(
    client: CheckingClient, world: World, path: str, typed: dict[str, Any]
) -> None:
    path = path.format(talk=world.talk.id, draft=world.draft.id)
    file = (io.BytesIO(picture()), "kaart.jpg")
    client.post(path, data={**typed, "file": file, "csrf_token": "expired"})
    assert "kaart.jpg" in client.text()
    client.submit("verder", email=world.owner.email, password="wrong password")
    assert "kaart.jpg" in client.text(), "still said after a typing error in the password"
    client.submit("verder", email=world.owner.email, password=PASSWORD)
    form = next(f for f in client.forms() if f.get("action") == path)
    held = [(i.get("name"), i.get("value")) for i in form.iter("input")]
    for name, value in typed.items():
        for one in value if isinstance(value, list) else [value]:
            assert (name, one) in held
