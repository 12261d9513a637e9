"""A phone: Chromium with a profile of its own, that can be killed, filled up and logged out."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright
from playwright.sync_api import Error as PlaywrightError

from tests.factories import PASSWORD
from tests.support.chromium import clear_locks, launch_options

HARNESS = (Path(__file__).parent / "harness.js").read_text()
START = "/veld/"
QUEUE = "/veld/telefoon"
# The clock of this phone is off: every page has it from its first line on.
CLOCK = """(() => {
  const off = %d, Real = Date;
  class Off extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + off); }
    static now() { return Real.now() + off; }
  }
  globalThis.Date = Off;
})();"""
# A page that never answers is a page that is gone: Playwright itself would wait for ever.
BOUNDED = """given => Promise.race([(%s)(), new Promise((_, no) => {
  setTimeout(() => no(new Error("no answer within a minute")), 60_000);
})])"""
SCREEN = {"viewport": {"width": 390, "height": 844}, "locale": "nl-NL"}


class Gone(Exception):
    """The browser or the tab is dead, or the page is not one of ours now; the user tries again."""


class Phone:
    """One phone of one person. Give `browser` for a phone that is never killed (a quick one)."""

    def __init__(
        self,
        playwright: Playwright,
        url: str,
        email: str,
        profile: Path,
        *,
        browser: Browser | None = None,
        clock_off: int = 0,
    ) -> None:
        self.playwright, self.url, self.email = playwright, url, email
        self.profile, self.browser, self.clock_off = profile, browser, clock_off
        self.context: BrowserContext | None = None
        self.page: Page | None = None
        self.cookies: list[Any] = []  # of the last log-in: a real phone keeps those when killed
        self.crashed: list[Page] = []
        self.quota: CDPSession | None = None
        self.messages: list[str] = []  # what pages said on their console
        self.starts = 0

    # Life and death.

    def start(self) -> None:
        """Switch on: the profile is what the last life left."""
        options: dict[str, Any] = {**SCREEN, "permissions": ["geolocation"]}
        options["geolocation"] = {"longitude": 5.11, "latitude": 52.09, "accuracy": 9}
        if self.browser is not None:
            self.context = self.browser.new_context(**options)
        else:
            clear_locks(self.profile)
            self.context = self.playwright.chromium.launch_persistent_context(
                str(self.profile), **launch_options(), **options
            )
        self.starts += 1
        self.context.set_default_timeout(15_000)
        if self.clock_off:
            self.context.add_init_script(CLOCK % (self.clock_off * 1000))
        if self.cookies:
            self.context.add_cookies(self.cookies)
        self.page = self._listen(self.context.new_page())

    def _listen(self, page: Page) -> Page:
        page.on("crash", self._fell_over)
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
        return page

    def _fell_over(self, page: Page) -> None:
        self.crashed.append(page)

    def kill(self) -> None:
        """SIGKILL to the browser, as a phone does to an app in the background."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_tabs(self) -> None:
        """SIGKILL to every tab, not to the browser."""
        for pid in self.processes("renderer"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def processes(self, kind: str = "") -> list[int]:
        """Of this profile only: the browser itself, or its processes of a kind ("renderer")."""
        profile = f"--user-data-dir={self.profile}"
        words: dict[int, list[str]] = {}
        parents: dict[int, int] = {}
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                pid = int(path.name)
                words[pid] = (path / "cmdline").read_text().replace("\0", " ").split()
                parents[pid] = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
        mine = {pid for pid, given in words.items() if profile in given and not _kind(given)}
        if not kind:
            return sorted(mine)
        grown = True
        while grown:  # its children, and theirs
            more = {pid for pid, parent in parents.items() if parent in mine} - mine
            mine, grown = mine | more, bool(more)
        return sorted(pid for pid in mine if _kind(words[pid]) == kind)

    def restart(self) -> None:
        """The next life of this phone; what was logged in still is."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Switch off, dead or alive."""
        context, self.context, self.page, self.quota = self.context, None, None, None
        if context is not None:
            with suppress(PlaywrightError):
                context.close()

    def new_page(self) -> Page:
        """A new tab takes the place of a dead one."""
        assert self.context is not None
        if self.page is not None:
            with suppress(PlaywrightError):
                self.page.close()
        with gone():
            self.page = self._listen(self.context.new_page())
        return self.page

    def recover(self) -> None:
        """Whatever died, begin again; the start page is asked for until it answers."""
        try:
            self.new_page()
        except Gone:
            self.restart()

    def here(self) -> Page:
        """The tab; Gone when it fell over: Playwright would wait for a dead one for ever."""
        if self.page is None or self.context is None:
            raise Gone("no page")
        with gone():
            self.context.cookies()  # a round trip: what happened to the tab is known after it
        if self.page in self.crashed:
            raise Gone("the tab was killed")
        return self.page

    def alive(self) -> bool:
        """Whether the page is there and can be spoken to."""
        try:
            with gone():
                return bool(self.here().evaluate("Boolean(globalThis.faults)"))
        except Gone:
            return False

    def looks(self) -> str:
        """The address and the first words of the page, for a report."""
        with suppress(PlaywrightError):
            if self.page is not None:
                return f"{self.page.url}: {self.page.inner_text('main', timeout=500)[:160]!r}"
        return "no page to be seen"

    def offline(self, off: bool) -> None:
        """No signal at all, also for the worker; pages are told."""
        if self.context is None:
            raise Gone("no browser")
        with gone():
            self.context.set_offline(off)

    def second_tab(self, path: str = START) -> Page:
        """Another tab of the same phone, which stays open beside the first."""
        assert self.context is not None
        with gone():
            page = self._listen(self.context.new_page())
            page.goto(self.url + path, wait_until="load")
            if page.evaluate("document.documentElement.dataset.person ?? ''"):
                page.evaluate(BOUNDED % HARNESS)
            return page

    # Pages.

    def goto(self, path: str = START) -> None:
        """Open a page of ours that knows who we are; Gone when it did not come."""
        page = self.here()
        with gone():
            page.goto(self.url + path, wait_until="load")
        self.harness()

    def ask_anew(self) -> None:
        """Reload: the app asks the server however short ago it did; Gone when nothing came."""
        page = self.here()
        with gone():
            page.reload(wait_until="load")
        self.harness()

    def harness(self) -> None:
        """Our own functions in the page that is open; Gone when it knows nobody."""
        page = self.here()
        with gone():
            if not page.evaluate("document.documentElement.dataset.person ?? ''"):
                raise Gone("a page without a person")
            page.evaluate(BOUNDED % HARNESS)

    def log_in(self) -> None:
        """By the real page; Gone when it did not work out."""
        page = self.here()
        with gone():
            page.goto(self.url + "/inloggen")
            if not page.locator("input[name=email]").count():
                self.goto()
                return
            page.fill("input[name=email]", self.email)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/inloggen" not in url)
            self.cookies = page.context.cookies()
        self.goto()

    def wait_until_installed(self, seconds: float) -> None:
        """Once, with signal, after the first log-in: the app is whole on the phone from here on."""
        page = self.here()
        with gone():
            page.locator("[data-along=yes]").wait_for(state="attached", timeout=seconds * 1000)

    def forget_login(self) -> None:
        """The session is over: no cookie is left."""
        assert self.context is not None
        self.cookies = []
        with gone():
            self.context.clear_cookies()

    # The product's modules.

    def call(self, name: str, /, **given: Any) -> Any:
        """A function of harness.js; Gone when the page is not there to answer."""
        page = self.here()
        with gone():
            return page.evaluate(BOUNDED % f"() => faults.{name}(given)", given)

    def give_file(self, path: Path) -> None:
        """Let the page hold a file, as chosen by the user."""
        page = self.here()
        with gone():
            page.evaluate(
                """() => {
                  document.querySelector("#faults-file")?.remove();
                  const input = Object.assign(document.createElement("input"), {type: "file"});
                  input.id = "faults-file";
                  input.hidden = true;
                  document.body.append(input);
                }"""
            )
            page.set_input_files("#faults-file", str(path))

    # The machine below the page.

    def room(self, left: int | None) -> None:
        """Storage: at most `left` bytes for this site; None: as much as there is."""
        page = self.here()
        with gone():
            if self.quota is not None:
                quota, self.quota = self.quota, None
                quota.detach()  # what a session overrides lasts as long as the session
            if left is not None:
                self.quota = page.context.new_cdp_session(page)
                given = {"origin": self.url, "quotaSize": left}
                self.quota.send("Storage.overrideQuotaForOrigin", given)

    def used(self) -> int:
        """Bytes that this site keeps."""
        return int(self._cdp("Storage.getUsageAndQuota", origin=self.url)["usage"])

    def clear_storage(self) -> None:
        """A browser that cleans up: drafts, caches, worker and cookies are gone."""
        self._cdp("Storage.clearDataForOrigin", origin=self.url, storageTypes="all")

    def _cdp(self, method: str, /, **given: Any) -> Any:
        page = self.here()
        with gone():
            session = page.context.new_cdp_session(page)
            try:
                return session.send(method, given)
            finally:
                session.detach()


def _kind(words: list[str]) -> str:
    return next((w.removeprefix("--type=") for w in words if w.startswith("--type=")), "")


class Full(Gone):
    """The phone said that there is no room for this."""


@contextmanager
def gone() -> Iterator[None]:
    """Errors of a dying page as Gone."""
    try:
        yield
    except PlaywrightError as error:
        said = " ".join(str(error).split())[:300]
        raise (Full if "StorageFull" in said else Gone)(said) from error
