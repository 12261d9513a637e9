"""The whole form in one document, as the server gives it to a phone."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy.orm import Session

from fieldapp.core.survey import load_survey
from fieldapp.web.forms.whole import TOLD
from tests.factories import PASSWORD, make_area, make_person, make_survey
from tests.support.client import CheckingClient, text_of
from tests.web.test_forms_all_types import all_types

EMAIL = "kees@example.org"
PAGES = [
    "blad_tekst",
    "blad_tijd",
    "blad_keuze",
    "blad_bestanden",
    "blad_plekken",
    "kamers",
    "blad_vast",
    "slot",
]


@pytest.fixture
def caretaker(client: CheckingClient, session: Session) -> CheckingClient:
    make_area(session)
    make_person(session, EMAIL, "buurtbeheerder")
    client.log_in(EMAIL, PASSWORD)
    return client


def sections(client: CheckingClient) -> list[Element]:
    return [e for e in client.page.iter("section") if e.get("data-page")]


def settings(client: CheckingClient) -> dict[str, Any]:
    found = next(e for e in client.page.iter("script") if e.get("data-form-settings") is not None)
    read: dict[str, Any] = json.loads(found.text or "")
    return read


def address(name: str, version: str = "1", language: str = "nl") -> str:
    return f"/veld/app/formulier/{name}/{version}/{language}"


def small(version: str = "1", **question: Any) -> dict[str, Any]:
    return {
        "settings": {"form_id": "klein", "version": version, "kind": "bewonersgesprek",
                     "default_language": "nl", "languages": ["nl", "ar"]},
        "title": {"nl": "Een kleine vraag", "ar": "سؤال صغير"},
        "survey": [{"type": "text", "name": "vraag", **question,
                    "label": {"nl": "Hoe gaat het?", "ar": "كيف الحال؟"}}],
    }  # fmt: skip


def test_every_page_and_question_is_in_one_document(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session, all_types())
    assert caretaker.get(address("alles")).status_code == 200
    assert [page.get("data-page") for page in sections(caretaker)] == PAGES
    drawn = {e.get("data-path") for e in caretaker.page.iter() if e.get("data-type")}
    survey = load_survey(all_types())
    asked = {q.name for q in survey.questions if not q.repeats and q.type != "calculate"}
    assert asked <= drawn
    assert {"kamers/__0/ramen/__1/hoogte", "kinderen/__0/naam"} <= drawn  # rounds that may come
    given = settings(caretaker)
    assert (given["survey"], given["version"], given["point"]) == ("alles", "1", "plek")
    assert given["engine"]["order"]
    assert set(given["problems"]) == {*TOLD, ""}
    assert "{found}" in given["problems"]["not_an_integer"]
    assert text_of(caretaker.page.find(".//main//h1")) == "Alle soorten vragen"


def test_a_form_without_a_place_asks_for_the_buurt_first(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session, small())
    caretaker.get(address("klein"))
    first, second = sections(caretaker)
    assert (first.get("data-page"), second.get("data-page")) == ("0-buurt", "vraag")
    values = [e.get("value") for e in first.iter("input") if e.get("name") == "area_code"]
    assert values == ["BU99990101", "weet_niet", "wil_niet"]


def test_a_stairwell_has_its_doors_at_once(caretaker: CheckingClient, session: Session) -> None:
    version = make_survey(session, "portiekgesprek")
    caretaker.get(address("portiekgesprek", version.version))
    doors = next(e for e in caretaker.page.iter() if "doors" in (e.get("data-appearance") or ""))
    path = doors.get("data-path")
    count = next(e for e in doors.iter("input") if e.get("name") == f"{path}/.rounds")
    assert count.get("value") == "8"


def test_the_same_bytes_for_every_draft_until_something_changes(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session, all_types())
    first = caretaker.get(address("alles"))
    again = caretaker.get(address("alles"))
    assert first.headers["ETag"] == again.headers["ETag"]
    same = caretaker.get(address("alles"), headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    make_area(session, "BU99990102", "Zonnebuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    other = caretaker.get(address("alles"), headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_defaults_that_are_worked_out_are_left_to_the_phone(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session, small(default="now()"))
    caretaker.get(address("klein"))
    asked = next(e for e in caretaker.page.iter("input") if e.get("name") == "vraag")
    assert not asked.get("value")


def test_a_form_speaks_its_own_language(caretaker: CheckingClient, session: Session) -> None:
    make_survey(session, small())
    caretaker.get(address("klein", language="ar"))
    assert (caretaker.page.get("lang"), caretaker.page.get("dir")) == ("ar", "rtl")
    assert "كيف الحال؟" in " ".join(text_of(page) for page in sections(caretaker))
    links = [e.get("href") for e in caretaker.page.iter("a") if e.get("data-language")]
    assert links == [address("klein")]


def test_old_versions_stay_and_others_are_not_there(
    caretaker: CheckingClient, session: Session
) -> None:
    make_survey(session, small("1"))
    make_survey(session, small("2"))
    for version in ("1", "2"):
        caretaker.get(address("klein", version))
        assert settings(caretaker)["version"] == version
    assert caretaker.get(address("klein", "3")).status_code == 404
    assert caretaker.get(address("bestaat-niet")).status_code == 404
    assert caretaker.get(address("klein", language="xx")).status_code == 404


def test_a_survey_of_another_organisation_is_not_there(
    caretaker: CheckingClient, session: Session
) -> None:
    other = make_person(session, "ander@example.org", "beheerder", organisation="anders")
    version = make_survey(session, small())
    assert caretaker.get(address("klein")).status_code == 200  # it ships: for everybody
    version.survey.organisation_id = other.organisation_id
    session.commit()
    assert caretaker.get(address("klein")).status_code == 404
