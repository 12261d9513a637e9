"""Photos in the plain form: good ones are kept, bad ones are named, nothing typed is lost."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pillow_heif
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, Draft, Submission
from tests.factories import PASSWORD, make_area, make_person, make_survey
from tests.support.client import CheckingClient
from tests.support.walk import go, jpeg, upload, walk_to_receipt

EMAIL = "kees@example.org"

PAGE = {
    "settings": {
        "form_id": "proef",
        "version": "1",
        "kind": "observatie",
        "default_language": "nl",
        "languages": ["nl"],
    },
    "title": {"nl": "Proef"},
    "survey": [
        {
            "type": "group",
            "name": "een",
            "children": [
                {"type": "text", "name": "tekst", "label": {"nl": "Wat zie je?"}},
                {"type": "image", "name": "foto", "label": {"nl": "Foto"}},
            ],
        },
        {
            "type": "group",
            "name": "twee",
            "children": [{"type": "text", "name": "slot", "label": {"nl": "Nog iets?"}}],
        },
    ],
}


@pytest.fixture
def photographer(client: CheckingClient, session: Session) -> CheckingClient:
    """A caretaker on a page with a text and photos."""
    make_area(session)
    make_survey(session, PAGE)
    make_person(session, EMAIL, "buurtbeheerder")
    client.log_in(EMAIL, PASSWORD)
    client.get("/veld/")
    client.submit("begin", survey="proef")
    go(client, **{"area_code": "BU99990101"})
    return client


def draft(session: Session) -> Draft:
    session.expire_all()
    return session.scalars(select(Draft)).one()


def with_exif() -> bytes:
    """A photo that says when, where and with what it was made."""
    exif = Image.Exif()
    exif[Base.Make] = "Fotofabriek"
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2026:05:03 14:03:00"
    exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = "+02:00"
    exif.get_ifd(IFD.GPSInfo)[1] = "N"
    exif.get_ifd(IFD.GPSInfo)[2] = (52.0, 5.0, 0.0)
    return jpeg(exif=exif)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Dit is gewoon tekst.\n", "het bestand is geen foto"),
        (
            jpeg(size=(400, 300))[:-900],
            "De foto is niet gelukt: het bestand is beschadigd. Maak een nieuwe foto of ga "
            "verder zonder.",
        ),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "niet gelukt"),
    ],
    ids=["text", "cut off", "broken png"],
)
def test_a_bad_photo_is_reported_and_all_else_is_kept(
    photographer: CheckingClient, session: Session, data: bytes, words: str
) -> None:
    files = [upload(jpeg("blue")), upload(data, "vakantie.jpg")]
    assert go(photographer, tekst="Lamp stuk", foto=files) == 422
    assert words in photographer.text()
    assert "vakantie.jpg" in photographer.text()
    kept = draft(session)
    assert kept.raw["tekst"] == "Lamp stuk"
    assert len(kept.files) == 1
    go(photographer)  # on without
    assert "Nog iets?" in photographer.text()


def test_a_photo_of_40_megabytes_is_refused_kindly(
    photographer: CheckingClient, session: Session
) -> None:
    big = jpeg() + b"\0" * (40 * 1024 * 1024)
    assert go(photographer, tekst="Lamp stuk", foto=[upload(big)]) == 422
    assert "De foto is te groot: 40 MB, er past 20 MB." in photographer.text()
    assert draft(session).raw["tekst"] == "Lamp stuk"


def test_a_request_beyond_all_limits_gets_a_page(photographer: CheckingClient) -> None:
    huge = jpeg() + b"\0" * (61 * 1024 * 1024)
    assert go(photographer, foto=[upload(huge)]) == 413
    assert "te groot" in photographer.text()


def test_exif_is_read_and_gone(photographer: CheckingClient, session: Session) -> None:
    go(photographer, foto=[upload(with_exif())])
    go(photographer)
    stored = session.scalars(select(Attachment)).one()
    assert stored.taken_at == datetime(2026, 5, 3, 12, 3, tzinfo=UTC)
    address = f"/foto/{stored.submission_id}/{stored.id}"
    with photographer.get(address) as response:
        served = Image.open(io.BytesIO(response.data))
        headers = response.headers
    assert dict(served.getexif()) == {}
    assert b"Fotofabriek" not in response.data
    assert headers["Cache-Control"].startswith("private")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "image/jpeg"
    assert "Set-Cookie" not in headers


def test_heic_is_accepted(photographer: CheckingClient, session: Session) -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (128, 96), "red")).save(out, quality=80)
    go(photographer, foto=[upload(out.getvalue(), "IMG_0001.HEIC")])
    go(photographer)
    stored = session.scalars(select(Attachment)).one()
    assert (stored.media_type, stored.width, stored.height) == ("image/jpeg", 128, 96)


def test_photos_with_one_name_are_told_apart(
    photographer: CheckingClient, session: Session
) -> None:
    go(photographer, foto=[upload(jpeg("red")), upload(jpeg("blue")), upload(jpeg("red"))])
    walk_to_receipt(photographer)
    names = sorted(session.scalars(select(Attachment.file_name)))
    assert names == ["image-2.jpg", "image.jpg"]  # the third was the first once more
    answer = session.scalars(select(Submission)).one().answers["foto"]["v"]
    assert sorted(answer) == names


def test_a_photo_can_be_removed_again(photographer: CheckingClient, session: Session) -> None:
    go(photographer, foto=[upload(jpeg("red")), upload(jpeg("blue"))])
    go(photographer, step="back")
    boxes = [
        box.get("value")
        for box in photographer.page.iter("input")
        if box.get("name") == "form/remove"
    ]
    assert len(boxes) == 2
    go(photographer, **{"form/remove": boxes[0]})
    (left,) = draft(session).files
    assert f"foto:{left['sent_sha256']}" == boxes[1]


def test_photos_of_others_stay_closed(photographer: CheckingClient, session: Session) -> None:
    go(photographer, foto=[upload(jpeg())])
    go(photographer)
    stored = session.scalars(select(Attachment)).one()
    address = f"/foto/{stored.submission_id}/{stored.id}"
    people = {
        ("gespreksvoerder", None, "gemeente"): 404,  # a colleague, but no reviewer
        ("analist", "GM9999", "gemeente"): 200,  # reviews in this area
        ("analist", "GM9998", "gemeente"): 404,  # reviews elsewhere
        ("analist", None, "andere"): 404,  # another organisation
    }
    for number, ((role, area, organisation), status) in enumerate(people.items()):
        email = f"p{number}@example.org"
        make_person(session, email, role, area=area, organisation=organisation)
        other = photographer.application.test_client()
        other.get("/inloggen")
        other.submit("inloggen", follow=False, email=email, password=PASSWORD)
        with other.get(address) as response:
            assert response.status_code == status, role
    outsider = photographer.application.test_client()
    assert outsider.get(address).status_code == 302
