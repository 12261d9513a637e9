"""The map of a gemeente: every name can be read, by pointing and by keyboard, and never twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.town import Town, log_in_as

pytestmark = pytest.mark.browser

OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.fa-area-name')].map(n => n.getBoundingClientRect());
  return boxes.filter((a, i) => boxes.some((b, j) => j > i && a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom)).length;
}"""


@pytest.fixture
def page(browser: Browser, town: Town) -> Iterator[Page]:
    context = browser.new_context(
        base_url=town.url, viewport={"width": 1280, "height": 900}, locale="nl-NL"
    )
    page = context.new_page()
    email, password = log_in_as(town, "wijkmanager")
    page.goto("/inloggen")
    page.locator("input[name=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/buurten/**")
    expect(page.locator("path.fa-area--link")).to_have_count(12)
    yield page
    context.close()


def test_names_stand_free_of_each_other(page: Page) -> None:
    assert page.locator(".fa-area-name").count() >= 6
    assert page.evaluate(OVERLAPS) == 0


def test_every_name_shows_when_pointed_at_or_reached(page: Page) -> None:
    tip = page.locator(".leaflet-tooltip:not(.fa-area-name)")
    for area in page.locator("path.fa-area--link").all():
        label = area.get_attribute("aria-label") or ""
        name = label.partition(":")[0]
        area.focus()
        expect(tip).to_contain_text(name)
        fixed = page.locator(".fa-area-name").filter(has_text=name.split()[0])
        if fixed.count():
            expect(fixed).to_have_css("opacity", "0")
        area.blur()
        expect(tip).to_have_count(0)
    page.locator("path.fa-area--link").first.hover()
    expect(tip).to_have_count(1)


def test_the_list_beside_it_names_them_all(page: Page) -> None:
    for area in page.locator("path.fa-area--link").all():
        name = (area.get_attribute("aria-label") or "").partition(":")[0]
        expect(page.locator("main .fa-rows").get_by_text(name, exact=True).first).to_be_visible()
