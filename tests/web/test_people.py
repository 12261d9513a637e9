"""Log-in through the real pages, and typed work that survives an expired one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories import PASSWORD, make_person
from tests.support.client import CheckingClient


def test_log_in_with_the_right_password(client: CheckingClient, session: Session) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    response = client.log_in("kees@example.org", PASSWORD)
    assert response.request.path == "/veld/"


def test_log_in_with_the_wrong_password_says_what_to_do(
    client: CheckingClient, session: Session
) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    client.log_in("kees@example.org", "not the password")
    assert "klopt niet" in client.text()


def test_typed_work_survives_an_expired_log_in(client: CheckingClient, session: Session) -> None:
    make_person(session, "kees@example.org", "buurtbeheerder")
    client.post("/veld/begin?x=1", data={"note": "two lamps broken", "csrf_token": "old"})
    assert "Log opnieuw in" in client.text()
    client.submit("verder", email="kees@example.org", password=PASSWORD)
    action, fields = client.fields("/veld/begin")
    assert action == "/veld/begin?x=1"
    assert fields["note"] == "two lamps broken"
    assert fields["csrf_token"] != "old"
