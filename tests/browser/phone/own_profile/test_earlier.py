"""Back at the same corner: the photo of then lies over the camera, without signal."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.submission import Incoming, Location, SentFile
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.models import User
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from tests.browser.phone.shell import KEES, Server, log_in, take_along
from tests.factories import make_actor
from tests.support.chromium import launch_options
from tests.support.shipped import version

pytestmark = pytest.mark.browser

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
HERE = (52.09, 5.11)
DEGREE = 111_320  # metres of a degree of latitude
# Metres to the north of HERE, and how many days ago.
CORNER, ACROSS, STREET_ON = (0, 20), (30, 3), (200, 1)


def picture(color: str) -> bytes:
    """A photo of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (800, 600), color).save(out, "JPEG")
    return out.getvalue()


def observed(session: Session, media: MediaStore, north: float, days: int, color: str) -> None:
    """An observation by Kees, so many metres to the north, so many days ago."""
    kees = session.scalars(select(User).where(User.email == KEES)).one()
    moment = datetime.now(UTC) - timedelta(days=days)
    incoming = Incoming(
        id=uuid.uuid4(),
        survey="observatie",
        version=version("observatie"),
        language="nl",
        captured_at=moment,
        answers={"wat": "heel"},
        files=(SentFile("foto", "foto.jpg", picture(color)),),
        location=Location(HERE[1], HERE[0] + north / DEGREE, 5.0, "gps"),
    )
    receive_submission(session, incoming, make_actor(kees), moment, Intake(media))


@pytest.fixture
def phone(
    playwright: Playwright, tmp_path: Path, server: Server, settings: Settings
) -> Iterator[BrowserContext]:
    """A phone with a camera that stands at HERE, where photos were taken before."""
    engine = make_engine(settings.database_url)
    with make_session_factory(engine)() as session:
        media = MediaStore(settings.media_dir)
        for (north, days), color in zip(
            (CORNER, ACROSS, STREET_ON), ("red", "blue", "white"), strict=True
        ):
            observed(session, media, north, days, color)
    engine.dispose()
    made = playwright.chromium.launch_persistent_context(
        str(tmp_path / "profile"),
        viewport={"width": 390, "height": 844},
        locale="nl-NL",
        has_touch=True,
        is_mobile=True,
        geolocation={"latitude": HERE[0], "longitude": HERE[1], "accuracy": 6},
        permissions=["geolocation", "camera"],
        **launch_options(*CAMERA),
    )
    yield made
    made.close()


def form(page: Page, server: Server) -> Page:
    """A new observation."""
    page.goto(f"{server.url}/veld/")
    address = page.locator("[data-start-observation]").get_attribute("data-form") or ""
    page.goto(f"{server.url}{address}#nieuw")
    expect(page.locator("form[data-phone]")).to_be_visible()
    return page


def test_the_photo_of_then_lies_over_the_camera(phone: BrowserContext, server: Server) -> None:
    page = phone.pages[0]
    log_in(page, server, KEES)
    take_along(page)
    page.wait_for_selector("[data-module=app][data-pictures=yes]", state="attached")
    page.close()
    server.stop()

    page = form(phone.new_page(), server)
    shown = page.get_by_role("region", name="Eerdere foto’s van deze plek")
    expect(shown.get_by_role("button")).to_have_count(2)  # 200 metres is another place
    here, across = shown.get_by_role("button").all()
    expect(here).to_contain_text("op deze plek")
    expect(across).to_contain_text("30 meter verderop")
    then = datetime.now(UTC) - timedelta(days=CORNER[1])
    expect(here).to_contain_text(str(then.day))
    assert here.locator("img").evaluate("one => one.naturalWidth") == 480

    here.tap()
    page.wait_for_function("() => document.querySelector('dialog video')?.videoWidth > 0")
    ghost = page.get_by_alt_text("De eerdere foto, doorschijnend over het beeld heen")
    assert ghost.evaluate("one => one.naturalWidth") == 480
    page.get_by_role("button", name="Maak de foto").tap()
    expect(page.locator('[data-path="foto"] .fa-photo__item')).to_have_count(1)
    expect(page.locator("[data-path=foto] .fa-photo__item img")).to_be_visible()


def test_nobody_is_bothered_where_no_photo_was_taken(phone: BrowserContext, server: Server) -> None:
    phone.set_geolocation({"latitude": HERE[0] + 0.01, "longitude": HERE[1], "accuracy": 6})
    page = phone.pages[0]
    log_in(page, server, KEES)
    take_along(page)
    page = form(page, server)
    expect(page.locator("[data-point=lat]")).to_have_value("52.100000")
    expect(page.locator(".fa-earlier")).to_be_hidden()
