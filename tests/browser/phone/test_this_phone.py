"""The page "Deze telefoon": what waits and why, mending, throwing away, one file, receipts."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import look
from tests.browser.phone.test_outbox_real import HELPERS, LOAD
from tests.browser.test_keyboard import tab_to
from tests.browser.town import Town, log_in_as

pytestmark = pytest.mark.browser

KB = 1024
WAITING = """async ({refused, sizes, title, seed, more}) => {
  const as = {title, attempts: 2, ...more, ...(refused ? {state: "refused", refusal: refused} : 0)};
  return test.form({sizes, seed, answers: {wat: String(seed)}, as});
}"""
REFUSED = {
    "code": "refused",
    "message": "De inzending is nog niet bewaard. Verbeter wat hieronder staat en stuur opnieuw.",
    "problems": [
        {"path": "wat", "code": "required", "message": "Vul in wat er aan de hand is."},
        {"path": "foto", "code": "too_large", "message": "Kies een kleinere foto."},
    ],
}


class ThisPhone:
    """A phone without line to the API, on its own page."""

    def __init__(self, browser: Browser, town: Town, **options: Any) -> None:
        self.context = browser.new_context(
            base_url=town.url, locale="nl-NL", service_workers="block", accept_downloads=True,
            **({"viewport": {"width": 390, "height": 844}} | options),
        )  # fmt: skip
        self.context.set_default_timeout(30_000)
        self.context.route("**/api/v1/**", lambda route: route.abort())
        self.page = self.context.new_page()
        email, password = log_in_as(town, "buurtbeheerder")
        self.page.goto("/inloggen")
        self.page.locator("input[name=email]").fill(email)
        self.page.locator("input[type=password]").fill(password)
        self.page.locator("main button[type=submit]").click()
        self.page.wait_for_url("**/veld/**")
        self.page.wait_for_load_state("networkidle")

    def open(self, query: str = "") -> Page:
        """The page, ready."""
        self.page.goto(f"/veld/telefoon{query}")
        self.page.locator("[data-module=queue] [data-ready]:not([hidden])").wait_for()
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(LOAD)
        self.page.evaluate(HELPERS)
        return self.page

    def put(self, title: str, seed: int, sizes: Any = (), refused: Any = None, **more: Any) -> str:
        """A form in the queue, as if it had been tried already."""
        far = {"next_try_at": self.page.evaluate("Date.now() + 240000"), "trouble": "busy"}
        given = {"title": title, "seed": seed, "sizes": list(sizes), "refused": refused}
        return str(self.page.evaluate(WAITING, {**given, "more": far | more}))

    def row(self, id_: str) -> Any:
        """The row of a form."""
        return self.page.locator(f"[data-module=queue] [data-id='{id_}']")


@pytest.fixture
def phone(browser: Browser, town: Town) -> Iterator[ThisPhone]:
    made = ThisPhone(browser, town)
    yield made
    made.context.close()


def test_empty_says_that_all_is_sent(phone: ThisPhone) -> None:
    page = phone.open()
    expect(page.locator("#wachtrij [data-state-words]")).to_have_text("Alles is verstuurd.")
    expect(page.get_by_role("button", name="Nu versturen")).to_be_hidden()
    expect(page.get_by_role("button", name="Bewaar alles in een bestand")).to_be_hidden()
    expect(page.get_by_text("Nog niets. Na je eerste formulier")).to_be_visible()


def test_what_waits_says_why(phone: ThisPhone) -> None:
    page = phone.open()
    one = phone.put("Observatie", 1, [900 * KB])
    phone.page.evaluate(
        """async (id) => {
          const store = test.store();
          const hash = JSON.parse((await store.get("drafts", id)).document).files[0].sha256;
          await store.update("drafts", id, (old) => ({...old, uploaded: {[hash]: 512 * 1024}}));
          store.changed("progress");
        }""",
        one,
    )
    row = phone.row(one)
    expect(row.locator("[data-reason]")).to_have_text("De server is even niet bereikbaar.")
    expect(row.locator("[data-percent]")).to_have_text("56 % is verstuurd")  # 512 of 900
    expect(row.get_by_role("link", name="Verbeteren")).to_be_hidden()
    expect(page.locator("#wachtrij [data-state-words]")).to_contain_text(
        "1 formulier staat nog op je telefoon."
    )
    page.get_by_role("button", name="Nu versturen").click()  # the line is cut: it says so
    expect(row.locator("[data-reason]")).to_have_text("Er is geen verbinding.")


def test_the_line_counts_all_and_says_what_to_look_at(phone: ThisPhone) -> None:
    """As the start page and the warning count them."""
    page = phone.open()
    line = page.locator("#wachtrij [data-state-words]")
    rest = "Kijk hieronder wat je kunt doen."
    phone.put("Observatie", 21, refused=REFUSED)
    expect(line).to_have_text(f"De server nam 1 formulier niet aan. {rest}")
    phone.put("Observatie", 22, refused=REFUSED)
    expect(line).to_have_text(f"De server nam 2 formulieren niet aan. {rest}")
    phone.put("Observatie", 23)
    expect(line).to_contain_text(
        "3 formulieren staan nog op je telefoon. Naar 2 daarvan moet je kijken. Om "
    )


def test_a_refused_one_is_mended_on_its_form(phone: ThisPhone) -> None:
    page = phone.open()
    id_ = phone.put("Observatie", 2, refused=REFUSED)
    row = phone.row(id_)
    expect(row.locator("[data-problems] li")).to_have_text(
        ["Vul in wat er aan de hand is.", "Kies een kleinere foto."]
    )
    row.get_by_role("link", name="Verbeteren").click()
    page.wait_for_url(f"**/veld/app/formulier/observatie/2026-1/nl#{id_}")


def test_thrown_away_can_be_put_back_with_its_photos(phone: ThisPhone) -> None:
    page = phone.open()
    id_ = phone.put("Observatie", 3, [40 * KB], refused=REFUSED)
    before = page.evaluate("() => test.all()")
    phone.row(id_).get_by_role("button", name="Weggooien").click()
    expect(phone.row(id_)).to_have_count(0)
    found = page.evaluate("() => test.all()")
    assert (found["drafts"], found["files"]) == ([], [])
    back = page.get_by_role("button", name="Terugzetten")
    expect(back).to_be_focused()
    page.reload()  # also after closing the page
    phone.open()
    page.get_by_role("button", name="Terugzetten").click()
    expect(phone.row(id_)).to_be_visible()
    after = page.evaluate("() => test.all()")
    assert after["drafts"] == before["drafts"]
    assert after["files"] == before["files"]


def test_what_was_thrown_away_is_gone_after_an_hour(phone: ThisPhone) -> None:
    page = phone.open()
    id_ = phone.put("Observatie", 4, [40 * KB], refused=REFUSED)
    phone.row(id_).get_by_role("button", name="Weggooien").click()
    page.get_by_role("button", name="Terugzetten").wait_for()
    page.evaluate(
        """() => test.store().update("settings", "thrown", (old) => (
             {...old, value: {...old.value, at: Date.now() - 3_700_000}}))"""
    )
    phone.open()
    expect(page.get_by_role("button", name="Terugzetten")).to_be_hidden()
    assert page.evaluate("() => test.store().setting('thrown')") is None


def _download(page: Page, press: Any) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        press()
    path = waiting.value.path()
    return waiting.value.suggested_filename, Path(path).read_bytes()


def test_the_whole_queue_in_one_file(phone: ThisPhone) -> None:
    page = phone.open()
    ids = {
        phone.put("Observatie", 5, [700 * KB, 90 * KB]),
        phone.put("Gesprek", 6, [30 * KB], refused=REFUSED),
    }
    drafts = {one["id"]: one for one in page.evaluate("() => test.all()")["drafts"]}
    name, data = _download(
        page, page.get_by_role("button", name="Bewaar alles in een bestand").click
    )
    assert name.startswith("wachtrij-")
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None  # every crc-32
        names = set(found.namelist())
        files = {
            f["sha256"] for one in drafts.values() for f in json.loads(one["document"])["files"]
        }
        assert names == {
            "lees-mij.txt",
            *(f"inzendingen/{id_}.json" for id_ in ids),
            *(f"bestanden/{sha256}" for sha256 in files),
        }
        for id_ in ids:
            assert found.read(f"inzendingen/{id_}.json").decode() == drafts[id_]["document"]
        for sha256 in files:
            assert hashlib.sha256(found.read(f"bestanden/{sha256}")).hexdigest() == sha256
        assert "/inzendingen/bestand" in found.read("lees-mij.txt").decode()
    expect(page.get_by_text("2 formulieren staan in een bestand")).to_be_visible()
    assert len(page.evaluate("() => test.all()")["drafts"]) == 2


def test_a_damaged_photo_is_set_apart_in_the_file(phone: ThisPhone) -> None:
    page = phone.open()
    phone.put("Observatie", 7, [30 * KB])
    page.evaluate(
        """async () => {
          const store = test.store();
          const [file] = await store.all("files");
          const bytes = new Uint8Array(file.bytes);
          bytes[5] ^= 1;
          await store.put("files", {...file, bytes: bytes.buffer});
        }"""
    )
    _name, data = _download(
        page, page.get_by_role("button", name="Bewaar alles in een bestand").click
    )
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert [name.split("/")[0] for name in names] == ["lees-mij.txt", "inzendingen", "beschadigd"]
    expect(page.get_by_text("1 foto's of opnamen zijn niet heel meer")).to_be_visible()


# A receipt signed by a key made in the page: valid, and the phone knows the key.
SIGNED = """async ({spoil, files}) => {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const base = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const id = crypto.randomUUID();
  const number = "F7K3-92QD", received_at = "2026-11-20T13:03:00+00:00";
  const text = JSON.stringify({v: 1, id, number, received_at, files});
  const bytes = new TextEncoder().encode(text);
  const signature = base(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes));
  const store = test.store();
  const public_key = base(await crypto.subtle.exportKey("raw", pair.publicKey));
  await store.set("keys", [{id: "k", public_key}]);
  const types = files.map(() => ({type: "image/jpeg"}));
  const draft = {id, survey: "observatie", title: "Observatie", kind: "observatie", files: types};
  const document = spoil ? text.replace("13:03", "13:04") : text;
  await store.put("receipts", phone.receiptOf(draft, {document, signature, key: "k"}));
  store.changed("receipts");
}"""


@pytest.mark.parametrize("spoil", [False, True])
def test_a_receipt_is_shown_checked_and_kept(phone: ThisPhone, spoil: bool) -> None:
    page = phone.open()
    files = [{"name": "a.jpg", "sha256": "a" * 64}, {"name": "b.jpg", "sha256": "b" * 64}]
    page.evaluate(SIGNED, {"spoil": spoil, "files": files})
    section = page.locator("#bonnen")
    time = "14:04" if spoil else "14:03"
    expect(section.locator("[data-when]")).to_have_text(f"Aangekomen om {time}, met 2 foto's")
    expect(section.locator("[data-day]")).to_have_text("vr 20 november 2026")
    expect(section.locator("[data-number]")).to_have_text("F7K3-92QD")
    section.locator("summary").click()
    section.get_by_role("button", name="Controleer").click()
    right = "De handtekening klopt: dit is zo aangekomen."
    wrong = "De handtekening klopt niet. Laat dit aan je beheerder zien."
    expect(section.locator("[data-said]")).to_have_text(wrong if spoil else right)
    name, data = _download(page, section.get_by_role("button", name="Bewaar").click)
    assert name == "ontvangstbewijs-F7K3-92QD.json"
    assert set(json.loads(data)) == {"document", "signature", "key"}


def test_by_keyboard(phone: ThisPhone) -> None:
    page = phone.open()
    id_ = phone.put("Observatie", 8, refused=REFUSED)
    phone.row(id_).wait_for()
    tab_to(page, lambda here: here["words"] == "Weggooien")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Terugzetten")).to_be_focused()
    page.keyboard.press("Enter")
    mend = phone.row(id_).get_by_role("link", name="Verbeteren")
    expect(mend).to_be_focused()
    page.evaluate("() => test.store().changed('drafts')")  # drawn again: the focus stays
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(mend).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#{id_}")


def test_without_scripts_it_says_what_to_do(browser: Browser, town: Town) -> None:
    phone = ThisPhone(browser, town, java_script_enabled=False)
    phone.page.goto("/veld/telefoon")
    expect(phone.page.locator("#wachtrij [data-plain]")).to_be_visible()
    expect(phone.page.locator("#wachtrij [data-plain]")).to_contain_text("gewone formulieren")
    expect(phone.page.get_by_role("button", name="Nu versturen")).to_be_hidden()
    phone.context.close()


@pytest.mark.parametrize("query", ["", "?taal=ar"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (844, 390), (1280, 900)])
def test_it_looks_right(
    browser: Browser, town: Town, width: int, height: int, query: str, tmp_path: Path
) -> None:
    phone = ThisPhone(browser, town, viewport={"width": width, "height": height})
    page = phone.open(query)
    phone.put("Observatie", 11, [900 * KB], trouble="network")
    phone.put("ملاحظة عن الحي", 12, refused=REFUSED)
    phone.put("Bewonersgesprek", 13, refused={"code": "conflict", "message": "x", "problems": []})
    thrown = phone.put("Portiekgesprek", 14, refused=REFUSED)
    page.evaluate(SIGNED, {"spoil": False, "files": []})
    phone.row(thrown).locator("[data-throw]").click()
    page.locator("[data-put-back]").wait_for()
    for details in page.locator("main details:visible").all():
        details.locator("summary").first.click()
    page.locator("#bonnen [data-check]").first.click()
    page.locator("#bonnen [data-said]:not([hidden])").first.wait_for()
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    assert look.axe(page) == []
    assert look.axe(page, "color-contrast-enhanced") == []
    assert page.evaluate(look.SMALL_TARGETS, 48 if width < 1000 else 24) == []
    assert page.evaluate(look.CLIPPED) == []
    assert page.evaluate(look.OVERFLOW) == []
    phone.context.close()


OPEN = """async (title) => {
  const draft = phone.newDraft({survey: "observatie", version: "2026-1", language: "nl", title});
  await phone.saveDraft(test.store(), draft, {wat: "veilig"});
  test.store().changed("drafts");
}"""


@pytest.mark.parametrize("query", ["", "?taal=ar"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (844, 390)])
def test_the_start_page_looks_right_with_work_on_it(
    browser: Browser, town: Town, width: int, height: int, query: str, tmp_path: Path
) -> None:
    """Open, waiting and refused forms; without signal; in the dark and in forced colours too."""
    phone = ThisPhone(browser, town, viewport={"width": width, "height": height})
    page = phone.open(query)
    page.evaluate(OPEN, "Observatie")
    phone.put("Portiekgesprek", 15, trouble="network")
    phone.put("ملاحظة عن الحي", 16, refused=REFUSED)
    page.goto(f"/veld/{query}")
    page.locator("[data-module=start][data-ready]").wait_for()
    for part in ("open", "refused", "queued"):
        expect(page.locator(f"[data-list-{part}] > li")).to_have_count(1)
    page.evaluate("() => dispatchEvent(new Event('offline'))")
    expect(page.locator("[data-offline]")).to_be_visible()
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    assert look.axe(page) == []
    assert look.axe(page, "color-contrast-enhanced") == []
    assert look.small_targets(page) + look.layout(page) == []
    page.emulate_media(color_scheme="dark")
    assert look.axe(page, "color-contrast", "color-contrast-enhanced") == []
    page.emulate_media(forced_colors="active")
    assert look.layout(page) == []
    phone.context.close()
