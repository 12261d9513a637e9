"""The whole form in one document, as the server gives it to a phone."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_area, make_person, make_survey
from tests.support.client import CheckingClient, text_of
from tests.web.test_forms_all_types import all_types

EMAIL = "kees@example.org"


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
    settings: dict[str, Any] = json.loads(found.text or "")
    return settings


def address(name: str, version: str = "2026-1", language: str = "nl") -> str:
    return f"/veld/app/formulier/{name}/{version}/{language}"


def test_every_page_of_a_survey_is_in_one_document(
    caretaker: CheckingClient, session: Session
) -> None:
    version = make_survey(session, all_types())
    response = caretaker.get(address("alles", version.version))
    assert response.status_code == 200
    names = [page.get("data-page") for page in sections(caretaker)]
    assert names == ["teksten"] or len(names) > 5
    assert settings(caretaker)["survey"] == "alles"
    assert text_of(next(caretaker.page.iter("h1")))
