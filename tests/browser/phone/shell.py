"""A phone with its own profile folder, and a server that can die and come back another version."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from playwright.sync_api import BrowserContext, Page, Playwright
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, make_server

from fieldapp.app import create_app
from fieldapp.config import Settings
from fieldapp.core.survey import read_survey
from fieldapp.paths import SURVEYS
from fieldapp.web import assets
from tests.browser.conftest import _Quiet
from tests.factories import PASSWORD, make_area, make_person, make_survey
from tests.support.chromium import clear_locks, launch_options

KEES, ELS = "kees@example.org", "els@example.org"
ALONG = "[data-module=app][data-along=yes]"
CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    found[name] = requests.map(({url}) => new URL(url).pathname);
  }
  return found;
}"""


class _Mortal(_Quiet):
    """A browser opens spare connections: those die with the server."""

    def run_wsgi(self) -> None:
        """Answer, unless the server has died since this connection was made."""
        if getattr(self.server, "dead", False):
            self.close_connection = True
        else:
            super().run_wsgi()


@dataclass
class Server:
    """The app on a port that stays the same; `seen`: (method, path, status) of what it answered."""

    settings: Settings
    port: int = 0
    seen: list[tuple[str, str, int]] = field(default_factory=list)
    running: BaseWSGIServer | None = None
    app: Flask | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Answer, from the static files as they are now."""
        self.app = create_app(self.settings)

        def note(response: Response) -> Response:
            self.seen.append((request.method, request.path, response.status_code))
            return response

        # first in the list, so that it runs last and sees what goes over the line
        self.app.after_request_funcs[None].insert(0, note)
        self.running = make_server(
            "127.0.0.1", self.port, self.app, threaded=True, request_handler=_Mortal
        )
        self.port = self.running.server_port
        self.thread = threading.Thread(target=self.running.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Answer nothing any more."""
        if self.running is None or self.app is None:
            return
        self.running.dead = True  # type: ignore[attr-defined]
        self.running.shutdown()
        self.thread.join()
        self.running.server_close()
        self.app.extensions["fieldapp"].engine.dispose()
        self.running = None


def furnish(session: Session) -> None:
    """A buurt, two surveys, two caretakers."""
    make_area(session)
    for survey in ("observatie", "bewonersgesprek"):
        make_survey(session, survey)
    make_person(session, KEES, "buurtbeheerder")
    make_person(session, ELS, "buurtbeheerder")


@contextmanager
def phone(playwright: Playwright, profile: Path) -> Iterator[BrowserContext]:
    """The browser of this profile; what it keeps is there again the next time."""
    profile.mkdir(exist_ok=True)
    clear_locks(profile)
    context = playwright.chromium.launch_persistent_context(
        str(profile), viewport={"width": 390, "height": 844}, locale="nl-NL", **launch_options()
    )
    try:
        yield context
    finally:
        context.close()


def log_in(page: Page, server: Server, email: str) -> None:
    """Through the log-in page, to the start page."""
    page.goto(f"{server.url}/inloggen?next=/veld/")
    page.locator("input[name=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[name=remember]").check()  # else a browser that is closed forgets
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{server.url}/veld/")


def take_along(page: Page) -> None:
    """Wait until all that a day needs is on the phone."""
    page.wait_for_selector(ALONG, state="attached", timeout=30_000)


def taken_over(page: Page, seconds: int = 30) -> None:
    """Wait until no worker waits to take over."""
    page.evaluate(
        """async (seconds) => {
          const end = Date.now() + seconds * 1000;
          while ((await navigator.serviceWorker.ready).waiting) {
            if (Date.now() > end) throw new Error("a worker still waits");
            await new Promise((go) => setTimeout(go, 50));
          }
        }""",
        seconds,
    )


def minutes_later(page: Page, minutes: int = 6) -> None:
    """As if that much time went by since the server was asked about pages, pack and phone."""
    page.evaluate(
        """async (ms) => {
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              if (new URL(request.url).pathname !== "/veld/-asked") continue;
              const at = Number(await (await cache.match(request)).text());
              await cache.put(request, new Response(String(at - ms)));
            }
          }
          const person = document.documentElement.dataset.person;
          const db = await new Promise((done, fail) => {
            const asked = indexedDB.open(`fieldapp-${person}`);
            asked.onsuccess = () => done(asked.result);
            asked.onerror = () => fail(asked.error);
          });
          const change = db.transaction("settings", "readwrite");
          const settings = change.objectStore("settings");
          for (const name of ["pack", "device_told", "told"]) {
            settings.get(name).onsuccess = ({ target: { result } }) => {
              if (!result) return;
              if (name === "told") result.value -= ms;
              else result.value.at -= ms;
              settings.put(result);
            };
          }
          await new Promise((done, fail) => {
            change.oncomplete = done;
            change.onabort = () => fail(change.error);
          });
          db.close();
        }""",
        minutes * 60_000,
    )


@contextmanager
def silence(port: int) -> Iterator[None]:
    """Somebody takes every connection and never says a word: a line without signal."""
    with socket.create_server(("127.0.0.1", port), backlog=64):
        yield


def kept(page: Page) -> dict[str, list[str]]:
    """Name of each cache -> paths in it."""
    found: dict[str, list[str]] = page.evaluate(CACHES)
    return found


def person_of(page: Page) -> str:
    """Whose page this is."""
    return page.locator("html").get_attribute("data-person") or ""


def write_draft(page: Page, state: str = "open") -> str:
    """A form that was begun on this phone, by the phone's own modules; its id."""
    app: Any = page.locator("[data-module=app]").get_attribute("data-src")
    folder = app.partition("/js/")[0] + "/js/phone"  # the modules, also where a bundle is served
    made: str = page.evaluate(
        """async ([folder, state, version]) => {
          const { newDraft, saveDraft, finish } = await import(`${folder}/drafts.js`);
          const { storeOf } = await import(`${folder}/store.js`);
          const form = {survey: "observatie", version, language: "nl"};
          const draft = await saveDraft(storeOf(), newDraft({...form, title: "Observatie"}));
          if (state !== "open") await finish(storeOf(), draft.id, {});
          return draft.id;
        }""",
        [folder, state, read_survey(SURVEYS / "observatie/survey.yaml").version],
    )
    return made


@contextmanager
def another_version(folder: Path) -> Iterator[None]:
    """Static files of which one differs: the next app that starts is of another version."""
    before = assets.STATIC
    copy = folder / "static"
    shutil.copytree(before, copy)
    (copy / "js" / "counter.js").write_text("export default class Counter {}\n", encoding="utf-8")
    assets.STATIC = copy
    assets.static_version.cache_clear()
    try:
        yield
    finally:
        assets.STATIC = before
        assets.static_version.cache_clear()
