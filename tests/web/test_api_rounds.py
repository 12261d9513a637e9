"""Rounds, files and points through the API: paths in every problem, nothing mixed up, no leaks."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.db.models import Attachment, Submission, SubmissionConflict
from fieldapp.services.people import add_token
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey
from tests.support.client import CheckingClient
from tests.support.walk import jpeg
from tests.web.test_forms_all_types import PDF, WAV, all_types

URL = "/api/v1/submissions"
POINT = "52.0951 5.1151 0 3"
LINE = "52.09 5.11 0 0; 52.091 5.112 0 0"


@pytest.fixture
def token(session: Session) -> dict[str, str]:
    make_area(session)
    make_survey(session, all_types())
    make_person(session, "kees@example.org", "buurtbeheerder")
    _, secret = add_token(session, "kees@example.org", "buurtbeheerder", 30, "t", SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


def sent(answers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "survey": "alles",
        "version": "1",
        "language": "nl",
        "captured_at": "2026-11-20T14:03:00+01:00",
        "location": {"lon": 5.11, "lat": 52.09, "accuracy_m": 8, "source": "gps"},
        "answers": {"straat": "Lindestraat", **answers},
        **changes,
    }


def multipart(body: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
    objects = {key: json.dumps(body[key]) for key in ("location", "answers")}
    return {**body, **objects, **files}


def upload(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def stored(session: Session) -> Submission:
    session.expire_all()
    return session.scalars(select(Submission)).one()


def test_rounds_are_kept_typed_with_their_labels(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    rooms = [
        {"soort": "Keuken", "schimmel": "ja", "ramen": [{"hoogte": "120"}, {"hoogte": 90}]},
        {"soort": "Hal"},
    ]
    body = sent({"kamers": rooms, "tijd": "14:03", "cijfer": 7, "volgorde": ["egel", "kat"]})
    first = client.post(URL, json=body, headers=token)
    again = client.post(URL, json=body, headers=token)
    assert (first.status_code, again.status_code) == (201, 200)
    found = stored(session).answers
    kitchen, hall = found["kamers"]["v"]
    assert kitchen["schimmel"] == {"v": "ja", "l": "Ja"}
    assert [window["hoogte"]["v"] for window in kitchen["ramen"]["v"]] == [120, 90]
    assert hall["soort"] == {"v": "Hal"}
    assert found["volgorde"] == {"v": ["egel", "kat"], "l": ["Egel", "Kat"]}
    read = client.get(f"{URL}/{body['id']}", headers=token)
    assert read.json["answers"]["kamers"]["v"][0]["soort"] == {"v": "Keuken"}


def test_other_rounds_under_the_same_id_are_a_conflict_people_can_read(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    body = sent({"kamers": [{"soort": "Keuken"}, {"soort": "Hal"}]})
    client.post(URL, json=body, headers=token)
    other = {**body, "answers": {**body["answers"], "kamers": [{"soort": "Keuken"}]}}
    assert client.post(URL, json=other, headers=token).status_code == 409
    make_person(session, "piet@example.org", "wijkmanager")
    client.log_in("piet@example.org", PASSWORD)
    client.get(f"/inzendingen/{body['id']}")
    assert "Kamer 2: Wat voor kamer is het?" in client.text()


def test_every_problem_says_in_which_round(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    rooms = [
        {"soort": "Keuken", "lengte": "lang"},
        {"schimmel": "misschien", "ramen": [{"hoogte": "x"}]},
    ]
    answer = client.post(URL, json=sent({"kamers": rooms, "kinderen": 7}), headers=token)
    assert answer.status_code == 422
    found = {(p["where"], p["code"]) for p in answer.json["error"]["problems"]}
    assert {
        ("kamers/0/lengte", "not_a_number"),
        ("kamers/1/soort", "required"),
        ("kamers/1/schimmel", "unknown_choice"),
        ("kamers/1/ramen/0/hoogte", "not_an_integer"),
        ("kinderen", "rounds_not_a_list"),
    } <= found
    assert session.scalars(select(Submission)).all() == []


def test_files_find_their_round_by_name(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    rooms = [
        {"soort": "Keuken", "foto_kamer": ["rood.jpg"], "geluid_kamer": ["a.wav"]},
        {"soort": "Hal", "foto_kamer": ["blauw.jpg"]},
    ]
    files = {
        "files": [upload(jpeg("blue"), "blauw.jpg"), upload(jpeg("red"), "rood.jpg")],
        "kamers/0/geluid_kamer": upload(WAV, "a.wav"),
        "bestand": upload(PDF, "brief.pdf"),
    }
    body = sent({"kamers": rooms})
    answer = client.post(URL, data=multipart(body, files), headers=token)
    assert answer.status_code == 201, answer.json
    kept = {(a.question, a.file_name): a.media_type for a in session.scalars(select(Attachment))}
    assert kept == {
        ("foto_kamer", "rood.jpg"): "image/jpeg",
        ("foto_kamer", "blauw.jpg"): "image/jpeg",
        ("geluid_kamer", "a.wav"): "audio/wav",
        ("bestand", "brief.pdf"): "application/pdf",
    }
    names = [room["foto_kamer"]["v"] for room in stored(session).answers["kamers"]["v"]]
    assert names == [["rood.jpg"], ["blauw.jpg"]]


@pytest.mark.parametrize(
    ("rooms", "part", "where", "code"),
    [
        ([{"soort": "a", "foto_kamer": ["x.jpg"]}], None, "kamers/0/foto_kamer", "file_missing"),
        ([{"soort": "a"}], "foto_kamer", "foto_kamer", "file_not_named"),
        ([{"soort": "a"}], "kamers/0/soort", "x.jpg", "file_for_no_question"),
    ],
)
def test_a_file_without_its_round_is_never_guessed(
    client: CheckingClient,
    session: Session,
    token: dict[str, str],
    rooms: list[Any],
    part: str | None,
    where: str,
    code: str,
) -> None:
    files = {part: upload(jpeg(), "x.jpg")} if part else {}
    answer = client.post(URL, data=multipart(sent({"kamers": rooms}), files), headers=token)
    assert answer.status_code == 422
    assert [(p["where"], p["code"]) for p in answer.json["error"]["problems"]] == [(where, code)]


def test_a_sound_that_is_none_is_refused_whole(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    files = {
        "geluid": upload(b"<script>alert(1)</script>", "x.mp3"),
        "foto": upload(jpeg(), "f.jpg"),
    }
    answer = client.post(URL, data=multipart(sent({}), files), headers=token)
    assert [p["code"] for p in answer.json["error"]["problems"]] == ["file_not_audio"]
    assert session.scalars(select(Attachment)).all() == []


def test_who_may_not_see_the_point_sees_no_point_in_the_answers_either(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    rooms = [{"soort": "Keuken", "plek_kamer": POINT}]
    body = sent({"tweede_plek": POINT, "route": LINE, "kamers": rooms})
    assert client.post(URL, json=body, headers=token).status_code == 201
    assert stored(session).answers["tweede_plek"]["v"].startswith("52.0951 5.1151")
    own = client.get(f"{URL}/{body['id']}", headers=token).json["answers"]
    assert own["tweede_plek"]["v"].startswith("52.0951 5.1151")
    make_person(session, "ann@example.org", "analist")
    _, secret = add_token(session, "ann@example.org", "analist", 30, "t", SYSTEM)
    seen = client.get(f"{URL}/{body['id']}", headers={"Authorization": f"Bearer {secret}"}).json
    answers = seen["answers"]
    assert seen["location"]["source"] == "cell"
    for point in (answers["tweede_plek"]["v"], answers["kamers"]["v"][0]["plek_kamer"]["v"]):
        lat, lon = map(float, point.split()[:2])
        assert (lat, lon) != (52.0951, 5.1151)
        assert abs(lat - 52.0951) < 0.001
        assert abs(lon - 5.1151) < 0.001
    assert answers["route"]["v"] is None
    client.log_in("ann@example.org", PASSWORD)
    client.get(f"/inzendingen/{body['id']}")
    assert "52,0951" not in client.text()
    assert "Keuken" in client.text()


def test_of_a_resident_no_position_is_kept_anywhere(
    client: CheckingClient, session: Session
) -> None:
    make_area(session)
    definition = all_types(form_id="alles_enquete", kind="enquete")
    last = {"type": "calculate", "name": "kopie", "calculation": "concat(${plek}, ${route})"}
    definition["survey"].append(last)
    make_round(session, make_survey(session, definition), "GM9999")
    rooms = [{"soort": "Keuken", "plek_kamer": POINT}]
    answers = {"plek": POINT, "tweede_plek": POINT, "route": LINE, "vlak": LINE, "kamers": rooms}
    body = sent(answers, survey="alles_enquete")
    answer = client.post(URL, json=body)
    assert answer.status_code == 201, answer.json
    found = stored(session)
    assert (found.area_code, found.lat) == ("BU99990101", None)
    assert "52.09" not in json.dumps(found.answers)
    assert "5.11" not in json.dumps(found.answers)
    assert found.answers["kamers"]["v"][0]["soort"] == {"v": "Keuken"}
    other = {**body, "answers": {**body["answers"], "straat": "Eikenlaan"}}
    assert client.post(URL, json=other).status_code == 409
    kept = session.scalars(select(SubmissionConflict)).one()
    assert "52.09" not in json.dumps(kept.content)
    assert kept.content["answers"]["straat"] == "Eikenlaan"
