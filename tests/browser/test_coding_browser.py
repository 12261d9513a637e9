"""Coding with scripts: selecting text, and everything by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.codeframe import load_codeframe
from fieldapp.db.models import Statement, Submission
from fieldapp.paths import FRAMEWORKS
from tests.factories import PASSWORD, make_person, make_submission

pytestmark = pytest.mark.browser

WINDOW: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "nl-NL"}

STORY = "Wij 👩‍👩‍👧 wonen hier fijn. De lamp 💡 is stuk! Niemand komt."
ARABIC = "الشارع مظلم. لا أحد يأتي."
# Where a selection between two places of the text, found as words, begins and ends.
SELECT = """([from, to]) => {
  const answer = document.querySelector('[data-answer]');
  const walker = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(from), end = node.data.indexOf(to);
    if (start >= 0) range.setStart(node, start);
    if (end >= 0) { range.setEnd(node, end + to.length); break; }
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def page(browser: Browser, live_server: str, session: Session) -> Iterator[Page]:
    person = make_person(session, "analist@example.org", "analist")
    context = browser.new_context(base_url=live_server, **WINDOW)
    page = context.new_page()
    page.goto("/inloggen")
    page.locator("input[name=email]").fill(person.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/coderen/")
    yield page
    context.close()


def open_submission(page: Page, submission: Submission) -> None:
    page.goto(f"/coderen/{submission.id}")
    expect(page.locator("[data-coding-keys]")).to_be_visible()


def only(session: Session) -> Statement:
    session.expire_all()
    return session.scalars(select(Statement)).one()


def test_selecting_text_fills_the_fragment(page: Page, session: Session) -> None:
    submission = make_submission(session, {"verhaal": STORY})
    open_submission(page, submission)
    page.evaluate(SELECT, ["De lamp", "stuk"])
    expect(page.locator("#fragment")).to_have_value("De lamp 💡 is stuk")
    page.keyboard.press("4")
    page.keyboard.press("-")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("De lamp 💡 is stuk")
    statement = only(session)
    start = STORY.index("De lamp")
    assert (statement.starts, statement.ends) == (start, start + len("De lamp 💡 is stuk"))
    assert statement.valence == -1
    theme = load_codeframe(FRAMEWORKS / "wijkaanpak.yaml").themes[3]
    assert [code.code for code in statement.codes] == [theme.codes[0].code]

    # A selection that begins after a mark, with its label in between, counts the same.
    page.evaluate(SELECT, ["Niemand", "komt"])
    expect(page.locator("#start")).to_have_value(str(STORY.index("Niemand")))
    expect(page.locator("#fragment")).to_have_value("Niemand komt")


@pytest.mark.parametrize(
    ("story", "second"), [(STORY, "De lamp 💡 is stuk!"), (ARABIC, "لا أحد يأتي.")]
)
def test_everything_by_keyboard(page: Page, session: Session, story: str, second: str) -> None:
    submission = make_submission(session, {"verhaal": story}, language="ar")
    open_submission(page, submission)
    for key in ("n", "n", "3", "ArrowDown", "ArrowDown", "Shift+ArrowDown", "+", "+"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text(second)
    statement = only(session)
    assert story[statement.starts : statement.ends] == statement.text == second
    codes = load_codeframe(FRAMEWORKS / "wijkaanpak.yaml").themes[2].codes
    assert {c.code for c in statement.codes} == {codes[2].code, codes[3].code}
    assert statement.valence == 2


def test_keys_leave_typing_alone_and_can_be_switched_off(page: Page, session: Session) -> None:
    submission = make_submission(session, {"verhaal": STORY})
    open_submission(page, submission)
    page.locator("#fragment").press_sequentially("n 1-")
    expect(page.locator("#fragment")).to_have_value("n 1-")
    expect(page.locator("input[name=codes]:checked")).to_have_count(0)
    page.get_by_label("Sneltoetsen").uncheck()
    page.locator("h1").click()
    page.keyboard.press("1")
    expect(page.locator("input[name=codes]:checked")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Sneltoetsen")).not_to_be_checked()


def test_without_scripts_the_fragment_is_typed(
    browser: Browser, page: Page, live_server: str, session: Session
) -> None:
    submission = make_submission(session, {"verhaal": STORY})
    state = page.context.storage_state()
    context = browser.new_context(
        base_url=live_server, java_script_enabled=False, storage_state=state, **WINDOW
    )
    plain = context.new_page()
    plain.goto(f"/coderen/{submission.id}")
    plain.locator("#fragment").fill("Niemand komt")
    plain.locator("details[data-theme='3'] > summary").click()
    plain.locator("details[data-theme='3'] input").first.check()
    plain.locator("label[for=valence-0]").click()
    plain.get_by_role("button", name="Opslaan").click()
    expect(plain.locator("mark")).to_have_text("Niemand komt")
    context.close()
    assert only(session).valence == -2
