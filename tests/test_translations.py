"""Languages are whole, and no page shows a text that translators never got to see."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sqlalchemy import select, text

from fieldapp.app import create_app
from fieldapp.cli.translations import catalogues as tool
from fieldapp.config import Settings, load_settings
from fieldapp.db.base import Base
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.demo.compose import demo_world
from fieldapp.demo.people import PASSWORD
from fieldapp.paths import SURVEYS
from fieldapp.services.make_demo import make_demo
from fieldapp.web import language
from tests.support.client import CheckingClient
from tests.support.crawl import Walk
from tests.support.pseudo import (
    plain_pieces,
    pseudo,
    strings_in,
    words_of_locale,
    write_pseudo,
)

SHIPPED = ("ar", "en", "pl", "tr", "uk")
# of CLDR; Turkish counts with the singular
PLURAL_FORMS = {"ar": 6, "en": 2, "pl": 3, "tr": 1, "uk": 3}

# Plain letters that may stand on a page though they are no text of ours and not in the database.
ALLOWED = {
    "fieldapp": "the name of the product, also in commands that one copies",
    "px": "a unit",
    "csv": "a kind of file",
    "geojson": "a kind of file",
    "json": "a kind of file",
    "qr": "a kind of code",
    "naam": "in an example of an e-mail address",
}


# --- the catalogues -------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_language_is_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing missing, stale, fuzzy or obsolete; placeholders and tags as in the Dutch."""
    monkeypatch.setattr(tool, "COMPLETE", SHIPPED)
    with tool.catalogues()[name].open("rb") as file:
        stored = read_po(file, locale=name)
    assert tool.problems(name, stored, tool.texts_in_source()) == []
    assert not stored.obsolete
    assert not [m.id for m in stored if m.fuzzy and m.id]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_plural_form_is_there_and_it_compiles(name: str, tmp_path: Path) -> None:
    with tool.catalogues()[name].open("rb") as file:
        stored = read_po(file, locale=name, abort_invalid=True)
    assert stored.num_plurals == PLURAL_FORMS[name]
    plurals = [m for m in stored if isinstance(m.id, (tuple, list))]
    assert plurals
    forms = {m.id: sum(map(bool, tool.strings(m.string))) for m in plurals}
    assert set(forms.values()) == {PLURAL_FORMS[name]}, forms
    with (tmp_path / "messages.mo").open("wb") as file:
        write_mo(file, stored)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_sentence_stays_a_sentence(name: str) -> None:
    """Full stops, colons and question marks as in the Dutch; no exclamation marks."""
    with tool.catalogues()[name].open("rb") as file:
        stored = read_po(file, locale=name)
    wrong = []
    for message in stored:
        for said in tool.strings(message.string) if message.id else ():
            ends = {".": ".", "?": "?؟", ":": ":"}.get(tool.strings(message.id)[-1][-1:])
            if "!" in said or (ends and said[-1:] not in ends):
                wrong.append((message.id, said))
    assert wrong == []


# --- the pages ------------------------------------------------------------------------------


def wide(letters: str) -> str:
    """The same letters, full width."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in letters)


def test_pseudo_keeps_what_programs_read() -> None:
    assert pseudo("Nog %(num)s <b>op</b>") == f"{wide('Nog')} %(num)s <b>{wide('op')}</b>"
    assert plain_pieces(pseudo("Enquête van %(name)s") % {"name": "Zonnebuurt"}) == ["Zonnebuurt"]
    assert plain_pieces(f"{wide('Opslaan')}: niet vertaald, 12 m") == ["niet vertaald"]


# The pages a person can click to, and addresses that nobody has a link to.
FORMS = tuple(f"/v/voorbeeldstad-{survey}" for survey in ("bewonersenquete", "observatie", "geen"))
PERSONS = {
    "": ("/", *FORMS, "/bestaat-niet", "/veld/"),
    "beheerder": ("/start", "/coderen/"),
    "wijkmanager": ("/start", "/beheer/"),
    "analist": ("/start",),
    "buurtbeheerder": ("/start",),
    "gespreksvoerder": ("/start",),
}


def settings_in(folder: Path) -> Settings:
    """Settings of an app whose whole state lies in one folder."""
    return load_settings(
        {
            "FIELDAPP_ENV": "test",
            "FIELDAPP_DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite'}",
            "FIELDAPP_DATA_DIR": str(folder),
            "FIELDAPP_SECRET_KEY": "only-for-tests-" + "x" * 32,
        }
    )


@pytest.fixture(scope="module")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A folder with the demo (one voice in eight), and every string in it and in surveys/."""
    folder = tmp_path_factory.mktemp("pseudo")
    shutil.copy(sqlite_template, folder / "demo.sqlite")
    settings = settings_in(folder)
    world = demo_world()
    some = world.submissions[::8]
    ids = {submission.id for submission in some}
    told = tuple(one for one in world.statements if one.submission_id in ids)
    small = replace(world, submissions=some, statements=told)
    engine = make_engine(settings.database_url)
    with make_session_factory(engine)() as session:
        make_demo(session, settings, datetime(2026, 11, 21, 12, tzinfo=UTC), world=small)
        tables = [session.execute(select(table)).all() for table in Base.metadata.sorted_tables]
        session.execute(text("pragma wal_checkpoint(truncate)"))
    engine.dispose()
    rows = [tuple(row) for table in tables for row in table]
    files = [yaml.safe_load(file.read_text()) for file in sorted(SURVEYS.rglob("*.yaml"))]
    return folder, {*strings_in(rows), *strings_in(files)}


class Data:
    """Is this piece of text something people or sources wrote?"""

    def __init__(self, strings: set[str], locale: str) -> None:
        self.pieces = {fold(piece) for one in strings for piece in (one, *plain_pieces(one))}
        self.whole = "\n".join(fold(one) for one in strings)
        self.words = words_of_locale(locale, (*language.interface_languages(), "nl", *SHIPPED))

    def __contains__(self, piece: str) -> bool:
        folded = fold(piece)
        if folded.endswith("…"):  # cut short
            return folded.removesuffix("…").strip() in self.whole
        parts = re.split(r"(?:^|\s)en\s", folded)  # Babel joins the names in a list so
        return self._known(folded) or all(self._known(part) for part in parts)

    def _known(self, part: str) -> bool:
        words = [word for word in re.split(r"\W+", part) if len(word) > 1]
        return (
            part in self.pieces
            or (len(part) > 12 and part in self.whole)  # a sentence, cut or marked in parts
            or all(word in self.words or word in ALLOWED for word in words)
        )


def fold(text: str) -> str:
    """Without differences of case and white space."""
    return " ".join(text.casefold().split())


@pytest.mark.parametrize("person", PERSONS)
def test_no_text_slips_past_the_translators(
    person: str,
    demo: tuple[Path, set[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template, strings = demo
    shutil.copytree(template, tmp_path / "data")
    write_pseudo(tool.texts_in_source(), tmp_path / "translations")
    monkeypatch.setattr(language, "TRANSLATIONS", tmp_path / "translations")
    language.interface_languages.cache_clear()
    data = Data(strings, "nl")
    app = create_app(settings_in(tmp_path / "data"))
    app.test_client_class = CheckingClient
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    try:
        if person:
            client.log_in(f"{person}@voorbeeld.example", PASSWORD)
        walk = Walk(app, client)
        slipped = {
            piece: f"{piece!r} in <{where}> of {address}"
            for address, where, text in walk.from_(*PERSONS[person])
            for piece in plain_pieces(text)
            if piece not in data
        }
        assert not slipped, "not marked for translation:\n" + "\n".join(slipped.values())
        assert len(walk.seen) >= len(PERSONS[person])
    finally:
        app.extensions["fieldapp"].engine.dispose()
        language.interface_languages.cache_clear()
