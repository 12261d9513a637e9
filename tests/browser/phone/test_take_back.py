"""A finished form that is taken back while it may have arrived: its last version counts, once."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from playwright.sync_api import BrowserContext, Request, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db.models import Attachment, SignedReceipt, Submission, SubmissionConflict
from tests.browser.phone.test_form import Form, observation, photo

pytestmark = pytest.mark.browser

DOCUMENT, RECEIPT = "**/api/v1/submissions", "**/api/v1/submissions/*/receipt"
HOLD = """() => new Promise((held) => {
  const name = `fieldapp-outbox-${document.documentElement.dataset.person}`;
  navigator.locks.request(name, () => { held(); return new Promise(() => {}); });
})"""
LONG = 20_000  # ms
ARRIVED = re.compile(r"Aangekomen om \d\d:\d\d")


def cut_after(route: Route) -> None:
    """The server does its work; its answer does not come."""
    route.fetch()
    route.abort()


def finish(form: Form) -> None:
    """Leaf to the end and say that it is done."""
    for _ in range(12):
        if form.page.locator("form[data-phone]").count() == 0:
            return
        before = form.page.locator("section[data-page]:not([hidden])").get_attribute("data-page")
        form.next()
        form.page.wait_for_function(
            """before => document.querySelector("form[data-phone] section[data-page]:not([hidden])")
                ?.dataset.page !== before""",
            arg=before,
        )
    raise AssertionError("the form has no end")


def sent_and_cut(kees: BrowserContext, world: Session, *, pictures: bool = False) -> Form:
    """An observation that the server has, and of which the phone does not know so."""
    form = Form(kees, observation(world))
    form.page.route(DOCUMENT, cut_after)
    if pictures:
        form.put("foto", [photo()])
        form.page.wait_for_selector("[data-kept] img, .fa-photo__kept img, img[src^='blob:']")
    form.next()
    form.choose("wat", "mooi")
    form.saved()
    with form.page.expect_event("requestfailed", lambda one: one.method == "POST"):
        finish(form)
    form.page.wait_for_function("() => document.querySelector('[data-notice] [data-state]')")
    return form


def again(form: Form) -> Form:
    """Open the same form once more."""
    address = form.page.url
    form.page.goto("about:blank")
    form.page.goto(address)
    return form


def stored(world: Session, form_id: str) -> Submission:
    world.expire_all()
    world.rollback()
    return world.get_one(Submission, uuid.UUID(form_id))


def take_back(form: Form, *, patient: bool = True) -> None:
    """Open the same form once more and take it back. A busy machine may need more than 4 seconds
    to ask: `patient` waits for it."""
    page = again(form).page
    button = page.get_by_role("button", name="Toch aanpassen")
    button.wait_for()
    if patient:
        root = page.locator("[data-module=phone-form]")
        root.evaluate("(root, ms) => { root.dataset.patience = ms; }", LONG)
    button.click()


def change(form: Form) -> None:
    """Go back to the first answer and give another."""
    form.ready()
    for _ in range(12):
        if form.page.locator('section:not([hidden]) input[name="wat"]').count():
            break
        form.page.locator("form .fa-nextback button[value=back]").click()
    form.choose("wat", "schoon")
    form.saved()


def arrived(form: Form) -> None:
    line = form.page.locator("[data-notice] [data-state]")
    expect(line).to_have_text(ARRIVED, timeout=LONG)
    assert form.all() == []


def test_arrived_after_all_and_changed_all_the_same(kees: BrowserContext, world: Session) -> None:
    form = sent_and_cut(kees, world, pictures=True)
    id_ = form.draft["id"]
    assert form.draft["posted"] is True
    assert stored(world, id_).answers["wat"]["v"] == "mooi"
    take_back(form)
    arrived(form)
    assert [one["id"] for one in form.all("receipts")] == [id_]
    form.page.unroute(DOCUMENT)
    form.page.get_by_role("button", name="Toch veranderen").click()
    form.ready()
    assert form.all("receipts") == []
    assert len(form.all("files")) == 1
    change(form)
    finish(form)
    arrived(form)
    found = stored(world, id_)
    assert (found.answers["wat"]["v"], found.revision) == ("schoon", 2)
    assert len(world.scalars(select(Attachment)).all()) == 1
    assert world.scalars(select(SubmissionConflict.superseded)).all() == [True]
    [bond] = form.all("receipts")
    assert bond["document"] == world.get_one(SignedReceipt, found.id).document


def test_without_an_answer_it_is_taken_back_and_replaces_what_is_there(
    kees: BrowserContext, world: Session
) -> None:
    form = sent_and_cut(kees, world)
    id_ = form.draft["id"]
    form.page.route(RECEIPT, lambda route: None)  # no answer ever
    take_back(form, patient=False)
    change(form)
    form.page.unroute(DOCUMENT)
    finish(form)
    arrived(form)
    assert stored(world, id_).answers["wat"]["v"] == "schoon"
    assert world.scalars(select(SubmissionConflict.superseded)).all() == [True]


def test_what_a_colleague_has_judged_cannot_be_changed_any_more(
    kees: BrowserContext, world: Session
) -> None:
    form = sent_and_cut(kees, world)
    stored(world, form.draft["id"]).state = "accepted"
    world.commit()
    take_back(form)
    arrived(form)
    expect(form.page.get_by_role("button", name="Toch veranderen")).to_be_hidden()


def test_judged_meanwhile_it_says_so_and_lets_go_when_agreed(
    kees: BrowserContext, world: Session
) -> None:
    form = sent_and_cut(kees, world)
    id_ = form.draft["id"]
    form.page.route(RECEIPT, lambda route: route.abort())
    take_back(form, patient=False)
    change(form)
    stored(world, id_).state = "accepted"
    world.commit()
    form.page.unroute(DOCUMENT)
    finish(form)
    expect(form.page.locator("[data-notice] [data-state]")).to_contain_text(
        "De server nam dit formulier niet aan", timeout=LONG
    )
    expect(form.page.locator("[data-notice] [data-thanks]").first).to_be_hidden()
    form.page.goto("/veld/telefoon")
    row = form.page.locator(f"#wachtrij [data-id='{id_}']")
    expect(row.locator("[data-reason]")).to_contain_text("De wijkmanager heeft dit formulier al")
    expect(row.get_by_role("link", name="Verbeteren")).to_be_hidden()
    expect(row.get_by_role("button", name="Weggooien")).to_be_hidden()
    row.get_by_role("button", name="Begrepen, haal het hier weg").click()
    expect(row).to_have_count(0)
    assert form.all() == []
    [bond] = form.all("receipts")
    found = stored(world, id_)
    assert bond["document"] == world.get_one(SignedReceipt, found.id).document
    assert found.answers["wat"]["v"] == "mooi"
    kept = world.scalars(select(SubmissionConflict)).one()
    assert (kept.content["answers"]["wat"], kept.resolved_at) == ("schoon", None)


def test_a_form_that_never_went_out_is_not_asked_for(kees: BrowserContext, world: Session) -> None:
    form = Form(kees, observation(world))
    asked: list[Request] = []
    form.page.on("request", lambda one: asked.append(one) if one.url.endswith("/receipt") else None)
    flusher = kees.new_page()
    flusher.goto("/veld/telefoon")
    flusher.evaluate(HOLD)  # so that the form has no turn
    form.next()
    form.choose("wat", "mooi")
    form.saved()
    finish(form)
    assert json.loads(form.draft["document"])["revision"] == 1
    take_back(form)
    form.ready()
    assert [one.url for one in asked] == []
    finish(form)
    assert json.loads(form.draft["document"])["revision"] == 2
