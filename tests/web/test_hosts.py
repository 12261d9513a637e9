"""Under which names we answer, and what a proxy in front may tell us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.app import create_app
from fieldapp.config import Settings
from fieldapp.db.models import AuditEntry
from fieldapp.services.log_in_limit import MOST_FAILURES

SITE = "https://veld.gemeente.example"


@contextmanager
def started(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["fieldapp"].engine.dispose()


@pytest.fixture
def production(settings: Settings) -> Settings:
    return replace(settings, environment="production", base_url=SITE)


def status(app: Flask, host: str, path: str = "/robots.txt") -> int:
    return app.test_client().get(path, headers={"Host": host}).status_code


@pytest.mark.parametrize(
    "host",
    [
        "veld.gemeente.example",
        "VELD.gemeente.example",
        "veld.gemeente.example:443",
        "127.0.0.1:8000",
        "localhost",
        "[::1]:8000",
        "ook.example",
        "a.b.onder.example",
    ],
)
def test_our_own_names_are_answered(production: Settings, host: str) -> None:
    with started(replace(production, hosts=("ook.example", ".onder.example"))) as app:
        assert status(app, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:443",
        "veld.gemeente.example.evil.example",
        "evilonder.example",
        "veld.gemeente.example@evil.example",
        "evil.example/veld.gemeente.example",
        "veld.gemeente.example/..",
        "192.168.1.20",
        "[::1",
        "",
    ],
)
def test_other_names_are_refused_in_plain_words(production: Settings, host: str) -> None:
    with started(replace(production, hosts=(".onder.example",))) as app:
        answer = app.test_client().get("/", headers={"Host": host, "Accept-Language": "nl"})
        assert answer.status_code == 400
        assert answer.mimetype == "text/plain"
        assert "Controleer het adres in je browser." in answer.text
        assert "FIELDAPP_HOSTS" in answer.text
        assert not host or host not in answer.text
        told = app.test_client().get("/api/v1/surveys", headers={"Host": host})
        assert (told.status_code, told.json["error"]["code"]) == (400, "wrong_host")  # type: ignore[index]


def test_who_looks_whether_we_are_up_may_use_any_name(production: Settings) -> None:
    with started(production) as app:
        assert status(app, "web:8000", "/healthz") == 200


def test_a_phone_on_the_same_network_types_an_address_while_developing(settings: Settings) -> None:
    with started(replace(settings, environment="development")) as app:
        for host in ("192.168.1.20:8000", "[fe80::1]:8000", "127.0.0.1:9000", "localhost:8000"):
            assert status(app, host) == 200
        assert status(app, "rebound.example") == 400


def forwarded(app: Flask, visitor: str, host: str = "") -> int:
    """Ask as a proxy on 127.0.0.1 would for this visitor; the status of one wrong log-in."""
    headers = {"X-Forwarded-For": visitor, "X-Forwarded-Proto": "https"}
    if host:
        headers["X-Forwarded-Host"] = host
    client = app.test_client()
    address = "https://veld.gemeente.example/"
    page = client.get("/inloggen", headers=headers, base_url=address)
    if page.status_code != 200:
        return page.status_code
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    typed = {"csrf_token": token, "email": "anna@example.org", "password": "fout wachtwoord"}
    headers["Referer"] = address
    return client.post("/inloggen", data=typed, headers=headers, base_url=address).status_code


def guessers(session: Session) -> int:
    """How many different pairs of account and address failed."""
    session.rollback()
    return session.scalar(select(func.count(AuditEntry.subject.distinct()))) or 0


@pytest.mark.parametrize(("proxies", "seen"), [(0, 1), (1, 2)])
def test_visitors_are_told_apart_by_a_proxy_that_we_know_only(
    production: Settings, session: Session, proxies: int, seen: int
) -> None:
    with started(replace(production, proxies=proxies)) as app:
        for visitor in ("203.0.113.7", "203.0.113.8"):
            assert forwarded(app, visitor) == 200
    assert guessers(session) == seen


def test_without_a_proxy_a_guesser_cannot_invent_addresses(
    production: Settings, session: Session
) -> None:
    with started(production) as app:
        found = [forwarded(app, f"203.0.113.{n}") for n in range(MOST_FAILURES + 1)]
    assert found == [200] * MOST_FAILURES + [429]


def test_a_forwarded_name_counts_as_the_name(production: Settings) -> None:
    with started(replace(production, proxies=1)) as app:
        assert forwarded(app, "203.0.113.7", "evil.example") == 400
    with started(production) as app:
        assert forwarded(app, "203.0.113.7", "evil.example") == 200
