"""The second copy as its owner turns it on: from then on every form that is begun is sealed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import func, select

from fieldapp.config import Settings
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.models import SealedCopy
from tests.browser.phone.shell import KEES, Server, log_in, phone, take_along

pytestmark = pytest.mark.browser

PATIENCE = 30  # seconds


def sealed(settings: Settings, count: int) -> int:
    """How many sealed copies the server has, once there are so many or patience is over."""
    engine = make_engine(settings.database_url)
    until = time.monotonic() + PATIENCE
    try:
        while True:
            with make_session_factory(engine)() as session:
                found = session.scalar(select(func.count()).select_from(SealedCopy)) or 0
            if found >= count or time.monotonic() > until:
                return found
            time.sleep(0.2)
    finally:
        engine.dispose()


def test_a_form_that_is_begun_later_is_sealed_too(
    playwright: Playwright, server: Server, settings: Settings, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        page.goto(f"{server.url}/veld/telefoon")
        page.get_by_role("button", name="Tweede kopie aanzetten").click()
        page.get_by_role("button", name="Ik heb hem opgeschreven").click()
        expect(page.get_by_text("De tweede kopie staat aan.")).to_be_visible()
    with phone(playwright, tmp_path / "profile") as browser:  # the next morning
        page, said = browser.pages[0], list[str]()
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{server.url}/veld/")
        page.locator("[data-start-observation]").click()
        expect(page.locator("form[data-phone]")).to_be_visible()
        page.get_by_role("button", name="Volgende").click()
        page.locator("label", has_text="Heel").first.click()
        assert sealed(settings, 1) == 1
        assert not [words for words in said if words.startswith("fieldapp:")]  # a part failed
