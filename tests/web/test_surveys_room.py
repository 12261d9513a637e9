"""The room for surveys: check and publish, compare versions, try a draft, take results along."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming
from fieldapp.db.models import AuditEntry, Draft, Submission, SurveyVersion
from fieldapp.services.drafts import start_draft
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from fieldapp.services.survey_drafts import next_version, publish_draft, save_draft
from fieldapp.services.try_survey import open_trial
from tests.factories import PASSWORD, make_actor, make_person
from tests.support.client import CheckingClient

SVG = "{http://www.w3.org/2000/svg}"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def definition(*rows: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """A survey with a closed and an open question, and `rows` behind them."""
    return {
        "settings": {
            "form_id": "buurtborrel",
            "version": "1",
            "kind": "observatie",
            "default_language": "nl",
            "languages": ["nl"],
            **settings,
        },
        "title": {"nl": "Buurtborrel"},
        "survey": [
            {
                "type": "group",
                "name": "blad",
                "label": {"nl": "De borrel"},
                "children": [
                    {"type": "select_one jn", "name": "leuk", "label": {"nl": "Was het leuk?"}},
                    {"type": "text", "name": "hoe", "label": {"nl": "Hoe was het?"}},
                ],
            },
            *rows,
        ],
        "choices": {
            "jn": [
                {"name": "ja", "label": {"nl": "Ja"}},
                {"name": "nee", "label": {"nl": "Nee"}},
            ]
        },
    }


PHONE = {"type": "text", "name": "bel", "label": {"nl": "Wat is uw telefoonnummer?"}}


@pytest.fixture
def actor(session: Session) -> Actor:
    return make_actor(make_person(session, "beheer@example.org", "beheerder"))


@pytest.fixture
def admin(client: CheckingClient, actor: Actor) -> CheckingClient:
    client.log_in("beheer@example.org", PASSWORD)
    return client


def draft(session: Session, actor: Actor, *rows: dict[str, Any], **settings: Any) -> SurveyVersion:
    return save_draft(session, definition(*rows, **settings), actor, NOW)


def state(session: Session, version_id: int) -> str:
    session.expire_all()
    found = session.get(SurveyVersion, version_id)
    assert found is not None
    return found.state


def tick(client: CheckingClient) -> tuple[str, str]:
    """(value of the first box, name of the reason beside it)."""
    boxes = [i for i in client.page.iter("input") if i.get("name") == "accept"]
    value = boxes[0].get("value") or ""
    return value, f"reason-{value}"


def test_a_draft_without_findings_is_published_from_the_check(
    admin: CheckingClient, session: Session, actor: Actor
) -> None:
    made = draft(session, actor)
    admin.get(f"/beheer/vragenlijsten/{made.id}/controle")
    assert "De controle vindt niets om te veranderen." in admin.text()
    admin.submit("publiceren")
    assert "Gepubliceerd. Deze versie verandert niet meer." in admin.text()
    assert state(session, made.id) == "published"
    admin.get(f"/beheer/vragenlijsten/{made.id}/controle")
    assert not [form for form in admin.forms() if "publiceren" in (form.get("action") or "")]


def test_what_stays_needs_a_tick_and_a_reason_that_is_kept(
    admin: CheckingClient, session: Session, actor: Actor
) -> None:
    made = draft(session, actor, PHONE)
    address = f"/beheer/vragenlijsten/{made.id}/controle"
    admin.get(address)
    assert "een telefoonnummer, door het woord “telefoonnummer”" in admin.text()
    box, reason = tick(admin)
    for typed in ({}, {"accept": box}, {reason: "voor de winnaar"}):
        admin.get(address)
        assert admin.submit("publiceren", also=typed).status_code == 422
        assert "Zet een vinkje en schrijf waarom" in admin.text()
        assert state(session, made.id) == "draft"
    # what was typed stays, and together it is enough
    admin.submit("publiceren", also={"accept": box, reason: "voor de winnaar"})
    assert state(session, made.id) == "published"
    noted = session.scalar(select(AuditEntry).where(AuditEntry.deed == "survey_published"))
    assert noted is not None
    assert noted.detail["accepted"] == {"asks_personal_data:bel:phone": "voor de winnaar"}


def test_the_fix_stands_beside_the_finding(
    admin: CheckingClient, session: Session, actor: Actor
) -> None:
    made = draft(session, actor, PHONE)
    admin.get(f"/beheer/vragenlijsten/{made.id}/controle")
    links = [a.get("href") or "" for a in admin.page.iter("a")]
    fix = next(link for link in links if "rij=bel" in link)
    assert admin.get(fix).status_code == 200


def test_a_draft_that_changed_meanwhile_is_checked_again(
    admin: CheckingClient, session: Session, actor: Actor
) -> None:
    made = draft(session, actor)
    admin.get(f"/beheer/vragenlijsten/{made.id}/controle")
    save_draft(session, definition(PHONE), actor, NOW, version_id=made.id)
    admin.submit("publiceren")
    assert "Dit concept is intussen veranderd." in admin.text()
    assert state(session, made.id) == "draft"


def test_a_draft_with_faults_has_no_button_to_publish(
    admin: CheckingClient, session: Session, actor: Actor
) -> None:
    made = draft(session, actor, {"type": "select_one nergens", "name": "x"})
    admin.get(f"/beheer/vragenlijsten/{made.id}/controle")
    assert "Dit moet eerst goed" in admin.text()
    assert not [form for form in admin.forms() if "publiceren" in (form.get("action") or "")]
    token = admin.fields("uitloggen")[1]["csrf_token"]
    sent = admin.post(f"/beheer/vragenlijsten/{made.id}/publiceren", data={"csrf_token": token})
    assert sent.status_code == 422
    assert state(session, made.id) == "draft"


def test_the_drawing_has_an_arrow_past_a_page_that_can_be_skipped(
    admin: CheckingClient, session: Session, actor: Actor
) -> None:
    later = {
        "type": "group",
        "name": "verder",
        "label": {"nl": "Verder"},
        "relevant": "${leuk} = 'ja'",
        "children": [{"type": "text", "name": "wat", "label": {"nl": "Wat was leuk?"}}],
    }
    dead = {
        "type": "group",
        "name": "nooit",
        "label": {"nl": "Nooit"},
        "relevant": "${leuk} = 'soms'",
        "children": [{"type": "text", "name": "dood", "label": {"nl": "Komt dit?"}}],
    }
    made = draft(session, actor, later, dead)
    admin.get(f"/beheer/vragenlijsten/{made.id}/controle")
    arrows = [p for p in admin.page.iter(SVG + "path") if "around" in (p.get("class") or "")]
    # Icons have rectangles too; those of the drawing have a class.
    boxes = [c for r in admin.page.iter(SVG + "rect") if (c := r.get("class"))]
    assert len(arrows) == 2
    assert [("dead" in c, "maybe" in c) for c in boxes] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    assert "“Was het leuk?” is “Ja”" in admin.text()
    assert "Deze vraag komt nooit in beeld." in admin.text()


def test_other_organisations_do_not_see_a_draft(
    client: CheckingClient, session: Session, actor: Actor
) -> None:
    made = draft(session, actor)
    make_person(session, "ver@example.org", "beheerder", organisation="elders")
    client.log_in("ver@example.org", PASSWORD)
    assert client.get(f"/beheer/vragenlijsten/{made.id}/controle").status_code == 404


def published(session: Session, actor: Actor, *rows: dict[str, Any]) -> SurveyVersion:
    return publish_draft(session, draft(session, actor, *rows).id, actor, NOW, ())


def test_the_difference_stands_side_by_side_and_says_what_reads_together(
    admin: CheckingClient, session: Session, actor: Actor
) -> None:
    first = published(session, actor, PHONE)
    second = next_version(session, first.id, actor, NOW)
    changed = definition(languages=["nl", "ar"], version=second.version)
    open_question = changed["survey"][0]["children"][1]
    open_question |= {"type": "integer", "label": {"nl": "Hoeveel mensen?", "ar": "كم شخصًا؟"}}
    changed["choices"]["jn"].append({"name": "soms", "label": {"nl": "Soms"}})
    save_draft(session, changed, actor, NOW, version_id=second.id)
    admin.get(f"/beheer/vragenlijsten/{second.id}/verschil")
    text = admin.text()
    assert f"Van versie {first.version} naar versie {second.version}." in text
    assert "Hoe was het?" in text
    assert "Hoeveel mensen?" in text
    assert "niet samen te lezen: een ander soort vraag" in text
    assert "samen te lezen, maar de antwoorden verschillen: soms" in text
    assert "alleen in de oude versie" in text
    arabic = [d for d in admin.page.iter("div") if d.get("lang") == "ar"]
    assert {d.get("dir") for d in arabic} == {"rtl"}
    admin.get(f"/beheer/vragenlijsten/{first.id}/verschil")
    assert "Dit is de eerste versie." in admin.text()


def test_a_trial_is_walked_without_log_in_and_leaves_nothing(
    admin: CheckingClient, app: Flask, session: Session, actor: Actor
) -> None:
    made = draft(session, actor)
    address = f"/beheer/vragenlijsten/{made.id}/proef"
    admin.get(address)
    admin.submit("proef", deed="open")
    session.expire_all()
    token = session.get_one(SurveyVersion, made.id).trial_token
    assert token is not None
    assert len(token) >= 43
    assert f"/proef/{token}" in admin.text()
    code = admin.get(f"/beheer/vragenlijsten/{made.id}/proef.svg")
    assert code.mimetype == "image/svg+xml"

    visitor = app.test_client()
    assert isinstance(visitor, CheckingClient)
    first = visitor.get(f"/proef/{token}")
    assert "Proef: er wordt niets bewaard" in visitor.text()
    assert "Set-Cookie" not in first.headers
    visitor.submit(f"/proef/{token}")
    visitor.submit(f"/proef/{token}", also={"area_code": "weet_niet"})
    assert "Was het leuk?" in visitor.text()
    shown = visitor.submit(f"/proef/{token}", also={"leuk": "ja", "hoe": "Gezellig"})
    assert shown.status_code == 200
    assert "Set-Cookie" not in shown.headers
    assert "Dit zou worden verstuurd" in visitor.text()
    assert "Gezellig" in visitor.text()
    assert "Ja" in visitor.text()
    assert session.scalar(select(func.count()).select_from(Submission)) == 0

    admin.get(address)
    admin.submit("proef", deed="close")
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
    assert visitor.get(f"/proef/{token}").status_code == 404


def test_a_trial_of_yesterday_is_gone_when_the_next_one_begins(
    admin: CheckingClient, app: Flask, session: Session, actor: Actor
) -> None:
    made = open_trial(session, draft(session, actor).id, actor, NOW)
    old = start_draft(session, made, None, None, "nl", datetime.now(UTC) - timedelta(hours=25))
    old_id = old.id
    visitor = app.test_client()
    assert isinstance(visitor, CheckingClient)
    visitor.get(f"/proef/{made.trial_token}")
    visitor.submit(f"/proef/{made.trial_token}")
    session.expire_all()
    assert session.get(Draft, old_id) is None
    assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_the_link_of_one_trial_opens_no_other_draft(
    client: CheckingClient, session: Session, actor: Actor
) -> None:
    one = open_trial(session, draft(session, actor).id, actor, NOW)
    other = open_trial(session, draft(session, actor, form_id="anders").id, actor, NOW)
    walk = start_draft(session, other, None, None, "nl", NOW)
    own = start_draft(session, one, None, actor, "nl", NOW)
    for found in (walk, own):
        answer = client.get(f"/proef/{one.trial_token}/{found.id}/blad")
        assert answer.status_code == 404
    assert client.get(f"/proef/{other.trial_token}/{walk.id}/blad").status_code == 200
    assert client.get("/proef/geraden").status_code == 404


def answer_once(session: Session, actor: Actor, made: SurveyVersion) -> None:
    incoming = Incoming(
        id=uuid.uuid4(),
        survey="buurtborrel",
        version=made.version,
        language="nl",
        captured_at=NOW,
        answers={"leuk": "ja", "hoe": "=2+3"},
    )
    receive_submission(session, incoming, actor, NOW, Intake(MediaStore(Path("none"))))


def test_results_are_chosen_and_taken_along(
    admin: CheckingClient, session: Session, actor: Actor
) -> None:
    made = published(session, actor)
    admin.get(f"/beheer/vragenlijsten/buurtborrel/{made.version}")
    assert "Uitkomsten" in admin.text()
    base = f"/uitkomsten?vragenlijst={made.survey_id}"
    admin.get(base)
    assert "0 inzendingen" in admin.text()
    answer_once(session, actor, made)
    admin.get(base)
    assert "1 inzending" in admin.text()
    files = {
        (a.get("href") or "").partition("?")[0]: a.get("href") or ""
        for a in admin.page.iter("a")
        if (a.get("href") or "").startswith("/uitkomsten/")
    }
    text = admin.get(files["/uitkomsten/tabel.csv"]).get_data(as_text=True)
    assert "'=2+3" in text
    assert "ja,Ja" in text
    book = admin.get(files["/uitkomsten/alles.xlsx"])
    assert load_workbook(BytesIO(book.data)).sheetnames == ["uitleg", "inzendingen"]
    assert "Hoe was het?" in admin.get(files["/uitkomsten/uitleg.csv"]).get_data(as_text=True)
    assert admin.get(f"{base}&van=morgen").status_code == 422
    assert admin.get(f"{base}&van=2026-02-02&tot=2026-02-01").status_code == 422
    assert admin.get("/uitkomsten/tabel.csv").status_code == 404
    assert (
        admin.get(f"/uitkomsten/tabel.csv?vragenlijst={made.survey_id}&tabel=x").status_code == 404
    )


@pytest.mark.parametrize("read", ["whole", "broken off"])
def test_a_download_gives_its_connection_back(
    admin: CheckingClient, session: Session, actor: Actor, read: str
) -> None:
    made = published(session, actor)
    answer_once(session, actor, made)
    answer = admin.get(f"/uitkomsten/tabel.csv?vragenlijst={made.survey_id}")
    lines = answer.iter_encoded()
    _heads, _first = next(lines), next(lines)
    if read == "whole":
        assert not list(lines)
    answer.close()
    pool: Any = admin.application.extensions["fieldapp"].engine.pool
    assert pool.checkedout() == 0


def test_results_are_for_who_reads_submissions(client: CheckingClient, session: Session) -> None:
    make_person(session, "veld@example.org", "buurtbeheerder")
    client.log_in("veld@example.org", PASSWORD)
    assert client.get("/uitkomsten").status_code == 403
