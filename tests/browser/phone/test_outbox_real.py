"""The outbox against fieldapp itself, on both engines: what is sent is what is stored, once."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, SignedReceipt, Submission
from tests.factories import PASSWORD, make_area, make_person, make_survey

KEES, NOOR = "kees@example.org", "noor@example.org"
HELPERS = (Path(__file__).parent / "phone.js").read_text()
SURVEY: Any = {
    "settings": {
        "form_id": "proef", "version": "1", "kind": "observatie",
        "default_language": "nl", "languages": ["nl"],
    },
    "title": {"nl": "Proef"},
    "survey": [
        {"type": "group", "name": "blad", "appearance": "field-list", "children": [
            {"type": "text", "name": "wat", "label": {"nl": "Wat?"}, "required": "yes"},
            {"type": "image", "name": "foto", "label": {"nl": "Foto?"}},
        ]},
    ],
}  # fmt: skip
LOAD = """async () => {
  const script = document.querySelector("script[src*='/static/']").src;
  const base = script.match(/^.*[/]static[/][^/]+/)[0] + "/js/phone/";
  const names = ["store", "drafts", "queue/receipts", "queue/outbox", "queue/export"];
  const loaded = await Promise.all(names.map((name) => import(`${base}${name}.js`)));
  window.phone = Object.assign({}, ...loaded);
}"""
FORM = """async ({photo, answers, name}) => {
  const { newDraft, saveDraft, attach, finish } = phone;
  const store = test.store();
  const draft = newDraft({ survey: "proef", version: "1", language: "nl", title: "Proef" });
  await saveDraft(store, draft, {});
  const files = [];
  if (photo) {
    const bytes = Uint8Array.from(atob(photo), (character) => character.charCodeAt(0));
    const blob = new Blob([bytes], {type: "image/jpeg"});
    const file = await attach(store, draft, "foto", blob, {name});
    files.push({question: "foto", name, sha256: file.sha256, size: file.size});
  }
  await finish(store, draft.id, {id: draft.id, survey: "proef", version: "1", language: "nl",
    captured_at: draft.started_at, round: "", location: null, answers, files});
  return draft.id;
}"""
ODD = {"wat": '  Kapot \u2028 \U0001f600 é "x" \\ \t\n regel twee  '}


def noise(side: int) -> bytes:
    """A real JPEG that does not get small: about half a byte to a byte per pixel."""
    made = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(made, "JPEG", quality=92)
    return made.getvalue()


def signed_in(browser: Browser, url: str, email: str) -> BrowserContext:
    """A phone on which somebody is logged in."""
    context = browser.new_context(base_url=url, locale="nl-NL", service_workers="block")
    log_in(context.new_page(), email)
    return context


def log_in(page: Page, email: str) -> None:
    page.goto("/inloggen")
    page.locator("input[name=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/veld/**")
    page.wait_for_load_state("networkidle")  # a module cut off leaves a file open


def prepared(page: Page, address: str = "/veld/gesprek") -> Page:
    """A page of the field with the modules and the helpers, its own outbox at rest."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.evaluate(LOAD)
    page.evaluate(HELPERS)
    return page


def form(page: Page, photo: bytes = b"", name: str = "foto.jpg", **answers: str) -> str:
    given = {"photo": base64.b64encode(photo).decode(), "name": name, "answers": answers or ODD}
    return str(page.evaluate(FORM, given))


@pytest.fixture
def world(session: Session) -> Session:
    make_area(session)
    make_person(session, KEES, "buurtbeheerder")
    make_person(session, NOOR, "buurtbeheerder")
    make_survey(session, SURVEY)
    return session


@pytest.fixture
def phone(browser: Browser, world: Session, live_server: str) -> Iterator[Page]:
    context = signed_in(browser, live_server, KEES)
    yield prepared(context.pages[0])
    context.close()


def test_a_form_with_a_large_photo_is_stored_once_and_signed(phone: Page, world: Session) -> None:
    photo = noise(1000)
    assert len(photo) > 3 * 256 * 1024
    id_ = form(phone, photo, "foto van de straat é.jpg")
    assert phone.evaluate("() => test.box().flush()")["waiting"] == 0
    [stored] = world.scalars(select(Submission)).all()
    assert str(stored.id) == id_
    assert stored.answers["wat"]["v"].strip() == ODD["wat"].strip()
    [file] = world.scalars(select(Attachment)).all()
    assert file.sent_sha256 == hashlib.sha256(photo).hexdigest()
    found = phone.evaluate("() => test.all()")
    assert (found["drafts"], found["files"]) == ([], [])
    [receipt] = found["receipts"]
    signed = world.get(SignedReceipt, stored.id)
    assert signed is not None
    assert (receipt["document"], receipt["signature"]) == (signed.document, signed.signature)
    assert json.loads(receipt["document"])["files"][0]["sha256"] == file.sent_sha256
    check = "(id) => test.store().get('receipts', id).then((r) => phone.verify(test.store(), r))"
    assert phone.evaluate(check, id_) is True


@pytest.mark.parametrize("photo_too", [True, False])
def test_the_same_again_gives_the_same_receipt(
    phone: Page, world: Session, photo_too: bool
) -> None:
    id_ = form(phone, noise(300))
    phone.evaluate("(id) => test.store().get('drafts', id).then((d) => { window.kept = d; })", id_)
    phone.evaluate("() => test.store().all('files').then((f) => { window.files = f; })")
    phone.evaluate("() => test.box().flush()")
    [first] = phone.evaluate("() => test.all()")["receipts"]
    # as if we were killed before the receipt was written down
    phone.evaluate(
        """async ([id, photo]) => {
          const store = test.store();
          await store.remove("receipts", id);
          if (photo) for (const file of window.files) await store.put("files", file);
          await store.put("drafts", window.kept);
        }""",
        [id_, photo_too],
    )
    assert phone.evaluate("() => test.box().flush()")["waiting"] == 0
    [again] = phone.evaluate("() => test.all()")["receipts"]
    assert again["document"] == first["document"]
    assert len(world.scalars(select(Submission)).all()) == 1
    assert len(world.scalars(select(Attachment)).all()) == 1


def test_what_the_survey_does_not_take_is_refused_with_the_servers_words(phone: Page) -> None:
    bad = form(phone, wat="")
    good = form(phone, wat="Heel")
    state = phone.evaluate("() => test.box().flush()")
    assert (state["waiting"], state["refused"]) == (0, 1)
    found = phone.evaluate("() => test.all()")
    assert [one["id"] for one in found["receipts"]] == [good]
    [draft] = found["drafts"]
    assert draft["id"] == bad
    assert [(one["path"], bool(one["message"])) for one in draft["refusal"]["problems"]] == [
        ("wat", True)
    ]


def test_a_log_in_that_ended_waits_and_goes_on(phone: Page, world: Session) -> None:
    form(phone, noise(200))
    phone.context.clear_cookies()
    state = phone.evaluate("() => test.box().flush()")
    assert (state["waiting"], state["login"]) == (1, True)
    log_in(phone, KEES)  # the start page of after log-in sends by itself
    prepared(phone)
    phone.evaluate("() => test.box().flush()")
    assert len(world.scalars(select(Submission)).all()) == 1


def test_what_one_person_made_is_not_sent_as_another(
    phone: Page, world: Session, live_app: Flask
) -> None:
    form(phone, noise(200))
    kept = phone.evaluate("() => document.documentElement.dataset.person")
    other = phone.context.new_page()
    phone.context.clear_cookies()
    log_in(other, NOOR)
    # the tab of before, or the worker, with the log-in of now
    state = phone.evaluate("() => test.box().flush()")
    assert (state["waiting"], state["login"]) == (1, True)
    assert other.evaluate("() => document.documentElement.dataset.person") != kept
    assert world.scalars(select(Submission)).all() == []
    assert len(phone.evaluate("() => test.all()")["drafts"]) == 1
