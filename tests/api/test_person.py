"""Whose work it is goes along: a queue is never sent under somebody else's log-in."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from fieldapp.web.phone.person import person_key
from tests.factories import PASSWORD, make_area, make_person, make_survey
from tests.support.client import CheckingClient

CLIENT = {"X-Fieldapp-Client": "phone"}
HASH = "a" * 64


@pytest.fixture
def keys(client: CheckingClient, session: Session, app: Flask) -> tuple[str, str]:
    """(key of who is logged in, key of a colleague)."""
    make_area(session)
    make_survey(session)
    kees = make_person(session, "kees@example.org", "buurtbeheerder")
    noor = make_person(session, "noor@example.org", "buurtbeheerder")
    client.log_in("kees@example.org", PASSWORD)
    return person_key(kees), person_key(noor)


@pytest.mark.parametrize("path", [f"/api/v1/files/{HASH}", "/api/v1/submissions/x"])
def test_only_the_person_who_made_it_may_send_it(
    client: CheckingClient, keys: tuple[str, str], path: str
) -> None:
    own, other = keys

    def status(**headers: str) -> int:
        return client.get(path, headers=CLIENT | headers).status_code

    assert status() != 401
    assert status(**{"X-Fieldapp-Person": own}) != 401
    assert status(**{"X-Fieldapp-Person": other}) == 401
    assert status(**{"X-Fieldapp-Person": ""}) == 401
    answer = client.get(path, headers=CLIENT | {"X-Fieldapp-Person": other})
    assert answer.get_json()["error"]["code"] == "log_in"


def test_nobody_is_not_that_person(app: Flask, keys: tuple[str, str]) -> None:
    headers = CLIENT | {"X-Fieldapp-Person": keys[0]}
    answer = app.test_client().post("/api/v1/submissions", json={}, headers=headers)
    assert answer.status_code == 401
