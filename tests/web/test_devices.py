"""The board of phones: who needs attention is on top, and only own people are seen."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import AuditEntry, Device, Message, User
from fieldapp.services.devices import needs
from fieldapp.web.assets import static_version
from fieldapp.web.devices.page import clock_words, size_words
from tests.factories import PASSWORD, make_person
from tests.support.client import CheckingClient, text_of
from tests.support.queries import counted

URL = "/telefoons"
A, B = "BU99990101", "BU99990201"


def phone(session: Session, person: User, **changes: Any) -> Device:
    now = datetime.now(UTC)
    told: dict[str, Any] = {
        "name": "Chrome op Android",
        "app_version": static_version(),
        "first_seen_at": now,
        "last_seen_at": now,
        "persisted": True,
        "sealed": True,
        "free_bytes": 3_400_000_000,
        "clock_off_s": 2,
        **changes,
    }
    made = Device(
        device_id=uuid.uuid4(), organisation_id=person.organisation_id, user_id=person.id, **told
    )
    session.add(made)
    session.commit()
    return made


def ago(**gap: float) -> datetime:
    return datetime.now(UTC) - timedelta(**gap)


def worker(session: Session, name: str, area: str | None = None, **more: Any) -> User:
    person = make_person(session, "", "buurtbeheerder", area=area, **more)
    person.name = name
    session.commit()
    return person


@pytest.fixture
def manager(client: CheckingClient, session: Session) -> CheckingClient:
    make_person(session, "wil@example.org", "wijkmanager")
    client.log_in("wil@example.org", PASSWORD)
    return client


def names(client: CheckingClient) -> list[str]:
    client.get(URL)
    return [text_of(heading) for heading in client.page.iter("h2")]


def test_an_empty_board_says_when_it_fills(manager: CheckingClient) -> None:
    manager.get(URL)
    assert "Nog geen telefoons" in manager.text()


def test_who_needs_attention_is_on_top(manager: CheckingClient, session: Session) -> None:
    phone(session, worker(session, "Zonder zorgen"))
    phone(session, worker(session, "Oude app"), app_version="vorige")
    phone(session, worker(session, "Een uur"), unsent=1, oldest_unsent_at=ago(hours=1))
    phone(session, worker(session, "Geweigerd"), unsent=1, refused=1, oldest_unsent_at=ago(hours=2))
    phone(session, worker(session, "Twee dagen"), unsent=2, oldest_unsent_at=ago(days=2))
    phone(session, worker(session, "Drie dagen"), unsent=1, oldest_unsent_at=ago(days=3))
    assert names(manager) == [
        "Drie dagen",
        "Twee dagen",
        "Geweigerd",
        "Oude app",
        "Een uur",
        "Zonder zorgen",
    ]
    said = manager.text()
    assert "Op 3 telefoons staat werk vast." in said
    assert said.count("langer dan 24 uur niet verstuurd") == 2
    assert "3,4 GB vrij" in said


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, []),
        ({"unsent": 1, "oldest_unsent_at": {"hours": 23.9}}, []),
        ({"unsent": 1, "oldest_unsent_at": {"hours": 24.1}}, ["late"]),
        ({"unsent": 0, "oldest_unsent_at": {"hours": 99}}, []),
        ({"unsent": 1, "last_seen_at": {"hours": 24.1}}, ["silent"]),
        ({"unsent": 0, "last_seen_at": {"hours": 999}}, []),
        ({"refused": 1}, ["refused"]),
        ({"clock_off_s": 601}, ["clock"]),
        ({"clock_off_s": -601}, ["clock"]),
        ({"clock_off_s": 600}, []),
        ({"free_bytes": 50 * 1024 * 1024 - 1}, ["full"]),
        ({"free_bytes": 50 * 1024 * 1024}, []),
        ({"persisted": False, "sealed": False, "drafts": 1}, ["vanish"]),
        ({"persisted": None, "sealed": False, "unsent": 1}, ["vanish"]),
        ({"persisted": False, "sealed": False}, []),
        ({"persisted": False, "sealed": True, "drafts": 1}, []),
        ({"app_version": "x"}, ["old"]),
        ({"app_version": ""}, []),
    ],
)
def test_what_is_the_matter(told: dict[str, Any], found: list[str]) -> None:
    now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    usual: dict[str, Any] = {
        "unsent": 0,
        "refused": 0,
        "drafts": 0,
        "last_seen_at": now,
        "app_version": "new",
        "persisted": True,
        "sealed": True,
    }
    for name, value in told.items():
        usual[name] = now - timedelta(**value) if isinstance(value, dict) else value
    assert needs(Device(**usual), "new", now) == found


def test_a_nudge_reaches_the_phone_and_can_be_given_once_a_day(
    manager: CheckingClient, session: Session
) -> None:
    kees = worker(session, "Kees")
    phone(session, kees, unsent=2, oldest_unsent_at=ago(days=2))
    manager.get(URL)
    manager.submit(f"{kees.id}/herinner")
    assert "Kees ziet je herinnering op de telefoon." in manager.text()
    assert "Herinnerd op" in manager.text()
    assert not any("herinner" in (form.get("action") or "") for form in manager.forms())
    sent = session.scalars(select(Message)).one()
    assert (sent.to_user_id, sent.kind, sent.text) == (kees.id, "nudge", "")
    token = manager.fields("bericht")[1]["csrf_token"]
    again = manager.post(
        f"{URL}/{kees.id}/herinner", data={"csrf_token": token}, follow_redirects=True
    )
    assert "al een herinnering" in again.get_data(as_text=True)
    assert len(session.scalars(select(Message)).all()) == 1


def test_a_message_to_one_person(manager: CheckingClient, session: Session) -> None:
    kees = worker(session, "Kees")
    row = phone(session, kees)
    manager.get(URL)
    manager.submit(f"{kees.id}/bericht", text="Bel me even <b>nu</b>")
    assert "Je bericht aan Kees is verstuurd." in manager.text()
    sent = session.scalars(select(Message)).one()
    assert (sent.kind, sent.text) == ("note", "Bel me even <b>nu</b>")
    answer = manager.submit(f"{kees.id}/bericht", text="x" * 501)
    assert answer.status_code == 422
    assert "Er passen 500 tekens" in manager.text()
    assert manager.fields(f"bericht/{row.id}")[1]["text"] == "x" * 501  # nothing typed is lost


def test_a_lost_phone_goes_and_comes_back_by_itself(
    manager: CheckingClient, session: Session
) -> None:
    row = phone(session, worker(session, "Kees"), unsent=4)
    manager.get(URL)
    manager.submit(f"{row.id}/weg")
    assert "Nog geen telefoons" in manager.text()
    assert session.scalars(select(Device)).all() == []
    kept = session.scalars(select(AuditEntry).where(AuditEntry.deed == "device_removed")).one()
    assert kept.detail == {"name": "Chrome op Android", "unsent": 4}


def test_a_manager_of_an_area_sees_people_who_work_there(
    client: CheckingClient, session: Session
) -> None:
    make_person(session, "wil@example.org", "wijkmanager", area="WK999901")
    inside = worker(session, "Binnen", area=A)
    outside = worker(session, "Buiten", area=B)
    everywhere = worker(session, "Overal")
    elsewhere = worker(session, "Elders", area=A, organisation="corporatie")
    rows = {p.name: phone(session, p) for p in (inside, outside, everywhere, elsewhere)}
    client.log_in("wil@example.org", PASSWORD)
    assert names(client) == ["Binnen"]
    token = client.fields("bericht")[1]["csrf_token"]
    for person in (outside, everywhere, elsewhere):
        for address in (
            f"{person.id}/herinner",
            f"{person.id}/bericht/{rows[person.name].id}",
            f"toestel/{rows[person.name].id}/weg",
        ):
            data = {"csrf_token": token, "text": "x"}
            assert client.post(f"{URL}/{address}", data=data).status_code == 404
    assert len(session.scalars(select(Device)).all()) == 4
    assert session.scalars(select(Message)).all() == []


def test_somebody_who_left_is_not_on_the_board(manager: CheckingClient, session: Session) -> None:
    gone = worker(session, "Weg")
    phone(session, gone, unsent=1)
    gone.active = False
    session.commit()
    assert names(manager) == []


@pytest.mark.parametrize("role", ["buurtbeheerder", "gespreksvoerder", "analist"])
def test_others_do_not_look_at_phones(client: CheckingClient, session: Session, role: str) -> None:
    make_person(session, "an@example.org", role)
    client.log_in("an@example.org", PASSWORD)
    assert client.get(URL).status_code == 403


def test_many_phones_cost_as_many_queries_as_a_few(
    manager: CheckingClient, app: Flask, session: Session
) -> None:
    def queries_with(more: int) -> int:
        for number in range(more):
            phone(
                session, worker(session, f"Nummer {number}"), unsent=1, oldest_unsent_at=ago(days=2)
            )
        with counted(app.extensions["fieldapp"].engine) as seen:
            manager.get(URL)
        return len(seen)

    few = queries_with(2)
    assert queries_with(20) == few


def test_sizes_and_clocks_in_words(app: Flask) -> None:
    with app.test_request_context():
        assert [size_words(n) for n in (3_400_000_000, 51_250_000, 12_000)] == [
            "3,4 GB",
            "51,2 MB",
            "12 kB",
        ]
        assert clock_words(900) == "loopt 15 minuten voor"
        assert clock_words(-10_800) == "loopt 3 uur achter"
        assert clock_words(-259_200) == "loopt 3 dagen achter"
