"""What a phone says of its own storage, in a Chromium where it really is short, shut or gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import select

from fieldapp.config import Settings
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.models import Device, User
from fieldapp.services.messages import messages_for, send
from fieldapp.web.assets import static_version
from tests.browser.look import AXE, RULES
from tests.browser.phone.shell import KEES, Server, log_in, minutes_later
from tests.factories import make_actor
from tests.support.chromium import clear_locks, launch_options
from tests.support.shipped import version

pytestmark = pytest.mark.browser
MB = 1024 * 1024
# Else Chromium tells every page of 10 GB of room, whatever there is.
HONEST = "--disable-features=StaticStorageQuota"
STORE = """async (argument) => {
  const app = document.querySelector("[data-module=app]").dataset.src;
  const folder = app.replace(/js.phone.*/, "js/phone");
  const { storeOf } = await import(`${folder}/store.js`);
  const store = storeOf();
  WORK
}"""


@pytest.fixture
def browser(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """A phone that tells the truth about its room."""
    profile = tmp_path / "profile"
    profile.mkdir()
    clear_locks(profile)
    options: dict[str, Any] = launch_options()
    options["args"] = [*options.get("args", ()), HONEST]
    context = playwright.chromium.launch_persistent_context(
        str(profile), viewport={"width": 390, "height": 844}, locale="nl-NL", **options
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(browser: BrowserContext, server: Server) -> Page:
    """Kees, on the start page of his phone."""
    found = browser.pages[0]
    log_in(found, server, KEES)
    return found


def in_store(page: Page, work: str, argument: Any = None) -> Any:
    """Run `work`, which knows `store`, on the page; it may be in the middle of starting."""
    page.wait_for_selector("[data-module=app]", state="attached")
    return page.evaluate(STORE.replace("WORK", work), argument)


def write_draft(page: Page, state: str = "open") -> str:
    """A form that was begun, or finished, on this phone; its id."""
    made: str = in_store(
        page,
        """const { newDraft, saveDraft, finish } = await import(`${folder}/drafts.js`);
           const form = {survey: "observatie", version: "1", language: "nl", title: "Observatie"};
           const draft = await saveDraft(store, newDraft(form));
           if (argument !== "open") await finish(store, draft.id, {});
           return draft.id;""",
        state,
    )
    return made


def warning(page: Page, code: str) -> Any:
    return page.locator(f"[data-shown={code}]")


def devices(settings: Settings) -> list[Device]:
    engine = make_engine(settings.database_url)
    with make_session_factory(engine)() as session:
        rows = list(session.scalars(select(Device)))
    engine.dispose()
    return rows


def told(page: Page) -> None:
    """Wait until the server has heard of this phone."""
    in_store(
        page,
        """for (let left = 1200; !(await store.setting("device_told")); left -= 1) {
             if (!left) throw new Error("never told");
             await new Promise((next) => setTimeout(next, 25));
           }""",
    )


def until(page: Page, condition: str) -> None:
    """Wait for something in the page; its policy forbids `wait_for_function` with words."""
    for _ in range(300):
        if page.evaluate(f"() => {condition}"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never {condition}")


def short_of_room(page: Page, server: Server, size: int) -> Any:
    """The origin has `size` bytes, as long as what comes back is kept."""
    line = page.context.new_cdp_session(page)
    line.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": size})
    return line


def test_a_phone_reports_itself(page: Page, server: Server, settings: Settings) -> None:
    told(page)
    (row,) = devices(settings)
    assert row.app_version == static_version()
    assert row.name == "Chrome · Linux"
    assert (row.drafts, row.unsent, row.refused) == (0, 0, 0)
    assert row.persisted is False
    assert row.free_bytes is not None
    assert row.free_bytes > 50 * MB
    assert abs(row.clock_off_s or 0) < 30
    write_draft(page)
    page.reload()
    in_store(
        page, 'await store.set("told", 0); document.dispatchEvent(new Event("visibilitychange"));'
    )
    expect_row(page, settings, drafts=1, unsent=0)


def expect_row(page: Page, settings: Settings, **values: int) -> None:
    """Wait until the one device on the server has these values."""
    for _ in range(300):
        (row,) = devices(settings)
        if all(getattr(row, name) == value for name, value in values.items()):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{values} was never told")


def test_at_most_once_a_minute(page: Page, server: Server) -> None:
    told(page)
    for _ in range(5):
        write_draft(page)
        page.reload()
        page.wait_for_selector("[data-module=app]", state="attached")
    page.wait_for_timeout(1500)  # longer than things take to calm down (half a second)
    puts = [path for method, path, _status in server.seen if method == "PUT"]
    assert len([path for path in puts if "/devices/" in path]) == 1


def test_what_is_the_same_is_told_after_some_minutes(page: Page, server: Server) -> None:
    told(page)
    in_store(page, 'await store.set("told", 0);')  # a minute ago
    page.reload()
    in_store(page, 'document.dispatchEvent(new Event("visibilitychange"));')
    page.wait_for_timeout(1500)
    assert len([path for _m, path, _s in server.seen if "/devices/" in path]) == 1
    minutes_later(page)
    in_store(page, 'document.dispatchEvent(new Event("visibilitychange"));')
    for _ in range(200):
        if len([path for _m, path, _s in server.seen if "/devices/" in path]) == 2:
            return
        page.wait_for_timeout(50)
    raise AssertionError("never told again")


def test_a_report_that_was_cut_off_is_told_again_soon(
    browser: BrowserContext, server: Server
) -> None:
    browser.route("**/api/v1/devices/*", lambda route: route.abort(), times=1)
    page = browser.pages[0]
    with page.expect_event("requestfailed", lambda request: "/devices/" in request.url):
        log_in(page, server, KEES)
    page.reload()
    told(page)


def test_little_room_is_told_in_time(page: Page, server: Server) -> None:
    told(page)
    expect(warning(page, "low")).to_have_count(0)
    line = short_of_room(page, server, 40 * MB)
    page.reload()
    expect(warning(page, "low")).to_be_visible()
    page.goto(f"{server.url}/veld/telefoon")
    panel = page.locator("#opslag")
    expect(panel).to_have_attribute("data-state", "low")
    expect(panel.locator("[data-room]")).to_contain_text("vrij")
    line.detach()


def test_a_full_phone_is_told_before_a_photo_is_lost(
    browser: BrowserContext, server: Server
) -> None:
    page = browser.pages[0]
    page.goto(f"{server.url}/inloggen")
    # Before the first store is opened: Chromium believes for half a minute what it knew then.
    line = short_of_room(page, server, 3 * MB)
    log_in(page, server, KEES)
    expect(warning(page, "full")).to_be_visible()
    expect(warning(page, "full").get_by_role("button", name="Nu versturen")).to_be_visible()
    line.detach()


@pytest.mark.parametrize(
    "spoil",
    [
        "Object.defineProperty(window, 'indexedDB', {value: undefined})",
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }",
        """IDBFactory.prototype.open = () => {
             const asked = new EventTarget();
             asked.error = new DOMException("private", "InvalidStateError");
             setTimeout(() => asked.onerror?.());
             return asked;
           }""",
    ],
    ids=["none", "forbidden", "fails"],
)
def test_private_mode_is_told_before_typing(
    browser: BrowserContext, server: Server, spoil: str
) -> None:
    browser.add_init_script(spoil)
    page = browser.pages[0]
    log_in(page, server, KEES)
    expect(warning(page, "private")).to_be_visible()
    page.goto(f"{server.url}/veld/app/formulier/observatie/{version('observatie')}/nl#nieuw")
    expect(warning(page, "private")).to_be_visible()
    page.goto(f"{server.url}/veld/telefoon")
    expect(page.locator("#opslag")).to_have_attribute("data-state", "private")


def test_what_the_browser_threw_away_is_told_until_it_is_read(page: Page, server: Server) -> None:
    told(page)
    write_draft(page)
    person = page.locator("html").get_attribute("data-person")
    other = page.context.new_page()
    other.goto(f"{server.url}/robots.txt")
    other.evaluate(
        """(name) => new Promise((done, fail) => {
             const asked = indexedDB.deleteDatabase(name);
             asked.onsuccess = done;
             asked.onerror = fail;
           })""",
        f"fieldapp-{person}",
    )
    other.close()
    expect(warning(page, "gone")).to_be_visible()
    expect(warning(page, "gone")).to_contain_text(str(datetime.now(UTC).year))
    page.reload()
    expect(warning(page, "gone")).to_be_visible()
    warning(page, "gone").get_by_role("button", name="Gelezen").click()
    expect(warning(page, "gone")).to_have_count(0)
    page.reload()
    told(page)
    expect(warning(page, "gone")).to_have_count(0)


def test_a_new_phone_lost_nothing(page: Page) -> None:
    told(page)
    expect(page.locator("[data-shown]")).to_have_count(0)


def test_storage_that_the_system_closed_is_open_again(page: Page, server: Server) -> None:
    told(page)  # a report that is cut off by going on comes a minute later
    page.goto(f"{server.url}/veld/telefoon")
    page.wait_for_selector("[data-module=app][data-renewed]", state="attached")
    line = page.context.new_cdp_session(page)
    line.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "indexeddb"})
    expect(warning(page, "gone")).to_be_visible(timeout=15_000)
    expect(page.locator("[data-reopened]")).to_contain_text("1 keer")
    write_draft(page)
    assert in_store(page, 'return (await store.all("drafts")).length') == 1


@pytest.mark.parametrize(("hours", "code"), [(23, None), (25, "day"), (119, "day"), (121, "days")])
def test_work_that_waits_is_told_and_stands_on_the_icon(
    page: Page,
    server: Server,
    hours: float,
    code: str | None,
) -> None:
    page.context.add_init_script(
        "window.badges = []; navigator.setAppBadge = async (n) => { badges.push(n); };"
        "navigator.clearAppBadge = async () => { badges.push(0); };"
    )
    told(page)
    draft = write_draft(page, "queued")
    in_store(
        page,
        """await store.update("drafts", argument[0], (old) => ({...old,
             finished_at: Date.now() - argument[1] * 3600_000, next_try_at: Date.now() + 9e6}));""",
        [draft, hours],
    )
    page.reload()
    until(page, "badges.length")
    if code is None:
        expect(page.locator("[data-shown=day], [data-shown=days]")).to_have_count(0)
        assert page.evaluate("badges.at(-1)") == 0
    else:
        expect(warning(page, code)).to_contain_text("1 nog te versturen")
        assert page.evaluate("badges.at(-1)") == 1


@pytest.mark.parametrize(
    ("hours", "code", "words"), [(2, "behind", "2 uur"), (-49, "ahead", "2 dagen")]
)
def test_a_wrong_clock_is_told(
    page: Page,
    server: Server,
    hours: float,
    code: str,
    words: str,
) -> None:
    told(page)
    assert server.app is not None
    house = server.app.extensions["fieldapp"]
    later = timedelta(hours=hours)
    server.app.extensions["fieldapp"] = replace(house, clock=lambda: datetime.now(UTC) + later)
    minutes_later(page)
    page.reload()
    expect(warning(page, code)).to_contain_text(words)


def test_an_iphone_is_advised_once(page: Page, server: Server) -> None:
    page.context.add_init_script("Object.defineProperty(navigator, 'standalone', {value: false})")
    page.goto(f"{server.url}/veld/telefoon")
    expect(page.locator("#opslag [data-ios]")).to_be_visible()
    page.goto(f"{server.url}/veld/")
    expect(warning(page, "install")).to_be_visible()
    warning(page, "install").get_by_role("button", name="Niet nu").click()
    expect(warning(page, "install")).to_have_count(0)
    page.reload()
    told(page)
    expect(warning(page, "install")).to_have_count(0)


def test_the_answer_of_the_browser_is_shown(
    page: Page,
    server: Server,
    settings: Settings,
) -> None:
    page.goto(f"{server.url}/veld/telefoon")
    panel = page.locator("#opslag")
    expect(panel.locator("[data-persisted]")).to_contain_text("Misschien")
    panel.get_by_role("button", name="Vraag de browser").click()
    expect(panel.locator("[data-advice]")).to_contain_text("De browser zegt nog nee")
    line = page.context.new_cdp_session(page)
    line.send("Browser.grantPermissions", {"origin": server.url, "permissions": ["durableStorage"]})
    panel.get_by_role("button", name="Vraag de browser").click()
    expect(panel.locator("[data-persisted]")).to_contain_text("Nee, alles blijft staan")
    expect(panel.get_by_role("button", name="Vraag de browser")).to_have_count(0)
    in_store(
        page, 'await store.set("told", 0); document.dispatchEvent(new Event("visibilitychange"));'
    )
    expect_row(page, settings, persisted=True)


def test_a_page_of_somebody_else_reports_nothing(
    page: Page, server: Server, settings: Settings
) -> None:
    """A tab that was left open while another person logged in."""
    told(page)
    minutes_later(page)
    page.context.clear_cookies()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(1500)
    assert [status for method, path, status in server.seen if "/devices/" in path] == [200, 401]
    assert len(devices(settings)) == 1


def test_a_message_is_read_once(page: Page, server: Server, settings: Settings) -> None:
    """Also without signal: it is gone at once and told later."""
    engine = make_engine(settings.database_url)
    with make_session_factory(engine)() as session:
        kees = session.scalars(select(User).where(User.email == KEES)).one()
        kees_id = kees.id
        send(session, make_actor(kees), kees, "note", "Bel me even", datetime.now(UTC))
        send(session, make_actor(kees), kees, "nudge", "", datetime.now(UTC))
    page.reload()
    box = page.locator("[data-module=messages]")
    expect(box.locator("li")).to_have_count(2)
    expect(box).to_contain_text("Bel me even")
    expect(box).to_contain_text("nog werk dat niet is verstuurd")
    page.context.set_offline(True)
    box.locator("li", has_text="Bel me even").get_by_role("button", name="Gelezen").click()
    expect(box.locator("li")).to_have_count(1)
    page.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    for _ in range(200):
        with make_session_factory(engine)() as session:
            unread = [
                n.kind for n in messages_for(session, kees_id, datetime.now(UTC)) if not n.read_at
            ]
            if unread == ["nudge"]:
                break
        page.wait_for_timeout(50)
    assert unread == ["nudge"]
    engine.dispose()


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_warnings_and_panel_for_everybody(page: Page, server: Server, language: str) -> None:
    page.goto(f"{server.url}/veld/telefoon?taal={language}")
    page.wait_for_selector("#opslag[data-state]")
    page.evaluate(
        """() => {
          const place = document.querySelector("[data-warnings]");
          for (const { content } of place.querySelectorAll("template")) {
            place.append(content.cloneNode(true));
          }
        }"""
    )
    page.evaluate(AXE)
    assert page.evaluate(RULES, None) == []
