"""Media of surveys: public by their hash, without cookies; of drafts for colleagues alone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.db.models import Survey, SurveyVersion
from fieldapp.services.media import MediaStore
from fieldapp.services.retention import RULES, Job
from tests.factories import PASSWORD, make_area, make_person, make_survey
from tests.factories.surveys import PUBLISHED
from tests.support.client import CheckingClient
from tests.support.walk import jpeg
from tests.web.test_forms_all_types import WAV

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def definition(files: dict[str, str]) -> dict[str, Any]:
    image = {"image": {"nl": "plaat.jpg"}, "audio": {"nl": "stem.wav"}}
    choice = {"name": "ja", "label": {"nl": "Ja"}, "media": image}
    question = {
        "type": "select_one ja",
        "name": "vraag",
        "label": {"nl": "Ziet het er zo uit?"},
        "media": image,
    }
    return {
        "settings": {
            "form_id": "platen",
            "version": "1",
            "kind": "observatie",
            "default_language": "nl",
            "languages": ["nl"],
        },
        "title": {"nl": "Platen"},
        "survey": [{"type": "group", "name": "blad", "children": [question]}],
        "choices": {"ja": [choice]},
        "files": files,
    }


@pytest.fixture
def media(settings: Settings) -> MediaStore:
    return MediaStore(settings.media_dir)


def test_a_published_file_is_public_cookieless_and_kept(
    client: CheckingClient, session: Session, media: MediaStore
) -> None:
    picture, sound = media.write(jpeg()), media.write(WAV)
    make_survey(session, definition({"plaat.jpg": picture, "stem.wav": sound}))
    for sha256, kind in ((picture, "image/jpeg"), (sound, "audio/wav")):
        with client.get(f"/vragenlijst-media/{sha256}") as response:
            assert response.status_code == 200
            assert response.mimetype == kind
            assert "immutable" in response.headers["Cache-Control"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in response.headers
            assert hashlib.sha256(response.data).hexdigest() == sha256


def test_what_no_survey_names_is_not_there(
    client: CheckingClient, session: Session, media: MediaStore
) -> None:
    other, drawing = media.write(jpeg("blue")), media.write(SVG)
    make_survey(session, definition({"tekening.svg": drawing}))
    wrong = [other, drawing, "0" * 64, "..%2f..%2fetc%2fpasswd", other.upper(), other[:-1]]
    for address in wrong:
        assert client.get(f"/vragenlijst-media/{address}").status_code == 404, address


def test_media_of_a_draft_are_for_colleagues_of_that_organisation(
    app: Flask, client: CheckingClient, session: Session, media: MediaStore
) -> None:
    sha256 = media.write(jpeg("yellow"))
    make_person(session, "a@example.org", "beheerder")
    make_person(session, "b@example.org", "beheerder", organisation="andere")
    version = make_survey(session, definition({}))
    version.survey.organisation_id = make_person(
        session, "c@example.org", "beheerder"
    ).organisation_id
    draft = SurveyVersion(
        survey_id=version.survey_id,
        version="2",
        state="draft",
        definition=definition({"plaat.jpg": sha256}),
        definition_sha256="0" * 64,
        created_at=PUBLISHED,
    )
    session.add(draft)
    session.commit()
    address = f"/vragenlijst-media/{sha256}"
    assert client.get(address).status_code == 404
    for email, status in (("a@example.org", 200), ("b@example.org", 404)):
        person = app.test_client()
        assert isinstance(person, CheckingClient)
        person.log_in(email, PASSWORD)
        with person.get(address) as response:
            assert response.status_code == status
            if status == 200:
                assert response.headers["Cache-Control"] == "private, no-store"
    draft.trial_token = "t" * 20
    session.commit()
    with client.get(address) as response:  # who has the link to try it sees it too
        assert response.status_code == 200


def test_the_page_shows_them_with_words(
    client: CheckingClient, session: Session, media: MediaStore
) -> None:
    picture, sound = media.write(jpeg()), media.write(WAV)
    make_area(session)
    make_survey(session, definition({"plaat.jpg": picture, "stem.wav": sound}))
    make_person(session, "kees@example.org", "buurtbeheerder")
    client.log_in("kees@example.org", PASSWORD)
    client.get("/veld/")
    client.submit("begin", survey="platen")
    client.submit("0-buurt", area_code="BU99990101")
    images = {i.get("src"): i.get("alt") for i in client.page.iter("img")}
    assert f"/vragenlijst-media/{picture}" in images
    shown = [i.get("alt") for i in client.page.iter("img")]
    assert "Afbeelding bij: Ziet het er zo uit?" in shown
    sounds = list(client.page.iter("audio"))
    assert [s.get("src") for s in sounds] == [f"/vragenlijst-media/{sound}"] * 2
    assert {s.get("preload") for s in sounds} == {"none"}


def test_the_clean_up_leaves_them_alone(
    session: Session, settings: Settings, media: MediaStore
) -> None:
    import os

    picture, other = media.write(jpeg()), media.write(jpeg("blue"))
    make_survey(session, definition({"plaat.jpg": picture}))
    for sha256 in (picture, other):
        os.utime(media.path(sha256), (0, 0))
    job = Job(session, settings, PUBLISHED)
    next(rule for rule in RULES if rule.code == "media").run(job)
    assert [path.name for path in job.files] == [other]
    assert session.query(Survey).count() == 1
