"""The app on the phone without a server: cold starts, log-out, other people, updates."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

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
    person_of,
    phone,
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


def test_a_later_visit_costs_nothing_when_nothing_changed(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with phone(playwright, profile) as browser:
        log_in(browser.pages[0], server, KEES)
        take_along(browser.pages[0])
    server.seen.clear()
    with phone(playwright, profile) as browser:
        page = browser.pages[0]
        page.goto(f"{server.url}/veld/")
        take_along(page)
        expect(page.locator("[data-renewed=same]")).to_be_attached()
        expect(page.locator("[data-offline]")).to_be_hidden()
    pages = [(path, status) for method, path, status in server.seen if method == "GET"]
    assert ("/veld/", 304) in pages
    assert ("/veld/app/gegevens.json", 304) in pages
    loaded = [path for path, status in pages if status == 200 and not path.startswith("/api/")]
    assert set(loaded) <= {"/veld/sw.js"}, pages


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
            page.goto(f"{server.url}/veld/")
            expect(page.locator("p[data-newer]")).to_be_visible(timeout=20_000)
            assert page.evaluate(
                "async () => Boolean((await navigator.serviceWorker.ready).waiting)"
            ), "the new worker did not wait for the form"
            assert form.evaluate("window.untouched")
            expect(form.locator("footer")).to_contain_text(old)
            form.close()
            page.reload()
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
