"""The second copy: all site data gone, a code typed, draft and photo back byte for byte."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.db.base import Base
from fieldapp.db.models import SealedCopy, SealedFile
from tests.browser.phone.shell import KEES, furnish
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

PLANTED = "Mevrouw Geheimpje van nummer 12 vertelt over de kelder"
PHOTO = random.Random(5).randbytes(60_000)
HASH = hashlib.sha256(PHOTO).hexdigest()
MODULES = """async () => {
  const script = document.querySelector("script[src*='/static/']").src;
  const base = script.match(/^.*[/]static[/][^/]+/)[0] + "/js/phone/";
  const load = (name) => import(base + name);
  globalThis.phone = {};
  const sealing = ["seal/seal", "seal/keys", "seal/code", "seal/server", "seal/back"];
  for (const name of ["store", "drafts", ...sealing]) {
    Object.assign(globalThis.phone, await load(`${name}.js`));
  }
  globalThis.store = phone.storeOf();
}"""
DRAFT = """async ({words, jpeg}) => {
  const what = {survey: "observatie", version: "1", language: "nl", title: "Observatie"};
  const draft = phone.newDraft(what);
  await phone.saveDraft(store, draft, {controls: [["notitie", words]]});
  if (jpeg) {
    const bytes = Uint8Array.from(atob(jpeg), (sign) => sign.charCodeAt(0));
    const photo = new Blob([bytes], {type: "image/jpeg"});
    await phone.attach(store, draft, "foto", photo, {name: "kelder.jpg"});
  }
  return draft.id;
}"""
SEALED = """async ({id, hash}) => {
  const draft = await store.get("drafts", id), sealed = (await store.setting("sealed", {}))[id];
  return Boolean(draft && sealed?.revision === draft.revision && draft.sealed === draft.revision
    && (!hash || sealed.files.includes(hash)));
}"""
UNTIL = """async (given) => {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if (await (HOLDS)(given)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come about");
}"""
BYTES = """async ({id, hash}) => {
  const blob = await phone.readFile(store, id, hash);
  return blob ? phone.sha256(await blob.arrayBuffer()) : null;
}"""


class Phone:
    """A colleague's phone: its own storage, the person logged in."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=url, locale="nl-NL", service_workers="block",
            **({"viewport": {"width": 390, "height": 844}} | options),
        )  # fmt: skip
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.log_in()

    def log_in(self) -> None:
        self.page.goto("/inloggen?next=/veld/")
        self.page.locator("input[name=email]").fill(KEES)
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.page.locator("main button[type=submit]").click()
        self.page.locator("html[data-person]").wait_for(state="attached")
        self.page.wait_for_load_state("networkidle")

    def open(self) -> Page:
        """The page about this phone, ready."""
        self.page.goto("/veld/telefoon")
        self.page.locator("#kopie:not([hidden])").wait_for()
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(MODULES)
        return self.page

    def turn_on(self) -> str:
        """The code, written down."""
        self.open()
        self.page.get_by_role("button", name="Tweede kopie aanzetten").click()
        code = self.page.locator("[data-code]").inner_text()
        self.page.get_by_role("button", name="Ik heb hem opgeschreven").click()
        expect(self.page.locator("[data-part=on]")).to_be_visible()
        return "".join(code.split())

    def draft(self, words: str = PLANTED, photo: bytes = b"") -> str:
        import base64

        given = {"words": words, "jpeg": base64.b64encode(photo).decode()}
        return str(self.page.evaluate(DRAFT, given))

    def wait_sealed(self, draft: str, photo: bool = False) -> None:
        given = {"id": draft, "hash": HASH if photo else ""}
        self.until(SEALED, given)

    def until(self, holds: str, given: Any = None) -> None:
        """Wait until an async function of the page says yes."""
        self.page.evaluate(UNTIL.replace("HOLDS", holds), given)

    def clear(self) -> None:
        """All site data, as "clear data" in the browser's settings does."""
        cdp = self.context.new_cdp_session(self.page)
        origin = self.page.evaluate("location.origin")
        self.page.goto("about:blank")
        cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self.context.clear_cookies()

    def enter(self, code: str) -> None:
        self.page.locator("[data-part=lost] input[name=code]").fill(code)
        self.page.locator("[data-part=lost] form button").click()

    def get(self, draft: str) -> Any:
        return self.page.evaluate("(id) => store.get('drafts', id)", draft)


@pytest.fixture
def phone(browser: Browser, live_server: str, session: Session) -> Iterator[Phone]:
    furnish(session)
    session.rollback()  # what is read later is what is there then
    made = Phone(browser, live_server)
    yield made
    made.context.close()


def kept_bytes(live_app: Flask, settings: Settings, session: Session) -> Iterator[bytes]:
    """Everything that the server has: every value of every row, every file."""
    session.rollback()
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            for value in row:
                yield value if isinstance(value, bytes) else str(value).encode()
    for path in Path(settings.data_dir).rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def test_all_site_data_gone_and_everything_back(
    phone: Phone, live_app: Flask, settings: Settings, session: Session
) -> None:
    code = phone.turn_on()
    draft = phone.draft(photo=PHOTO)
    phone.wait_sealed(draft, photo=True)
    before = phone.get(draft)

    (copy,) = session.scalars(select(SealedCopy)).all()
    (file,) = session.scalars(select(SealedFile)).all()
    assert (str(copy.draft_id), copy.revision) == (draft, before["revision"])
    assert len(copy.body) % 1024 == 29  # the mark, the nonce, the seal; whole blocks
    assert file.name != HASH
    told = list(kept_bytes(live_app, settings, session))
    secrets = (PLANTED.encode(), b"Geheimpje", b"kelder.jpg", HASH.encode(), PHOTO[:64])
    plain_code = code.replace("-", "")
    for secret in (*secrets, code.encode(), plain_code.encode(), plain_code[:20].encode()):
        assert not any(secret in one for one in told), secret

    phone.clear()
    phone.log_in()
    phone.open()
    assert phone.get(draft) is None
    expect(phone.page.locator("[data-lost-words]")).to_have_text(
        "Er staat 1 formulier veilig op de server"
    )
    wrong = "0" if code[0] != "0" else "1"
    phone.enter(wrong + code[1:])
    expect(phone.page.locator("[data-part=lost] [data-wrong]")).to_contain_text("tikfout")
    phone.enter(code[:-3])
    expect(phone.page.locator("[data-part=lost] [data-wrong]")).to_contain_text("te kort")
    phone.enter("U" + code[1:])
    expect(phone.page.locator("[data-part=lost] [data-wrong]")).to_contain_text("teken U")
    other = phone.page.evaluate("phone.shownCode(phone.newCode())")
    phone.enter(other)
    expect(phone.page.locator("[data-part=lost] [data-wrong]")).to_contain_text("hoort niet bij")

    phone.enter(code.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    expect(phone.page.locator("#kopie [data-said]")).to_contain_text("1 formulier is terug.")
    after = phone.get(draft)
    local = ("attempts", "next_try_at", "uploaded", "trouble", "sealed")
    assert {k: v for k, v in after.items() if k not in local} == {
        k: v for k, v in before.items() if k not in local
    }
    assert after["controls"] == [["notitie", PLANTED]]
    assert phone.page.evaluate(BYTES, {"id": draft, "hash": HASH}) == HASH
    expect(phone.page.locator("[data-part=lost]")).to_be_hidden()

    # And it goes on as it was: a change is sealed with the same code.
    phone.page.evaluate(
        "async (id) => phone.saveDraft(store, await store.get('drafts', id), {page: 'meer'})", draft
    )
    phone.wait_sealed(draft, photo=True)
    session.rollback()
    assert session.scalars(select(SealedCopy.lock_id)).all() == [copy.lock_id]


def test_thrown_away_here_is_gone_there(phone: Phone, session: Session) -> None:
    phone.turn_on()
    draft = phone.draft(photo=PHOTO)
    phone.wait_sealed(draft, photo=True)
    phone.page.evaluate("(id) => phone.discard(store, id)", draft)
    phone.until("async () => !Object.keys(await store.setting('sealed')).length")
    assert session.scalars(select(SealedCopy)).all() == []
    assert session.scalars(select(SealedFile)).all() == []


def test_a_copy_is_put_at_most_once_in_five_seconds_and_at_once_when_done(phone: Phone) -> None:
    phone.turn_on()
    puts: list[str] = []
    phone.page.on(
        "request", lambda r: puts.append(r.url) if "/sealed/" in r.url and r.method == "PUT" else 0
    )
    begun = time.monotonic()
    draft = phone.draft()
    phone.wait_sealed(draft)
    for number in range(10):
        phone.page.evaluate(
            "async ([id, n]) => phone.saveDraft(store, await store.get('drafts', id), {page: n})",
            [draft, str(number)],
        )
    phone.wait_sealed(draft)
    assert 2 <= len(puts) <= 1 + (time.monotonic() - begun) // 5
    # The outbox must leave it alone: it is not to be sent here.
    phone.page.route("**/api/v1/submissions", lambda route: route.abort())
    before, begun = len(puts), time.monotonic()
    phone.page.evaluate("(id) => phone.finish(store, id, {id, answers: {}, files: []})", draft)
    phone.wait_sealed(draft)
    assert len(puts) == before + 1
    assert time.monotonic() - begun < 4  # not after its five seconds


def test_a_new_code_closes_what_the_old_one_opened(phone: Phone, session: Session) -> None:
    old = phone.turn_on()
    draft = phone.draft(photo=PHOTO)
    phone.wait_sealed(draft, photo=True)
    first = session.scalars(select(SealedCopy.lock_id)).one()
    phone.page.locator("[data-part=on] summary").click()
    phone.page.get_by_role("button", name="Maak een nieuwe code").click()
    new = "".join(phone.page.locator("[data-code]").inner_text().split())
    assert new != old
    phone.page.get_by_role("button", name="Ik heb hem opgeschreven").click()
    phone.until(
        """async ({id, hash, first}) => {
          const sealed = (await store.setting("sealed", {}))[id];
          return sealed && sealed.lock !== first && sealed.files.includes(hash);
        }""",
        {"id": draft, "hash": HASH, "first": first},
    )
    session.rollback()
    assert session.scalars(select(SealedCopy.lock_id)).one() != first
    assert len(session.scalars(select(SealedFile)).all()) == 1


def test_newer_here_stays_and_what_arrived_does_not_come_back(
    phone: Phone, browser: Browser, live_server: str
) -> None:
    code = phone.turn_on()
    kept = phone.draft("eerst")
    phone.wait_sealed(kept)
    other = Phone(browser, live_server)
    try:
        other.open()
        other.enter(code)
        expect(other.page.locator("#kopie [data-said]")).to_contain_text("1 formulier is terug.")
        other.page.evaluate(
            """async (id) => {
              const draft = await store.get("drafts", id);
              await phone.saveDraft(store, draft, {controls: [["notitie", "later"]]});
            }""",
            kept,
        )
        again = """async (id) => {
          const copies = (await phone.listCopies(store.person)).filter(({draft}) => draft === id);
          copies[0].revision = 1;
          return phone.bringBack(store, await store.setting("seal"), copies);
        }"""
        assert other.page.evaluate(again, kept)["newer"] == 1
        assert other.get(kept)["controls"] == [["notitie", "later"]]

        arrived = other.draft("aangekomen")
        other.wait_sealed(arrived)
        other.page.evaluate(
            """async (id) => {
              const body = JSON.stringify({id, survey: "observatie", language: "nl",
                captured_at: phone.isoNow(), answers: {wat: "schoon"}});
              const answer = await fetch("/api/v1/submissions", {method: "POST", body, headers:
                {"Content-Type": "application/json", "X-Fieldapp-Client": "phone"}});
              if (answer.status !== 201) throw new Error(await answer.text());
            }""",
            arrived,
        )
        phone.open()
        back = """async (id) => {
          const copies = (await phone.listCopies(store.person)).filter(({draft}) => draft === id);
          return phone.bringBack(store, await store.setting("seal"), copies);
        }"""
        assert phone.page.evaluate(back, arrived)["arrived"] == 1
        assert phone.get(arrived) is None
        assert phone.page.evaluate("(id) => phone.bringBack.length && id", arrived) == arrived
        left = "async () => (await phone.listCopies(store.person)).map(({draft}) => draft)"
        assert arrived not in phone.page.evaluate(left)
    finally:
        other.context.close()


def test_a_copy_that_was_changed_or_swapped_does_not_open(phone: Phone, session: Session) -> None:
    phone.turn_on()
    draft = phone.draft()
    phone.wait_sealed(draft)
    copy = session.scalars(select(SealedCopy)).one()
    copy.body = copy.body[:-1] + bytes([copy.body[-1] ^ 1])
    session.commit()
    open_it = """async ([id, revision]) => {
      const {bytes} = await phone.fetchSealed(store.person, id);
      const keys = await store.setting("seal");
      const opened = phone.openDraft(keys, store.person, id, revision, bytes);
      return opened.then(() => "open", (error) => error.name);
    }"""
    assert phone.page.evaluate(open_it, [draft, copy.revision]) == "OperationError"
    swapped = """async (id) => {
      const keys = await store.setting("seal"), draft = await store.get("drafts", id);
      const sealed = await phone.sealDraft(keys, store.person, draft);
      const say = (...given) => phone.openDraft(keys, ...given, sealed).then(() => "open", (e) => e.name);
      return [await say(store.person, id, draft.revision), await say("somebody", id, draft.revision),
        await say(store.person, crypto.randomUUID(), draft.revision), await say(store.person, id, draft.revision + 1)];
    }"""  # noqa: E501
    assert phone.page.evaluate(swapped, draft) == ["open", *["OperationError"] * 3]


def test_the_key_cannot_be_taken_out(phone: Phone) -> None:
    phone.turn_on()
    found = phone.page.evaluate(
        """async () => {
          const seal = await store.setting("seal");
          const out = crypto.subtle.exportKey("raw", seal.key);
          const taken = await out.then(() => true, () => false);
          return [Object.keys(seal).sort(), taken, seal.key.extractable, seal.names.extractable];
        }"""
    )
    assert found == [["key", "lock", "made_at", "names"], False, False, False]


def test_every_typing_error_of_one_sign_or_two_swapped_ones_is_told(phone: Phone) -> None:
    phone.open()
    missed = phone.page.evaluate(
        """() => {
          const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
          let missed = 0, tried = 0;
          const look = (code) => { tried += 1; missed += phone.readCode(code).problem ? 0 : 1; };
          for (let round = 0; round < 5; round += 1) {
            const right = phone.shownCode(phone.newCode()).replaceAll("-", "");
            if (phone.readCode(right).problem) missed += 1000;
            for (let at = 0; at < right.length; at += 1) {
              for (const sign of signs) {
                if (sign !== right[at]) look(right.slice(0, at) + sign + right.slice(at + 1));
              }
              const [one, two] = [right[at], right[at + 1]];
              if (two && one !== two) look(right.slice(0, at) + two + one + right.slice(at + 2));
            }
          }
          return [missed, tried > 3000];
        }"""
    )
    assert missed == [0, True]


def test_copies_without_a_code_can_be_thrown_away(phone: Phone, session: Session) -> None:
    phone.turn_on()
    phone.wait_sealed(phone.draft())
    phone.clear()
    phone.log_in()
    page = phone.open()
    page.locator("[data-part=lost] summary").click()
    page.get_by_role("button", name="Gooi deze kopieën weg").click()
    expect(page.locator("[data-part=off]")).to_be_visible()
    assert session.scalars(select(SealedCopy)).all() == []
