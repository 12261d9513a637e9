"""The file of a phone's queue: every submission once, refused ones told, no bomb goes off."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, SignedReceipt, Submission, SurveyVersion
from fieldapp.services import import_queue as module
from fieldapp.services.import_queue import Item, WrongQueueFile, import_queue
from fieldapp.services.intake import Intake
from fieldapp.services.media import MediaStore
from fieldapp.services.receipts import Signer
from fieldapp.web.queue_import.views import _read
from tests.bad_input.world import picture
from tests.factories import make_actor, make_person, make_round, make_survey
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
    squeeze: int = zipfile.ZIP_STORED,
) -> bytes:
    """The zip that a phone writes: everything stored, nothing squeezed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", squeeze) as archive:
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


def test_three_hundred_forms_come_in_and_each_is_told(session: Session, take_in: TakeIn) -> None:
    photo = picture()
    forms: list[dict[str, Any]] = [observation(*[photo] * (n % 10 == 0)) for n in range(300)]
    bad = 150
    forms[bad]["answers"] = {"wat": "paars"}
    items = take_in(packed(*forms, photos=(photo,)))
    assert [item.name for item in items] == [form["id"] for form in forms]
    assert [n for n, item in enumerate(items) if item.outcome != "created"] == [bad]
    assert session.scalar(select(func.count()).select_from(Submission)) == 299
    # Half of it was handed in before: nothing comes in twice, and the one that was mended comes.
    forms[bad]["answers"] = {"wat": "schoon", "niveau_schoon": "A"}
    again = take_in(packed(*forms[100:], photos=(photo,)))
    assert [item.outcome for item in again].count("same") == 199
    assert [item.outcome for item in again].count("created") == 1


def test_the_round_of_another_organisation_is_unknown(session: Session, take_in: TakeIn) -> None:
    made = session.scalars(select(SurveyVersion)).one()
    make_round(session, made, slug="van-hen", organisation="corporatie")
    ours = make_round(session, made, slug="van-ons", public=False)
    theirs_item, ours_item = take_in(
        packed(observation(round="van-hen"), observation(round="van-ons"))
    )
    assert theirs_item.outcome == "refused"
    assert [problem.code for problem in theirs_item.problems] == ["unknown_round"]
    assert ours_item.outcome == "created"
    assert session.scalars(select(Submission.round_id)).all() == [ours.id]


def test_a_bad_one_stops_no_other(session: Session, take_in: TakeIn) -> None:
    photo = picture()
    good = observation()
    known = observation()
    take_in(packed(known))
    documents: list[dict[str, Any] | bytes] = [
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


def test_a_name_that_climbs_out_of_its_folder_is_only_a_name(
    session: Session, take_in: TakeIn, tmp_path: Path
) -> None:
    """Files are found by their hash and kept under their hash, wherever the zip says they lie."""
    photo = picture()
    one = observation(photo)
    climbing = {
        "../../../../tmp/raak.txt": b"raak",
        "/etc/raak": b"raak",
        f"../../bestanden/{hashlib.sha256(photo).hexdigest()}": photo,
        f"..\\..\\{'a' * 300}": b"raak",
        "../inzendingen/../../raak.json": b"{}",
    }
    items = take_in(packed(one, also=climbing))
    assert [(item.name, item.outcome) for item in items] == [(one["id"], "created")]
    files = [path for path in tmp_path.parent.rglob("*") if path.is_file()]
    assert not [path for path in files if "raak" in path.name or path.read_bytes() == b"raak"]
    kept = session.scalars(select(Attachment)).one()
    assert kept.sent_sha256 == hashlib.sha256(photo).hexdigest()


def test_what_a_laptop_adds_when_it_packs_again_is_left_alone(take_in: TakeIn) -> None:
    photo = picture()
    one, name = observation(photo), hashlib.sha256(photo).hexdigest()
    also = {
        "wachtrij/": b"",
        "wachtrij/inzendingen/": b"",
        f"__MACOSX/wachtrij/inzendingen/._{one['id']}.json": b"\x00\x05\x16\x07",
        f"__MACOSX/wachtrij/bestanden/{name}": b"\x00\x05\x16\x07",
    }
    (item,) = take_in(packed(one, photos=(photo,), folder="wachtrij/", also=also))
    assert (item.outcome, item.files) == ("created", 1)


def test_a_document_larger_than_any_form_is_refused(
    take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_DOCUMENT", 2000)
    large = observation(answers={"wat": "schoon", "niveau_schoon": "A", "toelichting": "x" * 2000})
    told, fine = take_in(packed(large, observation()))
    assert (told.outcome, told.problems[0].code) == ("refused", "document_broken")
    assert fine.outcome == "created"


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
        (packed(observation(), squeeze=zipfile.ZIP_LZMA), "not_a_zip"),
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


def test_a_list_of_nothing_but_names_is_not_read(take_in: TakeIn) -> None:
    """Reading all names of a large zip would take many times its size in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inzendingen/a.json", json.dumps(observation()))
        for number in range(30_000):  # 30,000 times (46 bytes and a name of 100) is over 4 MB
            archive.writestr(f"{number:0100}", b"")
    with pytest.raises(WrongQueueFile, match="too_many_entries") as told:
        take_in(out.getvalue())
    assert told.value.__cause__ is not None  # refused before the list was read, not after


@pytest.mark.parametrize("squeeze", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_whatever_broke_on_the_way_gets_an_answer(squeeze: int) -> None:
    """Every field of every heading damaged in turn, and the zip cut off anywhere."""
    whole = packed(
        {"id": "één"}, {"id": "twee"}, photos=(b"foto" * 40,), squeeze=squeeze
    )  # a name with an accent is spelled in UTF-8
    headings = [
        at
        for sign, length in ((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22))
        for start in range(len(whole))
        if whole.startswith(sign, start)
        for at in range(start, start + length + 8)
    ]
    chance = random.Random(1)
    damaged = [damage(whole, at, by) for at in headings if at < len(whole) for by in (0, 0x7F, 255)]
    damaged += [
        damage(damage(whole, chance.choice(headings[:-8]), 255), chance.randrange(len(whole)), 200)
        for _ in range(300)
    ]
    damaged += [whole[:end] for end in range(0, len(whole), 7)]
    for data in damaged:
        try:
            with module._opened(io.BytesIO(data)) as archive:
                queue = module._Queue(archive)
                assert all(len(name) <= 80 for name, _document in queue.documents())
                for sha256 in queue.files:
                    with contextlib.suppress(FileNotFoundError):
                        assert queue.load(sha256) == b"foto" * 40
        except WrongQueueFile:
            continue


def damage(data: bytes, at: int, by: int) -> bytes:
    return data[:at] + bytes([by]) + data[at + 1 :]


def test_too_many(take_in: TakeIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SUBMISSIONS", 1)
    with pytest.raises(WrongQueueFile, match="too_many_submissions"):
        take_in(packed(observation(), observation()))
    monkeypatch.setattr(module, "MOST_ENTRIES", 2)
    with pytest.raises(WrongQueueFile, match="too_many_entries"):
        take_in(packed(observation(), observation()))
