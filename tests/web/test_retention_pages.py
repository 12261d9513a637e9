"""What pages say of terms: when they were kept, who leaves, what is gone of a submission."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM
from fieldapp.db.models import AuditEntry
from fieldapp.services.retention import apply_retention
from fieldapp.services.review_submissions import step
from tests.factories import PASSWORD, make_actor, make_person, make_submission
from tests.support.client import CheckingClient

NOW = datetime.now(UTC)
EMAIL = "beheer@example.org"


def run(session: Session, settings: Settings, now: datetime) -> None:
    apply_retention(session, settings, SYSTEM, now, dry_run=False)
    session.expire_all()


@pytest.fixture
def beheer(client: CheckingClient, session: Session) -> CheckingClient:
    make_person(session, EMAIL)
    client.log_in(EMAIL, PASSWORD)
    return client


def test_beheer_says_when_terms_were_kept(
    beheer: CheckingClient, session: Session, settings: Settings, app: Flask
) -> None:
    beheer.get("/beheer/")
    assert "Draai elke dag: fieldapp retention --apply" in beheer.text()
    session.add(
        AuditEntry(at=NOW - timedelta(days=1095), actor_id=None, deed="log_in_failed", subject="x")
    )
    session.commit()
    run(session, settings, NOW - timedelta(days=3))
    beheer.get("/beheer/")
    assert "Dat hoort elke dag. Draai: fieldapp retention --apply" in beheer.text()
    app.extensions["fieldapp"] = replace(
        app.extensions["fieldapp"], settings=replace(settings, retention_daily=True)
    )
    beheer.get("/beheer/")
    assert "Dat hoort elke dag. Kijk of de worker draait." in beheer.text()
    run(session, settings, NOW)
    beheer.get("/beheer/")
    assert "Er was niets te verwijderen." in beheer.text()
    session.add(
        AuditEntry(at=NOW - timedelta(days=95), actor_id=None, deed="log_in_failed", subject="x")
    )
    session.commit()
    run(session, settings, NOW)
    beheer.get("/beheer/")
    assert "Er is 1 ding verwijderd of ingekort." in beheer.text()


def test_mensen_warns_of_who_leaves_and_forgets_who_left(
    beheer: CheckingClient, session: Session, settings: Settings
) -> None:
    bram = make_person(session, "bram@example.org", "wijkmanager")
    found = make_submission(session)
    step(session, found.id, "accepted", "", make_actor(bram), NOW - timedelta(days=900))
    bram.name, bram.created_at = "Bram Bos", NOW - timedelta(days=900)
    session.commit()
    run(session, settings, NOW)
    beheer.get("/beheer/mensen")
    assert "Van 1 persoon verdwijnen binnenkort naam en e-mailadres" in beheer.text()
    assert "Naam verdwijnt op" in beheer.text()
    beheer.get(f"/beheer/mensen/{bram.id}")
    assert "Vraag om één keer in te loggen" in beheer.text()
    run(session, settings, NOW + timedelta(days=60))
    beheer.get("/beheer/mensen")
    assert "Bram Bos" not in beheer.text()
    assert "oud-collega" not in beheer.text()
    assert beheer.get(f"/beheer/mensen/{bram.id}").status_code == 404
    beheer.get(f"/inzendingen/{found.id}")
    assert "een oud-collega" in beheer.text()


def test_the_page_of_a_submission_says_what_is_gone(
    beheer: CheckingClient, session: Session, settings: Settings
) -> None:
    told = {"verhaal": "Zegt Fatima", "portiek": "Lindestraat 2-24", "citaat_mag": "nee"}
    found = make_submission(session, told)
    found.received_at = NOW - timedelta(days=735)
    session.commit()
    gone = "Deze inzending is ouder dan 24 maanden."
    beheer.get(f"/inzendingen/{found.id}")
    assert gone not in beheer.text()
    assert "Lindestraat" in beheer.text()
    run(session, settings, NOW)
    beheer.get(f"/inzendingen/{found.id}")
    assert gone in beheer.text()
    for word in ("Fatima", "Lindestraat", "#"):
        assert word not in beheer.text()
    assert "Nee" in beheer.text()
