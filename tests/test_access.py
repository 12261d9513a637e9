"""Every route has a door, and the door holds."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from sqlalchemy.orm import Session

from fieldapp.web.access import NOT_OURS, policies
from tests.factories import PASSWORD, make_person
from tests.support.client import CheckingClient


def test_every_blueprint_states_who_may_enter(app: Flask) -> None:
    doors = policies(app)
    without = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[0] not in {*doors, *NOT_OURS}
    }
    assert not without, f"routes without a door: {without}; add their blueprint with register()"


def test_a_blueprint_without_a_door_is_closed(app: Flask) -> None:
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/vergeten", view_func=lambda: "secret")
    app.register_blueprint(forgotten)
    answer = app.test_client().get("/vergeten")
    assert answer.status_code == 403


def paths(app: Flask) -> list[tuple[str, str]]:
    """(blueprint, address) of each GET route, with made-up values for its variables."""
    found = []
    for rule in app.url_map.iter_rules():
        name = rule.endpoint.rpartition(".")[0]
        if "GET" not in (rule.methods or ()) or name in NOT_OURS:
            continue
        values = dict.fromkeys(rule.arguments, "00000000-0000-4000-8000-000000000000")
        for argument, converter in rule._converters.items():
            if type(converter).__name__ == "IntegerConverter":
                values[argument] = 1  # type: ignore[assignment]
        with app.test_request_context():
            found.append((name, str(app.url_for(rule.endpoint, **values))))
    return found


def test_nobody_gets_in_without_a_log_in(app: Flask, client: CheckingClient) -> None:
    for name, path in paths(app):
        if policies(app)[name].roles is None:
            continue
        answer = client.get(path)
        assert answer.status_code == 302, f"{path} answers {answer.status_code} to a stranger"
        assert answer.location.startswith("/inloggen"), path


@pytest.mark.parametrize("role", ["buurtbeheerder", "analist"])
def test_a_role_without_business_there_is_refused(
    app: Flask, client: CheckingClient, session: Session, role: str
) -> None:
    make_person(session, "kees@example.org", role)
    client.log_in("kees@example.org", PASSWORD)
    for name, path in paths(app):
        roles = policies(app)[name].roles
        if not roles or role in roles:
            continue
        assert client.get(path).status_code == 403, f"{role} may open {path}"
