"""Sealed copies: kept for one person, newest wins, and the server only gives back."""

from __future__ import annotations

import hashlib
import os
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM
from fieldapp.db.models import SealedCopy, SealedFile, User
from fieldapp.services.people import add_token
from fieldapp.services.retention import apply_retention
from fieldapp.services.sealed import TooMuch, Vault, keep_copy, keep_file
from tests.factories import make_person
from tests.support.client import CheckingClient

URL = "/api/v1/sealed"
NAME = "ab" * 32
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def kees(session: Session) -> User:
    return make_person(session, "kees@example.org", "buurtbeheerder")


def token_of(session: Session, person: User) -> dict[str, str]:
    _, secret = add_token(session, person.email, "buurtbeheerder", 30, "t", SYSTEM)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def token(session: Session, kees: User) -> dict[str, str]:
    return token_of(session, kees)


def put(
    client: Any, token: dict[str, str], draft: Any, revision: int, body: bytes, lock: str = "L1"
) -> Any:
    headers = {**token, "Sealed-Lock": lock, "Sealed-Revision": str(revision)}
    return client.put(f"{URL}/{draft}", data=body, headers=headers)


def test_what_was_sealed_comes_back_byte_for_byte(
    client: CheckingClient, session: Session, token: dict[str, str], settings: Settings
) -> None:
    draft, body, photo = uuid.uuid4(), random.Random(1).randbytes(5000), b"\0sealed photo" * 9000
    file = client.put(f"{URL}/{draft}/{NAME}", data=photo, headers=token)
    assert file.json == {
        "name": NAME,
        "sha256": hashlib.sha256(photo).hexdigest(),
        "size": len(photo),
    }
    assert put(client, token, draft, 3, body).json == {"draft": str(draft), "revision": 3}
    listed = client.get(URL, headers=token).json["copies"]  # type: ignore[index]
    assert [(c["draft"], c["lock"], c["revision"]) for c in listed] == [(str(draft), "L1", 3)]
    assert listed[0]["files"] == [file.json]
    back = client.get(f"{URL}/{draft}", headers=token)
    assert back.data == body
    assert (back.headers["Sealed-Lock"], back.headers["Sealed-Revision"]) == ("L1", "3")
    assert client.get(f"{URL}/{draft}/{NAME}", headers=token).data == photo
    assert client.delete(f"{URL}/{draft}", headers=token).status_code == 204
    assert client.delete(f"{URL}/{draft}", headers=token).status_code == 204
    assert client.get(f"{URL}/{draft}", headers=token).status_code == 404
    assert client.get(f"{URL}/{draft}/{NAME}", headers=token).status_code == 404
    assert not list((settings.data_dir / "sealed").glob("*/*"))


def test_an_older_copy_never_replaces_a_newer(
    client: CheckingClient, token: dict[str, str]
) -> None:
    draft = uuid.uuid4()
    put(client, token, draft, 5, b"five")
    for revision, body in ((4, b"four"), (5, b"other five")):
        answer = put(client, token, draft, revision, body)
        assert (answer.status_code, answer.json["error"]["revision"]) == (409, 5)
    assert put(client, token, draft, 5, b"five").status_code == 200  # the answer was lost
    assert put(client, token, draft, 5, b"locked anew", lock="L2").status_code == 200
    assert put(client, token, draft, 6, b"six").status_code == 200
    assert client.get(f"{URL}/{draft}", headers=token).data == b"six"


def test_of_many_at_once_the_highest_stays(app: Flask, token: dict[str, str]) -> None:
    draft = uuid.uuid4()

    def send(revision: int) -> int:
        client = app.test_client()
        return int(put(client, token, draft, revision, str(revision).encode()).status_code)

    revisions = list(range(1, 13))
    random.Random(3).shuffle(revisions)
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(send, revisions)) <= {200, 409}
    assert app.test_client().get(f"{URL}/{draft}", headers=token).data == b"12"


def test_copies_of_somebody_else_are_not_there(
    client: CheckingClient, session: Session, token: dict[str, str]
) -> None:
    draft = uuid.uuid4()
    put(client, token, draft, 1, b"mine")
    client.put(f"{URL}/{draft}/{NAME}", data=b"mine", headers=token)
    other = token_of(session, make_person(session, "eva@example.org", "buurtbeheerder"))
    assert client.get(URL, headers=other).json == {"copies": []}
    assert client.get(f"{URL}/{draft}", headers=other).status_code == 404
    assert client.get(f"{URL}/{draft}/{NAME}", headers=other).status_code == 404
    client.delete(f"{URL}/{draft}", headers=other)
    assert put(client, other, draft, 9, b"theirs").status_code == 200
    assert client.get(f"{URL}/{draft}", headers=token).data == b"mine"
    assert client.get(f"{URL}/{draft}/{NAME}", headers=token).data == b"mine"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Sealed-Lock": "L1"}, b"x", 422),
        ({"Sealed-Revision": "1"}, b"x", 422),
        ({"Sealed-Lock": "L" * 33, "Sealed-Revision": "1"}, b"x", 422),
        ({"Sealed-Lock": "L1", "Sealed-Revision": "-1"}, b"x", 422),
        ({"Sealed-Lock": "L1", "Sealed-Revision": str(2**31)}, b"x", 422),
        ({"Sealed-Lock": "L1", "Sealed-Revision": "1"}, b"", 422),
        ({"Sealed-Lock": "L1", "Sealed-Revision": "1"}, b"x" * (2 * 1024 * 1024 + 1), 413),
    ],
)
def test_what_is_no_copy_is_refused(
    client: CheckingClient, token: dict[str, str], headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = client.put(f"{URL}/{uuid.uuid4()}", data=body, headers={**token, **headers})
    assert answer.status_code == status
    assert client.get(URL, headers=token).json == {"copies": []}


@pytest.mark.parametrize("name", ["x", "AB" * 32, "..%2f..%2fsecret_key", "ab" * 32 + "%0A"])
def test_names_of_files_are_hexadecimal(
    client: CheckingClient, token: dict[str, str], name: str
) -> None:
    answer = client.put(f"{URL}/{uuid.uuid4()}/{name}", data=b"x", headers=token)
    assert answer.status_code == 404


def test_nobody_has_copies(client: CheckingClient, kees: User) -> None:
    draft = uuid.uuid4()
    assert client.get(URL).status_code == 401
    assert put(client, {}, draft, 1, b"x").status_code == 401
    assert client.delete(f"{URL}/{draft}").status_code == 401
    assert client.put(f"{URL}/{draft}/{NAME}", data=b"x").status_code == 401


def copy(user: User, body: bytes = b"x", revision: int = 1) -> SealedCopy:
    return SealedCopy(
        user_id=user.id, draft_id=uuid.uuid4(), lock_id="L1", revision=revision, body=body
    )


def test_one_person_may_keep_so_much(session: Session, kees: User, settings: Settings) -> None:
    vault = Vault(settings.data_dir / "sealed", most_bytes=100, most_drafts=2, most_files=1)
    first = copy(kees, b"x" * 60)
    keep_copy(session, vault, first, NOW)
    with pytest.raises(TooMuch, match="bytes"):
        keep_copy(session, vault, copy(kees, b"x" * 50), NOW)
    keep_copy(session, vault, copy(kees), NOW)
    with pytest.raises(TooMuch, match="drafts"):
        keep_copy(session, vault, copy(kees), NOW)
    keep_file(session, vault, kees.id, first.draft_id, NAME, b"y" * 30, NOW)
    keep_file(session, vault, kees.id, first.draft_id, NAME, b"z" * 30, NOW)  # in its place
    with pytest.raises(TooMuch, match="files"):
        keep_file(session, vault, kees.id, first.draft_id, "cd" * 32, b"y", NOW)
    with pytest.raises(TooMuch, match="bytes"):
        keep_file(session, vault, kees.id, first.draft_id, NAME, b"y" * 60, NOW)


def test_a_disk_that_takes_no_more_is_told(
    client: CheckingClient, token: dict[str, str], settings: Settings
) -> None:
    folder = settings.data_dir / "sealed"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    answer = client.put(f"{URL}/{uuid.uuid4()}/{NAME}", data=b"x", headers=token)
    assert (answer.status_code, answer.json["error"]["code"]) == (507, "disk_full")  # type: ignore[index]
    assert client.get(URL, headers=token).json == {"copies": []}


def test_copies_go_sixty_days_after_their_last_change(
    session: Session, kees: User, settings: Settings
) -> None:
    vault = Vault(settings.data_dir / "sealed")
    old, touched, young = copy(kees), copy(kees), copy(kees)
    keep_copy(session, vault, old, NOW - timedelta(days=61))
    keep_file(session, vault, kees.id, old.draft_id, NAME, b"old", NOW - timedelta(days=61))
    keep_copy(session, vault, touched, NOW - timedelta(days=61))
    keep_file(session, vault, kees.id, touched.draft_id, NAME, b"new", NOW - timedelta(days=3))
    keep_copy(session, vault, young, NOW - timedelta(days=59))
    stray = vault.home(987, uuid.uuid4())  # of a person who is gone
    stray.mkdir(parents=True)
    two_days_ago = (NOW - timedelta(days=2)).timestamp()
    os.utime(stray, (two_days_ago, two_days_ago))
    done = apply_retention(session, settings, SYSTEM, NOW, dry_run=False)
    assert {item.code: item.count for item in done if item.count} == {"sealed": 1}
    session.expire_all()
    left = set(session.scalars(select(SealedCopy.draft_id)))
    assert left == {touched.draft_id, young.draft_id}
    assert set(session.scalars(select(SealedFile.draft_id))) == {touched.draft_id}
    assert list(vault.folder.glob("*/*")) == [vault.home(kees.id, touched.draft_id)]


def test_parts_that_nobody_asks_for_go_after_thirty_days(
    session: Session, kees: User, settings: Settings
) -> None:
    home = settings.data_dir / "parts" / str(kees.id)
    home.mkdir(parents=True)
    for name, days in (("old.part", 31), ("young.part", 29)):
        (home / name).write_bytes(b"x")
        moment = (NOW - timedelta(days=days)).timestamp()
        os.utime(home / name, (moment, moment))
    done = apply_retention(session, settings, SYSTEM, NOW, dry_run=False)
    assert {item.code: item.count for item in done if item.count} == {"parts": 1}
    assert [path.name for path in home.iterdir()] == ["young.part"]
