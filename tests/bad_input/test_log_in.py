"""Log-in: guessing is slowed down, nothing leaks, nobody is sent elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from sqlalchemy.orm import Session

from fieldapp.db.models import AuditEntry, User
from fieldapp.services.people import hash_password
from tests.bad_input.world import World, rows_of
from tests.factories import PASSWORD, make_person
from tests.support.client import CheckingClient

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
Clock = Callable[[timedelta], None]


@pytest.fixture
def clock(app: Flask) -> Clock:
    """Sets the app's clock to so long after START."""

    def at(passed: timedelta) -> None:
        house = app.extensions["fieldapp"]
        app.extensions["fieldapp"] = replace(house, clock=lambda: START + passed)

    at(timedelta())
    return at


def guess(client: CheckingClient, times: int, email: str = "kees@example.org") -> int:
    client.get("/inloggen")
    status = 0
    for number in range(times):
        answer = client.submit("inloggen", email=email, password=f"wrong guess {number}")
        status = answer.status_code
    return status


def test_the_eleventh_guess_waits_a_quarter_of_an_hour(
    client: CheckingClient, session: Session, clock: Clock
) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    assert guess(client, 10) == 200
    assert "klopt niet" in client.text()
    assert guess(client, 1, "KEES@example.org ") == 429
    assert "15 minuten" in client.text()
    # The right password is no way round it, and says no more than a wrong one.
    answer = client.submit("inloggen", email="kees@example.org", password=PASSWORD)
    assert answer.status_code == 429
    clock(timedelta(minutes=14, seconds=59))
    assert guess(client, 1) == 429
    clock(timedelta(minutes=15, seconds=1))
    answer = client.log_in("kees@example.org", PASSWORD)
    assert answer.request.path == "/veld/"


def test_others_are_not_kept_out(client: CheckingClient, session: Session, clock: Clock) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    make_person(session, "mo@example.org", "buurtbeheerder")
    guess(client, 11)
    assert client.log_in("mo@example.org", PASSWORD).request.path == "/veld/"


def test_the_owner_elsewhere_is_not_kept_out(
    app: Flask, client: CheckingClient, session: Session, clock: Clock
) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    guess(client, 11)
    elsewhere = CheckingClient(app, app.response_class)
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert elsewhere.log_in("kees@example.org", PASSWORD).request.path == "/veld/"


def test_a_forged_address_is_not_believed(
    client: CheckingClient, session: Session, clock: Clock
) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    guess(client, 10)
    _action, fields = client.fields("inloggen")
    answer = client.post(
        "/inloggen",
        data={**fields, "email": "kees@example.org", "password": PASSWORD},
        headers={"X-Forwarded-For": "203.0.113.9"},
    )
    assert answer.status_code == 429


def test_guessing_on_the_page_with_held_work_counts_too(
    client: CheckingClient, session: Session, clock: Clock
) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    client.post("/veld/begin", data={"note": "lamp", "csrf_token": "old"})
    for number in range(10):
        client.submit("verder", email="kees@example.org", password=f"wrong guess {number}")
    answer = client.submit("verder", email="kees@example.org", password=PASSWORD)
    assert answer.status_code == 429
    assert client.fields("verder")[1]["held"], "the typed work is still there"


def test_failures_are_kept_without_names_or_addresses(
    client: CheckingClient, session: Session, clock: Clock
) -> None:
    guess(client, 2, "onbekend@example.org")
    assert rows_of(session, AuditEntry) == 2
    text = str([(e.deed, e.subject, e.detail) for e in session.query(AuditEntry)])
    assert "onbekend" not in text
    assert "127.0.0.1" not in text


@pytest.mark.parametrize("door", ["inloggen", "verder"])
def test_a_known_and_an_unknown_address_get_the_same_answer(
    client: CheckingClient, session: Session, door: str
) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    closed = make_person(session, "dicht@example.org", "buurtbeheerder")
    closed.active = False
    session.commit()
    words = []
    for email in ("kees@example.org", "dicht@example.org", "niemand@example.org"):
        if door == "verder":
            client.post("/veld/begin", data={"note": "lamp", "csrf_token": "old"})
        else:
            client.get("/inloggen")
        client.submit(door, email=email, password="not the password")
        words.append(client.text())
    assert words[0] == words[1] == words[2]
    assert "klopt niet" in words[0]


def test_passwords_cost_enough_to_guess() -> None:
    """RFC 9106, second recommended option: 64 MiB, 3 passes; ours may not be cheaper."""
    cost = extract_parameters(hash_password("correct horse battery"))
    assert (cost.type.name, cost.time_cost >= 3, cost.memory_cost >= 64 * 1024) == (
        "ID",
        True,
        True,
    )
    assert PasswordHasher().check_needs_rehash(hash_password("correct horse battery")) is False


ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "////evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "%2f%2fevil.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere(client: CheckingClient, session: Session, target: str) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    client.get("/inloggen", query_string={"next": target})
    action, fields = client.fields("inloggen")
    sent = {**fields, "email": "kees@example.org", "password": PASSWORD, "next": target}
    answers = [client.post(action, data=sent)]
    client.log_in("kees@example.org", PASSWORD)
    client.get("/mijn/")
    token = client.fields("taal")[1]["csrf_token"]
    answers.append(client.post("/taal", data={"csrf_token": token, "taal": "nl", "next": target}))
    for answer in answers:
        place = answer.headers.get("Location", "/")
        assert not set("\t\r\n\\") & set(place), place
        assert urlsplit(urljoin("http://localhost/inloggen", place)).netloc == "localhost", place


def test_there_is_no_token_that_never_ends(
    app: Flask, client: CheckingClient, session: Session
) -> None:
    """Flask-Security can hand out tokens of its own: without end, with every role."""
    person = make_person(session, "kees@example.org", "beheerder")
    with app.test_request_context():
        token = session.get_one(User, person.id).get_auth_token()
    for answer in (
        client.get("/beheer/", headers={"Authentication-Token": token}),
        client.get("/beheer/", query_string={"auth_token": token}),
    ):
        assert answer.status_code == 302
        assert answer.location.startswith("/inloggen")


def test_pages_of_the_library_that_we_do_not_use_are_not_there(
    client: CheckingClient, session: Session
) -> None:
    make_person(session, "kees@example.org", "beheerder")
    client.log_in("kees@example.org", PASSWORD)
    for path in ("/verify", "/fs-static/js/webauthn.js"):
        assert client.get(path).status_code == 404


def test_session_cookies(app: Flask, client: CheckingClient, session: Session) -> None:
    make_person(session, "kees@example.org", "beheerder")
    client.get("/inloggen")
    answer = client.submit(
        "inloggen", follow=False, email="kees@example.org", password=PASSWORD, remember="y"
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"fieldapp", "remember_token"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_work_that_another_site_sends_is_not_held(client: CheckingClient, world: World) -> None:
    """Else somebody could lay words in a colleague's mouth: log in, press Versturen, done."""
    answer = client.post(
        "/beheer/organisatie",
        data={"name": "Van een ander"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 302
    assert answer.location == "/inloggen"
