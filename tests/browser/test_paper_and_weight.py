"""A profile on paper, and how much a resident's phone fetches before the first question."""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser

from fieldapp.app import create_app
from fieldapp.web.assets import prepare_static
from tests.browser.conftest import serving
from tests.browser.town import Town, log_in_as

pytestmark = pytest.mark.browser

MOST_PAGES = 4
MOST_BYTES = 60 * 1000
PHONE: Any = {"width": 390, "height": 844}
PDF_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")


@pytest.mark.parametrize("buurt", ["BU99900101", "BU99900203", "BU99900303"])
def test_a_profile_prints_on_four_pages(browser: Browser, town: Town, buurt: str) -> None:
    """One where it wringt, one with too few voices, the one with most to say."""
    context = browser.new_context(base_url=town.url, locale="nl-NL")
    page = context.new_page()
    email, password = log_in_as(town, "wijkmanager")
    page.goto("/inloggen")
    page.locator("input[name=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/buurten/**")
    answer = page.goto(f"/buurten/{buurt}", wait_until="networkidle")
    assert answer is not None
    assert answer.ok
    pages = len(PDF_PAGE.findall(page.pdf(format="A4")))
    context.close()
    assert 1 <= pages <= MOST_PAGES


@pytest.fixture(scope="module")
def packed(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same town as the server runs it: static files with their gzip twins."""
    settings = town.app.extensions["fieldapp"].settings
    app = create_app(
        settings, compressed_static=prepare_static(tmp_path_factory.mktemp("static") / "static")
    )
    with serving(app) as url:
        yield url
    app.extensions["fieldapp"].engine.dispose()


REFERENCES = {
    "text/html": r"""<(?:link|script|img|source)\b[^>]*?\b(?:href|src)=["']([^"']+)""",
    "text/css": r"""url\(\s*["']?([^"')]+)""",
    "text/javascript": r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""",
    "application/javascript": r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""",
}


def fetch(url: str) -> tuple[str, bytes, int]:
    """(type, content, bytes on the line: head and body) of an address."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert isinstance(answer, HTTPResponse)
        body = answer.read()
        head = sum(len(f"{name}: {value}\r\n".encode()) for name, value in answer.getheaders())
        packed = answer.getheader("Content-Encoding") == "gzip"
        kind = answer.headers.get_content_type()
        return kind, gzip.decompress(body) if packed else body, head + len(body)


def everything(url: str) -> dict[str, int]:
    """Address -> bytes, of a page and all that it names, what its style sheets name included."""
    found: dict[str, int] = {}
    waiting = [url]
    while waiting:
        here = waiting.pop()
        if here in found or here.startswith("data:"):
            continue
        kind, content, found[here] = fetch(here)
        pattern = REFERENCES.get(kind)
        if pattern:
            names = re.findall(pattern, content.decode())
            waiting += [urljoin(here, name) for name in names if not name.startswith("data:")]
    return found


def test_the_first_page_of_the_survey_is_light(browser: Browser, town: Town, packed: str) -> None:
    address = f"{packed}/v/{town.places['slug']}"
    found = everything(address)
    assert sum(found.values()) <= MOST_BYTES, found

    # The browser asks for nothing that was not counted, up to and on the first question.
    context = browser.new_context(viewport=PHONE, locale="nl-NL")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert set(asked) <= set(found)
    page.get_by_role("button", name="Beginnen").click()
    page.wait_for_load_state("networkidle")
    static = {url for url in asked if "/static/" in url}
    context.close()
    assert static <= set(found), "the first question needs files that the first page did not bring"
