"""Stepping through a whole form: two taps, back over what is gone, a photo not ready yet."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy.orm import Session

from tests.browser.phone.test_form import Form, observation, photo, talk
from tests.browser.phone.test_form_more import text
from tests.factories import make_survey

pytestmark = pytest.mark.browser


def pages() -> dict[str, object]:
    """Three pages; the middle one is asked when the first says so; rooms on the last."""
    page = {"type": "group", "appearance": "field-list"}
    return {
        "settings": {"form_id": "stappen", "version": "1", "kind": "bewonersgesprek",
                     "default_language": "nl", "languages": ["nl"]},
        "title": {"nl": "Stappen"},
        "survey": [
            {**page, "name": "een", "children": [text("a")]},
            {**page, "name": "twee", "relevant": "${a} = 'ja'", "children": [text("b")]},
            {**page, "name": "drie", "children": [
                {"type": "repeat", "name": "kamers", "label": {"nl": "Kamer"},
                 "children": [text("hoe", required="yes")]},
            ]},
        ],
    }  # fmt: skip


def begin(context: BrowserContext, world: Session) -> Form:
    """The form, past the page that asks for the buurt."""
    make_survey(world, pages())
    form = Form(context, "/veld/app/formulier/stappen/1/nl")
    form.page.route("**/api/v1/**", lambda route: route.abort())
    form.choose("area_code", "weet_niet")
    form.next()
    return form


def shown(form: Form, name: str) -> None:
    """Wait until this page of the form is in view."""
    form.page.wait_for_selector(f"section[data-page={name}]:not([hidden])")


def test_two_taps_go_one_page_on(kees: BrowserContext, world: Session) -> None:
    form = begin(kees, world)
    form.put("a", "ja")
    form.page.locator("form .fa-nextback button[value=next]").dblclick()
    shown(form, "twee")
    form.saved()
    assert form.draft["page"] == "twee"


def test_back_passes_over_a_page_that_is_not_asked_any_more(
    kees: BrowserContext, world: Session
) -> None:
    form = begin(kees, world)
    form.put("a", "ja")
    form.next()
    shown(form, "twee")
    form.next()
    shown(form, "drie")
    form.page.go_back()
    shown(form, "twee")
    form.page.go_back()
    shown(form, "een")
    form.put("a", "nee")
    expect(form.page.locator(".fa-progress__text")).to_have_text("Stap 2 van 3")
    form.page.go_forward()  # the browser still knows the page that is gone
    form.page.wait_for_function("history.state.page === 'twee'")
    shown(form, "een")
    form.page.go_forward()
    shown(form, "drie")


def test_what_is_missing_in_a_round_says_in_which(kees: BrowserContext, world: Session) -> None:
    form = begin(kees, world)
    form.next()
    shown(form, "drie")
    form.put("kamers/0/hoe", "Groot")
    form.page.get_by_role("button", name="Kamer toevoegen").click()
    form.next()
    expect(form.page.locator(".fa-errors__link")).to_have_text(
        "Kamer 2, hoe: Deze vraag is nodig. Vul een antwoord in."
    )


def test_a_form_waits_for_a_photo_that_is_being_made(kees: BrowserContext, world: Session) -> None:
    form = Form(kees, observation(world))
    form.page.route("**/api/v1/**", lambda route: route.abort())
    form.next()
    form.choose("wat", "mooi")
    form.saved()
    form.page.go_back()
    form.page.evaluate(  # a slow phone: the photo is made when the test says so
        """() => { const real = window.createImageBitmap;
          window.createImageBitmap = async (...given) => {
            document.documentElement.dataset.developing = "";
            await new Promise((go) => { window.develop = go; });
            window.createImageBitmap = real;
            return real(...given);
          }; }"""
    )
    form.page.locator("input[type=file][name=foto]").set_input_files([photo()])
    form.page.wait_for_selector("html[data-developing]")
    form.page.locator("button[value=done]").click()
    expect(form.page.locator("[data-notice]")).to_be_hidden()
    form.page.evaluate("window.develop()")
    expect(form.page.locator("[data-notice]")).to_contain_text("Bewaard.")
    assert [one["question"] for one in json.loads(form.draft["document"])["files"]] == ["foto"]


def test_of_a_point_and_a_buurt_the_one_that_was_changed_last_counts(
    kees: BrowserContext, world: Session
) -> None:
    form = Form(kees, observation(world))
    form.next()
    form.choose("wat", "mooi")
    form.next()
    if not form.page.locator("section:not([hidden]) [name='plek/area']").count():
        form.next()
    form.page.get_by_text("Zelf coördinaten invullen").click()
    form.page.locator("[name='plek/lat']").fill("52,09")
    form.page.locator("[name='plek/lon']").fill("5,11")
    form.saved()
    assert form.draft["location"]["source"] == "manual"
    form.page.locator("[name='plek/area']").select_option("BU99990102")
    form.saved()
    assert form.draft["location"]["area_code"] == "BU99990102"
    form.page.locator("[name='plek/lat']").fill("52,10")
    form.page.locator("[name='plek/lon']").fill("5,12")
    form.saved()
    assert form.draft["location"]["source"] == "manual"


def test_what_another_tab_wrote_is_noticed_after_a_photo_as_well(
    kees: BrowserContext, world: Session
) -> None:
    kees.add_init_script("delete Navigator.prototype.locks")
    first = Form(kees, talk(world))
    first.page.locator("textarea[name=verhaal]").fill("Het is hier rustig.")
    first.saved()
    (begun,) = first.all()
    second = Form(kees, talk(world), begun["id"])
    second.page.locator("textarea[name=verhaal]").fill("De buren zijn aardig.")
    second.saved()
    # Nothing can be kept of an empty file; the list of files is read again all the same.
    empty: Any = {"name": "leeg.wav", "mimeType": "audio/wav", "buffer": b""}
    first.page.locator("input[type=file][name]").first.set_input_files([empty])
    expect(first.page.locator("[data-file-wrong]")).to_contain_text("leeg.wav")
    expect(first.page.locator("[data-apart]")).to_be_visible()
    first.saved()
    told = sorted(dict(draft["controls"])["verhaal"] for draft in first.all())
    assert told == ["De buren zijn aardig.", "Het is hier rustig."]
