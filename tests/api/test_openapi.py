"""The API does what its OpenAPI document says, for every caller and on both engines.

schemathesis makes requests from the document, good ones and spoilt ones, with a fixed seed; each
answer must have a status and a body that the document names, within `PATIENCE`.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.services.people import add_token
from fieldapp.web.api.description import openapi_document
from tests.factories import make_area, make_person, make_round, make_survey

DOCUMENT = "/api/v1/openapi.json"
CALLERS = ("wijkmanager", "buurtbeheerder", "nobody")
EXAMPLES = 25  # per operation, caller, kind and engine
PATIENCE = timedelta(seconds=5)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LIMITS = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=PATIENCE,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CAPTURED = "2026-11-20T14:03:00+01:00"


@dataclass(frozen=True)
class World:
    """An app with something in it to find, and the headers of each caller."""

    app: Flask
    schema: Any
    headers: dict[str, dict[str, str]]
    known_id: str

    def operations(self) -> Iterator[Any]:
        return (result.ok() for result in self.schema.get_all_operations())

    def spoilable(self) -> Iterator[Any]:
        """Operations that take anything at all: of the others nothing can be spoilt."""
        for operation in self.operations():
            if operation.body or any(True for _ in operation.iter_parameters()):
                yield operation


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    make_survey(session, "observatie")
    public = make_survey(session, "bewonersenquete")
    make_area(session, "BU99990101", "Sterrenbuurt")
    make_round(session, public, "BU99990101", slug="lente")
    headers: dict[str, dict[str, str]] = {"nobody": {}}
    for role in CALLERS[:2]:
        make_person(session, f"{role}@example.org", role)
        _, secret = add_token(session, f"{role}@example.org", role, 30, "t", SYSTEM)
        headers[role] = {"Authorization": f"Bearer {secret}"}
    known_id = str(uuid.uuid4())
    sent = observation(known_id)
    answer = app.test_client().post(
        "/api/v1/submissions", json=sent, headers=headers["buurtbeheerder"]
    )
    assert answer.status_code == 201
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, app)
    return World(app, schema, headers, known_id)


def observation(submission_id: str) -> dict[str, Any]:
    return {
        "id": submission_id,
        "survey": "observatie",
        "captured_at": CAPTURED,
        "location": {"lon": 5.11, "lat": 52.09, "accuracy_m": 8, "source": "gps"},
        "answers": {"wat": "schoon"},
    }


def walk(strategy: Any, headers: dict[str, str], checks: list[Any]) -> None:
    """Send what the strategy makes; AssertionError at the first answer that breaks its word."""

    @LIMITS
    @given(case=strategy)
    def send(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=checks)

    send()


@pytest.mark.parametrize("caller", CALLERS)
def test_good_requests_get_described_answers(world: World, caller: str) -> None:
    for operation in world.operations():
        walk(operation.as_strategy(), world.headers[caller], CHECKS)


@pytest.mark.parametrize("caller", CALLERS)
def test_spoilt_requests_are_refused_as_described(world: World, caller: str) -> None:
    for operation in world.spoilable():
        spoilt = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        walk(spoilt, world.headers[caller], [*CHECKS, negative_data_rejection])


def test_requests_about_what_exists_get_described_answers(world: World) -> None:
    """Random requests seldom name a survey, an area or an id that is there; these always do."""

    def about_what_exists(case: Any, fresh: uuid.UUID) -> Any:
        if isinstance(case.body, dict):
            case.body.update(id=str(fresh), survey="observatie", answers={"wat": "schoon"})
            if case.media_type != "application/json":
                case.body["answers"] = '{"wat": "schoon"}'
            case.body.update(version="", round="", captured_at=CAPTURED)
        if "id" in case.path_parameters:
            case.path_parameters["id"] = world.known_id
        if "code" in case.path_parameters:
            case.path_parameters["code"] = "BU99990101"
        return case

    statuses: set[int] = set()
    for operation in world.operations():
        strategy = st.builds(about_what_exists, operation.as_strategy(), st.uuids())

        @LIMITS
        @given(case=strategy)
        def send(case: Any) -> None:
            answer = case.call(headers=world.headers["wijkmanager"])
            case.validate_response(answer, checks=CHECKS)
            statuses.add(answer.status_code)

        send()
    assert {200, 201} <= statuses, f"nothing was accepted: {statuses}"


@pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=["nul", "half a pair"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: {"survey": text},
        lambda text: {"version": text},
        lambda text: {"round": text},
        lambda text: {"language": text},
        lambda text: {"location": {"area_code": text}},
        lambda text: {"location": {"area_code": "BU99990101", "source": text}},
        lambda text: {"answers": {"wat": "heel", "notitie": text}},
        lambda text: {"answers": {"wat": "heel", "foto": [text]}},
        lambda text: {"answers": {text: "heel"}},
    ],
)
def test_text_that_no_database_keeps_is_refused_everywhere(
    world: World, spoil: Callable[[str], dict[str, Any]], text: str
) -> None:
    """PostgreSQL has no NUL, UTF-8 no half of a pair: unnoticed, they end in an error 500."""
    sent = {**observation(str(uuid.uuid4())), **spoil(text)}
    body = json.dumps(sent)
    answer = world.app.test_client().post(
        "/api/v1/submissions",
        data=body,
        content_type="application/json",
        headers=world.headers["buurtbeheerder"],
    )
    assert answer.status_code == 422, answer.json


def test_a_profile_of_a_code_that_no_database_keeps_is_not_found(world: World) -> None:
    answer = world.app.test_client().get(
        "/api/v1/profiles/BU%00?from=2026-01-01&to=2026-12-31",
        headers=world.headers["wijkmanager"],
    )
    assert answer.status_code == 404


def test_every_route_is_described_and_every_description_is_a_route(app: Flask) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", "{}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or ()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (re.sub(r"\{\w+\}", "{}", path), method)
        for path, item in openapi_document()["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert routes == described
