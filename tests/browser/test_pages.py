"""Every page, for everyone who may see it, on a phone and on a laptop, in Dutch and in Arabic.

One navigation per page and language; a variant that asks for no other answer of the server is
looked at in the same navigation by changing the window or the colours. Left out because they add
nothing: axe once more at the other width (it runs where the page's reader sits; the width only
moves boxes, which the layout checks see), Arabic in the dark (colours know no direction), staff
pages in the dark and for thumbs (they are made for laptops). Screenshots are written only when
FIELDAPP_SCREENSHOTS names a folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as BrowserPage
from werkzeug.exceptions import HTTPException

from fieldapp.paths import TRANSLATIONS
from tests.browser import look
from tests.browser.conftest import serving
from tests.browser.page_list import LAPTOP, NOT_PAGES, PAGES, PHONE, Page
from tests.browser.town import Town, build_demo, furnish, log_in_as, town_settings
from tests.support.postgres import Cluster

pytestmark = pytest.mark.browser

SIZES = {PHONE: {"width": 390, "height": 844}, LAPTOP: {"width": 1280, "height": 900}}
FAR_CONTRAST = "color-contrast-enhanced"  # 7:1, for who stands outdoors
SCREENSHOTS = os.environ.get("FIELDAPP_SCREENSHOTS")


class Viewers:
    """One browser context per role, kept for the whole module."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self.browser, self.town = browser, town
        self.contexts: dict[str, BrowserContext] = {}
        self.pages: dict[str, tuple[BrowserPage, look.Ears]] = {}

    def of(self, role: str) -> tuple[BrowserPage, look.Ears]:
        """A page on which this role is logged in ("" for nobody), and what it says."""
        if role not in self.pages:
            context = self.browser.new_context(
                base_url=self.town.url, viewport=SIZES[PHONE], has_touch=True, locale="nl-NL"
            )
            self.contexts[role] = context
            page = context.new_page()
            if role:
                log_in(page, *log_in_as(self.town, role))
                page.wait_for_load_state("networkidle")  # what comes late belongs to that page
            self.pages[role] = (page, look.Ears(page))
        return self.pages[role]

    def close(self) -> None:
        """Close them all."""
        for context in self.contexts.values():
            context.close()


def log_in(page: BrowserPage, email: str, password: str) -> None:
    page.goto("/inloggen")
    page.locator("input[name=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "/inloggen" not in url)


@pytest.fixture(scope="module")
def viewers(browser: Browser, town: Town) -> Iterator[Viewers]:
    found = Viewers(browser, town)
    yield found
    found.close()


@pytest.fixture(scope="module")
def postgis_viewers(
    browser: Browser, postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Viewers]:
    folder = tmp_path_factory.mktemp("postgis")
    settings = town_settings(folder, postgres.url(postgres.create_database()))
    build_demo(settings)
    with furnish(settings) as (app, places), serving(app) as url:
        found = Viewers(browser, Town(app, url, places))
        yield found
        found.close()


def endpoint(app: Flask, address: str) -> str:
    """The name of the route behind an address; "" for none."""
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")[0])
    except HTTPException:
        return ""


def inspect(viewers: Viewers, page: Page, address: str, language: str) -> list[str]:
    """Open a page, look at it at both sizes; all that is wrong."""
    browser_page, ears = viewers.of(page.role)
    ears.heard.clear()
    path = address.format(**viewers.town.places)
    status = 404 if page.name == "not-there" else page.status
    ears.expected = path if status >= 400 else "\0"
    browser_page.set_viewport_size(SIZES[page.first])  # type: ignore[arg-type]
    answer = browser_page.goto(path, wait_until="networkidle")
    assert answer is not None
    if answer.status != status or urlsplit(browser_page.url).path != urlsplit(path).path:
        return [f"{path} answers {answer.status} at {browser_page.url}"]
    phone = page.first == PHONE
    wrong = [
        *look.one_heading(browser_page),
        *look.runs(browser_page, "rtl" if language == "ar" else "ltr"),
        *look.axe(browser_page),
        *look.layout(browser_page),
    ]
    shoot(browser_page, f"{page.name}-{language}-{page.first}")
    if phone:
        wrong += look.axe(browser_page, FAR_CONTRAST) + look.small_targets(browser_page)
        if language == "nl":
            wrong += in_the_dark(browser_page, page.name)
    other = LAPTOP if phone else PHONE
    browser_page.set_viewport_size(SIZES[other])  # type: ignore[arg-type]
    wrong += [f"{other}: {w}" for w in look.layout(browser_page)]
    shoot(browser_page, f"{page.name}-{language}-{other}")
    return wrong + ears.heard


def in_the_dark(browser_page: BrowserPage, name: str) -> list[str]:
    browser_page.emulate_media(color_scheme="dark")
    wrong = look.axe(browser_page, "color-contrast", FAR_CONTRAST)
    shoot(browser_page, f"{name}-nl-dark")
    browser_page.emulate_media(color_scheme="light")
    return [f"dark: {w}" for w in wrong]


def shoot(browser_page: BrowserPage, name: str) -> None:
    if SCREENSHOTS:
        browser_page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_in_dutch(viewers: Viewers, page: Page) -> None:
    wrong = inspect(viewers, page, page.address, "nl")
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(
    not (TRANSLATIONS / "ar/LC_MESSAGES/messages.mo").exists(),
    reason="no compiled Arabic catalogue; `make venv` compiles it",
)
@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.twin()], ids=lambda page: page.name
)
def test_page_in_arabic(viewers: Viewers, page: Page) -> None:
    wrong = inspect(viewers, page, page.twin(), "ar")
    assert not wrong, "\n".join(wrong)


# The pages whose queries differ most between the engines: points, areas, JSON, windows.
ON_POSTGIS = {"start", "buurt", "gemeente", "inbox", "inbox-one", "coding-queue", "intro"}


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name in ON_POSTGIS], ids=lambda page: page.name
)
def test_page_on_postgis(postgis_viewers: Viewers, page: Page) -> None:
    wrong = inspect(postgis_viewers, page, page.address, "nl")
    assert not wrong, "\n".join(wrong)


def test_every_route_is_looked_at(town: Town) -> None:
    routes = {r.endpoint for r in town.app.url_map.iter_rules() if "GET" in (r.methods or ())}
    looked = {endpoint(town.app, page.address.format(**town.places)) for page in PAGES}
    unseen = routes - looked - NOT_PAGES.keys()
    assert not unseen, f"add these to PAGES or NOT_PAGES in page_list.py: {sorted(unseen)}"
    assert not NOT_PAGES.keys() - routes, "NOT_PAGES names routes that are gone"


@pytest.mark.parametrize("name", NOT_PAGES)
def test_what_is_no_page(viewers: Viewers, name: str) -> None:
    role, address, kind = NOT_PAGES[name]
    path = address.format(**viewers.town.places)
    assert endpoint(viewers.town.app, path) == name
    browser_page, _ears = viewers.of(role)
    answer = browser_page.context.request.get(path, max_redirects=0)
    if kind == "redirect":
        assert answer.status == 302
    elif kind in ("401", "404"):
        assert answer.status == int(kind)
    else:
        assert answer.headers["content-type"].startswith(kind)
