"""The app on the phone without a server: cold starts, log-out, other people, updates."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import request
from playwright.sync_api import Page, Playwright, expect

from fieldapp.config import Settings
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.web.assets import static_version
from tests.browser.phone.shell import (
    ELS,
    KEES,
    Server,
    another_version,
    kept,
    log_in,
    minutes_later,
    person_of,
    phone,
    silence,
    take_along,
    taken_over,
    write_draft,
)

pytestmark = pytest.mark.browser
PAGES = {"/veld/", "/veld/gesprek", "/veld/beloftes", "/veld/telefoon", "/veld/grenzen.geojson"}


def test_a_cold_start_needs_no_server(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with phone(playwright, profile) as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        write_draft(page)
        minutes_later(page)
    server.stop()
    with phone(playwright, profile) as browser:
        page = browser.pages[0]
        page.goto(f"{server.url}/veld/")
        expect(page.locator("[data-offline]")).to_contain_text("Geen bereik. Dit is van ")
        expect(page.locator("[data-list-open] li")).to_have_count(1)
        expect(page.locator("[data-line]")).to_contain_text("1 formulier staat nog open")
        expect(page.locator("footer")).to_contain_text(static_version())
        page.locator("[data-list-open] a").click()
        expect(page.locator("form[data-phone]")).to_be_visible()
        page.goto(f"{server.url}/veld/gesprek")
        page.get_by_role("button", name="Bewonersgesprek").click()
        page.wait_for_url("**/veld/app/formulier/bewonersgesprek/**#nieuw*")
        expect(page.locator("form[data-phone]")).to_be_visible()
        page.goto(f"{server.url}/veld/inzending/{'0' * 8}-0000-4000-8000-{'0' * 12}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Geen bereik")


def test_the_icon_of_observation_opens_its_form_without_signal(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        server.stop()
        page = browser.new_page()
        page.goto(f"{server.url}/veld/#observatie")
        page.wait_for_url("**/veld/app/formulier/observatie/**#nieuw*")


def everything_along(page: Page) -> None:
    """All is on the phone, and the server has heard of the phone."""
    take_along(page)
    page.wait_for_load_state("networkidle")


def test_a_later_visit_asks_the_server_nothing(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with phone(playwright, profile) as browser:
        log_in(browser.pages[0], server, KEES)
        everything_along(browser.pages[0])
    server.seen.clear()
    with phone(playwright, profile) as browser:
        page = browser.pages[0]
        page.goto(f"{server.url}/veld/")
        everything_along(page)
        expect(page.locator("[data-renewed=fresh]")).to_be_attached()
        expect(page.locator("[data-offline]")).to_be_hidden()
        page.locator("[data-start-observation]").click()
        expect(page.locator("form[data-phone]")).to_be_visible()
        everything_along(page)
    assert server.seen == []


def test_after_some_minutes_the_server_is_asked_what_changed(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with phone(playwright, profile) as browser:
        log_in(browser.pages[0], server, KEES)
        everything_along(browser.pages[0])
        minutes_later(browser.pages[0])
    server.seen.clear()
    with phone(playwright, profile) as browser:
        page = browser.pages[0]
        page.goto(f"{server.url}/veld/")
        expect(page.locator("[data-renewed=same]")).to_be_attached()
        everything_along(page)
    asked = [(path, status) for method, path, status in server.seen if method == "GET"]
    assert sorted(asked) == [("/veld/", 304), ("/veld/app/gegevens.json", 304)]
    assert [method for method, *_ in server.seen if method != "GET"] == ["PUT"]  # how the phone is


def test_who_asks_for_a_page_anew_gets_it(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        everything_along(page)
        page.goto(f"{server.url}/veld/")
        everything_along(page)
        server.seen.clear()
        page.reload()
        expect(page.locator("[data-renewed=same]")).to_be_attached()
        everything_along(page)
        assert ("GET", "/veld/", 304) in server.seen
        assert ("GET", "/veld/app/gegevens.json", 304) in server.seen


def test_what_was_said_yesterday_or_tomorrow_holds_no_more(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        holds = page.evaluate(
            """async () => {
              const app = document.querySelector("[data-module=app]").dataset.src;
              const { freshFor } = await import(app.replace(/js.phone.*/, "js/phone/fresh.js"));
              const noon = new Date(2026, 10, 21, 12).getTime();
              const night = new Date(2026, 10, 21).getTime();
              const minute = 60_000;
              return [
                freshFor(noon - 4 * minute, noon) / minute,
                freshFor(noon - 5 * minute, noon),
                freshFor(night - minute, night + minute),
                freshFor(noon + minute, noon),
                freshFor(0, noon),
              ];
            }"""
        )
        assert holds == [1, 0, 0, 0, 0]


def test_what_is_new_on_the_server_appears_by_itself(
    playwright: Playwright, server: Server, settings: Settings, tmp_path: Path
) -> None:
    from tests.factories import make_round, make_survey

    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        engine = make_engine(settings.database_url)
        with make_session_factory(engine)() as session:
            make_round(session, make_survey(session), name="Winterronde")
        engine.dispose()
        minutes_later(page)
        page = browser.new_page()
        page.goto(f"{server.url}/veld/")
        page.get_by_role("button", name="Winterronde").click()
        page.wait_for_url("**#nieuw&ronde=*")


def test_log_out_takes_the_pages_and_leaves_the_work(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        assert any(name.startswith("fieldapp-person-") for name in kept(page))
        write_draft(page)
        page.locator(".fa-account summary").click()
        left = page.locator(".fa-account [data-waiting]")
        expect(left).to_have_text("1 formulier blijft op deze telefoon tot je weer inlogt.")
        page.get_by_role("button", name="Uitloggen").click()
        page.wait_for_url(f"{server.url}/")
        names = list(kept(page))
        assert [name for name in names if not name.startswith("fieldapp-static-")] == []
        page.goto(f"{server.url}/inloggen")
        waits = page.locator("[data-waiting]")
        expect(waits).to_contain_text("Op deze telefoon wacht 1 formulier tot je weer inlogt.")
        server.stop()
        page.goto(f"{server.url}/veld/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Geen bereik")
        server.start()
        log_in(page, server, KEES)
        expect(page.locator("[data-list-open] li")).to_have_count(1)


def test_log_out_without_signal_says_that_it_waits(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        server.stop()
        page.locator(".fa-account summary").click()
        page.get_by_role("button", name="Uitloggen").click()
        expect(page.locator(".fa-account [data-waiting]")).to_contain_text("Geen bereik.")
        assert page.url == f"{server.url}/veld/"


def test_the_next_person_sees_nothing_of_the_first(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    """The first one's log-in ended by itself; the phone goes to a colleague."""
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        first = person_of(page)
        write_draft(page)
        browser.clear_cookies()
        minutes_later(page)
        page.goto(f"{server.url}/veld/")
        expect(page.locator("[data-log-in]")).to_be_visible()
        shown: list[str] = []
        page.on("domcontentloaded", lambda page: shown.append(person_of(page)))
        log_in(page, server, ELS)
        take_along(page)
        assert first not in shown
        assert person_of(page) not in ("", first)
        assert not any(first in name for name in kept(page))
        expect(page.locator("[data-list-open] li")).to_have_count(0)


def test_a_log_in_that_the_worker_did_not_see_is_found_out(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    """Cookies of another person appear without the log-in page: a second net."""
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        first = person_of(page)
        with phone(playwright, tmp_path / "other") as second:
            log_in(second.pages[0], server, ELS)
            cookies = second.cookies()
        browser.clear_cookies()
        browser.add_cookies(
            [
                {key: one[key] for key in ("name", "value", "url") if key in one}
                | {"url": server.url}
                for one in cookies
            ]
        )
        minutes_later(page)
        page.goto(f"{server.url}/veld/")
        expect(page.locator("html")).not_to_have_attribute("data-person", first, timeout=20_000)
        take_along(page)
        assert not any(first in name for name in kept(page))


def test_a_form_in_progress_is_not_disturbed_by_a_new_version(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        take_along(page)
        old = static_version()
        form = browser.new_page()
        form.goto(f"{server.url}/veld/")
        form.locator("[data-start-observation]").click()
        expect(form.locator("form[data-phone]")).to_be_visible()
        form.evaluate("window.untouched = true")
        server.stop()
        with another_version(tmp_path):
            new = static_version()
            assert new != old
            server.start()
            minutes_later(page)
            page.goto(f"{server.url}/veld/")
            expect(page.locator("p[data-newer]")).to_be_visible(timeout=20_000)
            assert page.evaluate(
                "async () => Boolean((await navigator.serviceWorker.ready).waiting)"
            ), "the new worker did not wait for the form"
            assert form.evaluate("window.untouched")
            expect(form.locator("footer")).to_contain_text(old)
            form.close()
            # No reload now: Chromium stops a worker whose last page goes, has it answer the reload
            # all the same, and then forgets to stop it; with DevTools listening, for ever.
            taken_over(page)
            page.reload()
            take_along(page)
            page.reload()
            expect(page.locator("footer")).to_contain_text(new)
            server.stop()
            page.reload()
            expect(page.locator("footer")).to_contain_text(new)
            page.locator("[data-start-observation]").click()
            expect(page.locator("form[data-phone]")).to_be_visible()


def test_a_newer_version_does_not_wait_for_a_fetch_that_hangs(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        everything_along(page)
        page.goto(f"{server.url}/veld/")  # of the worker from now on
        everything_along(page)
        server.stop()
        with another_version(tmp_path), server_that_hangs(server, "/veld/gesprek") as asked:
            page.evaluate(
                """() => navigator.serviceWorker.controller.postMessage(
                     {type: "check", path: "/veld/gesprek", now: true})"""
            )
            assert asked.wait(20)
            page.evaluate("dispatchEvent(new Event('online'))")
            expect(page.locator("p[data-newer]")).to_be_visible(timeout=20_000)
            taken_over(page, seconds=10)  # the fetch is given 20


@contextmanager
def server_that_hangs(server: Server, path: str) -> Iterator[threading.Event]:
    """The server answers the worker nothing for this path; the event: it was asked."""
    asked, enough = threading.Event(), threading.Event()

    def hang() -> None:
        if request.path == path and "X-Fieldapp-Client" in request.headers:
            asked.set()
            enough.wait(60)

    server.start()
    assert server.app is not None
    server.app.before_request_funcs.setdefault(None, []).insert(0, hang)
    try:
        yield asked
    finally:
        enough.set()


def test_a_line_on_which_nobody_answers_holds_nobody_up(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.pages[0]
        log_in(page, server, KEES)
        everything_along(page)
        minutes_later(page)
        server.stop()
        with silence(server.port):
            page.goto(f"{server.url}/veld/beloftes", timeout=12_000)  # else from the server first
            expect(page.get_by_role("heading", level=1)).to_have_text("Beloftes")
            page.goto(f"{server.url}/veld/")
            expect(page.locator("[data-renewed=offline]")).to_be_attached(timeout=25_000)
            expect(page.locator("[data-offline]")).to_be_visible()


def test_the_worker_answers_only_what_is_read(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    with phone(playwright, tmp_path / "profile") as browser:
        page = browser.new_page()
        log_in(page, server, KEES)
        take_along(page)
        page.reload()
        by_worker: dict[str, bool] = {}
        page.on(
            "response",
            lambda found: by_worker.__setitem__(
                f"{found.request.method} {found.url.removeprefix(server.url)}",
                found.from_service_worker,
            ),
        )
        page.evaluate(
            """async () => {
              await fetch("/veld/gesprek");
              await fetch("/veld/gesprek?x=1");
              await fetch("/api/v1/openapi.json");
              for (const method of ["POST", "PUT", "DELETE"])
                await fetch("/veld/gesprek", {method});
            }"""
        )
        assert by_worker["GET /veld/gesprek"]
        others = {name: seen for name, seen in by_worker.items() if "static" not in name}
        others.pop("GET /veld/gesprek")
        assert len(others) >= 5
        assert not any(others.values()), others
