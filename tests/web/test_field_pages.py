"""Colleagues' forms, walked from the start page to the receipt without scripts."""

from __future__ import annotations

import pytest
from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Draft, Submission, SubmissionEvent
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey
from tests.support.client import CheckingClient, text_of
from tests.support.walk import go, jpeg, typed, upload, walk_to_receipt

EMAIL = "kees@example.org"


@pytest.fixture
def caretaker(client: CheckingClient, session: Session) -> CheckingClient:
    """A caretaker who is logged in, in a gemeente with two buurten."""
    make_area(session)
    make_area(session, "BU99990102", "Zonnebuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    make_person(session, EMAIL, "buurtbeheerder")
    client.log_in(EMAIL, PASSWORD)
    return client


def begin(client: CheckingClient, survey: str = "observatie", where: str = "/veld/") -> None:
    """Press a start button."""
    client.get(where)
    client.submit("begin", survey=survey)
    assert client.address.startswith("/veld/formulier/")


def see(client: CheckingClient, **what: str) -> None:
    """Say what was seen: the page comes once more with the question that belongs to it."""
    go(client, **what)
    assert "Er is een vraag bij gekomen." in client.text()


def walk_to_place(client: CheckingClient) -> None:
    """From the first page of an observation of something beautiful to where it is."""
    go(client)
    see(client, wat="mooi")
    go(client)


def only_submission(session: Session) -> Submission:
    session.expire_all()
    return session.scalars(select(Submission)).one()


def test_an_observation_takes_three_pages(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session)
    begin(caretaker)
    assert "Maak een foto" in caretaker.text()
    go(caretaker, foto=[upload(jpeg()), upload(jpeg("red"))])
    see(caretaker, wat="schoon")
    go(caretaker, niveau_schoon="C")
    point = {"plek/lat": "52,09", "plek/lon": "5,11", "plek/accuracy": "8", "plek/source": "gps"}
    go(caretaker, **point)
    assert "met 2 foto's" in caretaker.text()
    assert "Sterrenbuurt" in caretaker.text()
    stored = only_submission(session)
    assert stored.area_code == "BU99990101"
    assert stored.answers["niveau_schoon"]["v"] == "C"
    assert (stored.lat, stored.lon, stored.accuracy_m) == (52.09, 5.11, 8.0)
    assert (stored.location_source, stored.channel) == ("gps", "form")
    assert session.scalars(select(Draft)).all() == []


@pytest.mark.parametrize(
    "name", ["observatie", "bewonersgesprek", "portiekgesprek", "professional", "bewonersenquete"]
)
def test_every_survey_from_start_to_receipt(
    caretaker: CheckingClient, session: Session, name: str
) -> None:
    make_survey(session, name)
    begin(caretaker, name, "/veld/" if name == "observatie" else "/veld/gesprek")
    walk_to_receipt(caretaker)
    stored = only_submission(session)
    assert "Aangekomen om" in caretaker.text()
    assert (stored.user_id is None) == (name == "bewonersenquete")
    if stored.user_id is not None:
        caretaker.get(f"/veld/inzending/{stored.id}")
        assert "Wat ermee gebeurde" in caretaker.text()


def test_wrong_input_is_shown_again_as_typed(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session, "portiekgesprek")
    begin(caretaker, "portiekgesprek", "/veld/gesprek")
    go(caretaker, portiek="Lindestraat 12-26")
    go(caretaker, **{"deuren/0/deur": "dicht", "deuren/1/deur": "gesproken"})
    assert go(caretaker, huishoudens_gesproken="acht") == 422
    assert typed(caretaker, "huishoudens_gesproken") == "acht"
    assert "“acht” is geen heel getal" in caretaker.text()
    # What was wrong is kept too: leaving and coming back finds it.
    draft = session.scalars(select(Draft)).one()
    caretaker.get(f"/veld/formulier/{draft.id}/blad_huishoudens")
    assert typed(caretaker, "huishoudens_gesproken") == "acht"
    caretaker.get(f"/veld/formulier/{draft.id}/deuren")
    assert typed(caretaker, "deuren/1/deur") == "gesproken"


def test_back_keeps_what_was_typed_right_or_wrong(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session, "portiekgesprek")
    begin(caretaker, "portiekgesprek", "/veld/gesprek")
    go(caretaker, portiek="Lindestraat 12-26")
    go(caretaker)
    assert go(caretaker, step="back", huishoudens_gesproken="acht") == 302
    assert typed(caretaker, "deuren/7/deur") is None  # eight doors to begin with
    go(caretaker, step="back")
    assert typed(caretaker, "portiek") == "Lindestraat 12-26"
    go(caretaker)
    go(caretaker)
    assert typed(caretaker, "huishoudens_gesproken") == "acht"


def test_an_answer_that_is_no_longer_asked_is_not_sent(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session)
    begin(caretaker)
    go(caretaker)
    see(caretaker, wat="schoon")
    go(caretaker, step="back", niveau_schoon="D")
    go(caretaker)
    assert typed(caretaker, "niveau_schoon") == "D"
    see(caretaker, wat="groen")
    go(caretaker, niveau_groen="A")
    go(caretaker)
    stored = only_submission(session)
    assert "niveau_schoon" not in stored.answers
    assert stored.answers["niveau_groen"]["v"] == "A"


def test_sending_twice_gives_the_same_receipt(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session)
    begin(caretaker)
    walk_to_place(caretaker)
    action, fields = caretaker.fields("blad_waar")
    for _ in range(2):
        caretaker.post(action, data=fields, follow_redirects=True)
        assert "Aangekomen om" in caretaker.text()
        receipt = caretaker.address
    only_submission(session)
    caretaker.get(action, follow_redirects=True)  # the browser's back button
    assert caretaker.address == receipt


def test_area_from_the_list_needs_no_point(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session)
    begin(caretaker)
    walk_to_place(caretaker)
    go(caretaker, **{"plek/area": "BU99990102"})
    stored = only_submission(session)
    assert (stored.area_code, stored.area_status, stored.lon) == ("BU99990102", "chosen", None)
    assert "Zonnebuurt" in caretaker.text()


def test_a_point_outside_all_areas_is_kept_and_marked(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session)
    begin(caretaker)
    walk_to_place(caretaker)
    go(caretaker, **{"plek/lat": "53.5", "plek/lon": "3.5"})  # in the North Sea
    stored = only_submission(session)
    assert (stored.area_code, stored.area_status, stored.lat) == (None, "outside", 53.5)
    assert "buiten de buurten" in caretaker.text()


def test_choosing_an_area_after_a_point_replaces_the_point(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session)
    begin(caretaker)
    walk_to_place(caretaker)
    go(caretaker, step="back", **{"plek/lat": "52.09", "plek/lon": "5.11"})
    go(caretaker)
    assert typed(caretaker, "plek/lat") == "52.09"
    go(caretaker, **{"plek/area": "BU99990102"})
    assert only_submission(session).area_code == "BU99990102"


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        ("456000", "136000", "Rijksdriehoek"),
        ("hier", "5.1", "geen getal"),
        ("52.1", "", "maar de helft"),
        ("99", "5", "coördinaten bestaan niet"),
    ],
)
def test_a_wrong_point_says_what_to_do(
    caretaker: CheckingClient, session: Session, lat: str, lon: str, words: str
) -> None:
    make_survey(session)
    begin(caretaker)
    walk_to_place(caretaker)
    assert go(caretaker, **{"plek/lat": lat, "plek/lon": lon}) == 422
    assert words in caretaker.text()
    assert typed(caretaker, "plek/lat") == lat


def test_a_draft_is_nobody_elses(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session)
    begin(caretaker)
    address = caretaker.address
    go(caretaker, foto=[upload(jpeg())])
    draft = session.scalars(select(Draft)).one()
    photo = f"/veld/formulier/{draft.id}/foto/{draft.files[0]['sha256']}"
    with caretaker.get(photo) as response:
        assert response.mimetype == "image/jpeg"
    make_person(session, "other@example.org", "gespreksvoerder")
    other = caretaker.application.test_client()
    other.log_in("other@example.org", PASSWORD)
    for hidden in (address, f"/veld/formulier/{draft.id}", photo):
        assert other.get(hidden).status_code == 404
    assert other.post(address, data={"draft_token": "x"}).status_code == 400


def test_work_sent_after_the_log_in_expired_is_kept(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session, "bewonersgesprek")
    begin(caretaker, "bewonersgesprek", "/veld/gesprek")
    first = text_of(next(caretaker.page.iter("h1")))
    caretaker.delete_cookie("fieldapp")
    go(caretaker, verhaal="De lamp in de hal is al weken stuk.")
    assert caretaker.address == "/inloggen"
    assert "Wat je had ingevuld is bewaard" in caretaker.text()
    caretaker.submit("inloggen", email=EMAIL, password=PASSWORD)
    assert "Je was uitgelogd. Wat je had ingevuld is bewaard." in caretaker.text()
    assert text_of(next(caretaker.page.iter("h1"))) != first
    while typed(caretaker, "verhaal") is None:
        go(caretaker, step="back")
    assert typed(caretaker, "verhaal") == "De lamp in de hal is al weken stuk."


def test_nothing_is_sent_while_logged_out(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session)
    begin(caretaker)
    walk_to_place(caretaker)
    caretaker.delete_cookie("fieldapp")
    go(caretaker, portiek="Lindestraat 12-26")
    assert session.scalars(select(Submission)).all() == []
    caretaker.submit("inloggen", email=EMAIL, password=PASSWORD)
    assert typed(caretaker, "portiek") == "Lindestraat 12-26"
    go(caretaker)
    assert only_submission(session).portiek == "lindestraat 12-26"


def test_a_page_with_another_drafts_token_is_refused(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session, "bewonersgesprek")
    begin(caretaker, "bewonersgesprek", "/veld/gesprek")
    token = typed(caretaker, "draft_token")
    go(caretaker, verhaal="eerste")
    begin(caretaker, "bewonersgesprek", "/veld/gesprek")
    assert typed(caretaker, "draft_token") != token
    response = caretaker.post(caretaker.address, data={"draft_token": token, "verhaal": "x"})
    assert response.status_code == 400


def test_the_start_page_shows_what_is_open_and_what_came_back(
    caretaker: CheckingClient, session: Session
) -> None:
    version = make_survey(session)
    make_round(session, version, "WK999901", name="Schouw voorjaar", public=False)
    make_round(session, version, "WK999801", name="Elders", public=False)
    begin(caretaker)
    caretaker.get("/veld/")
    assert "Alles verstuurd" in caretaker.text()  # nothing was filled in yet
    caretaker.submit("begin", survey="observatie")
    assert len(session.scalars(select(Draft)).all()) == 1  # the empty one was used after all
    go(caretaker)
    caretaker.get("/veld/")
    assert "1 formulier staat nog open" in caretaker.text()
    assert "Schouw voorjaar" in caretaker.text()
    draft = session.scalars(select(Draft)).one()
    caretaker.get(f"/veld/formulier/{draft.id}", follow_redirects=True)
    see(caretaker, wat="mooi")
    go(caretaker)
    go(caretaker, portiek="Lindestraat 12-26")
    stored = only_submission(session)
    session.add(
        SubmissionEvent(
            submission_id=stored.id,
            state="returned",
            at=stored.received_at,
            reason="Er staat een naambordje op de foto.",
        )
    )
    stored.state = "returned"
    session.commit()
    caretaker.get("/veld/")
    assert "Er staat een naambordje op de foto." in caretaker.text()
    assert "Lindestraat 12-26" in caretaker.text()


def test_rounds_elsewhere_stay_away(client: CheckingClient, session: Session) -> None:
    version = make_survey(session)
    make_round(session, version, "WK999901", name="Hier", public=False)
    make_round(session, version, "WK999801", name="Elders", public=False)
    make_person(session, EMAIL, "buurtbeheerder", area="BU99990101")
    client.log_in(EMAIL, PASSWORD)
    client.get("/veld/")
    assert "Hier" in client.text()
    assert "Elders" not in client.text()


def test_a_form_can_be_thrown_away(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session)
    begin(caretaker)
    go(caretaker)
    draft = session.scalars(select(Draft)).one()
    caretaker.get(f"/veld/formulier/{draft.id}/0-weggooien")
    caretaker.submit("weggooien")
    assert "weggegooid" in caretaker.text()
    session.expire_all()
    assert session.scalars(select(Draft)).all() == []


def test_sent_work_of_others_is_not_shown(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session)
    begin(caretaker)
    walk_to_receipt(caretaker)
    stored = only_submission(session)
    make_person(session, "other@example.org", "gespreksvoerder")
    other = caretaker.application.test_client()
    other.log_in("other@example.org", PASSWORD)
    assert other.get(f"/veld/inzending/{stored.id}").status_code == 404
    assert other.get(f"/veld/klaar/{stored.id}").status_code == 404


def test_boundaries_are_those_of_my_areas_and_cached(
    client: CheckingClient, session: Session
) -> None:
    make_area(session)
    make_area(session, "BU99980101", "Elders", bounds=(6, 53, 6.1, 53.1))
    make_person(session, EMAIL, "buurtbeheerder", area="GM9999")
    client.log_in(EMAIL, PASSWORD)
    response = client.get("/veld/grenzen.geojson")
    (feature,) = response.get_json(force=True)["features"]
    assert feature["properties"]["name"] == "Sterrenbuurt"
    assert shape(feature["geometry"]).bounds == (5.10, 52.08, 5.12, 52.10)
    again = client.get("/veld/grenzen.geojson", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    make_area(session, "BU99990102", "Zonnebuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    renewed = client.get(
        "/veld/grenzen.geojson", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert renewed.status_code == 200
