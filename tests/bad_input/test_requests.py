"""Hostile requests at every address: an answer below 500, whatever is in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.bad_input.world import World
from tests.factories import PASSWORD
from tests.support.client import CheckingClient

# These would end our own log-in.
ENDS = ("security.logout",)
ROLES = ("beheerder", "wijkmanager", "analist", "buurtbeheerder")
HUGE = 10**30
WORDS = (
    "\0",
    "a\0b",
    "%",
    "_",
    "' or 1=1 --",
    "\u202egpj.exe",
    "😀" * 300,
    "x" * 5000,
    "../../etc/passwd",
    "9999-99-99",
    "<script>alert(1)</script>",
    "٣",
    "-1",
    str(HUGE),
    "<2026-01-01T00:00:00+00:00_" + str(HUGE),
    "0001-01-01T00:00:00+23:59_1",
    "9999-12-31T23:59:59-23:59_00000000-0000-4000-8000-000000000000",
    "<0001-01-01T00:00:00+23:59_00000000-0000-4000-8000-000000000000",
)
QUERY = (
    "staat", "soort", "gebied", "let_op", "vanaf", "q", "van", "tot", "periode", "stand",
    "wijzig", "taal", "in", "from", "to", "next", "v", "controle", "alle",
)  # fmt: skip
# Names of fields that the forms have, sent to every address at once.
FIELDS = (
    "email", "password", "name", "role", "roles", "days", "areas", "area_query", "survey", "round",
    "state", "reason", "area", "area_written", "id", "fragment", "question", "start", "end",
    "codes", "valence", "besluit", "quote_text", "year", "crs", "mapping", "source", "edition",
    "kept_name", "kept_sha256", "held", "taal", "next", "draft_token", "form/step", "form/remove",
    "verhaal", "wens", "citaat_mag", "opens_on", "closes_on", "target", "language", "t_accent",
    "t_radius", "new_password", "new_password_confirm",
)  # fmt: skip


@pytest.fixture
def staff(app: Flask, client: CheckingClient, world: World) -> CheckingClient:
    """Logged in with every role at once."""
    from fieldapp.db.models import Membership

    world.owner.memberships = [Membership(role=role) for role in ROLES]
    world.session.commit()
    client.log_in(world.owner.email, PASSWORD)
    return client


def addresses(app: Flask, method: str, **values: Any) -> Iterator[tuple[Rule, str]]:
    """Every address that takes the method, its variables filled in."""
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint in ENDS:
            continue
        with app.test_request_context():
            wanted = {name: values[name] for name in rule.arguments}
            yield rule, app.url_for(rule.endpoint, **wanted)


def knock(client: FlaskClient, wrong: list[str], path: str, **given: Any) -> int:
    """The status of an answer; an exception is noted as the 500 it would be."""
    method = given.pop("method", "GET")
    try:
        status = client.open(path, method=method, **given).status_code
    except AssertionError as error:
        raise AssertionError(f"{method} {path}: {error}") from error
    except Exception as error:
        client.application.extensions["fieldapp"].engine.dispose()
        reason = " ".join(str(error).split())[:90]
        wrong.append(f"{method} {path[:80]}: {type(error).__name__} {reason}")
        return 500
    if status >= 500:
        wrong.append(f"{method} {path[:80]}: {status}")
    return status


def test_query_strings(app: Flask, staff: CheckingClient, world: World) -> None:
    wrong: list[str] = []
    for (_rule, path), word in itertools.product(addresses(app, "GET", **world.values()), WORDS):
        knock(staff, wrong, path, query_string=dict.fromkeys(QUERY, word))
    assert not wrong, "\n".join(wrong)


def test_words_in_the_path(app: Flask, staff: CheckingClient, world: World) -> None:
    wrong: list[str] = []
    texts = ("code", "slug", "page", "name", "version", "sha256", "filename", "submission_id")
    for word in (*WORDS, "y" * 60_000):
        if "/" in word:
            continue
        values = {**world.values(), **dict.fromkeys(texts, word)}
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or "<uuid:submission_id>" in rule.rule:
                continue
            with app.test_request_context():
                path = app.url_for(rule.endpoint, **{n: values[n] for n in rule.arguments})
            if rule.arguments:
                knock(staff, wrong, path)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("number", [0, 2**31, 2**63, HUGE])
def test_numbers_in_the_path(app: Flask, staff: CheckingClient, world: World, number: int) -> None:
    wrong: list[str] = []
    ids = {name for name, value in world.values().items() if isinstance(value, int)}
    values = {**world.values(), **dict.fromkeys(ids, number)}
    token = _token(staff)
    for method in ("GET", "POST"):
        for rule in app.url_map.iter_rules():
            if method not in (rule.methods or ()) or not rule.arguments & ids:
                continue
            path = rule.rule
            for name in rule.arguments:
                path = re.sub(rf"<[^<>]*\b{name}>", str(values[name]), path)
            data = {"csrf_token": token, "besluit": "goed"} if method == "POST" else None
            # As a phone asks: the API knows who is logged in by this header.
            headers = {"X-Fieldapp-Client": "tests"} if path.startswith("/api/") else None
            status = knock(staff, wrong, path, method=method, data=data, headers=headers)
            # 405: read as the name of a survey, which can only be looked at
            if status not in (404, 405, 500):
                wrong.append(f"{method} {path}: {status}")
    assert not wrong, "\n".join(wrong)


def _token(client: CheckingClient) -> str:
    client.get("/mijn/")
    return str(client.fields("taal")[1]["csrf_token"])


def test_form_fields(app: Flask, staff: CheckingClient, world: World) -> None:
    from fieldapp.web.forms.token import make_token, start_token

    with app.test_request_context():
        tokens = {
            "drafts.send": make_token(world.draft.id, world.draft.user_id),
            "public.begin": start_token(world.round.slug),
        }
    wrong: list[str] = []
    csrf = _token(staff)
    for (rule, path), word in itertools.product(addresses(app, "POST", **world.values()), WORDS):
        if rule.endpoint in ("admin.person_account", "admin.person_password"):
            continue  # these end our own log-in
        fields: dict[str, Any] = {**{name: [word, word] for name in FIELDS}, "csrf_token": csrf}
        fields |= {"draft_token": tokens[rule.endpoint]} if rule.endpoint in tokens else {}
        knock(staff, wrong, path, method="POST", data=fields)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods(app: Flask, world: World, method: str) -> None:
    wrong: list[str] = []
    client = FlaskClient(app, app.response_class)  # no page to check where there is no body
    for _rule, path in addresses(app, "GET", **world.values()):
        knock(client, wrong, path, method=method)
    assert not wrong, "\n".join(wrong)


BODIES = (
    b"",
    b'--x\r\nContent-Disposition: form-data; name="draft_token"\r\n\r\nabc',
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    b"\x00\xff\xfe" * 1000,
    b"--x--",
    b"[" * 200_000,
    b'{"id": NaN, "answers": {"a": 1e999}, "answers": {}}',
    b"\xed\xa0\x80",
    b"a" * (5 * 1024 * 1024),
)
KINDS = (
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "application/json",
    "application/json; charset=utf-16",
    "text/xml",
    "nonsense",
)


# Half a file is left to the garbage collector by werkzeug's parser, not by us.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_broken_bodies(app: Flask, staff: CheckingClient, world: World) -> None:
    wrong: list[str] = []
    for _rule, path in addresses(app, "POST", **world.values()):
        for body, kind in itertools.product(BODIES, KINDS):
            status = knock(staff, wrong, path, method="POST", data=body, content_type=kind)
            if status < 300:
                wrong.append(f"{path} takes {body[:20]!r} as {kind}")
    assert not wrong, "\n".join(wrong)
