"""Beheer as a person without scripts uses it: people, rounds, surveys, organisation, account."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import ApiToken, AuditEntry, Organisation, Round, Survey, User
from fieldapp.web.theme import contrast
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey
from tests.support.client import CheckingClient, text_of


@pytest.fixture
def admin(client: CheckingClient, session: Session) -> CheckingClient:
    """Somebody who administers."""
    make_person(session, "beheer@example.org", "beheerder")
    client.log_in("beheer@example.org", PASSWORD)
    return client


def person(session: Session, email: str) -> User | None:
    session.expire_all()
    return session.scalar(select(User).where(User.email == email))


def secret(client: CheckingClient) -> str:
    """What the page shows once."""
    return text_of(next(e for e in client.page.iter("p") if "fa-secret" in (e.get("class") or "")))


PAGES = (
    "/beheer/",
    "/beheer/mensen",
    "/beheer/mensen/nieuw",
    "/beheer/rondes",
    "/beheer/rondes/nieuw",
    "/beheer/vragenlijsten",
    "/beheer/organisatie",
)


@pytest.mark.parametrize("page", PAGES)
def test_only_a_beheerder_may_enter(client: CheckingClient, session: Session, page: str) -> None:
    assert client.get(page).status_code == 302  # to the log-in page
    make_person(session, "wijk@example.org", "wijkmanager", "analist")
    client.log_in("wijk@example.org", PASSWORD)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", [*PAGES, "/mijn/"])
def test_every_page_stands_in_an_empty_house(admin: CheckingClient, page: str) -> None:
    assert admin.get(page).status_code == 200


def test_the_overview_says_that_there_is_no_worker(admin: CheckingClient) -> None:
    admin.get("/beheer/")
    assert "De worker draait niet" in admin.text()
    assert "De database is bijgewerkt" in admin.text()


def test_a_new_person_gets_a_password_once_and_logs_in_with_it(
    admin: CheckingClient, session: Session
) -> None:
    make_area(session, "BU99990101", "Sterrenbuurt")
    admin.get("/beheer/mensen/nieuw")
    typed = {"email": "Noor@Example.org", "name": "Noor", "roles": ["buurtbeheerder", "analist"]}
    admin.submit("nieuw", also={**typed, "area_query": "sterr", "zoek": "ja"})
    assert "Sterrenbuurt" in admin.text()
    admin.submit("nieuw", also={"roles": typed["roles"], "areas": ["BU99990101"]})
    password = secret(admin)
    made = person(session, "noor@example.org")
    assert made is not None
    assert {(m.role, m.area_code) for m in made.memberships} == {
        ("buurtbeheerder", "BU99990101"),
        ("analist", "BU99990101"),
    }
    admin.get("/beheer/mensen")
    assert password not in admin.text()
    other = admin.application.test_client()
    assert isinstance(other, CheckingClient)
    other.log_in("noor@example.org", password)
    assert other.get("/mijn/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "geen adres"}, "Dit is geen e-mailadres"),
        ({"email": ""}, "Vul het e-mailadres in"),
        ({"name": " "}, "Vul dit in"),
        ({"name": "x" * 121}, "te lang"),
        ({"roles": []}, "Kies minstens één rol"),
        ({"roles": ["koning"]}, "Kies minstens één rol"),
        ({"password": "kort"}, "te kort"),
        ({"email": "beheer@example.org"}, "heeft al een account"),
    ],
)
def test_what_is_refused_is_shown_again_with_what_was_typed(
    admin: CheckingClient, session: Session, typed: dict[str, Any], words: str
) -> None:
    good = {"email": "noor@example.org", "name": "Noor", "roles": ["analist"]}
    before = person(session, "beheer@example.org")
    assert before is not None
    admin.get("/beheer/mensen/nieuw")
    answer = admin.submit("nieuw", also={**good, **typed})
    assert answer.status_code == 422
    assert words in admin.text()
    _, shown = admin.fields("nieuw")
    for name in ("email", "name"):
        assert shown[name] == {**good, **typed}[name]
    assert person(session, "noor@example.org") is None
    after = person(session, "beheer@example.org")
    assert after is not None
    assert after.password == before.password


def test_changing_roles_and_closing_an_account_ends_its_session(
    admin: CheckingClient, session: Session
) -> None:
    kees = make_person(session, "kees@example.org", "buurtbeheerder")
    kees_browser = admin.application.test_client()
    assert isinstance(kees_browser, CheckingClient)
    kees_browser.log_in("kees@example.org", PASSWORD)
    admin.get(f"/beheer/mensen/{kees.id}")
    admin.submit(f"mensen/{kees.id}", also={"roles": ["wijkmanager"], "name": "Kees"})
    assert kees_browser.get("/beheer/gegevens/").status_code == 200
    admin.submit(f"{kees.id}/account")
    assert "Dit account is gesloten" in admin.text()
    assert kees_browser.get("/mijn/").status_code == 302
    kees_browser.log_in("kees@example.org", PASSWORD)
    assert kees_browser.get("/mijn/").status_code == 302
    admin.submit(f"{kees.id}/account")
    kees_browser.log_in("kees@example.org", PASSWORD)
    assert kees_browser.get("/mijn/").status_code == 200
    noted = select(AuditEntry.deed).where(AuditEntry.deed != "logged_in").order_by(AuditEntry.id)
    deeds = session.scalars(noted).all()
    assert list(deeds) == ["person_changed", "person_closed", "log_in_failed", "person_opened"]


def test_a_new_password_ends_the_session_of_the_old_one(
    admin: CheckingClient, session: Session
) -> None:
    kees = make_person(session, "kees@example.org", "buurtbeheerder")
    browser = admin.application.test_client()
    assert isinstance(browser, CheckingClient)
    browser.log_in("kees@example.org", PASSWORD)
    admin.get(f"/beheer/mensen/{kees.id}")
    admin.submit(f"{kees.id}/wachtwoord")
    password = secret(admin)
    assert browser.get("/mijn/").status_code == 302
    browser.log_in("kees@example.org", PASSWORD)
    assert browser.get("/mijn/").status_code == 302
    browser.log_in("kees@example.org", password)
    assert browser.get("/mijn/").status_code == 200


def test_the_last_beheerder_stays(admin: CheckingClient, session: Session) -> None:
    me = person(session, "beheer@example.org")
    assert me is not None
    admin.get(f"/beheer/mensen/{me.id}")
    answer = admin.submit(f"mensen/{me.id}", also={"roles": ["analist"]})
    assert answer.status_code == 422
    assert "enige beheerder" in admin.text()
    admin.submit(f"{me.id}/account")
    assert "enige beheerder" in admin.text()
    assert admin.get("/beheer/").status_code == 200


def test_people_and_rounds_of_another_organisation_are_not_there(
    admin: CheckingClient, session: Session
) -> None:
    other = make_person(session, "ver@example.org", "beheerder", organisation="elders")
    version = make_survey(session, "bewonersenquete")
    away = make_round(session, version, organisation="elders")
    for path in (f"/beheer/mensen/{other.id}", f"/beheer/rondes/{away.id}"):
        assert admin.get(path).status_code == 404
    admin.get("/beheer/mensen")
    assert "ver@example.org" not in admin.text()


def test_a_public_round_is_opened_shown_with_its_code_and_closed(
    admin: CheckingClient, session: Session
) -> None:
    make_survey(session, "bewonersenquete")
    make_area(session, "BU99990101", "Sterrenbuurt")
    admin.get("/beheer/rondes/nieuw")
    typed = {"name": "Lente <b>", "opens_on": "2026-01-01", "is_public": "y"}
    admin.submit("nieuw", also={**typed, "area_query": "BU9999", "zoek": "ja"})
    answer = admin.submit("nieuw", also={**typed, "areas": ["BU99990101"]})
    assert answer.status_code == 200
    made = session.scalars(select(Round)).one()
    assert made.area_codes == ["BU99990101"]
    assert f"/v/{made.slug}" in admin.text()
    code = admin.get(f"/beheer/rondes/{made.id}/qr.svg")
    assert code.mimetype == "image/svg+xml"
    assert b"<svg" in code.data
    assert admin.get(f"/beheer/rondes/{made.id}/kaart").status_code == 200
    assert f"/v/{made.slug}" in admin.text()
    admin.get(f"/beheer/rondes/{made.id}")
    admin.submit("sluiten")
    assert "Gesloten" in admin.text()
    session.expire_all()
    assert session.scalars(select(Round)).one().closes_on is not None
    assert admin.get(f"/v/{made.slug}").status_code == 410


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Vul dit in"),
        ({"opens_on": "morgen"}, "Vul een dag in"),
        ({"closes_on": "2025-12-31"}, "ligt voor de eerste dag"),
        ({"survey": "bestaat_niet"}, "Kies een vragenlijst"),
    ],
)
def test_a_round_that_cannot_be_is_shown_again(
    admin: CheckingClient, session: Session, typed: dict[str, Any], words: str
) -> None:
    make_survey(session, "bewonersenquete")
    admin.get("/beheer/rondes/nieuw")
    good = {"name": "Lente", "opens_on": "2026-01-01", "closes_on": ""}
    assert admin.submit("nieuw", also={**good, **typed}).status_code == 422
    assert words in admin.text()
    _, shown = admin.fields("nieuw")
    for name in ("name", "opens_on", "closes_on"):
        assert shown[name] == {**good, **typed}[name]
    assert session.scalars(select(Round)).all() == []


def test_shipped_surveys_are_published_once_and_can_be_read(
    admin: CheckingClient, session: Session
) -> None:
    admin.get("/beheer/vragenlijsten")
    admin.submit("publiceren")
    assert "Gepubliceerd:" in admin.text()
    admin.submit("publiceren")
    assert "Alles was al gepubliceerd" in admin.text()
    survey = session.scalars(select(Survey).where(Survey.name == "observatie")).one()
    path = f"/beheer/vragenlijsten/observatie/{survey.versions[-1].version}"
    for language in survey.versions[-1].definition["settings"]["languages"]:
        assert admin.get(f"{path}?in={language}").status_code == 200
    assert admin.get("/beheer/vragenlijsten/observatie/0").status_code == 404


def test_a_survey_that_misses_a_translation_says_which_texts(
    admin: CheckingClient, session: Session
) -> None:
    definition = {
        "settings": {
            "form_id": "proef",
            "version": "1",
            "kind": "observatie",
            "default_language": "nl",
            "languages": ["nl", "ar"],
        },
        "title": {"nl": "Proef", "ar": "تجربة"},
        "survey": [
            {
                "type": "group",
                "name": "een",
                "appearance": "field-list",
                "children": [{"type": "text", "name": "wat", "label": {"nl": "Wat zie je?"}}],
            }
        ],
    }
    make_survey(session, definition)
    admin.get("/beheer/vragenlijsten")
    assert "50%" in admin.text()  # one of two texts
    admin.get("/beheer/vragenlijsten/proef/1?in=ar")
    assert "1 teksten zijn nog niet vertaald" in admin.text()
    article = next(admin.page.iter("article"))
    assert (article.get("lang"), article.get("dir")) == ("ar", "rtl")


def test_colours_that_cannot_be_read_are_refused_with_their_contrast(
    admin: CheckingClient, session: Session
) -> None:
    admin.get("/beheer/organisatie")
    answer = admin.submit("organisatie", t_accent="#ffff00")
    assert answer.status_code == 422
    assert "niet goed te lezen" in admin.text()
    assert admin.fields("organisatie")[1]["t_accent"] == "#ffff00"
    answer = admin.submit("organisatie", t_accent="rood")
    assert "“rood” kan hier niet" in admin.text()
    session.expire_all()
    assert session.scalars(select(Organisation)).one().theme == {}


def test_good_colours_reach_every_page_of_the_organisation(
    admin: CheckingClient, session: Session
) -> None:
    assert contrast("#4a1050", "#ffffff") > 7
    admin.get("/beheer/organisatie")
    admin.submit("organisatie", name="Woonstad X", t_accent="#4A1050", t_accent_strong="#300535")
    assert "Alle kleuren zijn goed te lezen" in admin.text()
    sheets = [e.get("href") or "" for e in admin.page.iter("link")]
    address = next(href for href in sheets if "/theme/" in href)
    sheet = admin.application.test_client().get(address)
    assert sheet.get_data(as_text=True).startswith(":root.theme-gemeente{")
    assert "--fieldapp-accent:#4a1050;" in sheet.get_data(as_text=True)
    assert "immutable" in sheet.headers["Cache-Control"]
    version = make_survey(session, "bewonersenquete")
    public = make_round(session, version)
    residents = admin.application.test_client()
    assert isinstance(residents, CheckingClient)
    residents.get(f"/v/{public.slug}")
    assert address in [e.get("href") for e in residents.page.iter("link")]
    assert residents.get("/theme/bestaat-niet.css").status_code == 404


def test_a_token_is_shown_once_works_and_is_ended(client: CheckingClient, session: Session) -> None:
    make_person(session, "kees@example.org", "wijkmanager")
    client.log_in("kees@example.org", PASSWORD)
    client.get("/mijn/")
    assert client.submit("mijn/tokens", name="", role="wijkmanager").status_code == 422
    assert client.submit("mijn/tokens", name="R", role="beheerder").status_code == 422
    client.submit("mijn/tokens", name="R-script", role="wijkmanager")
    token = secret(client)
    bearer = {"Authorization": f"Bearer {token}"}
    fresh = client.application.test_client()
    assert fresh.get("/api/v1/profiles/BU99990101", headers=bearer).status_code != 401
    client.get("/mijn/")
    assert token not in client.text()
    client.submit("beeindigen")
    assert fresh.get("/api/v1/profiles/BU99990101", headers=bearer).status_code == 401


def test_nobody_ends_the_token_of_somebody_else(client: CheckingClient, session: Session) -> None:
    make_person(session, "ali@example.org", "analist")
    client.log_in("ali@example.org", PASSWORD)
    client.get("/mijn/")
    assert client.get("/mijn/tokens").status_code == 302
    client.get("/mijn/")
    client.submit("mijn/tokens", name="mijn")
    made = session.scalars(select(ApiToken)).one()
    make_person(session, "bo@example.org", "analist")
    other = client.application.test_client()
    assert isinstance(other, CheckingClient)
    other.log_in("bo@example.org", PASSWORD)
    other.get("/mijn/")
    _, fields = other.fields("taal")
    answer = other.post(f"/mijn/tokens/{made.id}/beeindigen", data=fields)
    assert answer.status_code == 404
    session.expire_all()
    assert session.scalars(select(ApiToken)).one().revoked_at is None


def test_the_language_is_kept_with_the_account(client: CheckingClient, session: Session) -> None:
    make_person(session, "ali@example.org", "analist")
    client.log_in("ali@example.org", PASSWORD)
    client.get("/mijn/")
    offered = [b.get("value") for b in client.page.iter("button") if b.get("name") == "taal"]
    chosen = offered[-1]
    client.submit("taal", taal=chosen)
    assert client.page.get("lang") == chosen
    kept = person(session, "ali@example.org")
    assert kept is not None
    assert kept.language == chosen


def test_a_beheerder_of_one_area_gives_nobody_rights(
    client: CheckingClient, session: Session
) -> None:
    make_person(session, "wijk@example.org", "beheerder", area="BU99990101")
    kees = make_person(session, "kees@example.org", "buurtbeheerder")
    client.log_in("wijk@example.org", PASSWORD)
    for path in ("/beheer/mensen", "/beheer/mensen/nieuw", f"/beheer/mensen/{kees.id}"):
        assert client.get(path).status_code == 403, path
