"""The file of a phone's queue: every submission once, refused ones told, no bomb goes off."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, SignedReceipt, Submission
from fieldapp.services import import_queue as module
from fieldapp.services.import_queue import Item, WrongQueueFile, import_queue
from fieldapp.services.intake import Intake
from fieldapp.services.media import MediaStore
from fieldapp.services.receipts import Signer
from fieldapp.web.queue_import.views import _read
from tests.bad_input.world import picture
from tests.factories import make_actor, make_person, make_survey
from tests.factories.submissions import CAPTURED
from tests.support.shipped import version

TakeIn = Callable[[bytes], list[Item]]


@pytest.fixture
def take_in(session: Session, tmp_path: Path) -> TakeIn:
    make_survey(session, "observatie")
    actor = make_actor(make_person(session, "kees@example.org", "buurtbeheerder"))
    signer = Signer(tmp_path / "receipts.pem")
    intake = Intake(MediaStore(tmp_path / "media"), signer=signer)

    def take_in(data: bytes) -> list[Item]:
        return import_queue(session, io.BytesIO(data), _read, actor, CAPTURED, intake)

    return take_in


def observation(*photos: bytes, **changes: Any) -> dict[str, Any]:
    files = [
        {
            "question": "foto",
            "name": f"foto{number}.jpg",
            "sha256": hashlib.sha256(photo).hexdigest(),
            "size": len(photo),
        }
        for number, photo in enumerate(photos)
    ]
    return {
        "id": str(uuid.uuid4()),
        "survey": "observatie",
        "version": version("observatie"),
        "language": "nl",
        "captured_at": "2026-11-20T14:03:00+01:00",
        "round": "",
        "location": None,
        "answers": {"wat": "schoon", "niveau_schoon": "A"},
        "files": files,
        **changes,
    }


def packed(
    *documents: dict[str, Any] | bytes,
    photos: tuple[bytes, ...] = (),
    folder: str = "",
    also: dict[str, bytes] | None = None,
) -> bytes:
    """The zip that a phone writes: everything stored, nothing squeezed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, document in enumerate(documents):
            name = document["id"] if isinstance(document, dict) else str(number)
            data = json.dumps(document) if isinstance(document, dict) else document
            archive.writestr(f"{folder}inzendingen/{name}.json", data)
        for photo in photos:
            archive.writestr(f"{folder}bestanden/{hashlib.sha256(photo).hexdigest()}", photo)
        archive.writestr(f"{folder}lees-mij.txt", "Lees mij")
        for name, data in (also or {}).items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def test_new_ones_arrive_with_their_photos_and_a_receipt(session: Session, take_in: TakeIn) -> None:
    red, blue = picture("red"), picture("blue")
    first, second = observation(red, blue), observation(red)
    items = take_in(packed(first, second, photos=(red, blue)))
    assert [item.outcome for item in items] == ["created", "created"]
    assert [item.files for item in items] == [2, 1]
    stored = session.scalars(select(Submission)).all()
    assert {str(found.id) for found in stored} == {first["id"], second["id"]}
    assert all(found.user_id is not None for found in stored)
    assert len(session.scalars(select(SignedReceipt)).all()) == 2
    sent = {row.sent_sha256 for row in session.scalars(select(Attachment))}
    assert sent == {hashlib.sha256(photo).hexdigest() for photo in (red, blue)}


def test_the_same_file_twice_and_packed_again_in_a_folder(
    session: Session, take_in: TakeIn
) -> None:
    photo = picture()
    one = observation(photo)
    take_in(packed(one, photos=(photo,)))
    again = take_in(packed(one, photos=(photo,), folder="telefoon van Kees/"))
    assert [item.outcome for item in again] == ["same"]
    assert len(session.scalars(select(Submission)).all()) == 1


def test_a_bad_one_stops_no_other(session: Session, take_in: TakeIn) -> None:
    photo = picture()
    good = observation()
    known = observation()
    take_in(packed(known))
    documents = [
        observation(photo),  # its photo is not in the file
        observation(answers={"wat": "paars"}),
        observation(survey="bestaat_niet"),
        b"{",
        b"[" * 100_000,
        b"",
        {**known, "answers": {"wat": "heel"}},
        good,
    ]
    items = take_in(packed(*documents))
    assert [item.outcome for item in items] == [*["refused"] * 6, "conflict", "created"]
    assert [item.problems[0].code for item in items[:6]] == [
        "file_missing", "unknown_choice", "unknown_survey",
        "body_not_json", "body_not_json", "document_broken",
    ]  # fmt: skip
    assert session.get(Submission, uuid.UUID(good["id"])) is not None


def test_a_photo_that_is_not_what_its_name_says_is_missing(take_in: TakeIn) -> None:
    photo = picture()
    right = hashlib.sha256(photo).hexdigest()
    data = packed(observation(photo), also={f"bestanden/{right}": photo[:-1] + b"x"})
    (item,) = take_in(data)
    assert (item.outcome, item.problems[0].code) == ("refused", "file_missing")


def test_a_damaged_photo_is_missing(take_in: TakeIn) -> None:
    photo = picture()
    data = bytearray(packed(observation(photo), photos=(photo,)))
    data[data.index(photo) + 50] ^= 0xFF
    (item,) = take_in(bytes(data))
    assert (item.outcome, item.problems[0].code) == ("refused", "file_missing")


def with_password() -> bytes:
    data = bytearray(packed(observation()))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_zip"),
        (b"PK\x03\x04" + b"\0" * 100, "not_a_zip"),
        (picture(), "not_a_zip"),
        (packed(observation())[:-30], "not_a_zip"),
        (packed(), "no_submissions"),
        (packed(also={"inzendingen.json": b"{}", "x/y.txt": b""}), "no_submissions"),
        (with_password(), "with_password"),
    ],
)
def test_another_file_is_told_in_a_code_that_has_words(
    take_in: TakeIn, data: bytes, code: str
) -> None:
    from fieldapp.web.queue_import.views import WRONG

    with pytest.raises(WrongQueueFile) as told:
        take_in(data)
    assert told.value.code == code
    assert str(WRONG[code] % told.value.params)


def test_a_bomb_does_not_go_off(
    session: Session, take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_TOGETHER", 1_000_000)
    bomb = packed(observation(), also={"bestanden/" + "0" * 64: b"\0" * 1_100_000})
    assert len(bomb) < 10_000
    with pytest.raises(WrongQueueFile, match="too_large"):
        take_in(bomb)
    assert session.scalars(select(Submission)).all() == []


def test_a_bomb_that_lies_about_its_size_is_damaged(take_in: TakeIn) -> None:
    """The size in the list says 100 bytes; what unpacks is a million."""
    name = "0" * 64
    data = bytearray(packed(observation(), also={f"bestanden/{name}": b"\0" * 1_000_000}))
    at = data.rindex(f"bestanden/{name}".encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    (fine,) = take_in(bytes(data))  # nobody asks for that file
    assert fine.outcome == "created"
    asks = observation()
    asks["files"] = [{"question": "foto", "name": "a.jpg", "sha256": name, "size": 100}]
    data = bytearray(packed(asks, also={f"bestanden/{name}": b"\0" * 1_000_000}))
    at = data.rindex(f"bestanden/{name}".encode()) - 46
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    (item,) = take_in(bytes(data))
    assert item.outcome == "refused"


def test_too_many(take_in: TakeIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SUBMISSIONS", 1)
    with pytest.raises(WrongQueueFile, match="too_many_submissions"):
        take_in(packed(observation(), observation()))
    monkeypatch.setattr(module, "MOST_ENTRIES", 2)
    with pytest.raises(WrongQueueFile, match="too_many_entries"):
        take_in(packed(observation(), observation()))
