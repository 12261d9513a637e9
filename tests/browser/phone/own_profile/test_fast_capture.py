"""From the icon on the home screen to a stored observation: taps and seconds, without signal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect
from sqlalchemy import select

from fieldapp.config import Settings
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.models import Attachment, Submission
from tests.browser.phone.shell import (
    KEES,
    Server,
    log_in,
    take_along,
)
from tests.browser.photos import phone_photo, told_beside_the_picture
from tests.support.chromium import launch_options

pytestmark = pytest.mark.browser

MOST_TAPS, MOST_SECONDS = 6, 30.0
CAMERA_TAPS = 2  # the shutter and "use this photo", in the phone's own camera app
# What a person needs for a tap with gloves on, and for framing a photo; the rest is measured.
PER_TAP, FOR_THE_PHOTO = 1.2, 5.0
SLOWER = 4  # times; a cheap phone beside the machine of the test
# Inside the buurt that make_area draws: (5.10, 52.08) to (5.12, 52.10).
HERE: Any = {"latitude": 52.09, "longitude": 5.11, "accuracy": 8}

STORED = """async () => new Promise((resolve, reject) => {
  const asked = indexedDB.open(`fieldapp-${document.documentElement.dataset.person}`);
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const db = asked.result;
    const all = db.transaction(["drafts", "files"]);
    const [drafts, files] = ["drafts", "files"].map((name) => all.objectStore(name).getAll());
    all.oncomplete = () => {
      db.close();
      const bytes = files.result.map((one) => [...new Uint8Array(one.bytes)]);
      resolve({ drafts: drafts.result, files: bytes });
    };
  };
})"""


SENT = f"""async () => {{
  for (const end = Date.now() + 20000; Date.now() < end;) {{
    if (!(await ({STORED})()).drafts.length) return 0;
    await new Promise((next) => setTimeout(next, 50));
  }}
  return (await ({STORED})()).drafts.length;
}}"""


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """A phone with a touch screen that knows where it is."""
    made = playwright.chromium.launch_persistent_context(
        str(tmp_path / "profile"),
        viewport={"width": 390, "height": 844},
        locale="nl-NL",
        has_touch=True,
        is_mobile=True,
        geolocation=HERE,
        permissions=["geolocation"],
        **launch_options(),
    )
    yield made
    made.close()


@dataclass
class Thumb:
    """Counts what somebody taps."""

    taps: int = 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.tap()

    def photograph(self, page: Page, button: Locator, photo: bytes) -> None:
        """The camera app, opened by a button and used with two taps."""
        with page.expect_file_chooser() as opened:
            self.tap(button)
        assert opened.value.element.get_attribute("capture") == "environment"
        self.taps += CAMERA_TAPS
        taken: Any = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": photo}
        opened.value.set_files([taken])


def slow(page: Page) -> None:
    """As slow as a cheap phone."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def test_six_taps_and_thirty_seconds(
    phone: BrowserContext, server: Server, settings: Settings
) -> None:
    page = phone.pages[0]
    log_in(page, server, KEES)
    take_along(page)
    page.close()
    server.stop()
    photo = phone_photo(4000, 3000)  # 12 megapixels, with EXIF
    thumb = Thumb()

    page = phone.new_page()
    slow(page)
    began = time.monotonic()
    thumb.taps += 1  # the icon on the home screen
    page.goto(f"{server.url}/veld/")
    page.locator(".fa-quick--ready").wait_for()
    thumb.photograph(page, page.get_by_role("button", name="Observatie", exact=True), photo)
    tile = page.locator("label", has_text="Heel").first
    thumb.tap(tile)
    save = page.get_by_role("button", name="Opslaan", exact=True)
    thumb.tap(save)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bewaard")
    machine = time.monotonic() - began
    seconds = machine + thumb.taps * PER_TAP + FOR_THE_PHOTO
    print(f"fast capture: {thumb.taps} taps, {machine:.1f} s of machine, {seconds:.1f} s in all")
    assert thumb.taps <= MOST_TAPS
    assert seconds <= MOST_SECONDS

    # What is on the phone: the photo without what it told, and the place with its age.
    stored = page.evaluate(STORED)
    [draft] = stored["drafts"]
    [data] = stored["files"]
    assert draft["state"] == "queued"
    assert told_beside_the_picture(bytes(data)) == []
    assert draft["location"]["source"] == "gps"
    assert (draft["location"]["lat"], draft["location"]["lon"]) == (52.09, 5.11)
    assert draft["location"]["taken_at"]

    # And with signal it arrives, with the moment at which the photo was taken.
    server.start()
    page.goto(f"{server.url}/veld/")
    assert page.evaluate(SENT) == 0
    engine = make_engine(settings.database_url)
    with make_session_factory(engine)() as session:
        [found] = session.scalars(select(Submission)).all()
        [kept] = session.scalars(select(Attachment)).all()
        assert (found.answers["wat"]["v"], found.lon, found.lat) == ("heel", 5.11, 52.09)
        assert found.area_code == "BU99990101"
        assert found.marks == []
        # 09:08:07 at +01:00, as the camera wrote it in the EXIF.
        assert kept.taken_at == datetime(2026, 11, 20, 8, 8, 7, tzinfo=UTC)
    engine.dispose()


def test_without_a_photo_it_opens_at_its_first_page(phone: BrowserContext, server: Server) -> None:
    page = phone.pages[0]
    log_in(page, server, KEES)
    take_along(page)
    page.get_by_role("button", name="Zonder foto").tap()
    page.wait_for_url("**/veld/app/formulier/observatie/**#nieuw*")
    expect(page.get_by_role("button", name="Maak een foto").first).to_be_visible()


def test_giving_up_in_the_camera_leaves_nothing(phone: BrowserContext, server: Server) -> None:
    page = phone.pages[0]
    log_in(page, server, KEES)
    page.locator(".fa-quick--ready").wait_for()
    with page.expect_file_chooser():
        page.get_by_role("button", name="Observatie", exact=True).tap()
    assert page.url.endswith("/veld/")
    assert page.evaluate(STORED)["drafts"] == []
