"""Files come in parts, from any number of tries, and end up exactly once, with their hash."""

from __future__ import annotations

import hashlib
import io
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM
from fieldapp.db.models import Attachment, Submission, SubmissionConflict, User
from fieldapp.services.parts import PART_BYTES
from fieldapp.services.people import add_token
from tests.factories import make_area, make_person, make_survey
from tests.support.client import CheckingClient
from tests.web.test_api_submissions import observation

URL = "/api/v1/submissions"
FILES = "/api/v1/files/"


def noisy_jpeg(side: int = 900, seed: int = 1) -> bytes:
    """A photo that does not compress: some 600 kB at 900 pixels."""
    out = io.BytesIO()
    pixels = random.Random(seed).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), pixels).save(out, "JPEG", quality=85)
    return out.getvalue()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def kees(session: Session) -> User:
    make_survey(session, "observatie")
    make_area(session, "BU99990101", "Sterrenbuurt", bounds=(5.10, 52.08, 5.12, 52.10))
    return make_person(session, "kees@example.org", "buurtbeheerder")


def token_of(session: Session, person: User) -> dict[str, str]:
    _, secret = add_token(session, person.email, "buurtbeheerder", 30, "t", SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def token(session: Session, kees: User) -> dict[str, str]:
    return token_of(session, kees)


def put(
    client: Any, token: dict[str, str], name: str, offset: int, total: int, data: bytes
) -> TestResponse:
    headers = {**token, "Upload-Offset": str(offset), "Upload-Length": str(total)}
    kind = "application/octet-stream"
    answer: TestResponse = client.put(FILES + name, data=data, headers=headers, content_type=kind)
    return answer


def send(client: Any, token: dict[str, str], data: bytes, part: int = PART_BYTES) -> None:
    for at in range(0, len(data), part):
        answer = put(client, token, sha(data), at, len(data), data[at : at + part])
        assert answer.status_code == 200, answer.json


def named(data: bytes, name: str = "lamp.jpg", question: str = "foto") -> dict[str, Any]:
    return {"question": question, "name": name, "sha256": sha(data), "size": len(data)}


def test_a_photo_in_parts_arrives_whole(
    client: CheckingClient, session: Session, token: dict[str, str], settings: Settings
) -> None:
    data = noisy_jpeg()
    assert len(data) > 2 * PART_BYTES
    first = client.get(FILES + sha(data), headers=token)
    assert first.json == {"sha256": sha(data), "received": 0, "complete": False}
    send(client, token, data)
    whole = client.get(FILES + sha(data), headers=token)
    assert whole.json == {"sha256": sha(data), "received": len(data), "complete": True}
    sent = observation(answers={"wat": "heel"}, files=[named(data)])
    answer = client.post(URL, json=sent, headers=token)
    assert answer.status_code == 201, answer.json
    assert answer.json["files"] == [{"name": "lamp.jpg", "sha256": sha(data)}]
    kept = session.scalars(select(Attachment)).one()
    assert (kept.sent_sha256, kept.question) == (sha(data), "foto")
    left = [p for p in (settings.data_dir / "parts").rglob("*") if p.is_file()]
    assert [p.name for p in left] == [".lock"]


def test_a_retry_needs_no_parts_any_more_and_gets_the_same_receipt(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    data = noisy_jpeg(80)
    send(client, token, data)
    sent = observation(answers={"wat": "heel"}, files=[named(data)])
    first = client.post(URL, json=sent, headers=token)
    again = client.post(URL, json=sent, headers=token)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json


def test_the_same_by_multipart_is_the_same_submission(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    data = noisy_jpeg(80)
    send(client, token, data)
    place = {"lon": 5.11, "lat": 52.09, "source": "gps", "taken_at": "2026-11-20T14:02:00+01:00"}
    sent = observation(answers={"wat": "heel"}, location=place, files=[named(data)])
    first = client.post(URL, json=sent, headers=token)
    assert first.status_code == 201, first.json
    fields = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in sent.items()}
    fields["foto"] = (io.BytesIO(data), "lamp.jpg")  # type: ignore[assignment]
    del fields["files"]
    other_way = client.post(URL, data=fields, headers=token)
    assert other_way.status_code == 200, other_way.json
    assert other_way.json == first.json


def test_what_is_not_wholly_here_is_named(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    half, none, good = noisy_jpeg(90, 2), noisy_jpeg(90, 3), noisy_jpeg(90, 4)
    put(client, token, sha(half), 0, len(half), half[:100])
    send(client, token, good)
    files = [named(half, "half.jpg"), named(good, "goed.jpg"), named(none, "niet.jpg")]
    sent = observation(answers={"wat": "heel"}, files=files)
    answer = client.post(URL, json=sent, headers=token)
    assert answer.status_code == 422
    problems = answer.json["error"]["problems"]
    assert [p["code"] for p in problems] == ["file_missing", "file_missing"]
    assert [p["params"]["file"] for p in problems] == ["half.jpg", "niet.jpg"]
    assert session.scalar(select(func.count()).select_from(Submission)) == 0
    put(client, token, sha(half), 100, len(half), half[100:])
    send(client, token, none)
    assert client.post(URL, json=sent, headers=token).status_code == 201


def test_a_file_of_somebody_else_is_not_there(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    data = noisy_jpeg(80)
    send(client, token, data)
    other = token_of(session, make_person(session, "eva@example.org", "buurtbeheerder"))
    assert client.get(FILES + sha(data), headers=other).json["received"] == 0
    sent = observation(answers={"wat": "heel"}, files=[named(data)])
    refused = client.post(URL, json=sent, headers=other)
    assert [p["code"] for p in refused.json["error"]["problems"]] == ["file_missing"]
    assert client.get(FILES + sha(data), headers=token).json["complete"] is True


def test_other_content_with_parts_is_kept_beside_it(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    one, two = noisy_jpeg(80, 5), noisy_jpeg(80, 6)
    send(client, token, one)
    sent = observation(answers={"wat": "heel"}, files=[named(one)])
    assert client.post(URL, json=sent, headers=token).status_code == 201
    other = {**sent, "files": [named(two)]}
    assert client.post(URL, json=other, headers=token).status_code == 422  # its photo is not here
    send(client, token, two)
    assert client.post(URL, json=other, headers=token).status_code == 409
    kept = session.scalars(select(SubmissionConflict)).one()
    assert [f["sent_sha256"] for f in kept.content["files"]] == [sha(two)]


def test_where_a_part_must_begin_is_told(client: CheckingClient, token: dict[str, str]) -> None:
    data = noisy_jpeg(90)
    put(client, token, sha(data), 0, len(data), data[:1000])
    for offset in (0, 999, 1001):
        answer = put(client, token, sha(data), offset, len(data), data[offset : offset + 10])
        assert answer.status_code == 409
        assert (answer.json["error"]["code"], answer.json["error"]["received"]) == ("offset", 1000)
    again = put(client, token, sha(data), 1000, len(data), data[1000:])
    assert again.json["complete"] is True
    # A part that comes again after the file is whole changes nothing.
    late = put(client, token, sha(data), 1000, len(data), data[1000:])
    assert late.json == again.json


def test_other_bytes_than_promised_are_thrown_away(
    client: CheckingClient, token: dict[str, str]
) -> None:
    data = noisy_jpeg(90)
    wrong = data[:-1] + bytes([data[-1] ^ 1])
    answer = put(client, token, sha(data), 0, len(data), wrong)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "hash_mismatch")
    assert client.get(FILES + sha(data), headers=token).json["received"] == 0
    send(client, token, data)


@pytest.mark.parametrize(
    ("offset", "total", "data", "status", "code"),
    [
        (0, 10, b"", 200, None),
        (0, 0, b"", 422, "file_empty"),
        (0, 3, b"four", 422, "file_empty"),
        (0, 51 * 1024 * 1024, b"x", 413, "file_too_large"),
        (0, 10**6, b"x" * (PART_BYTES + 1), 413, "part_too_large"),
        (-1, 10, b"x", 422, "upload_headers"),
        ("", 10, b"x", 422, "upload_headers"),
        (0, "9" * 40, b"x", 422, "upload_headers"),
        (0, "١٢", b"x", 422, "upload_headers"),
    ],
)
def test_what_cannot_be_a_part_is_refused(
    client: CheckingClient,
    token: dict[str, str],
    offset: Any,
    total: Any,
    data: bytes,
    status: int,
    code: str | None,
) -> None:
    if not str(total).isascii():
        total = str(total).encode().decode("latin-1")
    answer = put(client, token, "ab" * 32, offset, total, data)
    assert answer.status_code == status
    if code is not None:
        assert answer.json["error"]["code"] == code
        assert len(answer.json["error"]["message"]) > 20


@pytest.mark.parametrize(
    "name", ["x", "A" * 64, "0" * 63, "..", "%2e%2e%2fsecret", "0" * 64 + "%0A"]
)
def test_only_a_hash_names_a_file(client: CheckingClient, token: dict[str, str], name: str) -> None:
    assert client.get(FILES + name, headers=token).status_code == 404
    assert put(client, token, name, 0, 1, b"x").status_code == 404


def test_nobody_may_leave_files(client: CheckingClient, kees: User) -> None:
    assert client.get(FILES + "0" * 64).status_code == 401
    assert put(client, {}, "0" * 64, 0, 1, b"x").status_code == 401


@pytest.mark.parametrize(
    "files",
    [
        "foto.jpg",
        {"question": "foto"},
        [1],
        [{"question": "foto", "name": "a.jpg", "sha256": "../../secret"}],
        [{"question": "", "name": "a.jpg", "sha256": "0" * 64}],
        [{"question": "foto", "name": "a\0.jpg", "sha256": "0" * 64}],
    ],
)
def test_a_list_of_files_that_cannot_be_read(
    client: CheckingClient, token: dict[str, str], files: Any
) -> None:
    answer = client.post(URL, json=observation(files=files), headers=token)
    assert answer.status_code == 422
    codes = {p["code"] for p in answer.json["error"]["problems"]}
    assert codes <= {"files_not_a_list", "file_unclear"}


def test_a_disk_that_takes_no_more_is_told_and_costs_nothing(
    client: CheckingClient, token: dict[str, str], settings: Settings
) -> None:
    folder = settings.data_dir / "parts"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    data = noisy_jpeg(90)
    answer = put(client, token, sha(data), 0, len(data), data)
    assert (answer.status_code, answer.json["error"]["code"]) == (507, "disk_full")
    folder.unlink()
    send(client, token, data)


def test_two_tabs_that_send_the_same_file_at_once(app: Flask, token: dict[str, str]) -> None:
    data = noisy_jpeg()
    name = sha(data)

    def sender(step: int) -> int:
        client = app.test_client()
        refused = 0
        for _ in range(10_000):
            here = client.get(FILES + name, headers=token).json
            if here["complete"]:
                return refused
            at = here["received"]
            answer = put(client, token, name, at, len(data), data[at : at + step])
            assert answer.status_code in (200, 409), answer.json
            refused += answer.status_code == 409
        raise AssertionError("never done")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sender, (7_000, 11_000, 13_000, 17_000)))
    sent = observation(answers={"wat": "heel"}, files=[named(data)])
    assert app.test_client().post(URL, json=sent, headers=token).status_code == 201


def test_twelve_at_once_with_the_same_parts_make_one(
    app: Flask, session: Session, token: dict[str, str]
) -> None:
    """The first one takes the parts away while others still read them."""
    data = noisy_jpeg(80)
    send(app.test_client(), token, data)
    sent = observation(answers={"wat": "heel"}, files=[named(data)])

    def post(_number: int) -> int:
        return int(app.test_client().post(URL, json=sent, headers=token).status_code)

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(pool.map(post, range(12)))
    assert answers == [200] * 11 + [201]


@pytest.fixture
def server(settings: Settings, app: Flask) -> Iterator[str]:
    """A real server of two processes on the same database and folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        "FIELDAPP_DATABASE_URL": settings.database_url,
        "FIELDAPP_DATA_DIR": str(settings.data_dir),
        "FIELDAPP_SECRET_KEY": settings.secret_key,
        "PATH": "/usr/bin:/bin",
    }
    words = ["run", "--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "fieldapp", *words],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def test_a_line_that_is_cut_keeps_a_beginning_and_never_garbage(
    server: str, client: CheckingClient, token: dict[str, str]
) -> None:
    data = noisy_jpeg(400)
    name, address = sha(data), urlsplit(server)
    chance = random.Random(7)
    for _try in range(12):
        here = client.get(FILES + name, headers=token).json["received"]
        part = data[here : here + 20_000]
        head = (
            f"PUT {FILES}{name} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: {token['Authorization']}\r\nUpload-Offset: {here}\r\n"
            f"Upload-Length: {len(data)}\r\nContent-Length: {len(part)}\r\n\r\n"
        )
        with socket.create_connection((address.hostname or "", address.port or 0), 10) as line:
            line.sendall(head.encode() + part[: chance.randrange(len(part))])
            line.shutdown(socket.SHUT_WR)
            line.settimeout(20)
            while line.recv(4096):  # until the server is done with it
                pass
        after = client.get(FILES + name, headers=token).json["received"]
        assert here <= after <= here + len(part)
    while not (state := client.get(FILES + name, headers=token).json)["complete"]:
        at = state["received"]
        put(client, token, name, at, len(data), data[at : at + PART_BYTES])
    sent = observation(answers={"wat": "heel"}, files=[named(data)])
    assert client.post(URL, json=sent, headers=token).status_code == 201
