"""At the door without signal: what is known there, a promise ticked off, the walking list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.door_list import ListedDoor
from fieldapp.core.people import SYSTEM
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.models import FollowUp, User
from fieldapp.services.walks import set_doors
from tests.browser.phone.shell import (
    KEES,
    Server,
    furnish,
    log_in,
    phone,
    take_along,
)
from tests.factories import make_actor, make_person, make_round, make_survey
from tests.factories.doors import VISITED, visit

pytestmark = pytest.mark.browser

HERE = "BU99990101"
STAR = "Sterstraat 12-24"
RECENT = (datetime.now(UTC).date() - VISITED.date()).days - 3


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    engine = make_engine(settings.database_url)
    with make_session_factory(engine)() as found:
        yield found
    engine.dispose()


@pytest.fixture
def server(settings: Settings, session: Session) -> Iterator[Server]:
    """A colleague was at one stairwell of a round of three, and promised something."""
    furnish(session)
    version = make_survey(session, "portiekgesprek")
    walk = make_round(session, version, HERE, slug="trap", name="Trapronde", public=False)
    listed = [ListedDoor(STAR, 3), ListedDoor("Maanweg 1-3", 2), ListedDoor("Kade 2-8", 4)]
    assert set_doors(session, walk, listed, SYSTEM, VISITED) == []
    colleague = make_actor(make_person(session, "", "gespreksvoerder"))
    visit(
        session, colleague, STAR, area=HERE, days=RECENT, round_slug="trap",
        doors=("gesproken", "dicht", "dicht"), afspraken="Lamp doorgeven, vrijdag bellen.",
        terugkomen_mag="ja",
    )  # fmt: skip
    made = Server(settings)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def kees(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[BrowserContext]:
    """Kees has everything on his phone; then the server is gone."""
    with phone(playwright, tmp_path / "profile") as browser:
        log_in(browser.pages[0], server, KEES)
        take_along(browser.pages[0])
        yield browser


def begin_here(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}/veld/ronde/trap")
    row = page.locator("li[data-key]", has_text=name)
    row.get_by_role("button", name="Portiekgesprek hier").click()
    expect(page.locator("form[data-phone][data-live=on]")).to_be_visible()


def test_what_is_known_of_a_door_shows_without_signal(kees: BrowserContext, server: Server) -> None:
    server.stop()
    page = kees.pages[0]
    page.goto(f"{server.url}/veld/")
    expect(page.locator("[data-next]")).to_have_text("Maanweg 1-3")
    page.get_by_role("link", name="Volgende portiek").click()
    expect(page.locator("li[data-key]").first).to_contain_text("Maanweg 1-3")
    begin_here(page, server, STAR)
    expect(page.locator("[data-role=portiek] input")).to_have_value(STAR)
    panel = page.get_by_role("complementary", name="Bij deze deur")
    expect(panel).to_contain_text("Hier wordt op gewacht")
    expect(panel).to_contain_text("Lamp doorgeven, vrijdag bellen.")
    expect(panel).to_contain_text("portiekgesprek, een collega")
    expect(panel).to_contain_text("gingen 1 van 3 deuren open, 1 gesproken")
    expect(panel).to_contain_text("Terugkomen mag")
    page.locator("[data-role=portiek] input").fill("Nergensweg 9")
    expect(panel).to_be_hidden()
    page.locator("[data-role=portiek] input").fill("  STERSTRAAT 12-24")
    expect(panel).to_be_visible()
    names = page.locator("#bekende-portieken option").evaluate_all("all => all.map(o => o.value)")
    assert names == ["Maanweg 1-3", "Kade 2-8", STAR]  # of this round: the next to visit first


def test_a_promise_ticked_off_without_signal_arrives_once_there_is(
    kees: BrowserContext, server: Server, session: Session
) -> None:
    server.stop()
    page = kees.pages[0]
    begin_here(page, server, STAR)
    panel = page.get_by_role("complementary", name="Bij deze deur")
    panel.get_by_role("button", name="Gedaan").click()
    expect(panel).to_contain_text("wordt verstuurd zodra er bereik is")
    expect(panel.get_by_role("button", name="Toch niet gedaan")).to_be_focused()
    page.goto(f"{server.url}/veld/beloftes")
    expect(page.get_by_text("Gedaan. Wordt verstuurd zodra er bereik is.")).to_be_visible()
    page.goto(f"{server.url}/veld/")
    expect(page.locator("[data-count]")).to_have_text("Beloftes: 0 open")
    assert session.scalars(select(FollowUp.done_at)).one() is None
    session.rollback()
    server.start()
    with page.expect_response(lambda answer: "/follow-ups/" in answer.url) as heard:
        page.evaluate("dispatchEvent(new Event('online'))")
    assert heard.value.status == 200
    stored = session.scalars(select(FollowUp)).one()
    person = session.scalars(select(User).where(User.email == KEES)).one()
    assert stored.done_by_id == person.id
    # Nothing is sent a second time.
    before = len([one for one in server.seen if "/follow-ups/" in one[1]])
    page.reload()
    page.wait_for_load_state("networkidle")
    assert len([one for one in server.seen if "/follow-ups/" in one[1]]) == before


def test_a_change_of_mind_before_there_is_signal_is_what_counts(
    kees: BrowserContext, server: Server, session: Session
) -> None:
    server.stop()
    page = kees.pages[0]
    page.goto(f"{server.url}/veld/beloftes")
    row = page.locator("[data-promise]")
    row.get_by_role("button", name="Gedaan").click()
    expect(row.get_by_role("button", name="Toch niet gedaan")).to_be_visible()
    row.get_by_role("button", name="Toch niet gedaan").click()
    expect(row).to_contain_text("Weer open. Wordt verstuurd zodra er bereik is.")
    server.start()
    with page.expect_response(lambda answer: "/follow-ups/" in answer.url) as heard:
        page.evaluate("dispatchEvent(new Event('online'))")
    assert heard.value.url.endswith("/open")
    assert session.scalars(select(FollowUp.done_at)).one() is None


def test_a_refusal_is_told_and_does_not_come_back(
    kees: BrowserContext, server: Server, session: Session
) -> None:
    """The conversation was sent back meanwhile: its promise is not there any more."""
    server.stop()
    page = kees.pages[0]
    page.goto(f"{server.url}/veld/beloftes")
    page.locator("[data-promise]").get_by_role("button", name="Gedaan").click()
    expect(page.locator("[data-said]")).to_be_visible()
    session.delete(session.scalars(select(FollowUp)).one())
    session.commit()
    server.start()
    with page.expect_response(lambda answer: "/follow-ups/" in answer.url) as heard:
        page.evaluate("dispatchEvent(new Event('online'))")
    assert heard.value.status == 404
    expect(page.locator("[data-said]")).to_have_text("Deze belofte is er niet (meer).")


def test_a_form_that_waits_on_the_phone_counts_in_the_walking_list(
    kees: BrowserContext, server: Server
) -> None:
    server.stop()
    page = kees.pages[0]
    begin_here(page, server, "Maanweg 1-3")
    page.locator("[data-role=portiek] input").press("End")
    page.locator("[data-role=portiek] input").press_sequentially(" ")  # the first answer
    page.wait_for_selector("form[data-saved=saved]")
    page.goto(f"{server.url}/veld/ronde/trap")
    row = page.locator("li[data-key]", has_text="Maanweg 1-3")
    expect(row).to_contain_text("Begonnen op je telefoon.")
    finish_all(page)
    page.goto(f"{server.url}/veld/ronde/trap")
    expect(row).to_contain_text("Staat op je telefoon, nog niet verstuurd.")
    expect(row).to_contain_text("klaar")
    expect(row).to_contain_text("2 geprobeerd, 2 open, 2 gesproken")
    expect(page.locator("[data-done-of]")).to_have_text("1 van 3 portieken klaar")
    # Next: where nobody was; what is done comes last.
    order = page.locator("li[data-key] [data-name]").all_inner_texts()
    assert order == ["Kade 2-8", STAR, "Maanweg 1-3"]


def test_log_out_takes_the_memory_of_doors_off_the_phone(
    kees: BrowserContext, server: Server
) -> None:
    page = kees.pages[0]
    whole = """() => new Promise((done) => {
      const person = document.documentElement.dataset.person;
      const asked = indexedDB.open(`fieldapp-${person || window.name}`);
      asked.onsuccess = () => {
        const all = asked.result.transaction("settings").objectStore("settings").getAll();
        all.onsuccess = () => { asked.result.close(); done(JSON.stringify(all.result)); };
      };
    })"""
    assert "Lamp doorgeven" in page.evaluate(whole)
    page.evaluate("() => { window.name = document.documentElement.dataset.person; }")
    page.locator(".fa-account summary").click()
    page.get_by_role("button", name="Uitloggen").click()
    page.wait_for_url(f"{server.url}/")
    kept = page.evaluate(whole)
    assert kept != "[]"  # the person's store is there still, for what was not sent
    assert "Lamp doorgeven" not in kept


def finish_all(page: Page) -> None:
    """Finish the form on the phone as js/phone/drafts.js does; without the server it is bundled."""
    page.evaluate(
        """() => new Promise((resolve, reject) => {
          const asked = indexedDB.open(`fieldapp-${document.documentElement.dataset.person}`);
          asked.onsuccess = () => {
            const writing = asked.result.transaction("drafts", "readwrite");
            const drafts = writing.objectStore("drafts");
            drafts.getAll().onsuccess = ({ target }) => {
              const [draft] = target.result;
              const document = {
                id: draft.id, survey: draft.survey, version: draft.version,
                language: draft.language, captured_at: draft.started_at, round: draft.round,
                location: null, files: [],
                answers: {portiek: "maanweg 1-3", huishoudens_gesproken: "2",
                          deuren: [{deur: "gesproken"}, {deur: "gesproken"}]},
              };
              drafts.put({ ...draft, state: "queued", finished_at: Date.now(),
                           document: JSON.stringify(document) });
            };
            writing.oncomplete = () => { asked.result.close(); resolve(); };
            writing.onabort = () => reject(writing.error);
          };
          asked.onerror = () => reject(asked.error);
        })"""
    )
