"""The walking list of a round, promises, and what is remembered of doors, as pages and answers."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.people import FORMER, Actor
from fieldapp.db.models import Draft, FollowUp, Round, RoundDoor, User
from tests.factories import (
    PASSWORD,
    make_actor,
    make_area,
    make_person,
    make_round,
    make_survey,
)
from tests.factories.doors import visit
from tests.support.client import CheckingClient, text_of
from tests.support.walk import typed

HERE, THERE = "BU99990101", "BU99990201"
CLIENT = {"X-Fieldapp-Client": "phone"}
RECENT = (datetime.now(UTC).date() - date(2026, 9, 1)).days - 3  # days after VISITED: 3 days ago


def log_in(client: CheckingClient, email: str) -> CheckingClient:
    client.log_in(email, PASSWORD)
    return client


@pytest.fixture
def areas(session: Session) -> None:
    make_area(session, HERE, "Sterrenbuurt")
    make_area(session, THERE, "Maanbuurt", bounds=(5.12, 52.08, 5.14, 52.10))


@pytest.fixture
def walk(session: Session, areas: None) -> Round:
    """A round along stairwells in both buurten."""
    version = make_survey(session, "portiekgesprek")
    return make_round(session, version, HERE, THERE, slug="trap", name="Trapronde", public=False)


@pytest.fixture
def boss(client: CheckingClient, session: Session, walk: Round) -> CheckingClient:
    make_person(session, "baas@example.org", "beheerder")
    return log_in(client, "baas@example.org")


def another(app: Flask, session: Session, role: str, area: str | None = None, **more: Any) -> Any:
    person = make_person(session, "", role, area=area, **more)
    client = app.test_client()
    log_in(client, person.email)  # type: ignore[arg-type]
    return client, make_actor(person)


def give_list(boss: CheckingClient, walk: Round, lines: str) -> int:
    boss.get(f"/beheer/rondes/{walk.id}/looplijst")
    return boss.submit("looplijst", lines=lines).status_code


def listed(session: Session) -> list[tuple[str, int | None, str | None]]:
    session.expire_all()
    rows = session.scalars(select(RoundDoor).order_by(RoundDoor.position))
    return [(row.name, row.doors, row.area_code) for row in rows]


def items(client: CheckingClient) -> list[str]:
    return [text_of(li).removeprefix("Volgende portiek: ") for li in rows(client)]


def rows(client: CheckingClient) -> list[Any]:
    return [li for li in client.page.iter("li") if li.get("data-key")]


def named_next(client: CheckingClient) -> list[int]:
    """Which rows say that they are the next."""
    labels = [[e for e in li.iter() if e.get("data-next") is not None] for li in rows(client)]
    return [place for place, (label,) in enumerate(labels) if label.get("hidden") is None]


def test_a_list_is_pasted_changed_and_shown_again(
    boss: CheckingClient, session: Session, walk: Round
) -> None:
    lines = "Sterstraat 12-24; 8 deuren; Sterrenbuurt\nMaanweg 1-9; 6; BU99990201\n\nKade 2-8"
    assert give_list(boss, walk, lines) == 200
    assert "De looplijst heeft nu 3 portieken." in boss.text()
    assert listed(session) == [
        ("Sterstraat 12-24", 8, HERE),
        ("Maanweg 1-9", 6, THERE),
        ("Kade 2-8", None, None),
    ]
    boss.get(f"/beheer/rondes/{walk.id}/looplijst")
    again = typed(boss, "lines")
    assert again == "Sterstraat 12-24; 8; BU99990101\nMaanweg 1-9; 6; BU99990201\nKade 2-8"
    assert give_list(boss, walk, "Kade 2-8; 4") == 200
    assert listed(session) == [("Kade 2-8", 4, None)]


def test_a_file_as_excel_saves_it(boss: CheckingClient, session: Session, walk: Round) -> None:
    boss.get(f"/beheer/rondes/{walk.id}/looplijst")
    data = 'Portiek;Deuren\r\nKönigstraat 1-9;8\r\n"Hof 3; achter";6\r\n'.encode("cp1252")
    boss.submit("looplijst", lines="", file=(io.BytesIO(data), "lijst.csv"))
    assert listed(session) == [("Königstraat 1-9", 8, None), ("Hof 3; achter", 6, None)]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("A 1\na 1", "Regel 2: “a 1” staat er al."),
        ("A 1; veel", "Regel 1: “veel” is geen aantal deuren."),
        ("A 1; 0", "Regel 1: het aantal deuren is 1 tot en met 400."),
        ("; 8", "Regel 1: hier staat geen portiek."),
        (f"{'a' * 121}; 8", "Regel 1: deze naam is te lang."),
        ("A 1; 8; Verweg", "“Verweg” is geen gebied van deze ronde."),
        ("A 1; 8; BU99990301", "“BU99990301” is geen gebied van deze ronde."),
    ],
)
def test_a_wrong_line_says_which_and_nothing_changes(
    boss: CheckingClient, session: Session, walk: Round, lines: str, words: str
) -> None:
    give_list(boss, walk, "Kade 2-8")
    assert give_list(boss, walk, lines) == 422
    assert words in boss.text()
    assert typed(boss, "lines") == lines
    assert listed(session) == [("Kade 2-8", None, None)]


def test_a_line_without_an_area_takes_that_of_earlier_visits(
    boss: CheckingClient, session: Session, walk: Round
) -> None:
    person = make_actor(make_person(session, "", "gespreksvoerder"))
    visit(session, person, "Kade 2-8", area=THERE)
    visit(session, person, "Dam 1", area=HERE)
    visit(session, person, "Dam 1", area=THERE)
    give_list(boss, walk, "kade 2-8\nDam 1")
    assert listed(session) == [("kade 2-8", None, THERE), ("Dam 1", None, None)]


def test_how_far_each_stairwell_is_and_which_is_next(
    boss: CheckingClient, session: Session, walk: Round, app: Flask
) -> None:
    give_list(boss, walk, f"A 1; 4; {HERE}\nB 1; 3; {HERE}\nC 1; 2; {HERE}\nD 1; 8; {HERE}")
    client, actor = another(app, session, "gespreksvoerder", HERE)
    talks = {"area": HERE, "round_slug": "trap"}
    visit(session, actor, "A 1", doors=("gesproken", "open", "dicht", "dicht"), days=2, **talks)
    visit(session, actor, "a 1", doors=("dicht", "liever_niet"), days=5, **talks)
    visit(session, actor, "C 1", doors=("gesproken", "gesproken"), days=1, **talks)
    visit(session, actor, "D 1", doors=("dicht",) * 8, days=1, **talks)
    visit(session, actor, "Z 9", doors=("dicht",), days=3, **talks)  # not on the list
    visit(session, actor, "B 1", area=HERE)  # not in this round
    client.get("/veld/ronde/trap")
    found = items(client)
    # B was not visited in the round; then begun, D longest ago; C has both its doors open.
    assert [text[:3] for text in found] == ["B 1", "D 1", "Z 9", "A 1", "C 1"]
    assert named_next(client) == [0]
    assert "nog niet geweest" in found[0]
    assert "0 van 8 open" in found[1]
    assert "3 van 4 open" in found[3]
    assert "4 geprobeerd, 3 open, 1 gesproken" in found[3]
    assert "klaar" in found[4]
    assert "1 van 5 portieken klaar" in client.text()


def test_after_three_visits_a_stairwell_is_done(
    boss: CheckingClient, session: Session, walk: Round
) -> None:
    actor = make_actor(make_person(session, "", "gespreksvoerder"))
    for day in range(3):
        boss.get("/veld/ronde/trap")
        assert "0 van 1 portieken klaar" in boss.text() or day == 0
        visit(session, actor, "A 1", doors=("dicht",), area=HERE, days=day, round_slug="trap")
    boss.get("/veld/ronde/trap")
    assert "1 van 1 portieken klaar" in boss.text()
    assert named_next(boss) == []


def test_a_visit_that_was_sent_back_does_not_count(
    boss: CheckingClient, session: Session, walk: Round
) -> None:
    actor = make_actor(make_person(session, "", "gespreksvoerder"))
    sent = visit(session, actor, "A 1", area=HERE, round_slug="trap")
    sent.state = "returned"
    session.commit()
    boss.get("/veld/ronde/trap")
    assert items(boss) == []


def test_each_sees_the_stairwells_of_their_own_areas(
    boss: CheckingClient, session: Session, walk: Round, app: Flask
) -> None:
    give_list(boss, walk, f"Hier 1; 4; {HERE}\nDaar 1; 3; {THERE}\nErgens 1")
    everywhere = make_actor(make_person(session, "", "gespreksvoerder"))
    visit(session, everywhere, "Zomaar 1", area=THERE, round_slug="trap")
    visit(session, everywhere, "Ergens 1", area=THERE, round_slug="trap")
    here, _actor = another(app, session, "buurtbeheerder", HERE)
    here.get("/veld/ronde/trap")
    assert [text.split(" 1")[0] for text in items(here)] == ["Hier", "Ergens"]
    assert "nog niet geweest" in items(here)[1]  # that visit was not in my buurt
    manager, _actor = another(app, session, "wijkmanager")
    manager.get("/veld/ronde/trap")
    assert len(items(manager)) == 4
    for stranger in (
        another(app, session, "buurtbeheerder", "BU99980101")[0],
        another(app, session, "beheerder", organisation="corporatie")[0],
    ):
        assert stranger.get("/veld/ronde/trap").status_code == 404
        assert stranger.post("/veld/ronde/trap/begin").status_code in (400, 404)
        walks = stranger.get("/veld/app/gegevens.json").get_json()["walks"]
        assert walks == []


def test_the_round_of_another_organisation_gets_no_list(
    app: Flask, session: Session, walk: Round
) -> None:
    stranger, _actor = another(app, session, "beheerder", organisation="corporatie")
    assert stranger.get(f"/beheer/rondes/{walk.id}/looplijst").status_code == 404
    gesprek, _actor = another(app, session, "gespreksvoerder")
    assert gesprek.get(f"/beheer/rondes/{walk.id}/looplijst").status_code == 403


def test_the_form_begins_at_this_stairwell_without_scripts(
    boss: CheckingClient, session: Session, walk: Round, app: Flask
) -> None:
    give_list(boss, walk, f"Sterstraat 12-24; 8; {HERE}")
    client, _actor = another(app, session, "gespreksvoerder", HERE)
    client.get("/veld/ronde/trap")
    client.submit("begin")
    assert client.address.startswith("/veld/formulier/")
    assert typed(client, "portiek") == "Sterstraat 12-24"
    assert session.scalars(select(Draft.round_id)).one() == walk.id


def promise(session: Session, actor: Actor, **more: Any) -> int:
    visit(session, actor, "Sterstraat 12-24", area=HERE, days=RECENT, **more)
    return session.scalars(select(FollowUp.id).order_by(FollowUp.id.desc())).first() or 0


def test_a_promise_is_ticked_off_and_back_without_scripts(
    app: Flask, session: Session, areas: None
) -> None:
    client, actor = another(app, session, "gespreksvoerder", HERE)
    number = promise(session, actor, afspraken="Lamp doorgeven, vrijdag bellen.")
    client.get("/veld/beloftes")
    assert "Door jou beloofd" in client.text()
    assert "Sterrenbuurt" in client.text()
    client.submit(f"beloftes/{number}", done="ja", note="Hij brandt weer.")
    assert "Er staat niets open" in client.text()
    assert "door jou" in client.text()
    assert "Hij brandt weer." in client.text()
    client.submit(f"beloftes/{number}", done="nee")
    assert "Door jou beloofd" in client.text()
    client.submit(f"beloftes/{number}", done="dag", due_on="2026-01-02")
    assert "te laat" in client.text()
    client.submit(f"beloftes/{number}", done="dag", due_on="morgen")
    assert "Vul een dag in" in client.text()
    assert session.scalars(select(FollowUp.due_on)).one() == date(2026, 1, 2)


def test_who_may_only_look_gets_no_button(app: Flask, session: Session, areas: None) -> None:
    _client, actor = another(app, session, "gespreksvoerder", HERE)
    number = promise(session, actor, afspraken="Lamp doorgeven.")
    analyst, _actor = another(app, session, "analist", HERE)
    analyst.get("/veld/beloftes")
    assert "Lamp doorgeven." in analyst.text()
    assert "Kees de Vries" in analyst.text()
    assert not [form for form in analyst.forms() if "beloftes" in (form.get("action") or "")]
    token = analyst.fields("uitloggen")[1]["csrf_token"]
    sent = analyst.post(f"/veld/beloftes/{number}", data={"done": "ja", "csrf_token": token})
    assert sent.status_code == 403
    answer = analyst.post(f"/api/v1/follow-ups/{number}/done", headers=CLIENT)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "not_yours")


def test_a_phone_ticks_off_with_any_number_of_tries(
    app: Flask, session: Session, areas: None
) -> None:
    client, actor = another(app, session, "gespreksvoerder", HERE)
    number = promise(session, actor, afspraken="Lamp doorgeven.")
    said = datetime.now(UTC) - timedelta(hours=20)
    body = {"at": said.isoformat(), "note": "ok"}
    for _ in range(2):
        answer = client.post(f"/api/v1/follow-ups/{number}/done", json=body, headers=CLIENT)
        assert (answer.status_code, answer.get_json()["id"]) == (200, number)
        assert answer.get_json()["done"] is True
    stored = session.scalars(select(FollowUp)).one()
    assert stored.done_at == said
    assert stored.done_by_id == actor.user_id
    answer = client.post(f"/api/v1/follow-ups/{number}/open", headers=CLIENT)
    assert (answer.status_code, answer.get_json()["done"]) == (200, False)


@pytest.mark.parametrize(
    "body", [[], "x", {"at": "gisteren"}, {"at": "2026-01-01T10:00:00"}, {"note": 5}, {"x": 1}]
)
def test_what_cannot_be_read_changes_nothing(
    app: Flask, session: Session, areas: None, body: Any
) -> None:
    client, actor = another(app, session, "gespreksvoerder", HERE)
    number = promise(session, actor, afspraken="Lamp doorgeven.")
    answer = client.post(f"/api/v1/follow-ups/{number}/done", json=body, headers=CLIENT)
    assert answer.status_code == 422
    assert session.scalars(select(FollowUp.done_at)).one() is None


def test_a_promise_of_elsewhere_does_not_exist(app: Flask, session: Session, areas: None) -> None:
    _client, actor = another(app, session, "gespreksvoerder", HERE)
    number = promise(session, actor, afspraken="Lamp doorgeven.")
    there, _actor = another(app, session, "buurtbeheerder", THERE)
    other, _actor = another(app, session, "wijkmanager", organisation="corporatie")
    for client in (there, other):
        client.get("/veld/beloftes")
        assert "Lamp doorgeven." not in client.text()
        for address in (number, 0, "x", 10**12):
            answer = client.post(f"/api/v1/follow-ups/{address}/done", headers=CLIENT)
            assert answer.status_code == 404
        assert "Lamp" not in client.get("/veld/app/gegevens.json").get_data(as_text=True)
    nobody = app.test_client()
    assert nobody.post(f"/api/v1/follow-ups/{number}/done", headers=CLIENT).status_code == 401
    assert session.scalars(select(FollowUp.done_at)).one() is None


def test_the_pack_holds_doors_and_walks(
    boss: CheckingClient, session: Session, walk: Round, app: Flask
) -> None:
    give_list(boss, walk, f"Sterstraat 12-24; 8; {HERE}\nMaanweg 1; 2; {HERE}")
    client, actor = another(app, session, "gespreksvoerder", HERE)
    doors = ("gesproken", "open", "dicht")
    number = promise(
        session, actor, doors=doors, afspraken="Lamp doorgeven.", terugkomen_mag="nee",
        round_slug="trap",
    )  # fmt: skip
    pack = client.get("/veld/app/gegevens.json").get_json()
    on = (date(2026, 9, 1) + timedelta(days=RECENT)).isoformat()
    assert pack["doors"] == [
        {
            "k": "sterstraat 12-24",
            "n": "Sterstraat 12-24",
            "a": HERE,
            "v": [[on, "portiekgesprek", "", 1]],
            "c": [3, 2, 1, on],
            "r": [0, on],
            "p": [{"id": number, "t": "Lamp doorgeven.", "on": on, "me": 1, "may": 1}],
        }
    ]
    (found,) = pack["walks"]
    assert [door["n"] for door in found["doors"]] == ["Maanweg 1", "Sterstraat 12-24"]
    assert found["doors"][1] == {
        "k": "sterstraat 12-24", "n": "Sterstraat 12-24", "s": "begun", "a": HERE, "d": 8,
        "c": [3, 2, 1, 1], "on": on,
    }  # fmt: skip
    # What one door adds: tried when somebody rang, opened when somebody stood there.
    assert found["count"] == {
        "portiek": "portiek",
        "repeat": "deuren",
        "door": "deur",
        "each": {
            "dicht": [1, 0, 0],
            "open": [1, 1, 0],
            "gesproken": [1, 1, 1],
            "liever_niet": [1, 1, 0],
        },
    }


def test_a_colleague_who_left_is_called_so_in_the_language_of_the_page(
    app: Flask, session: Session, areas: None
) -> None:
    boss, _actor = another(app, session, "wijkmanager", HERE)
    _gone, actor = another(app, session, "gespreksvoerder", HERE)
    number = promise(session, actor, afspraken="Lamp doorgeven.")
    done = session.get_one(FollowUp, number)
    done.done_at, done.done_by_id = datetime.now(UTC), actor.user_id
    session.get_one(User, actor.user_id).name = FORMER
    session.commit()
    for address in ("/veld/beloftes?taal=en", "/veld/app/gegevens.json?taal=en"):
        text = boss.get(address).get_data(as_text=True)
        assert FORMER not in text
        assert "a former colleague" in text


def test_the_start_page_says_where_to_go_and_what_was_promised(
    boss: CheckingClient, session: Session, walk: Round, app: Flask
) -> None:
    give_list(boss, walk, f"Sterstraat 12-24; 8; {HERE}")
    client, actor = another(app, session, "gespreksvoerder", HERE)
    promise(session, actor, afspraken="Lamp doorgeven.")
    client.get("/veld/")
    assert "Volgende portiek: Sterstraat 12-24" in client.text()
    assert "Beloftes: 1 open" in client.text()
    assert "Lamp doorgeven." in client.text()
