"""A questionnaire brought in: a draft with its media, or a reason and nothing at all."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.survey import load_survey
from fieldapp.db.models import SurveyVersion
from fieldapp.services.import_survey import ImportSurvey, actor_of, import_survey, read_import
from fieldapp.services.media import MediaStore
from fieldapp.services.survey_media import prepare_media
from fieldapp.sources.xlsform.limits import NotRead
from tests.factories import make_organisation, make_survey
from tests.sources.xlsform_books import SETTINGS, codes, workbook

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
HEAD = ["type", "name", "label", "image"]


def form(name: str = "proef", image: str = "") -> bytes:
    settings = [["form_id", "default_language"], [name, "nl"]]
    return workbook(survey=[HEAD, ["text", "v", "Vraag", image]], settings=settings)


def picture(kind: str, *, place: bool = False) -> bytes:
    """A small picture; `place`: with the coordinates that a phone writes into it."""
    out = io.BytesIO()
    image = Image.new("RGB", (20, 10), "red")
    exif = Image.Exif()
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 5.0, 0.0), 3: "E", 4: (5.0, 7.0, 0.0)})
    image.save(out, kind, **({"exif": exif} if place else {}))
    return out.getvalue()


@pytest.fixture
def actor(session: Session) -> Actor:
    return Actor(make_organisation(session).id)


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def count(session: Session) -> int:
    return session.scalar(select(func.count(SurveyVersion.id))) or 0


def test_a_draft_with_its_media(session: Session, actor: Actor, media: MediaStore) -> None:
    files = {"vragen.xlsx": form(image="plaat.jpg"), "plaat.jpg": picture("JPEG", place=True)}
    found, draft = import_survey(session, media, ImportSurvey(files, "observatie"), actor, NOW)
    assert draft is not None, found.errors
    assert draft.survey.organisation_id == actor.organisation_id
    survey = load_survey(draft.definition)
    kept = media.read(survey.files["plaat.jpg"])
    assert hashlib.sha256(kept).hexdigest() == survey.files["plaat.jpg"]
    assert not Image.open(io.BytesIO(kept)).getexif().get_ifd(0x8825)  # where it was taken


def test_a_fault_keeps_nothing(session: Session, actor: Actor, media: MediaStore) -> None:
    files = {"vragen.xlsx": form(image="plaat.jpg"), "plaat.jpg": b"<svg/>"}
    found, draft = import_survey(session, media, ImportSurvey(files, "observatie"), actor, NOW)
    assert draft is None
    assert codes(found.errors) == ["media_is_svg"]
    assert found.survey is None
    assert count(session) == 0
    assert not media.folder.exists()


def test_a_name_of_somebody_else_gets_a_number(
    session: Session, actor: Actor, media: MediaStore
) -> None:
    make_survey(session, "observatie")  # ships with fieldapp
    files = {"vragen.xlsx": form("observatie")}
    found, draft = import_survey(session, media, ImportSurvey(files, "observatie"), actor, NOW)
    assert draft is not None
    assert draft.survey.name == "observatie_2"
    assert "form_id_changed" in codes(found.warnings)


def test_the_kind_comes_from_the_command_or_the_form() -> None:
    sheets = {"survey": [HEAD, ["text", "v", "Vraag", ""]]}
    settings = [["form_id", "kind", "default_language"], ["proef", "enquete", "nl"]]
    files = {"v.xlsx": workbook(**sheets, settings=settings)}
    assert read_import(ImportSurvey(files)).definition["settings"]["kind"] == "enquete"
    told = read_import(ImportSurvey(files, "professional"))
    assert told.definition["settings"]["kind"] == "professional"
    none = {"v.xlsx": workbook(**sheets, settings=SETTINGS)}
    assert codes(read_import(ImportSurvey(none)).errors) == ["kind_needed"]


def test_the_command_line_acts_for_the_only_organisation(session: Session) -> None:
    assert actor_of(session, "") is None
    first = make_organisation(session, "gemeente")
    assert actor_of(session, "") == Actor(first.id, is_system=True)
    second = make_organisation(session, "corporatie")
    assert actor_of(session, "") is None
    found = actor_of(session, "corporatie")
    assert found is not None
    assert found.organisation_id == second.id


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_pictures_keep_their_kind_and_lose_what_they_tell(kind: str) -> None:
    kept = prepare_media(f"plaat.{kind.lower()}", picture(kind, place=kind != "GIF"))
    image = Image.open(io.BytesIO(kept))
    assert (image.format, image.size) == (kind, (20, 10))
    assert not image.getexif()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0"?><svg/>', "media_is_svg"),
        (b"  <SVG onload=x>", "media_is_svg"),
        (b"MZ\x90\x00", "media_kind_unknown"),
        (b"<html>", "media_kind_unknown"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "media_not_this_kind"),
        (b"ID3" + bytes(30_000_001), "media_too_large"),
    ],
)
def test_what_goes_with_no_survey(data: bytes, code: str) -> None:
    with pytest.raises(NotRead) as refused:
        prepare_media("bestand", data)
    assert refused.value.problem.code == code


def test_sound_stays_as_it_is() -> None:
    sound = b"ID3\x04" + bytes(100)
    assert prepare_media("a.mp3", sound) == sound
