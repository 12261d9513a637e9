"""Rounds and every type in a real browser: without scripts, by keyboard, and looked at by axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.survey import load_survey
from fieldapp.db.models import Draft
from fieldapp.services.drafts import start_draft
from tests.browser import look
from tests.factories import PASSWORD, make_actor, make_area, make_person, make_survey
from tests.factories.surveys import PUBLISHED
from tests.web.test_forms_all_types import all_types

pytestmark = pytest.mark.browser

PHONE: Any = {"width": 390, "height": 844}
LAPTOP: Any = {"width": 1280, "height": 900}
EMAIL = "kees@example.org"
SAID: dict[str, Any] = {
    "straat": "Lindestraat",
    "hond": "ja",
    "wijk": "zuid",
    "volgorde": ["egel", "kat"],
    "hoeveel": "2",
    "kamers": [
        {".round": "a", "soort": "Keuken", "schimmel": "ja", "ramen": [{".round": "b"}]},
        {".round": "c", "soort": "Hal", "lengte": "lang"},
    ],
}


@pytest.fixture
def form(session: Session) -> str:
    """The address of an open form, half filled in."""
    make_area(session)
    version = make_survey(session, all_types())
    person = make_person(session, EMAIL, "buurtbeheerder")
    draft = start_draft(session, version, None, make_actor(person), "nl", PUBLISHED)
    draft.raw = {**draft.raw, **SAID}
    session.commit()
    return f"/veld/formulier/{draft.id}"


def opened(browser: Browser, server: str, email: str = EMAIL, **context: Any) -> Page:
    found = browser.new_context(base_url=server, viewport=PHONE, locale="nl-NL", **context)
    page = found.new_page()
    page.goto("/inloggen")
    page.locator("input[name=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/veld/**")
    page.wait_for_load_state("networkidle")
    return page


@pytest.fixture
def plain(browser: Browser, live_server: str, form: str) -> Iterator[Page]:
    page = opened(browser, live_server, java_script_enabled=False)
    yield page
    page.context.close()


def test_rounds_come_and_go_without_scripts(plain: Page, form: str, session: Session) -> None:
    plain.goto(f"{form}/kamers")
    plain.locator("[id='q-kamers/1/soort']").fill("Gang")
    plain.get_by_role("button", name="Kamer toevoegen").click()
    third = plain.locator("[data-path='kamers/2'][data-round]")
    expect(third).to_be_in_viewport()  # one lands on it
    expect(plain.locator("[id='q-kamers/1/soort']")).to_have_value("Gang")
    third.locator("[id='q-kamers/2/soort']").fill("Zolder")
    plain.get_by_role("button", name="Kamer 1 weghalen").click()
    expect(plain.get_by_text("Kamer 1 is weggehaald.")).to_be_visible()
    expect(plain.locator("[id='q-kamers/0/soort']")).to_have_value("Gang")
    plain.get_by_role("button", name="Terugzetten").click()
    expect(plain.locator("[id='q-kamers/0/soort']")).to_have_value("Keuken")
    expect(plain.locator("[id='q-kamers/2/soort']")).to_have_value("Zolder")
    session.expire_all()
    rooms = session.scalars(select(Draft)).one().raw["kamers"]
    assert [room["soort"] for room in rooms] == ["Keuken", "Gang", "Zolder"]


def test_doors_without_scripts_are_rounds_that_fit_a_phone(
    browser: Browser, live_server: str, session: Session, form: str
) -> None:
    version = make_survey(session, "portiekgesprek")
    actor = make_actor(make_person(session, "ann@example.org", "gespreksvoerder"))
    draft = start_draft(session, version, None, actor, "nl", PUBLISHED)
    page = opened(browser, live_server, email="ann@example.org", java_script_enabled=False)
    page.goto(f"/veld/formulier/{draft.id}/deuren")
    expect(page.locator("fieldset[data-round]")).to_have_count(8)
    wide = page.evaluate("[...document.querySelectorAll('main *')].map(e => e.scrollWidth)")
    assert max(wide) <= PHONE["width"]
    narrow = page.locator("[data-round] [role=radiogroup]").first.bounding_box()
    assert narrow is not None
    assert narrow["width"] > 300
    page.context.close()


def test_enter_in_a_text_box_goes_on_and_takes_nothing_away(plain: Page, form: str) -> None:
    plain.goto(f"{form}/kamers")
    plain.locator("[id='q-kamers/1/lengte']").fill("4")
    plain.locator("[id='q-kamers/1/soort']").press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Een vast aantal")


def test_a_wrong_answer_in_a_round_is_named_with_its_round(plain: Page, form: str) -> None:
    plain.goto(f"{form}/kamers")
    plain.get_by_role("button", name="Volgende").click()
    link = plain.locator("[data-error-summary] a")
    expect(link).to_contain_text("Kamer 2, Lengte: “lang” is geen getal")
    link.click()
    expect(plain.locator("[id='q-kamers/1/lengte']")).to_be_focused()


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_every_page_of_every_type_is_looked_at(
    browser: Browser, live_server: str, form: str, language: str
) -> None:
    page = opened(browser, live_server, has_touch=True)
    wrong = []
    for name in [one.name for one in load_survey(all_types()).pages]:
        for size in (PHONE, LAPTOP):
            page.set_viewport_size(size)
            page.goto(f"{form}/{name}?taal={language}", wait_until="networkidle")
            found = [
                *look.one_heading(page),
                *look.runs(page, "rtl" if language == "ar" else "ltr"),
                *look.axe(page),
                *look.layout(page),
            ]
            wrong += [f"{name} {size['width']}: {one}" for one in found]
    page.context.close()
    assert not wrong, "\n".join(wrong)
