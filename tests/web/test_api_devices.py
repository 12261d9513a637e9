"""Phones tell how they are; messages reach one person and are ticked off once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM
from fieldapp.db.models import Device, Message, User
from fieldapp.services.devices import MOST_DEVICES, clock_off
from fieldapp.services.messages import MessageRefused, messages_for, send
from fieldapp.services.people import add_token
from fieldapp.services.retention import apply_retention
from fieldapp.web.assets import static_version
from tests.factories import make_actor, make_person
from tests.support.client import CheckingClient

URL = "/api/v1/devices/"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def kees(session: Session) -> User:
    return make_person(session, "kees@example.org", "buurtbeheerder")


def token_of(session: Session, person: User) -> dict[str, str]:
    _, secret = add_token(session, person.email, "buurtbeheerder", 30, "t", SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def token(session: Session, kees: User) -> dict[str, str]:
    return token_of(session, kees)


def report(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Chrome op Android",
        "app_version": "abc",
        "drafts": 2,
        "unsent": 3,
        "refused": 1,
        "oldest_unsent_at": datetime.now(UTC).isoformat(),
        "persisted": None,
        "sealed": True,
        "free_bytes": 123_456_789_012,
        "used_bytes": 5,
        "clock": datetime.now(UTC).isoformat(),
        **changes,
    }


def test_a_phone_tells_and_hears_the_time_and_the_version(
    client: CheckingClient, session: Session, kees: User, token: dict[str, str]
) -> None:
    mine = uuid.uuid4()
    answer = client.put(f"{URL}{mine}", json=report(), headers=token)
    assert answer.status_code == 200
    assert answer.json["newest_version"] == static_version()  # type: ignore[index]
    assert abs(answer.json["clock_off_s"]) < 30  # type: ignore[index]
    client.put(f"{URL}{mine}", json=report(unsent=0, refused=0, persisted=True), headers=token)
    kept = session.scalars(select(Device)).one()
    assert (kept.user_id, kept.organisation_id) == (kees.id, kees.organisation_id)
    assert (kept.unsent, kept.refused, kept.drafts, kept.persisted) == (0, 0, 2, True)
    assert kept.free_bytes == 123_456_789_012
    assert kept.first_seen_at <= kept.last_seen_at


def test_a_wrong_clock_is_told_and_does_not_make_waiting_longer(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    """A phone a day ahead finished something an hour ago, by its own clock in 23 hours."""
    ahead = datetime.now(UTC) + timedelta(days=1)
    told = report(
        clock=ahead.isoformat(), oldest_unsent_at=(ahead - timedelta(hours=1)).isoformat()
    )
    answer = client.put(f"{URL}{uuid.uuid4()}", json=told, headers=token)
    assert answer.json["clock_off_s"] == pytest.approx(86_400, abs=30)  # type: ignore[index]
    kept = session.scalars(select(Device)).one()
    assert kept.oldest_unsent_at is not None
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert abs((kept.oldest_unsent_at - an_hour_ago).total_seconds()) < 60


def test_a_clock_of_another_age_fits_its_column() -> None:
    assert clock_off(datetime(1970, 1, 1, tzinfo=UTC), NOW) == -1_795_176_000
    assert clock_off(datetime(2199, 1, 1, tzinfo=UTC), NOW) == 2_000_000_000
    assert clock_off(None, NOW) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"unsent": -1},
        {"unsent": "3"},
        {"drafts": True},
        {"persisted": "yes"},
        {"clock": "now"},
        {"clock": "2026-11-20T12:00:00"},
        {"name": "a\0b"},
        {"name": 3},
    ],
)
def test_a_report_that_makes_no_sense_is_refused(
    client: CheckingClient, session: Session, token: dict[str, str], changes: dict[str, Any]
) -> None:
    answer = client.put(f"{URL}{uuid.uuid4()}", json=report(**changes), headers=token)
    assert answer.status_code == 422
    (problem,) = answer.json["error"]["problems"]  # type: ignore[index]
    assert problem["where"] == next(iter(changes))
    assert session.scalars(select(Device)).all() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"[" * 20_000])
def test_no_report_at_all(client: CheckingClient, token: dict[str, str], body: bytes) -> None:
    assert client.put(f"{URL}{uuid.uuid4()}", data=body, headers=token).status_code == 422


def test_two_people_on_one_phone_are_two_rows_and_old_phones_make_room(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    shared = uuid.uuid4()
    other = token_of(session, make_person(session, "eva@example.org", "buurtbeheerder"))
    for headers in (token, other):
        assert client.put(f"{URL}{shared}", json=report(), headers=headers).status_code == 200
    for _ in range(MOST_DEVICES):
        client.put(f"{URL}{uuid.uuid4()}", json=report(), headers=token)
    session.expire_all()
    rows = session.scalars(select(Device)).all()
    assert len(rows) == MOST_DEVICES + 1
    assert [row for row in rows if row.device_id == shared and row.unsent] != []
    assert len([row for row in rows if row.device_id == shared]) == 1  # that of the other person


def test_messages_are_for_one_person_and_ticked_off_once(
    client: CheckingClient, session: Session, kees: User, token: dict[str, str]
) -> None:
    boss = make_person(session, "wil@example.org", "wijkmanager")
    note = send(session, make_actor(boss), kees, "note", "  Bel me even. ", NOW)
    assert [n.text for n in messages_for(session, kees.id, NOW)] == ["Bel me even."]
    assert messages_for(session, boss.id, NOW) == []
    other = token_of(session, make_person(session, "eva@example.org", "buurtbeheerder"))
    url = f"/api/v1/messages/{note.id}/read"
    assert client.post(url, headers=other).status_code == 404
    assert client.post("/api/v1/messages/999999/read", headers=token).status_code == 404
    assert client.post(url).status_code == 401
    first = client.post(url, headers=token)
    again = client.post(url, headers=token)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    later = datetime.now(UTC) + timedelta(days=8)
    assert messages_for(session, kees.id, later) == []  # read, a week ago


def test_a_nudge_once_in_a_day_and_words_that_are_none(session: Session, kees: User) -> None:
    actor = make_actor(make_person(session, "wil@example.org", "wijkmanager"))
    send(session, actor, kees, "nudge", "", NOW)
    with pytest.raises(MessageRefused, match="nudged_before"):
        send(session, actor, kees, "nudge", "", NOW + timedelta(hours=23, minutes=59))
    send(session, actor, kees, "nudge", "", NOW + timedelta(hours=24))
    for text, code in (("  ", "empty"), ("x" * 501, "too_long"), ("a\0", "empty")):
        with pytest.raises(MessageRefused, match=code):
            send(session, actor, kees, "note", text, NOW)
    for _ in range(10):
        send(session, actor, kees, "note", "x" * 500, NOW)
    with pytest.raises(MessageRefused, match="too_many"):
        send(session, actor, kees, "note", "x", NOW)
    assert len(session.scalars(select(Message)).all()) == 12


def test_old_phones_and_old_messages_go(
    client: CheckingClient,
    session: Session,
    kees: User,
    token: dict[str, str],
    settings: Settings,
) -> None:
    actor = make_actor(make_person(session, "wil@example.org", "wijkmanager"))
    for days in (91, 89):
        send(session, actor, kees, "note", f"{days} dagen", NOW - timedelta(days=days))
    for days in (181, 179):
        client.put(f"{URL}{uuid.uuid4()}", json=report(unsent=days), headers=token)
    for device in session.scalars(select(Device)):
        device.last_seen_at = NOW - timedelta(days=device.unsent)
    session.commit()
    done = apply_retention(session, settings, SYSTEM, NOW, dry_run=False)
    assert {item.code: item.count for item in done if item.count} == {"devices": 1, "messages": 1}
    assert [m.text for m in session.scalars(select(Message))] == ["89 dagen"]
    assert [d.unsent for d in session.scalars(select(Device))] == [179]
