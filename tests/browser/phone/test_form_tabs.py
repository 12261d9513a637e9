"""Two tabs with the same form where the browser has no Web Locks: nothing is written over."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy.orm import Session

from tests.browser.phone.test_form import Form, observation, photo, talk

pytestmark = pytest.mark.browser
STORY = "textarea[name=verhaal]"


@pytest.fixture
def unlocked(kees: BrowserContext) -> BrowserContext:
    """A phone whose browser knows no locks."""
    kees.add_init_script("delete Navigator.prototype.locks")
    return kees


def stories(form: Form) -> list[str]:
    """What the drafts on the phone tell."""
    return sorted(dict(draft["controls"])["verhaal"] for draft in form.all())


def two_tabs(context: BrowserContext, world: Session) -> tuple[Form, Form]:
    """The same talk, opened twice; both tell the same."""
    address = talk(world)
    first = Form(context, address)
    assert first.page.evaluate("navigator.locks") is None
    first.page.locator(STORY).fill("Het is hier rustig.")
    first.saved()
    second = Form(context, address, first.draft["id"])
    expect(second.page.locator(STORY)).to_have_value("Het is hier rustig.")
    return first, second


def test_both_texts_stay_when_two_tabs_write(unlocked: BrowserContext, world: Session) -> None:
    first, second = two_tabs(unlocked, world)
    (begun,) = first.all()
    second.page.locator(STORY).fill("De buren zijn aardig.")
    second.saved()
    first.page.locator(STORY).fill("De lift is kapot.")
    expect(first.page.locator("[data-apart]")).to_contain_text("wat hier staat is nu een apart")
    first.saved()
    assert stories(first) == ["De buren zijn aardig.", "De lift is kapot."]
    expect(second.page.locator("[data-apart]")).to_be_hidden()
    assert second.page.url.endswith(f"#{begun['id']}")
    assert not first.page.url.endswith(f"#{begun['id']}")
    second.page.locator(STORY).fill("De buren zijn heel aardig.")
    first.page.locator(STORY).fill("De lift is al een week kapot.")
    for form in (first, second):
        form.saved()
    expect(second.page.locator("[data-apart]")).to_be_hidden()
    assert stories(first) == ["De buren zijn heel aardig.", "De lift is al een week kapot."]
    first.page.reload()  # the address is that of the copy
    first.ready()
    expect(first.page.locator(STORY)).to_have_value("De lift is al een week kapot.")


def test_writing_in_turns_in_one_tab_needs_no_copy(
    unlocked: BrowserContext, world: Session
) -> None:
    form = Form(unlocked, observation(world))
    form.page.locator("input[type=file][name=foto]").set_input_files([photo()])
    expect(form.page.locator(".fa-photo__image")).to_have_count(1)
    form.next()
    form.choose("wat", "mooi")
    form.saved()
    form.page.go_back()
    form.page.get_by_role("button", name="Foto 1 weghalen").click()
    expect(form.page.locator(".fa-photo__image")).to_have_count(0)
    form.saved()
    form.page.reload()
    form.ready()
    expect(form.page.locator("[data-apart]")).to_be_hidden()
    assert (len(form.all()), form.draft["files"]) == (1, [])


def test_a_form_that_another_tab_finished_is_not_opened_under_it(
    unlocked: BrowserContext, world: Session
) -> None:
    first, second = two_tabs(unlocked, world)
    (begun,) = first.all()
    for form in (first, second):
        form.page.route("**/api/v1/**", lambda route: route.abort())
    second.page.evaluate(
        "() => document.querySelector('[data-phone]').dispatchEvent(new Event('fa:finish-go'))"
    )
    expect(second.page.locator("[data-notice]")).to_contain_text("Bewaard.")
    first.page.locator(STORY).fill("De lift is kapot.")
    expect(first.page.locator("[data-apart]")).to_be_visible()
    first.saved()
    drafts: dict[str, dict[str, Any]] = {draft["id"]: draft for draft in first.all()}
    assert drafts.pop(begun["id"])["state"] == "queued"
    (copy,) = drafts.values()
    assert (copy["state"], dict(copy["controls"])["verhaal"]) == ("open", "De lift is kapot.")


def test_a_form_that_another_tab_sent_does_not_come_back_under_its_number(
    unlocked: BrowserContext, world: Session
) -> None:
    first, second = two_tabs(unlocked, world)
    (begun,) = first.all()
    second.page.evaluate(
        "() => document.querySelector('[data-phone]').dispatchEvent(new Event('fa:finish-go'))"
    )
    expect(second.page.locator("[data-notice]")).to_contain_text("Aangekomen om")
    assert first.all() == []
    first.page.locator(STORY).fill("De lift is kapot.")
    first.saved()
    assert first.draft["id"] != begun["id"]
    assert stories(first) == ["De lift is kapot."]


def test_a_photo_goes_along_to_the_copy(unlocked: BrowserContext, world: Session) -> None:
    address = observation(world)
    first = Form(unlocked, address)
    first.page.locator("input[type=file][name=foto]").set_input_files([photo()])
    expect(first.page.locator(".fa-photo__image")).to_have_count(1)
    first.saved()
    (begun,) = first.all()
    second = Form(unlocked, address, begun["id"])
    second.next()
    second.choose("wat", "mooi")
    second.saved()
    first.page.locator("input[type=file][name=foto]").set_input_files([photo(colour="red")])
    expect(first.page.locator(".fa-photo__image")).to_have_count(2)
    first.saved()
    drafts = {draft["id"]: draft for draft in first.all()}
    assert len(drafts.pop(begun["id"])["files"]) == 1
    (copy,) = drafts.values()
    assert len(copy["files"]) == 2
    kept = {(file["draft"], file["sha256"]) for file in first.all("files")}
    assert {(copy["id"], file["sha256"]) for file in copy["files"]} < kept
    assert len(kept) == 3
