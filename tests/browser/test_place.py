"""The place of a form on the phone: asked at once, better while one types, honest about its age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.widget_page import widget_pages

pytestmark = pytest.mark.browser

PHONE: Any = {"width": 390, "height": 844}
HERE: Any = {"latitude": 52.0801, "longitude": 4.3003, "accuracy": 8}
# The box of widget_page.AREAS ends at 4.32 east: 0.05 degrees at 52.08 north are 3 419 m
# (0.05 * 111 320 * cos 52.08).
FAR: Any = {"latitude": 52.08, "longitude": 4.37, "accuracy": 8}

# A phone whose positions the test hands out one by one, each with its own age (ms).
FAKE = """() => {
  const watchers = new Map();
  let last = 0;
  window.asked = [];
  const geolocation = {
    watchPosition: (found, failed, options) => {
      window.asked.push(options);
      watchers.set(last += 1, { found, failed });
      return last;
    },
    clearWatch: (id) => watchers.delete(id),
  };
  Object.defineProperty(navigator, "geolocation", { value: geolocation });
  window.give = (latitude, longitude, accuracy, age = 0) => {
    for (const { found } of [...watchers.values()]) {
      found({ coords: { latitude, longitude, accuracy }, timestamp: Date.now() - age });
    }
    return watchers.size;
  };
  window.fail = (code) => { for (const { failed } of [...watchers.values()]) failed({ code }); };
  window.watching = () => watchers.size;
}"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with widget_pages() as address:
        yield address


@pytest.fixture
def context(browser: Browser, url: str) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport=PHONE, base_url=url, has_touch=True, geolocation=HERE, permissions=["geolocation"]
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def faked(page: Page, query: str = "phone") -> Page:
    page.add_init_script(f"({FAKE})()")
    page.goto(f"/places?{query}", wait_until="networkidle")
    page.wait_for_function("() => window.watching !== undefined")
    return page


def status(page: Page) -> Any:
    return page.locator("[data-point-status]").first


def value(page: Page, part: str) -> str:
    return page.locator(f"[name='plek/{part}']").input_value()


def test_the_place_is_asked_when_the_form_opens(page: Page) -> None:
    page.goto("/places?phone", wait_until="networkidle")
    expect(status(page)).to_have_text("Hier, op 8 m nauwkeurig, zojuist.")
    assert (value(page, "lat"), value(page, "lon")) == ("52.080100", "4.300300")
    assert (value(page, "accuracy"), value(page, "source")) == ("8", "gps")
    age = page.evaluate(
        "Date.now() - Date.parse(document.querySelector(\"[name='plek/taken_at']\").value)"
    )
    assert 0 <= age < 30_000


def test_a_plain_form_waits_for_the_button(page: Page) -> None:
    faked(page, "")
    assert page.evaluate("asked") == []
    page.get_by_role("button", name="Hier").click()
    assert page.evaluate("asked[0].maximumAge") == 0


def test_it_gets_better_and_never_worse(page: Page) -> None:
    faked(page)
    page.evaluate("give(52.08, 4.30, 60)")
    expect(status(page)).to_have_text("Hier, op 60 m nauwkeurig, zojuist. Het wordt nog preciezer.")
    page.evaluate("give(52.09, 4.31, 90)")
    assert value(page, "lat") == "52.080000"
    page.evaluate("give(52.081, 4.301, 9)")
    assert value(page, "lat") == "52.081000"
    assert page.evaluate("watching()") == 0  # good enough
    expect(status(page)).to_have_text("Hier, op 9 m nauwkeurig, zojuist.")


def test_an_old_position_says_so_and_gives_way(page: Page) -> None:
    faked(page)
    page.evaluate("give(52.08, 4.30, 5, 12 * 60000)")  # what the phone still knew
    expect(status(page)).to_have_text("Hier, op 5 m nauwkeurig, 12 minuten geleden.")
    assert page.evaluate("watching()") == 1
    page.evaluate("give(52.081, 4.301, 30)")  # newer, though less precise
    assert value(page, "lat") == "52.081000"
    expect(status(page)).to_contain_text("zojuist")


def test_it_rests_while_the_page_is_hidden(page: Page) -> None:
    faked(page)
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    assert page.evaluate("watching()") == 1
    page.evaluate(hide, True)
    assert page.evaluate("watching()") == 0
    page.evaluate(hide, False)
    assert page.evaluate("watching()") == 1
    page.evaluate("give(52.08, 4.30, 7)")
    page.evaluate(hide, True)
    page.evaluate(hide, False)
    assert page.evaluate("watching()") == 0  # it has what it wanted


def test_a_persons_choice_is_never_overwritten(page: Page) -> None:
    faked(page)
    page.evaluate("give(52.08, 4.30, 60)")
    page.locator("[name='plek/area']").select_option("BU1")
    assert page.evaluate("give(52.1, 4.4, 5)") == 0
    assert [value(page, part) for part in ("lat", "lon", "source", "taken_at")] == ["", "", "", ""]


def test_figures_by_hand_were_not_measured(page: Page) -> None:
    faked(page)
    page.evaluate("give(52.08, 4.30, 60)")
    page.get_by_text("Zelf coördinaten invullen").click()
    page.locator("[name='plek/lat']").fill("52.2")
    assert (value(page, "source"), value(page, "accuracy"), value(page, "taken_at")) == (
        "manual", "", "",
    )  # fmt: skip
    assert page.evaluate("watching()") == 0


def test_a_draft_keeps_its_own_place(page: Page) -> None:
    # 14:03 UTC is 15:03 in a winter in Amsterdam, wherever the phone thinks it is.
    faked(page, "phone&plek/lat=52.07&plek/lon=4.31&plek/accuracy=12&plek/source=gps"
                "&plek/taken_at=2026-11-10T14:03:00Z")  # fmt: skip
    assert page.evaluate("asked") == []
    expect(status(page)).to_have_text(
        re.compile(r"Hier, op 12 m nauwkeurig, gemeten di 10 november( om|,) 15:03\.")
    )
    page.get_by_role("button", name="Meet opnieuw").click()
    page.evaluate("give(52.08, 4.30, 8)")
    assert value(page, "lat") == "52.080000"


def test_without_permission_it_first_says_why(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport=PHONE, base_url=url, has_touch=True)
    page = context.new_page()
    page.add_init_script("navigator.permissions.query = async () => ({ state: 'prompt' });")
    faked(page)
    page.get_by_text("Deel je plek, dan hoef je straks niet op de kaart te zoeken.").wait_for()
    assert page.evaluate("asked") == []
    page.get_by_role("button", name="Deel mijn plek").click()
    page.evaluate("give(52.08, 4.30, 8)")
    assert value(page, "lat") == "52.080000"
    assert page.get_by_text("Deel je plek, dan").count() == 0
    context.close()


def test_a_refusal_says_what_to_do(page: Page) -> None:
    faked(page)
    page.evaluate("fail(1)")
    expect(status(page)).to_contain_text("Zet locatie aan in de instellingen")


def test_no_signal_from_satellites_yet_is_no_end(page: Page) -> None:
    faked(page)
    page.evaluate("fail(3)")
    assert page.evaluate("watching()") == 1
    page.evaluate("give(52.08, 4.30, 8)")
    expect(status(page)).to_have_text("Hier, op 8 m nauwkeurig, zojuist.")


@pytest.mark.parametrize(("accuracy", "told"), [(0, "0"), (0.04, "0.1"), (7.4, "7.4"), (8, "8")])
def test_only_nought_is_sent_as_nought(page: Page, accuracy: float, told: str) -> None:
    faked(page)
    page.evaluate("metres => give(52.08, 4.30, metres)", accuracy)
    assert value(page, "accuracy") == told


# --- far away ---

FINISH = """() => document.querySelector("form").dispatchEvent(
  new CustomEvent("fa:finish", { cancelable: true }))"""
EARS = """() => { window.went = 0; window.changed = 0;
  document.querySelector("form").addEventListener("fa:finish-go", () => (window.went += 1));
  document.querySelector("form").addEventListener("fa:go", () => (window.changed += 1)); }"""


def test_a_place_far_away_is_asked_about(browser: Browser, url: str) -> None:
    context = browser.new_context(
        viewport=PHONE, base_url=url, geolocation=FAR, permissions=["geolocation"]
    )
    page = context.new_page()
    page.goto("/places?phone", wait_until="networkidle")
    page.evaluate(EARS)
    expect(status(page)).to_contain_text("Hier, op 8 m")
    assert page.evaluate(FINISH) is False
    page.get_by_role("heading", name="Deze plek ligt 3 km buiten je gebied. Klopt dat?").wait_for()
    page.get_by_role("button", name="Nee, verander de plek").click()
    page.wait_for_function("() => changed === 1 && went === 0")
    assert page.evaluate(FINISH) is False
    page.get_by_role("button", name="Ja, dat klopt").click()
    page.wait_for_function("() => changed === 1 && went === 1")
    assert page.evaluate(FINISH) is True  # said once is enough
    context.close()


def test_a_place_nearby_is_not(page: Page) -> None:
    faked(page)
    # 0.012 degrees east of the edge: 821 m.
    page.evaluate("give(52.08, 4.332, 8)")
    page.evaluate("fetch('/grenzen.json')")  # until the boundaries are there
    assert page.evaluate(FINISH) is True
