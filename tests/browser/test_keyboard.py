"""Without a mouse: what has the focus is seen, comes in a sensible order, and never gets stuck."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.town import Town, log_in_as

pytestmark = pytest.mark.browser

PHONE: Any = {"width": 390, "height": 844}
LAPTOP: Any = {"width": 1280, "height": 900}

# What has the focus, as plain values; ring: whether it, or what is drawn for it, shows that.
FOCUS = """() => {
  const el = document.activeElement;
  if (!el || el === document.body) return null;
  const drawn = [el, el.nextElementSibling, el.previousElementSibling].filter(Boolean);
  const ring = drawn.some(d => {
    const style = getComputedStyle(d);
    return parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none';
  });
  const box = (el.closest('label') ?? el).getBoundingClientRect();
  return { tag: el.tagName, type: el.type ?? '', id: el.id, name: el.name ?? '', ring,
    words: (el.innerText || '').trim(), top: box.top + scrollY, left: box.left,
    seen: box.bottom > 0 && box.top < innerHeight, html: el.outerHTML.slice(0, 140) };
}"""


@pytest.fixture
def page(browser: Browser, town: Town) -> Iterator[Page]:
    context = browser.new_context(base_url=town.url, viewport=PHONE, locale="nl-NL")
    yield context.new_page()
    context.close()


def tab_to(page: Page, wanted: Callable[[dict[str, Any]], bool], most: int = 60) -> dict[str, Any]:
    """Press Tab until the wanted thing has the focus; each stop on the way must be seen."""
    before: dict[str, Any] | None = None
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here is None:
            continue
        assert here["ring"], f"focus not visible on {here['html']}"
        assert here["seen"], f"focus outside the screen on {here['html']}"
        if before is not None and page.viewport_size == PHONE:
            back = before["top"] - here["top"]
            assert back <= 4, f"focus jumps up {back} px to {here['html']} from {before['html']}"
        if wanted(here):
            return dict(here)
        before = here
    raise AssertionError(f"never reached; last: {before}")


def says(*words: str) -> Callable[[dict[str, Any]], bool]:
    return lambda here: any(here["words"].startswith(word) for word in words)


def radio(here: dict[str, Any]) -> bool:
    return bool(here["type"] == "radio")


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/inloggen")
    tab_to(page, lambda here: here["name"] == "email")
    page.keyboard.type(email)
    tab_to(page, lambda here: here["type"] == "password")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/inloggen" not in url)


def test_skip_link(page: Page) -> None:
    page.goto("/inloggen")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Naar de inhoud")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "email", "the next stop is the first in the content"


def test_an_observation(page: Page, town: Town) -> None:
    log_in(page, *log_in_as(town, "buurtbeheerder"))
    expect(page.locator("[data-module=start][data-ready]")).to_be_attached()
    tab_to(page, says("Observatie"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/veld/app/formulier/observatie/**")
    expect(page.locator("form[data-phone][data-live=on]")).to_be_visible()
    tab_to(page, says("Volgende"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wat")

    # Nothing chosen: the list of what is wrong has the focus and leads to the question.
    tab_to(page, says("Volgende"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-problems] > *")).to_be_focused()
    tab_to(page, lambda here: here["tag"] == "A")
    page.keyboard.press("Enter")
    assert radio(page.evaluate(FOCUS))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=wat]:checked")).to_have_count(1)
    expect(page.locator("input[name^=niveau_]").first).to_be_visible()  # its level came along
    tab_to(page, says("Volgende"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waar")
    tab_to(page, lambda here: here["tag"] == "SELECT")
    page.keyboard.press("ArrowDown")
    tab_to(page, says("Opslaan", "Volgende"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Aangekomen om").first).to_be_visible(timeout=20_000)


def test_the_survey_for_residents(page: Page, town: Town) -> None:
    page.goto(f"/v/{town.places['slug']}")
    tab_to(page, says("Beginnen"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/0-buurt")
    seen = []
    for _ in range(40):
        if "/klaar/" in page.url:
            break
        here = page.url
        seen.append(here)
        if page.locator("main input[type=radio]").count():
            tab_to(page, radio)
            page.keyboard.press("Space")
        elif page.locator("main textarea").count():
            tab_to(page, lambda stop: stop["tag"] == "TEXTAREA")
            page.keyboard.type("Goede buren.")
        tab_to(page, says("Volgende", "Versturen"))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, here=here: url != here)
    assert "/klaar/" in page.url
    assert len(seen) > 15


def test_the_coding_page(page: Page, town: Town) -> None:
    """Every stop is seen, in the order text, fragment, codes, valence, save; and one gets out."""
    page.set_viewport_size(LAPTOP)
    log_in(page, *log_in_as(town, "analist"))
    page.goto(f"/coderen/{town.places['coded']}")
    order = (
        lambda here: here["id"] == "fragment",
        lambda here: here["tag"] == "SUMMARY" and "Welzijn" in here["words"],
        lambda here: here["name"] == "valence",
        says("Opslaan"),
    )
    for wanted in order:
        tab_to(page, wanted)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS) is None:
            return
    raise AssertionError("the focus does not leave the page")


def test_menu_closes_at_escape(page: Page, town: Town) -> None:
    log_in(page, *log_in_as(town, "buurtbeheerder"))
    tab_to(page, lambda here: here["tag"] == "SUMMARY")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Uitloggen")).to_be_hidden()
    assert page.evaluate(FOCUS)["tag"] == "SUMMARY"
