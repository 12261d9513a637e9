"""What the app costs a phone: bytes of the first and of later visits, seconds until usable.

Bytes are counted between browser and server by a relay, so that nothing is missed: pages, scripts,
pictures, icons, what the worker fetches for later, heads included. Static files and the app's own
pages are sent with gzip by fieldapp itself.
"""

from __future__ import annotations

import contextlib
import socket
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.house import open_house, server
from bench.page import CPU_SLOWER, NETWORKS
from tests.browser.phone.shell import minutes_later
from tests.factories import PASSWORD, make_area, make_person, make_survey
from tests.support.chromium import launch_options

MOST_KB = 120
MOST_LATER_KB = 0  # right after: what the server said a moment ago holds (ADR 34)
MOST_MINUTES_LATER_KB = 1.5  # heads that say "the same", how the phone is: no page, no script
MOST_SECONDS = 2
EMAIL = "kees@example.org"
SHIPPED = ("observatie", "bewonersgesprek", "portiekgesprek", "professional", "bewonersenquete")
START = "[data-module=start][data-ready]"
FORM = "form[data-phone][data-live=on]"
FORMS = "[data-module=app][data-forms=yes]"  # the start page and the forms are on the phone
ALONG = "[data-module=app][data-along=yes]"  # and all that goes along beside them
# Milliseconds since the navigation began at which this stands in the page and has been painted.
WHEN = """(selector) => new Promise((done) => {
  const look = () => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const there = paint && document.querySelector(selector);
    if (there) done(Math.max(paint.startTime, performance.now()));
    else requestAnimationFrame(look);
  };
  look();
})"""


@dataclass
class Relay:
    """Passes everything on to a port and counts what comes back."""

    to: int
    bytes_back: int = 0

    def serve(self) -> socket.socket:
        """A listening socket whose connections are passed on until it is closed."""
        listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
        return listening

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                for source, target, back in ((near, far, False), (far, near, True)):
                    threading.Thread(
                        target=self._pass, args=(source, target, back), daemon=True
                    ).start()

    def _pass(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if back:
                    self.bytes_back += len(data)
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


def furnish(*surveys: str) -> Any:
    """A caretaker in one buurt with these surveys."""

    def fill(session: Session) -> str:
        make_area(session)
        for survey in surveys:
            make_survey(session, survey)
        make_person(session, EMAIL, "buurtbeheerder")
        return ""

    return fill


@contextmanager
def relayed(*surveys: str) -> Iterator[tuple[Relay, str]]:
    """The real server behind a relay: (relay, address)."""
    with open_house("sqlite", furnish(*surveys)) as house, server(house, worker=False) as running:
        relay = Relay(running.port)
        with relay.serve() as listening:
            yield relay, f"http://127.0.0.1:{listening.getsockname()[1]}"


def measure_phone(times: int) -> list[Figure]:
    """Weight and time of the start page and a form; with one survey and with the five that ship."""
    from playwright.sync_api import sync_playwright

    found: list[Figure] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        with relayed("observatie") as (relay, url):
            found += weights(browser, relay, url, "start page and one survey", MOST_KB)
            found += times_until_usable(browser, url, times)
        with relayed(*SHIPPED) as (relay, url):
            found += weights(browser, relay, url, "start page and all five surveys", None)
        browser.close()
    return found


def person(browser: Any, url: str) -> Any:
    """A phone that has nothing yet, of somebody who is logged in."""
    before = browser.new_context()
    page = before.new_page()
    page.goto(f"{url}/inloggen?next=/veld/")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{url}/veld/")
    state = before.storage_state()
    before.close()
    return browser.new_context(viewport={"width": 390, "height": 844}, storage_state=state)


def weights(browser: Any, relay: Relay, url: str, what: str, aim: float | None) -> Iterator[Figure]:
    """kB of a first visit: start page, install, form of an observation; and of a later one."""
    context = person(browser, url)
    page = context.new_page()
    relay.bytes_back = 0
    page.goto(f"{url}/veld/")
    page.wait_for_selector(FORMS, state="attached")
    yield Figure("phone", f"{what}: first visit", relay.bytes_back / 1000, "kB", aim)
    page.wait_for_selector(ALONG, state="attached")
    address = page.locator("[data-start-observation]").get_attribute("data-form")
    page.goto(url + address)
    page.wait_for_selector(FORM, state="attached")
    page.wait_for_load_state("networkidle")
    everything = f"{what}, with the pages beside them: first visit"
    yield Figure("phone", everything, relay.bytes_back / 1000, "kB")
    most: float | None = None if aim is None else MOST_LATER_KB
    yield Figure("phone", f"{what}: later visit", later_visit(page, relay, address), "kB", most)
    minutes_later(page)
    weight = later_visit(page, relay, address)
    most = None if aim is None else MOST_MINUTES_LATER_KB
    yield Figure("phone", f"{what}: later visit, after those minutes", weight, "kB", most)
    context.close()


def later_visit(before: Any, relay: Relay, address: str) -> float:
    """kB of the start page and a form, opened anew by a phone that has all."""
    page = before.context.new_page()
    relay.bytes_back = 0
    page.goto(before.url.partition("/veld/")[0] + "/veld/")
    page.wait_for_selector(ALONG, state="attached")
    page.goto(before.url.partition("/veld/")[0] + address)
    page.wait_for_selector(ALONG, state="attached")
    page.wait_for_selector(FORM, state="attached")
    page.wait_for_load_state("networkidle")
    page.close()
    return relay.bytes_back / 1000


def times_until_usable(browser: Any, url: str, times: int) -> Iterator[Figure]:
    """Seconds until start page and form can be used: nothing on the phone yet, and all of it."""
    for network, limits in NETWORKS.items():
        took: dict[str, list[float]] = {}
        for _ in range(times):
            for name, milliseconds in one_phone(browser, url, limits).items():
                took.setdefault(name, []).append(milliseconds)
        for name, all_of_them in took.items():
            what = f"{name}: usable, {network}, CPU / {CPU_SLOWER}"
            seconds = statistics.median(all_of_them) / 1000
            yield Figure("phone", what, seconds, "s", MOST_SECONDS)


def one_phone(browser: Any, url: str, limits: tuple[float, int, int]) -> dict[str, float]:
    """Milliseconds of a first visit on a slow line, and of the same pages when they are kept."""
    context = person(browser, url)
    found = {}
    page = slow_page(context, limits)
    page.goto(f"{url}/veld/", wait_until="commit")
    found["start page, first visit"] = float(page.evaluate(WHEN, START))
    address = url + (page.locator("[data-start-observation]").get_attribute("data-form") or "")
    page.close()
    fresh = person(browser, url)
    page = slow_page(fresh, limits)
    page.goto(address, wait_until="commit")
    found["form of an observation, first visit"] = float(page.evaluate(WHEN, FORM))
    fresh.close()
    page = context.new_page()
    page.goto(f"{url}/veld/")
    page.wait_for_selector(ALONG, state="attached")
    page.close()
    page = slow_page(context, limits)
    page.goto(f"{url}/veld/", wait_until="commit")
    found["start page, kept"] = float(page.evaluate(WHEN, START))
    page.goto(address, wait_until="commit")
    found["form of an observation, kept"] = float(page.evaluate(WHEN, FORM))
    context.close()
    return found


def slow_page(context: Any, limits: tuple[float, int, int]) -> Any:
    """A page on a slow line and a slow processor."""
    page = context.new_page()
    tools = context.new_cdp_session(page)
    latency, down, up = limits
    conditions = {"latency": latency, "downloadThroughput": down, "uploadThroughput": up}
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    tools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    return page
