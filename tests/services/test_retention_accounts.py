"""Colleagues who are no longer here: warned, then without a name; and who must stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM
from fieldapp.db.models import ApiToken, AuditEntry, Device, Membership, Submission, User
from fieldapp.services.log_in_limit import Guesser, note_failure
from fieldapp.services.log_ins import note_log_in
from fieldapp.services.manage_people import set_active
from fieldapp.services.retention import apply_retention, leaving
from tests.factories import PASSWORD, make_actor, make_person, make_submission
from tests.support.client import CheckingClient

BEGIN = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
TWO_YEARS = datetime(2028, 1, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def run(session: Session, settings: Settings, now: datetime) -> dict[str, int]:
    done = apply_retention(session, settings, SYSTEM, now, dry_run=False)
    session.expire_all()
    wanted = ("accounts", "log_ins", "audit")
    return {item.code: item.count for item in done if item.code in wanted and item.count}


def since_the_beginning(session: Session, *roles: str, email: str = "") -> User:
    person = make_person(session, email, *(roles or ("gespreksvoerder",)))
    person.created_at = BEGIN
    session.commit()
    return person


@pytest.fixture
def old(session: Session) -> User:
    """Somebody of whom nothing was heard since the beginning."""
    return since_the_beginning(session, email="bram@example.org")


def test_first_a_warning_then_the_name_goes_and_what_was_done_stays(
    session: Session, settings: Settings, old: User
) -> None:
    sent = make_submission(session, actor=make_actor(old))  # on 2 March 2026: the last sign of life
    token = {"name": "t", "role": "gespreksvoerder", "token_sha256": "t"}
    session.add(ApiToken(user_id=old.id, created_at=BEGIN, expires_at=BEGIN + DAY, **token))
    session.commit()
    key = replace(settings, submission_months=600)
    over = datetime(2028, 3, 2, 10, 0, tzinfo=UTC)
    assert run(session, key, over - 60 * DAY) == {}
    assert leaving(session, key, over - 60 * DAY) == {}
    warned = over - 58 * DAY
    assert run(session, key, warned) == {}
    assert leaving(session, key, warned) == {old.id: date(2028, 3, 4)}
    assert run(session, key, warned + 59 * DAY) == {}
    assert (old.name, old.email) == ("Kees de Vries", "bram@example.org")

    assert run(session, key, warned + 60 * DAY)["accounts"] == 1
    assert (old.name, old.email) == ("een oud-collega", f"{old.id}@oud-collega.invalid")
    assert (old.password, old.active) == (None, False)
    assert session.get_one(Submission, sent.id).user_id == old.id
    for model in (Membership, ApiToken, Device):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    assert leaving(session, key, warned + 60 * DAY) == {}
    assert run(session, key, warned + 61 * DAY) == {}


def test_without_a_warning_nobody_goes(session: Session, settings: Settings, old: User) -> None:
    """Also not somebody who was gone for years before fieldapp began to look."""
    assert run(session, settings, TWO_YEARS + 2000 * DAY) == {}
    assert old.email == "bram@example.org"
    assert run(session, settings, TWO_YEARS + 2060 * DAY)["accounts"] == 1


def test_who_logs_in_after_the_warning_stays(
    session: Session, settings: Settings, old: User
) -> None:
    run(session, settings, TWO_YEARS + DAY)
    note_log_in(session, old.id, TWO_YEARS + 50 * DAY)
    assert leaving(session, settings, TWO_YEARS + 51 * DAY) == {}
    assert "accounts" not in run(session, settings, TWO_YEARS + 90 * DAY)
    assert old.email == "bram@example.org"
    # The log-in is kept although it is older than 90 days: it says that the account is used.
    assert "log_ins" not in run(session, settings, TWO_YEARS + 400 * DAY)
    assert old.email == "bram@example.org"


@pytest.mark.parametrize("sign", ["device", "token", "submission", "deed"])
def test_every_sign_of_life_counts(
    session: Session, settings: Settings, old: User, sign: str
) -> None:
    lately = TWO_YEARS - 90 * DAY
    if sign == "submission":
        make_submission(session, actor=make_actor(old)).received_at = lately
    signs: dict[str, Any] = {
        "device": Device(
            device_id=make_submission(session).id,
            organisation_id=old.organisation_id,
            user_id=old.id,
            first_seen_at=BEGIN,
            last_seen_at=lately,
        ),
        "token": ApiToken(
            user_id=old.id,
            name="t",
            role="gespreksvoerder",
            token_sha256="t",
            created_at=BEGIN,
            expires_at=TWO_YEARS + DAY,
        ),
        "deed": AuditEntry(at=lately, actor_id=old.id, deed="round_opened", subject="x"),
    }
    if sign in signs:
        session.add(signs[sign])
    session.commit()
    for day in (0, 61):
        run(session, settings, TWO_YEARS + day * DAY)
    assert old.email == "bram@example.org"


def test_a_closed_account_goes_after_half_a_year_unless_it_is_opened(
    session: Session, settings: Settings
) -> None:
    chief = make_actor(make_person(session))
    gone, back = (make_person(session, "", "analist") for _ in range(2))
    now = datetime.now(UTC)
    for person in (gone, back):
        set_active(session, person, False, chief, now)
    run(session, settings, now + 130 * DAY)
    assert set(leaving(session, settings, now + 130 * DAY)) == {gone.id, back.id}
    set_active(session, back, True, chief, now + 140 * DAY)
    assert set(leaving(session, settings, now + 141 * DAY)) == {gone.id}
    run(session, settings, now + 191 * DAY)
    assert gone.name == "een oud-collega"
    assert back.name == "Kees de Vries"


def test_the_only_beheerder_stays_and_of_two_one(session: Session, settings: Settings) -> None:
    chiefs = [since_the_beginning(session, "beheerder") for _ in range(2)]
    for day in (1, 62, 123):
        run(session, settings, TWO_YEARS + day * DAY)
    assert [chief.active for chief in chiefs] == [False, True]


def test_log_ins_stay_ninety_days_and_the_last_of_each_longer(
    session: Session, settings: Settings, old: User
) -> None:
    now = BEGIN + 200 * DAY
    other = since_the_beginning(session)
    for person, day in ((old, 1), (old, 105), (other, 2), (other, 190)):
        note_log_in(session, person.id, BEGIN + day * DAY)
    for day in (109, 111):
        note_failure(session, Guesser("key", f"{day}", "127.0.0.1"), BEGIN + day * DAY)
    assert run(session, settings, now) == {"log_ins": 3}
    left = session.execute(select(AuditEntry.deed, AuditEntry.at).order_by(AuditEntry.at))
    assert [(deed, (at - BEGIN).days) for deed, at in left] == [
        ("logged_in", 105),
        ("log_in_failed", 111),
        ("logged_in", 190),
        ("retention_applied", 200),
    ]


def test_the_audit_table_goes_back_five_years(session: Session, settings: Settings) -> None:
    now = datetime(2031, 1, 1, 12, 0, tzinfo=UTC)
    for day in (-1, 1):
        session.add(AuditEntry(at=BEGIN + day * DAY, actor_id=None, deed="d", subject=str(day)))
    session.commit()
    assert run(session, settings, now) == {"audit": 1}
    assert set(session.scalars(select(AuditEntry.subject))) == {"1", "retention"}


def test_a_log_in_is_noted_and_a_wrong_one_is_no_sign_of_life(
    client: CheckingClient, session: Session
) -> None:
    person = make_person(session, "anna@example.org", "analist")
    client.log_in("anna@example.org", PASSWORD)
    noted = session.scalars(select(AuditEntry)).one()
    assert (noted.deed, noted.actor_id, noted.detail) == ("logged_in", person.id, {})
