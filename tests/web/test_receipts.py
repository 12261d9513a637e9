"""Receipts where people meet them: the API, the last page of a form, the page that checks."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.core.receipt import number_of, read_document
from fieldapp.services.people import add_token
from fieldapp.services.receipts import verify
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey
from tests.factories.submissions import TALK, make_submission
from tests.support.client import CheckingClient
from tests.support.walk import walk_to_receipt

URL = "/api/v1/submissions"
EMAIL = "kees@example.org"
Send = Callable[..., dict[str, Any]]


def talk(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "survey": "praatje",
        "version": "1",
        "captured_at": "2026-11-21T14:03:00+01:00",
        "answers": {"verhaal": "Het is hier stil, ’s nachts."},
        **changes,
    }


@pytest.fixture
def headers(session: Session) -> dict[str, str]:
    make_survey(session, TALK)
    make_person(session, EMAIL, "gespreksvoerder")
    _, secret = add_token(session, EMAIL, "gespreksvoerder", 30, "t", SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def send(client: CheckingClient, headers: dict[str, str]) -> Send:
    def send(**changes: Any) -> dict[str, Any]:
        answer = client.post(URL, json=talk(**changes), headers=headers)
        assert answer.json is not None
        receipt: dict[str, Any] = answer.json["receipt"]
        return receipt

    return send


def test_the_api_gives_a_receipt_that_its_own_keys_verify(
    client: CheckingClient, headers: dict[str, str]
) -> None:
    sent = talk()
    first = client.post(URL, json=sent, headers=headers)
    again = client.post(URL, json=sent, headers=headers)
    assert first.json is not None
    assert again.json is not None
    assert first.json["receipt"] == again.json["receipt"]
    keys = client.get("/api/v1/receipts/keys").json["keys"]
    given = first.json["receipt"]
    assert [key["id"] for key in keys] == [given["key"]]
    assert verify(given["document"], given["signature"], keys[0]["public_key"])
    said = read_document(given["document"])
    assert (str(said.id), said.survey, said.version) == (sent["id"], "praatje", "1")
    assert said.received_at.isoformat() == first.json["received_at"]


def test_an_empty_version_is_named_in_the_receipt(send: Send) -> None:
    assert read_document(send(version="")["document"]).version == "1"


def test_a_number_that_no_number_can_be_breaks_no_receipt(
    client: CheckingClient, headers: dict[str, str]
) -> None:
    body = json.dumps(talk()).replace('"Het', '1e999, "wens": "Het')
    answer = client.post(URL, data=body, content_type="application/json", headers=headers)
    assert answer.status_code in (201, 422)


def paste(client: CheckingClient, text: str) -> str:
    client.get("/ontvangstbewijs")
    client.submit("ontvangstbewijs", receipt=text)
    return client.text()


def test_a_genuine_receipt_is_told_with_number_time_and_files(
    client: CheckingClient, send: Send
) -> None:
    receipt = send()
    said = paste(client, json.dumps(receipt))
    assert "Dit ontvangstbewijs is echt" in said
    assert read_document(receipt["document"]).number in said
    assert "De inzending is hier nog." in said
    assert "Geen" in said
    assert "stil" not in said


def test_the_same_as_a_file(client: CheckingClient, send: Send) -> None:
    text = json.dumps(send(), indent=1)
    client.get("/ontvangstbewijs")
    file = (io.BytesIO(text.encode("utf-8-sig")), "ontvangstbewijs.json")
    client.submit("ontvangstbewijs", file=file)
    assert "Dit ontvangstbewijs is echt" in client.text()


def test_a_changed_one_and_one_of_elsewhere(client: CheckingClient, send: Send) -> None:
    receipt = send()
    changed = {**receipt, "document": receipt["document"].replace("2026-", "2025-")}
    assert "Dit ontvangstbewijs is veranderd" in paste(client, json.dumps(changed))
    foreign = {**changed, "key": "0123456789abcdef"}
    assert "Dit ontvangstbewijs is niet van ons" in paste(client, json.dumps(foreign))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Plak de tekst van het ontvangstbewijs"),
        ("F7K3-92QD", "Neem de hele tekst over"),
        ("{}", "staat geen ontvangstbewijs"),
        ("[" * 50_000, "Neem de hele tekst over"),
        ("x" * 300_000, "te lang"),
    ],
)
def test_what_is_no_receipt_is_told_in_words(client: CheckingClient, text: str, words: str) -> None:
    assert words in paste(client, text)


def test_the_page_sets_no_cookie_and_is_not_led_by_other_sites(
    client: CheckingClient, send: Send
) -> None:
    answers = [client.get("/ontvangstbewijs"), client.get("/ontvangstbewijs?taal=ar")]
    stray = client.post("/ontvangstbewijs", data={"receipt": json.dumps(send())})
    assert stray.status_code == 400
    action, fields = client.fields("ontvangstbewijs")
    answers.append(client.post(action, data={**fields, "receipt": json.dumps(send())}))
    assert all("Set-Cookie" not in answer.headers for answer in [*answers, stray])


def test_a_resident_can_keep_the_receipt(client: CheckingClient, session: Session) -> None:
    make_area(session)
    version = make_survey(session, "bewonersenquete")
    make_round(session, version, "BU99990101", slug="lente")
    client.get("/v/lente")
    client.submit("/v/lente")
    walk_to_receipt(client)
    thanks, submission_id = client.address, client.address.rpartition("/")[2]
    assert number_of(uuid.UUID(submission_id)) in client.text()
    assert "Bewaar uw ontvangstbewijs" in client.text()
    kept = client.get(f"{thanks}/ontvangstbewijs.json")
    assert "Set-Cookie" not in kept.headers
    assert kept.headers["Content-Disposition"].startswith("attachment;")
    assert "Dit ontvangstbewijs is echt" in paste(client, kept.get_data(as_text=True))


def test_a_colleague_can_keep_the_receipt_of_their_own_submission_only(
    client: CheckingClient, session: Session, headers: dict[str, str]
) -> None:
    sent = talk()
    client.post(URL, json=sent, headers=headers)
    page = f"/veld/klaar/{sent['id']}"
    make_person(session, "anna@example.org", "gespreksvoerder")
    other = client.application.test_client()
    assert isinstance(other, CheckingClient)
    other.log_in("anna@example.org", PASSWORD)
    assert other.get(f"{page}/ontvangstbewijs.json").status_code == 404
    client.log_in(EMAIL, PASSWORD)
    client.get(page)
    assert "Bewaar je ontvangstbewijs" in client.text()
    kept = client.get(f"{page}/ontvangstbewijs.json")
    assert json.loads(kept.data)["key"]


def test_a_page_of_before_receipts_shows_its_number_and_no_link(
    client: CheckingClient, session: Session
) -> None:
    person = make_person(session, EMAIL, "gespreksvoerder")
    from tests.factories import make_actor

    old = make_submission(session, actor=make_actor(person))
    client.log_in(EMAIL, PASSWORD)
    client.get(f"/veld/klaar/{old.id}")
    assert number_of(old.id) in client.text()
    assert "ontvangstbewijs" not in client.text()
    assert client.get(f"/veld/klaar/{old.id}/ontvangstbewijs.json").status_code == 404
