"""The API takes a submission any number of times and loses nothing."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.db.models import Attachment, Submission, SubmissionConflict, SubmissionEvent
from fieldapp.services.people import add_token
from tests.factories import make_area, make_person, make_round, make_survey
from tests.support.client import CheckingClient
from tests.support.shipped import version

URL = "/api/v1/submissions"


@pytest.fixture
def token(session: Session) -> dict[str, str]:
    make_survey(session, "observatie")
    make_area(session, "BU99990101", "Sterrenbuurt", bounds=(5.10, 52.08, 5.12, 52.10))
    make_person(session, "kees@example.org", "buurtbeheerder")
    _, secret = add_token(session, "kees@example.org", "buurtbeheerder", 30, "t", SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


def observation(**changes: Any) -> dict[str, Any]:
    residents = changes.get("survey") == "bewonersenquete"
    return {
        "id": str(uuid.uuid4()),
        "survey": "observatie",
        "version": version("bewonersenquete" if residents else "observatie"),
        "language": "nl",
        "captured_at": "2026-11-20T14:03:00+01:00",
        "location": {"lon": 5.11, "lat": 52.09, "accuracy_m": 8, "source": "gps"},
        "answers": {"wat": "schoon", "niveau_schoon": "A"},
        **changes,
    }


def jpeg(color: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "JPEG")
    return out.getvalue()


def count(session: Session, model: Any) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_first_time_201_again_200_with_the_same_receipt(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    sent = observation()
    first = client.post(URL, json=sent, headers=token)
    again = client.post(URL, json=sent, headers=token)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert first.json["area"] == {"code": "BU99990101", "name": "Sterrenbuurt"}
    assert count(session, Submission) == 1
    assert count(session, SubmissionEvent) == 1


def test_other_content_under_the_same_id_is_kept_beside_it(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    sent = observation()
    client.post(URL, json=sent, headers=token)
    other = {**sent, "answers": {"wat": "heel"}}
    answer = client.post(URL, json=other, headers=token)
    client.post(URL, json=other, headers=token)
    assert answer.status_code == 409
    assert count(session, Submission) == 1
    kept = session.scalars(select(SubmissionConflict)).one()
    assert kept.content["answers"] == {"wat": "heel"}


def test_a_newer_version_by_the_same_person_takes_the_place(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    sent = observation(revision=1)
    first = client.post(URL, json=sent, headers=token)
    newer = {**sent, "answers": {"wat": "heel"}, "revision": 2}
    second = client.post(URL, json=newer, headers=token)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json["receipt"] != first.json["receipt"]
    read = client.get(f"{URL}/{sent['id']}", headers=token).json
    assert read["answers"]["wat"]["v"] == "heel"
    assert [step["reason"] for step in read["history"]] == ["", "improved=2"]
    late = client.post(URL, json=sent, headers=token)
    assert (late.status_code, late.json["error"]["code"]) == (409, "older")
    assert late.json["receipt"] == second.json["receipt"]
    assert count(session, Submission) == 1


def test_the_number_of_a_version_is_no_part_of_its_content(
    client: CheckingClient, token: dict[str, str]
) -> None:
    sent = observation()
    first = client.post(URL, json=sent, headers=token)
    again = client.post(URL, json={**sent, "revision": 4}, headers=token)
    assert again.status_code == 200
    assert again.json == first.json


def test_what_a_colleague_has_judged_is_not_replaced(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    sent = observation(revision=1)
    first = client.post(URL, json=sent, headers=token)
    stored = session.get_one(Submission, uuid.UUID(sent["id"]))
    stored.state = "accepted"
    session.commit()
    newer = {**sent, "answers": {"wat": "heel"}, "revision": 2}
    answer = client.post(URL, json=newer, headers=token)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "seen")
    assert answer.json["receipt"] == first.json["receipt"]
    kept = session.scalars(select(SubmissionConflict)).one()
    assert (kept.content["answers"], kept.resolved_at) == ({"wat": "heel"}, None)


def test_the_own_receipt_says_whether_it_can_be_corrected(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    sent = observation(revision=3)
    url = f"{URL}/{sent['id']}/receipt"
    assert client.get(url, headers=token).status_code == 404
    assert client.get(f"{URL}/x/receipt", headers=token).status_code == 404
    first = client.post(URL, json=sent, headers=token)
    assert client.get(url).status_code == 401
    found = client.get(url, headers=token)
    assert found.json == {**first.json, "revision": 3, "correctable": True}
    make_person(session, "wil@example.org", "wijkmanager")
    _, secret = add_token(session, "wil@example.org", "wijkmanager", 30, "t", SYSTEM)
    assert client.get(url, headers={"Authorization": f"Bearer {secret}"}).status_code == 404
    session.get_one(Submission, uuid.UUID(sent["id"])).state = "returned"
    session.commit()
    assert client.get(url, headers=token).json["correctable"] is False


def test_answers_are_kept_typed_with_the_label_as_shown(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    sent = observation(language="en")
    client.post(URL, json=sent, headers=token)
    stored = session.get(Submission, uuid.UUID(sent["id"]))
    assert stored is not None
    assert stored.answers["wat"]["v"] == "schoon"
    assert stored.answers["wat"]["l"] == "Clean"
    assert stored.language == "en"


def test_a_point_outside_all_areas_is_kept_and_marked(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    at_sea = observation(location={"lon": 3.5, "lat": 53.5, "source": "gps"})
    answer = client.post(URL, json=at_sea, headers=token)
    assert answer.status_code == 201
    assert answer.json["area_status"] == "outside"
    assert answer.json["area"] is None


def test_a_photo_travels_along_and_loses_its_exif(
    client: CheckingClient, app: Flask, session: Session, token: dict[str, str]
) -> None:
    picture = Image.new("RGB", (40, 30), "blue")
    exif = picture.getexif()
    exif[0x010F] = "Telefoon van Kees"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    data = out.getvalue()
    fields = observation(answers={"wat": "heel"})
    form = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in fields.items()}
    answer = client.post(URL, data={**form, "foto": (io.BytesIO(data), "lamp.jpg")}, headers=token)
    assert answer.status_code == 201, answer.json
    assert answer.json["files"] == [
        {"name": "lamp.jpg", "sha256": hashlib.sha256(data).hexdigest()}
    ]
    kept = session.scalars(select(Attachment)).one()
    stored = app.extensions["fieldapp"].media.read(kept.sha256)
    assert not Image.open(io.BytesIO(stored)).getexif()
    assert b"Telefoon van Kees" not in stored
    assert hashlib.sha256(stored).hexdigest() == kept.sha256


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"id": "not-a-uuid"}, "id_not_uuid", "id"),
        ({"survey": "bestaat_niet"}, "unknown_survey", "survey"),
        ({"version": "1999"}, "unknown_version", "version"),
        ({"captured_at": "yesterday"}, "not_a_moment", "captured_at"),
        ({"revision": -1}, "not_a_revision", "revision"),
        ({"revision": 1.5}, "not_a_revision", "revision"),
        ({"revision": True}, "not_a_revision", "revision"),
        ({"revision": "twee"}, "not_a_revision", "revision"),
        ({"revision": 10**30}, "not_a_revision", "revision"),
        ({"revision": [2]}, "not_a_revision", "revision"),
        ({"captured_at": "2026-11-20T14:03:00"}, "moment_without_zone", "captured_at"),
        ({"answers": {"wat": "paars"}}, "unknown_choice", "wat"),
        ({"answers": {"wat": "schoon", "xyz": "1"}}, "unknown_question", "xyz"),
        ({"answers": {}}, "required", "wat"),
        ({"answers": {"wat": "heel", "foto": ["a.jpg"]}}, "file_missing", "foto"),
        ({"location": {"lon": 136000, "lat": 455000}}, "location_rd", "location"),
        ({"location": {"area_code": "BU00000000"}}, "unknown_area", "location.area_code"),
    ],
)
def test_what_cannot_be_taken_is_said_in_words(
    client: CheckingClient,
    session: Session,
    token: dict[str, str],
    changes: dict[str, Any],
    code: str,
    where: str,
) -> None:
    answer = client.post(URL, json=observation(**changes), headers=token)
    assert answer.status_code == 422, answer.json
    found = {(p["code"], p["where"]): p["message"] for p in answer.json["error"]["problems"]}
    assert (code, where) in found
    assert len(found[(code, where)]) > 20
    assert count(session, Submission) == 0


def test_one_bad_photo_leaves_nothing_half_done(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    fields = observation(answers={"wat": "heel"})
    form = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in fields.items()}
    files = [(io.BytesIO(jpeg()), "goed.jpg"), (io.BytesIO(b"just text"), "fout.jpg")]
    answer = client.post(URL, data={**form, "foto": files}, headers=token)
    assert answer.status_code == 422
    problem = answer.json["error"]["problems"][0]
    assert problem["code"] == "photo_not_an_image"
    assert "fout.jpg" in problem["message"]
    assert count(session, Submission) == 0
    assert count(session, Attachment) == 0


def test_who_is_nobody_may_only_answer_a_public_survey(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    assert client.post(URL, json=observation()).status_code == 401
    version = make_survey(session, "bewonersenquete")
    make_round(session, version, "BU99990101", slug="lente")
    sent = observation(survey="bewonersenquete", answers={}, location=None, round="lente")
    answer = client.post(URL, json=sent)
    assert answer.status_code == 201, answer.json
    assert answer.json["area"]["code"] == "BU99990101"


def test_a_resident_is_never_named(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    version = make_survey(session, "bewonersenquete")
    make_round(session, version, "BU99990101", slug="lente")
    sent = observation(survey="bewonersenquete", answers={}, location=None, round="lente")
    client.post(URL, json=sent, headers=token)
    stored = session.get(Submission, uuid.UUID(sent["id"]))
    assert stored is not None
    assert stored.user_id is None


def test_a_wrong_token_is_refused_even_for_a_public_survey(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    answer = client.post(URL, json=observation(), headers={"Authorization": "Bearer fa_wrong"})
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "bad_token"


def test_a_browser_session_needs_our_own_header(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    client.log_in("kees@example.org", "correct horse battery")
    sent = observation()
    assert client.post(URL, json=sent).status_code == 401
    answer = client.post(URL, json=sent, headers={"X-Fieldapp-Client": "1"})
    assert answer.status_code == 201


def test_read_back_by_its_sender_and_hidden_from_another_organisation(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    sent = observation()
    client.post(URL, json=sent, headers=token)
    own = client.get(f"{URL}/{sent['id']}", headers=token)
    assert own.status_code == 200
    assert own.json["location"]["lon"] == 5.11
    assert [step["state"] for step in own.json["history"]] == ["received"]
    make_person(session, "eva@elders.example", "beheerder", organisation="elders")
    _, secret = add_token(session, "eva@elders.example", "beheerder", 30, "t", SYSTEM)
    other = client.get(f"{URL}/{sent['id']}", headers={"Authorization": f"Bearer {secret}"})
    assert other.status_code == 404


def test_a_reviewer_sees_a_cell_not_the_place(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    sent = observation()
    client.post(URL, json=sent, headers=token)
    make_person(session, "wil@example.org", "wijkmanager")
    _, secret = add_token(session, "wil@example.org", "wijkmanager", 30, "t", SYSTEM)
    seen = client.get(f"{URL}/{sent['id']}", headers={"Authorization": f"Bearer {secret}"})
    place = seen.json["location"]
    assert place["source"] == "cell"
    assert (place["lon"], place["lat"]) != (5.11, 52.09)
    # The centre of a 100 m cell lies at most 71 m away: 0.0011 degrees east, 0.0007 north.
    assert abs(place["lon"] - 5.11) < 0.0011
    assert abs(place["lat"] - 52.09) < 0.0007


def test_sixteen_at_once_make_one(app: Flask, session: Session, token: dict[str, str]) -> None:
    sent = observation()

    def send(_number: int) -> int:
        return int(app.test_client().post(URL, json=sent, headers=token).status_code)

    with ThreadPoolExecutor(16) as pool:
        answers = sorted(pool.map(send, range(16)))
    assert answers == [200] * 15 + [201]
    assert count(session, Submission) == 1


def test_a_round_in_a_whole_gemeente_places_nobody(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    version = make_survey(session, "bewonersenquete")
    make_area(session, "GM9999", "Lindestad")
    make_round(session, version, "GM9999", slug="stad")
    sent = observation(survey="bewonersenquete", answers={}, location=None, round="stad")
    answer = client.post(URL, json=sent)
    assert answer.status_code == 201
    assert answer.json["area_status"] == "none"


def test_where_a_resident_stood_is_not_kept(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    version = make_survey(session, "bewonersenquete")
    make_round(session, version, "BU99990101", slug="lente")
    sent = observation(survey="bewonersenquete", answers={}, round="lente")
    answer = client.post(URL, json=sent)
    assert answer.json["area"]["code"] == "BU99990101"
    assert answer.json["area_status"] == "found"
    stored = session.get(Submission, uuid.UUID(sent["id"]))
    assert stored is not None
    assert (stored.lon, stored.lat, stored.accuracy_m, stored.geom) == (None, None, None, None)
    client.post(URL, json={**sent, "language": "en"})
    kept = session.scalars(select(SubmissionConflict)).one()
    assert kept.content["location"]["lon"] is None


def test_the_database_itself_refuses_the_point_of_a_resident(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    version = make_survey(session, "bewonersenquete")
    make_round(session, version, "BU99990101", slug="lente")
    sent = observation(survey="bewonersenquete", answers={}, round="lente")
    client.post(URL, json=sent)
    stored = session.get(Submission, uuid.UUID(sent["id"]))
    assert stored is not None
    stored.lon, stored.lat = 5.11, 52.09
    with pytest.raises(IntegrityError):
        session.commit()


def test_a_caretaker_does_not_read_what_residents_filled_in(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    version = make_survey(session, "bewonersenquete")
    make_round(session, version, "BU99990101", slug="lente")
    sent = observation(survey="bewonersenquete", answers={}, location=None, round="lente")
    client.post(URL, json=sent)
    assert client.get(f"{URL}/{sent['id']}", headers=token).status_code == 404
    make_person(session, "wil@example.org", "wijkmanager")
    _, secret = add_token(session, "wil@example.org", "wijkmanager", 30, "t", SYSTEM)
    seen = client.get(f"{URL}/{sent['id']}", headers={"Authorization": f"Bearer {secret}"})
    assert seen.status_code == 200
