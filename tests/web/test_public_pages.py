"""The residents' survey: no log-in, no cookie, one question a page, the link is the key."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Draft, Submission
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey
from tests.support.client import CheckingClient
from tests.support.walk import go, page_form, typed, walk_to_receipt

HEAVIEST = 60_000  # bytes over the wire for the first page, all in


@pytest.fixture
def resident(client: CheckingClient, session: Session) -> CheckingClient:
    """A resident with the link of a round in two buurten."""
    make_area(session)
    make_area(session, "BU99990102", "Zonnebuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    version = make_survey(session, "bewonersenquete")
    make_round(session, version, "BU99990101", "BU99990102", slug="lente")
    return client


def begin(client: CheckingClient) -> None:
    client.get("/v/lente")
    client.submit("/v/lente")
    assert "/0-buurt" in client.address or "/blad_" in client.address


def test_from_the_link_to_thank_you(resident: CheckingClient, session: Session) -> None:
    begin(resident)
    assert "In welke buurt woont u?" in resident.text()
    seen = walk_to_receipt(resident)
    assert "Voelt u zich thuis in uw buurt?" in seen
    assert "Dank u wel" in resident.text()
    stored = session.scalars(select(Submission)).one()
    assert (stored.user_id, stored.channel, stored.kind) == (None, "form", "enquete")
    assert (stored.area_code, stored.location_source) == ("BU99990101", "area")
    assert stored.answers["thuis_voelen"] == {"v": "zeker_wel", "l": "Ja, zeker"}
    assert session.scalars(select(Draft)).all() == []


def test_no_page_sets_a_cookie(resident: CheckingClient) -> None:
    answers = [resident.get("/v/lente")]
    action, fields = resident.fields("/v/lente")
    answers.append(resident.post(action, data=fields))
    answers.append(resident.get(answers[-1].location))
    action, fields = resident.fields(page_form(resident).get("action") or "")
    answers.append(resident.post(action, data={**fields, "area_code": "wil_niet"}))
    answers.append(resident.get(answers[-1].location + "?taal=en"))
    walk_to_receipt(resident)
    answers.append(resident.get(resident.address))
    assert [a.status_code for a in answers] == [200, 302, 200, 302, 200, 200]
    assert all("Set-Cookie" not in answer.headers for answer in answers)


def test_rather_not_say_where_is_an_answer(resident: CheckingClient, session: Session) -> None:
    begin(resident)
    go(resident, area_code="wil_niet")
    go(resident, step="back")
    assert typed(resident, "area_code") == "wil_niet"
    walk = {"area_code": "weet_niet"}
    go(resident, **walk)
    walk_to_receipt(resident, blank=True)  # every question may be skipped
    stored = session.scalars(select(Submission)).one()
    assert (stored.area_code, stored.area_status) == (None, "none")


def test_a_round_of_one_buurt_does_not_ask_where(
    resident: CheckingClient, session: Session
) -> None:
    version = make_survey(session, "bewonersenquete")
    make_round(session, version, "BU99990102", slug="zon")
    resident.get("/v/zon")
    resident.submit("/v/zon")
    assert "Voelt u zich thuis" in resident.text()
    walk_to_receipt(resident)
    assert session.scalars(select(Submission)).one().area_code == "BU99990102"


def test_a_made_up_area_is_refused_kindly(resident: CheckingClient) -> None:
    begin(resident)
    assert go(resident, area_code="BU00000000") == 422
    assert "Deze buurt kennen we niet" in resident.text()


def test_a_resident_can_stop_and_come_back(resident: CheckingClient) -> None:
    begin(resident)
    go(resident, area_code="BU99990101")
    go(resident, thuis_voelen="soms")
    later = resident.application.test_client()
    later.get(resident.address)
    go(later, step="back")
    assert typed(later, "thuis_voelen") == "soms"


def test_a_page_asked_for_too_early_leads_to_the_first(resident: CheckingClient) -> None:
    begin(resident)
    base = resident.address.rsplit("/", 1)[0]
    resident.get(f"{base}/blad_veilig_uitleg", follow_redirects=True)
    assert resident.address.endswith("/0-buurt")


def test_sending_twice_gives_thanks_twice(resident: CheckingClient, session: Session) -> None:
    begin(resident)
    base = resident.address.rsplit("/", 1)[0]
    go(resident, area_code="wil_niet")
    resident.get(f"{base}/blad_taal")
    action, fields = resident.fields(page_form(resident).get("action") or "")
    go(resident)
    assert "Dank u wel" in resident.text()
    resident.post(action, data=fields, follow_redirects=True)
    assert "Dank u wel" in resident.text()
    resident.get(action, follow_redirects=True)
    assert "Dank u wel" in resident.text()
    session.scalars(select(Submission)).one()


def test_the_back_way_out_keeps_colleagues_drafts_hidden(
    resident: CheckingClient, session: Session
) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    colleague = resident.application.test_client()
    colleague.log_in("kees@example.org", PASSWORD)
    colleague.get("/veld/gesprek")
    colleague.submit("begin", survey="bewonersenquete", round="lente")
    draft = session.scalars(select(Draft)).one()
    assert resident.get(f"/v/lente/{draft.id}/0-buurt").status_code == 404
    assert resident.post(f"/v/lente/{draft.id}/0-buurt").status_code == 404


def test_links_that_lead_nowhere(resident: CheckingClient, session: Session) -> None:
    version = make_survey(session, "bewonersgesprek")
    make_round(session, version, slug="intern", public=False)
    for address in ("/v/niets", "/v/intern", "/v/l%00te", "/v/lente/klaar/" + "0" * 32):
        assert resident.get(address).status_code == 404


def test_a_closed_round_says_so(resident: CheckingClient, session: Session) -> None:
    version = make_survey(session, "bewonersenquete")
    days = {"opens_on": date(2020, 1, 1), "closes_on": date(2020, 2, 1)}
    make_round(session, version, "BU99990101", slug="voorbij", **days)
    make_round(session, version, "BU99990101", slug="straks", opens_on=date(2999, 1, 1))
    assert resident.get("/v/voorbij").status_code == 410
    assert "gesloten" in resident.text()
    assert "1 februari 2020" in resident.text()
    resident.get("/v/straks")
    assert "nog niet open" in resident.text()


def test_a_round_that_closes_halfway_keeps_what_was_typed(
    resident: CheckingClient, session: Session
) -> None:
    from fieldapp.db.models import Round

    begin(resident)
    go(resident, area_code="BU99990101")
    round_ = session.scalars(select(Round)).one()
    round_.opens_on, round_.closes_on = date(2020, 1, 1), date(2020, 2, 1)
    session.commit()
    assert go(resident, thuis_voelen="soms") == 410
    assert session.scalars(select(Draft)).one().raw["thuis_voelen"] == "soms"


def test_a_forged_page_is_refused(resident: CheckingClient, session: Session) -> None:
    begin(resident)
    assert resident.post(resident.address, data={"area_code": "wil_niet"}).status_code == 400
    assert session.scalars(select(Draft)).one().location == {}


def test_the_first_page_is_light(resident: CheckingClient) -> None:
    html = resident.get("/v/lente").data
    page = html.decode()
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    names = sorted(path.split("/", 3)[3] for path in found)
    assert names == ["css/public.css", "icons/favicon.svg", "js/main.js"]
    weight = len(html)
    for path in found:
        with resident.get(path) as response:
            weight += len(response.data)
    # Static files travel gzipped (web/assets.py); unpacked they weigh three to five times as much.
    assert weight < 3 * HEAVIEST


def test_started_at_is_the_moment_of_capture(resident: CheckingClient, session: Session) -> None:
    before = datetime.now(UTC)
    begin(resident)
    draft = session.scalars(select(Draft)).one()
    assert before <= draft.started_at <= datetime.now(UTC)
    walk_to_receipt(resident)
    assert session.scalars(select(Submission)).one().captured_at == draft.started_at


def test_the_pages_speak_the_chosen_language(resident: CheckingClient) -> None:
    resident.get("/v/lente?taal=en")
    assert resident.page.get("lang") == "en"
    resident.submit("/v/lente")
    assert resident.page.get("lang") == "en"  # the page around the question too
    go(resident, area_code="BU99990101")
    assert "Do you feel at home" in resident.text()
    resident.get(resident.address + "?taal=nl")
    assert resident.page.get("lang") == "nl"
    assert "Voelt u zich thuis" in resident.text()
