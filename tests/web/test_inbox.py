"""The inbox as a wijkmanager uses it, without scripts."""

from __future__ import annotations

import re
import uuid
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.submission import Location
from fieldapp.db.geo import cell_100m
from fieldapp.db.models import Attachment, Submission, SubmissionEvent
from fieldapp.paths import ROOT
from fieldapp.web.inbox.texts import REFUSALS
from tests.factories import PASSWORD, make_area, make_person, make_submission
from tests.factories.people import make_actor
from tests.support.client import CheckingClient, text_of
from tests.support.queries import counted

HERE = Location(lon=5.11234, lat=52.09876, accuracy_m=8, source="gps")
SEA = Location(lon=3.0, lat=53.5, source="gps")


def log_in(client: CheckingClient, session: Session, *roles: str, area: str | None = None) -> None:
    person = make_person(session, f"{uuid.uuid4().hex[:8]}@example.org", *roles, area=area)
    client.log_in(person.email, PASSWORD)


def history(session: Session, submission: Submission) -> list[tuple[str, str]]:
    session.expire_all()
    query = select(SubmissionEvent).where(SubmissionEvent.submission_id == submission.id)
    return [(e.state, e.reason) for e in session.scalars(query.order_by(SubmissionEvent.id))]


def shown_in_list(client: CheckingClient) -> list[str]:
    """What the button to accept all sends along."""
    fields = (i for f in client.forms() for i in f.iter("input") if i.get("name") == "shown")
    return [i.get("value") or "" for i in fields]


def table_cells(table: Element) -> list[list[str]]:
    """The words of each row under the head."""
    body = table.iter("tbody")
    return [[text_of(cell) for cell in row] for part in body for row in part]


def rows(client: CheckingClient) -> list[str]:
    return [
        (a.get("href") or "").rsplit("/", 1)[-1]
        for a in client.page.iter("a")
        if a.get("class") == "fa-rows__link"
    ]


def test_filters(client: CheckingClient, session: Session) -> None:
    make_area(session)
    here = make_submission(session, {"verhaal": "Rustig."}, location=HERE)
    outside = make_submission(session, location=SEA, number=1)
    double = make_submission(session, {"verhaal": "Een."}, number=2)
    make_submission(session, {"verhaal": "Twee."}, submission_id=double.id)
    accepted = make_submission(session, number=3)
    accepted.state = "accepted"
    foreign = make_submission(session, organisation="andere")
    session.commit()
    log_in(client, session, "wijkmanager")

    def shown(query: str = "") -> set[str]:
        client.get(f"/inzendingen/{query}")
        return set(rows(client))

    every = {str(s.id) for s in (here, outside, double, accepted)}
    assert shown() == every
    assert rows(client)[0] == str(accepted.id)
    assert str(foreign.id) not in client.text()
    assert shown("?staat=accepted") == {str(accepted.id)}
    assert shown("?let_op=buiten") == {str(outside.id)}
    assert shown("?let_op=dubbel") == {str(double.id)}
    assert shown("?gebied=GM9999") == {str(here.id)}
    assert shown("?soort=bewonersgesprek&vanaf=rommel") == every
    assert shown("?soort=observatie") == set()
    assert "niets in de lijst" in client.text()


def test_an_odd_place_is_told_in_the_list_and_on_the_page(
    client: CheckingClient, session: Session
) -> None:
    make_area(session)
    kees = make_actor(make_person(session, "kees@example.org", "buurtbeheerder"))
    plain = make_submission(session, location=HERE, actor=kees)
    exact = Location(lon=5.11, lat=52.09, accuracy_m=0, source="gps")
    odd = make_submission(session, location=exact, actor=kees, number=30)
    log_in(client, session, "wijkmanager")

    client.get("/inzendingen/")
    assert set(rows(client)) == {str(plain.id), str(odd.id)}
    assert client.text().count("plek waarschijnlijk verzonnen") == 1
    client.get("/inzendingen/?let_op=plek")
    assert rows(client) == [str(odd.id)]
    client.get(f"/inzendingen/{odd.id}")
    assert "De plek is waarschijnlijk door een app verzonnen" in client.text()
    client.get(f"/inzendingen/{plain.id}")
    assert "waarschijnlijk" not in client.text()


def test_pages(client: CheckingClient, session: Session) -> None:
    made = [str(make_submission(session, number=n).id) for n in range(30)]
    log_in(client, session, "analist")
    client.get("/inzendingen/")
    first = rows(client)
    links = [a for a in client.page.iter("a") if a.get("rel") == "next"]
    client.get(links[0].get("href"))
    second = rows(client)
    assert first + second == made[::-1]
    links = [a for a in client.page.iter("a") if a.get("rel") == "prev"]
    client.get(links[0].get("href"))
    assert rows(client) == first


def test_accept_return_and_reject(client: CheckingClient, session: Session) -> None:
    submission = make_submission(session, {"verhaal": "Rustig.", "citaat_mag": "ja"})
    log_in(client, session, "wijkmanager")
    client.get(f"/inzendingen/{submission.id}")
    assert "Rustig." in client.text()
    assert "Mogen we dit citeren? Ja" in client.text()
    client.submit("stap", state="accepted")
    assert client.submit("stap", state="returned", reason=" ").status_code == 422
    assert "Schrijf erbij waarom" in client.text()
    client.submit("stap", state="returned", reason="Foto ontbreekt")
    assert "Foto ontbreekt" in client.text()
    assert client.submit("stap", state="received", reason="x").status_code == 422
    assert history(session, submission) == [
        ("received", ""),
        ("accepted", ""),
        ("returned", "Foto ontbreekt"),
    ]


def test_accept_all_takes_the_versions_that_were_shown(
    client: CheckingClient, session: Session
) -> None:
    """One is improved on the phone while the list stands on the screen: nobody read that."""
    maker = make_actor(make_person(session, "maker@example.org", "gespreksvoerder"))
    made: dict[str, Any] = {"actor": maker, "submission_id": uuid.uuid4()}
    improved = make_submission(session, {"verhaal": "Rustig."}, revision=1, **made)
    same = make_submission(session, {"verhaal": "Druk."}, number=1)
    log_in(client, session, "wijkmanager")
    client.get("/inzendingen/")
    make_submission(session, {"verhaal": "Hier is iets ergs gebeurd."}, revision=2, **made)
    client.submit("goedkeuren", also={"shown": shown_in_list(client)})
    assert "1 inzending is goedgekeurd." in client.text()
    assert "1 was al bekeken of intussen veranderd, en bleef zoals zij was." in client.text()
    session.expire_all()
    assert (improved.state, same.state) == ("received", "accepted")


def test_accept_all_on_this_page(client: CheckingClient, session: Session) -> None:
    waiting = [make_submission(session, number=n) for n in range(3)]
    rejected = make_submission(session, number=9)
    rejected.state = "rejected"
    session.commit()
    log_in(client, session, "wijkmanager")
    client.get("/inzendingen/?soort=bewonersgesprek")
    action, fields = client.fields("goedkeuren")
    data = {**fields, "shown": [*shown_in_list(client), "rommel", "rommel.rommel"]}
    response = client.post(action, data=data, follow_redirects=True)
    assert response.request.args["soort"] == "bewonersgesprek"
    assert "3 inzendingen zijn goedgekeurd" in client.text()
    session.expire_all()
    assert {s.state for s in waiting} == {"accepted"}
    assert rejected.state == "rejected"


def test_the_place_is_as_precise_as_the_reader_may_know(
    client: CheckingClient, session: Session
) -> None:
    make_area(session)
    submission = make_submission(session, location=HERE)
    log_in(client, session, "wijkmanager")
    client.get(f"/inzendingen/{submission.id}")
    page = client.text()
    lon, lat = cell_100m(5.11234, 52.09876)
    north, east = (str(round(degrees, 5)).replace(".", ",") for degrees in (lat, lon))
    assert f"{north} noord, {east} oost" in page
    assert "52,09876" not in page
    assert "Vak van 100 meter" in page
    fresh = client.application.test_client()
    assert isinstance(fresh, CheckingClient)
    log_in(fresh, session, "wijkmanager", "gespreksvoerder")
    fresh.get(f"/inzendingen/{submission.id}")
    assert "52,09876 noord, 5,11234 oost" in fresh.text()
    assert "8 meter" in fresh.text()


def test_a_buurt_by_hand(client: CheckingClient, session: Session) -> None:
    make_area(session)
    make_area(session, "BU99990102", "Kade", bounds=(5.2, 52.1, 5.3, 52.2))
    make_area(session, "BU99980102", "Kade", bounds=(6.2, 52.1, 6.3, 52.2))
    submission = make_submission(session, location=SEA)
    log_in(client, session, "wijkmanager")
    client.get(f"/inzendingen/{submission.id}")
    assert "Sterrenbuurt" in client.text()
    assert client.submit("buurt", area_written="Nergenshuizen").status_code == 422
    assert "Nergenshuizen" in client.text()
    assert client.submit("buurt", area_written="kade").status_code == 422
    assert "meer buurten" in client.text()
    client.submit("buurt", area="BU99990102")
    assert "Buurt gekozen: Kade" in client.text()
    session.expire_all()
    assert (submission.area_code, submission.area_status) == ("BU99990102", "chosen")


def test_conflicts_side_by_side(client: CheckingClient, session: Session) -> None:
    submission = make_submission(session, {"verhaal": "Rustig.", "citaat_mag": "ja"})
    make_submission(
        session, {"verhaal": "Druk!", "citaat_mag": "ja", "x": "<i>"}, submission_id=submission.id
    )
    log_in(client, session, "wijkmanager")
    client.get(f"/inzendingen/{submission.id}")
    tables = [
        [[text_of(c) for c in row if c.tag in ("td", "th")] for row in table.iter("tr")][1:]
        for table in client.page.iter("table")
    ]
    question = "Wat vertelde de bewoner? anders"
    assert tables[0] == [[question, "Rustig.", "Druk!"], ["x anders", "–", "<i>"]]
    assert ["Mogen we dit citeren?", "Ja", "Ja"] in tables[1]
    assert ["Plek", "dezelfde plek", "dezelfde plek"] in tables[1]
    client.submit("dubbel")
    assert "Twee versies van deze inzending" not in client.text()
    assert "de eerste gehouden" in client.text()


def test_photos_are_shown(client: CheckingClient, session: Session) -> None:
    submission = make_submission(session)
    session.add(
        Attachment(
            submission_id=submission.id, question="foto", file_name="a.jpg", sent_sha256="0" * 64,
            sha256="1" * 64, media_type="image/jpeg", size=1, width=40, height=30,
        )
    )  # fmt: skip
    session.commit()
    log_in(client, session, "wijkmanager")
    client.get(f"/inzendingen/{submission.id}")
    sources = [i.get("src") for i in client.page.iter("img")]
    assert any(s and s.startswith(f"/foto/{submission.id}/") for s in sources)


def test_who_may_look(client: CheckingClient, session: Session) -> None:
    make_area(session)
    here = make_submission(session, location=HERE)
    outside = make_submission(session, location=SEA)
    foreign = make_submission(session, organisation="andere")
    log_in(client, session, "wijkmanager", area="GM9999")
    assert client.get(f"/inzendingen/{here.id}").status_code == 200
    assert client.get(f"/inzendingen/{outside.id}").status_code == 403
    assert client.get(f"/inzendingen/{foreign.id}").status_code == 404
    client.get("/inzendingen/")
    assert rows(client) == [str(here.id)]
    fresh = client.application.test_client()
    assert isinstance(fresh, CheckingClient)
    log_in(fresh, session, "buurtbeheerder")
    assert fresh.get("/inzendingen/").status_code == 403


@pytest.mark.parametrize("address", ["/inzendingen/", "/inzendingen/?let_op=dubbel"])
def test_the_number_of_queries_stays_the_same(
    client: CheckingClient, session: Session, address: str
) -> None:
    make_area(session)
    log_in(client, session, "wijkmanager")

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            made = make_submission(session, location=HERE, number=number)
            make_submission(session, {"verhaal": "Anders."}, submission_id=made.id)

    def count() -> int:
        with counted(client.application.extensions["fieldapp"].engine) as seen:
            client.get(address)
        return len(seen)

    fill(0, 3)
    client.get(address)
    few = count()
    fill(3, 60)
    assert count() == few


def test_a_reason_that_looks_like_a_note_stays_a_reason(
    client: CheckingClient, session: Session
) -> None:
    submission = make_submission(session)
    log_in(client, session, "wijkmanager")
    client.get(f"/inzendingen/{submission.id}")
    client.submit("stap", state="returned", reason="area=BU00000000")
    assert "area=BU00000000" in client.text()
    assert "Buurt gekozen" not in client.text()


def test_every_refusal_has_words() -> None:
    """The codes are read from the source, so that a new one cannot be forgotten."""
    service = (ROOT / "fieldapp" / "services" / "review_submissions.py").read_text()
    views = (ROOT / "fieldapp" / "web" / "inbox" / "views.py").read_text()
    codes = set(re.findall(r'ReviewRefused\(\s*"([a-z_]+)"', service))
    codes |= set(re.findall(r'Problem\(\s*"([a-z_]+)"', views))
    assert codes == set(REFUSALS)


def test_the_history_tells_of_an_improvement_and_asks_nothing(
    client: CheckingClient, app: Flask, session: Session
) -> None:
    maker = make_person(session, "maker@example.org", "gespreksvoerder")
    made: dict[str, Any] = {"actor": make_actor(maker), "submission_id": uuid.uuid4()}
    make_submission(session, {"verhaal": "Rustig."}, revision=1, **made)
    found = make_submission(session, {"verhaal": "Toch druk."}, revision=2, **made)
    log_in(client, session, "wijkmanager")
    client.get(f"/inzendingen/{found.id}")
    assert "Toch druk." in client.text()
    assert "Verbeterd op de telefoon" in client.text()
    assert "Eerdere versie" in client.text()
    older = [table_cells(table) for table in client.page.iter("table")]
    assert older == [[["Wat vertelde de bewoner? anders", "Toch druk.", "Rustig."]]]
    assert "improved" not in client.text()
    assert "Twee versies van deze inzending" not in client.text()
    client.get("/inzendingen/?let_op=dubbel")
    assert rows(client) == []
    own = app.test_client()
    assert isinstance(own, CheckingClient)
    own.log_in(maker.email, PASSWORD)
    own.get(f"/veld/inzending/{found.id}")
    assert "Verbeterd op de telefoon" in own.text()
    assert "improved" not in own.text()
