"""One flusher over all tabs: who begins, who waits, who takes over, what the robbed one does."""

from __future__ import annotations

import threading
from typing import Any

from playwright.sync_api import Page

from tests.browser.phone.conftest import Phone
from tests.browser.phone.post_office import PostOffice, error

KB = 1024
OLD_BEAT = "() => test.store().set('outbox', {beat: Date.now() - 600000})"
FLUSH = """(why) => {
  window.flushed = false;
  window.flushing = test.box().flush(why).finally(() => { window.flushed = true; });
}"""
FLUSHED = "() => window.flushing"

# The lock of the outbox in a tab that never does anything with it, as one that was put to sleep.
ASLEEP = """() => new Promise((held) => navigator.locks.request(test.box().lock,
  () => { held(); return new Promise(() => {}); }))"""

# This tab's writes to its setting wait for `open_gate()`; `at_gate` says that one stands there.
GATE = """() => {
  const store = test.store(), update = store.update;
  const gate = new Promise((open) => { window.open_gate = open; });
  store.update = async (...asked) => {
    window.at_gate = true;
    await gate;
    return update.apply(store, asked);
  };
}"""

# Resolves once another tab waits in line for the lock, or has it.
IN_LINE_OR_HELD = """async (holder) => {
  const { held, pending } = await navigator.locks.query();
  const ours = (one) => one.name === test.box().lock;
  return pending.some(ours) || held.some((one) => ours(one) && one.clientId !== holder);
}"""
HOLDER = """async () => (await navigator.locks.query()).held
  .find(({name}) => name === test.box().lock)?.clientId"""


def _requests(tab: Page) -> list[str]:
    """What this tab asks of the API from now on."""
    seen: list[str] = []
    tab.on("request", lambda one: "/api/" in one.url and seen.append(one.method))
    return seen


def _arrived(phone: Phone, office: PostOffice, *ids: str) -> None:
    assert sorted(office.stored) == sorted(ids)
    found = phone.all()
    assert (found["drafts"], found["files"]) == ([], [])
    assert sorted(one["id"] for one in found["receipts"]) == sorted(ids)


def test_of_two_tabs_that_begin_after_a_quiet_night_one_sends(
    phone: Phone, office: PostOffice
) -> None:
    """The beat of the first is not written yet when the second looks: the old one says nothing."""
    ids = [phone.form(sizes=[60 * KB], seed=seed) for seed in (1, 5)]
    first, second = phone.page, phone.open()
    phone.do(OLD_BEAT)
    answers = threading.Event()
    office.next("GET file", *[lambda: (answers.wait(30), None)[1]] * 2)
    first.evaluate(GATE)
    first.evaluate(FLUSH, "load")
    first.wait_for_function("window.at_gate")
    holder = first.evaluate(HOLDER)
    second.evaluate(FLUSH, "load")
    second.wait_for_function(IN_LINE_OR_HELD, arg=holder)
    with first.expect_request("**/api/v1/files/*"):
        first.evaluate("() => open_gate()")
    answers.set()
    for tab in (first, second):
        tab.evaluate(FLUSHED)
    assert office.busiest == 1
    for what in ("GET file", "PUT file", "POST document"):
        assert office.count(what) == len(ids)
    _arrived(phone, office, *ids)


def test_of_two_that_take_over_one_does(phone: Phone, office: PostOffice) -> None:
    """Both have seen the same old beat twice: only one of them notes its own in its place."""
    ids = [phone.form(sizes=[60 * KB], seed=seed) for seed in (1, 5)]
    tabs = [phone.page, phone.open()]
    phone.open().evaluate(ASLEEP)
    phone.do(OLD_BEAT)
    for tab in tabs:
        tab.evaluate(FLUSH, "load")
    for tab in tabs:
        tab.evaluate(FLUSHED)
    assert office.busiest == 1
    for what in ("GET file", "PUT file", "POST document"):
        assert office.count(what) == len(ids)
    _arrived(phone, office, *ids)


def test_a_flusher_put_to_sleep_is_taken_over(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form()
    phone.open().evaluate(ASLEEP)
    phone.do("() => test.store().set('outbox', {beat: Date.now()})")
    assert phone.flush("load")["waiting"] == 1  # it may well be at work
    phone.do(OLD_BEAT)
    phone.flush("load")
    _arrived(phone, office, id_)


def test_the_robbed_one_stops_at_its_next_step(phone: Phone, office: PostOffice) -> None:
    """It was only slow, not asleep: what it was asking comes to its end, and nothing follows."""
    ids = [phone.form(sizes=[600 * KB], seed=seed) for seed in (1, 5)]
    robbed, other = phone.page, phone.open()
    answers, begun, others = threading.Event(), threading.Event(), threading.Event()
    office.next("GET file", lambda: None, lambda: (others.wait(30), None)[1])
    original = office.part

    def part(sha256: str) -> Any:
        answer = original(sha256)
        if not begun.is_set():
            begun.set()
            answers.wait(30)
        return answer

    office.part = part  # type: ignore[method-assign]
    asked = _requests(robbed)
    robbed.evaluate(FLUSH, "load")
    assert begun.wait(30)
    other.evaluate(OLD_BEAT)
    with other.expect_request("**/api/v1/files/*"):
        other.evaluate(FLUSH, "load")
    assert not robbed.evaluate("() => test.all().then(() => window.flushed)")  # it is not done yet
    answers.set()
    robbed.evaluate(FLUSHED)
    assert asked == ["GET", "PUT"]
    assert phone.all()["outbox"]["sending"] == ids[0]  # what the other says of itself stands
    others.set()
    other.evaluate(FLUSHED)
    _arrived(phone, office, *ids)


def test_what_arrived_for_the_robbed_one_is_handed_over(phone: Phone, office: PostOffice) -> None:
    first, second = phone.form(), phone.form(seed=5)
    robbed, other = phone.page, phone.open()
    answers = threading.Event()
    office.then("POST document", lambda: (answers.wait(30), office.stored[first][1])[1])
    asked = _requests(robbed)
    robbed.evaluate(FLUSH, "load")
    assert office.committed.wait(30)
    other.evaluate(OLD_BEAT)
    with other.expect_request("**/api/v1/submissions"):
        other.evaluate(FLUSH, "load")
    answers.set()
    for tab in (robbed, other):
        tab.evaluate(FLUSHED)
    assert [one for one in asked if one == "POST"] == ["POST"]  # and the other form is the other's
    _arrived(phone, office, first, second)


def test_who_sends_is_shown_only_while_somebody_does(phone: Phone) -> None:
    id_ = phone.form()
    phone.do("(id) => test.store().set('outbox', {sending: id, beat: Date.now()})", id_)
    state = """() => new Promise((told) => {
      const stop = test.box().watch(({sending, waiting}) => waiting && (stop(), told(sending)));
    })"""
    assert phone.do(state) is None  # killed in the middle
    phone.open().evaluate(ASLEEP)
    assert phone.do(state) == id_  # another tab is at it, as far as one can tell


def test_now_waits_for_its_turn(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form()
    office.next("POST document", lambda: error(503, "busy"))
    phone.flush()  # it has a back-off now: only a person's "now" does not wait for that
    other = phone.open()
    other.evaluate(
        """() => new Promise((held) => navigator.locks.request(test.box().lock, () => {
             held();
             return new Promise((done) => { window.done = done; });
           }))"""
    )
    holder = phone.do(HOLDER)
    phone.page.evaluate(FLUSH, "now")
    phone.page.wait_for_function(IN_LINE_OR_HELD, arg=holder)
    other.evaluate("() => window.done()")
    phone.do(FLUSHED)
    _arrived(phone, office, id_)
