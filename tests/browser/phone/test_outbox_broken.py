"""The outbox, broken on purpose: killed, raced, cut off, out of room. Nothing lost or doubled."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests.browser.phone.conftest import Phone
from tests.browser.phone.post_office import PostOffice, error, page

KB = 1024


def _arrived(phone: Phone, office: PostOffice, *ids: str) -> None:
    """Exactly these are on the server, whole, and nothing of them is left in the queue."""
    assert sorted(office.stored) == sorted(ids)
    found = phone.all()
    assert found["drafts"] == []
    assert found["files"] == []
    assert sorted(one["id"] for one in found["receipts"]) == sorted(ids)


def test_killed_between_the_servers_commit_and_our_receipt(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[90 * KB])
    hold = threading.Event()
    office.then("POST document", lambda: (hold.wait(30), error(500, "x"))[1])
    victim = phone.open()
    victim.evaluate("() => void test.box().flush()")
    assert office.committed.wait(30)
    victim.close()  # the tab is gone, its fetch with it
    hold.set()
    assert phone.draft(id_)["state"] == "queued"
    phone.flush()
    _arrived(phone, office, id_)
    assert office.count("PUT file") == 1


def test_killed_in_the_middle_of_a_file_goes_on_where_it_was(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[1000 * KB])  # four parts
    hold = threading.Event()
    victim = phone.open()
    second = threading.Event()

    def stall() -> Any:
        second.set()
        hold.wait(30)
        return error(500, "x")

    original = office.part

    def part(sha256: str) -> Any:
        if office.count("PUT file") == 3:
            return stall()
        return original(sha256)

    office.part = part  # type: ignore[method-assign]
    victim.evaluate("() => void test.box().flush()")
    assert second.wait(30)
    victim.close()
    hold.set()
    office.part = original  # type: ignore[method-assign]
    [received] = phone.draft(id_)["uploaded"].values()
    assert received == 512 * KB
    phone.flush()
    _arrived(phone, office, id_)
    assert office.count("PUT file") == 5  # two, the stalled one, and the last two


def test_an_answer_after_our_patience_comes_to_nothing(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form()
    hold = threading.Event()
    office.then("POST document", lambda: (hold.wait(30), error(409, "conflict"))[1])
    assert phone.flush("now", timeout=3000)["waiting"] == 1
    assert phone.draft(id_)["trouble"] == "timeout"
    hold.set()
    phone.flush()
    _arrived(phone, office, id_)


def test_tabs_and_the_worker_race(phone: Phone, office: PostOffice) -> None:
    ids = [phone.form(sizes=[60 * KB], seed=seed) for seed in range(1, 9)]
    tabs = [phone.page, phone.open(), phone.open()]
    phone.do("() => navigator.serviceWorker.register('/worker.js', {type: 'module'})")
    phone.do("() => navigator.serviceWorker.ready")
    ask = """() => navigator.serviceWorker.ready.then(({active}) => new Promise((done) => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = ({data}) => { window.worker = data; done(); };
      active.postMessage(document.documentElement.dataset.person, [port2]);
    }))"""
    for tab in tabs:
        tab.evaluate("() => void test.box().start()")
        tab.evaluate(f"() => void ({ask})()")
    phone.until("!drafts.length")
    _arrived(phone, office, *ids)
    for what in ("GET file", "PUT file", "POST document"):
        assert office.count(what) == len(ids)
    assert office.busiest == 1  # one flusher, one form at a time


def test_the_worker_alone_sends_what_waits(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[300 * KB])
    ask = """() => navigator.serviceWorker.register('/worker.js', {type: 'module'})
      .then(() => navigator.serviceWorker.ready).then(({active}) => new Promise((done) => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = ({data}) => done(data);
        active.postMessage(document.documentElement.dataset.person, [port2]);
      }))"""
    office.next("POST document", page)
    assert phone.do(ask) == "Error: 1 still waiting"  # so that the browser wakes it again
    assert phone.do(ask) == "done"
    _arrived(phone, office, id_)


def test_without_web_locks_a_race_is_harmless(phone: Phone, office: PostOffice) -> None:
    ids = [phone.form(sizes=[300 * KB], seed=seed) for seed in range(1, 5)]
    tabs = [phone.page, phone.open(), phone.open()]
    for tab in tabs:
        tab.evaluate("() => Object.defineProperty(navigator, 'locks', {value: undefined})")
        tab.evaluate("() => void test.box().start()")
    phone.until("!drafts.length && !files.length")
    _arrived(phone, office, *ids)


def test_a_browser_without_ed25519_checks_what_it_can(phone: Phone, office: PostOffice) -> None:
    office.offer_keys = False
    id_ = phone.form()
    phone.do(
        """() => { SubtleCrypto.prototype.generateKey = () => (
             Promise.reject(new DOMException("no", "NotSupportedError"))); }"""
    )
    phone.flush()
    _arrived(phone, office, id_)
    check = "(id) => test.store().get('receipts', id).then((r) => phone.verify(test.store(), r))"
    assert phone.do(check, id_) is None


def test_the_browser_is_asked_once_for_what_waits_to_wake_the_worker(
    phone: Phone, office: PostOffice
) -> None:
    phone.do(
        """() => {
          window.asked = [];
          const registration = {sync: {register: (tag) => { window.asked.push(tag); return Promise.resolve(); }}};
          navigator.serviceWorker.getRegistration = () => Promise.resolve(registration);
          test.box().start();
        }"""  # noqa: E501
    )
    office.always["POST document"] = page
    phone.form()
    phone.until("drafts[0].attempts >= 2")  # by itself
    assert phone.do("() => window.asked") == ["outbox"]
    office.always.clear()
    phone.until("!drafts.length")
    office.always["POST document"] = page
    phone.form(seed=2)  # another time that something waits
    phone.until("drafts[0].attempts >= 2")
    assert phone.do("() => window.asked") == ["outbox", "outbox"]
    phone.do(
        """() => {
          Object.defineProperty(document, "visibilityState", {value: "hidden"});
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    phone.page.wait_for_function("window.asked.length === 3")  # this page may be stopped now


def test_a_form_tab_that_does_not_let_go_only_delays(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form()
    other = phone.open()
    other.evaluate("(id) => phone.hold(id).then((release) => { window.release = release; })", id_)
    begun = time.monotonic()
    phone.flush()
    assert time.monotonic() - begun > 2
    _arrived(phone, office, id_)


CLOSING = """async () => {
  const store = test.store();
  const fetch = async (...asked) => {
    (await store.open()).close();
    return globalThis.fetch(...asked);
  };
  return test.box({fetch}).flush();
}"""


def test_the_system_closes_the_database_in_the_middle(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[600 * KB])
    assert phone.do(CLOSING)["waiting"] == 0
    _arrived(phone, office, id_)


FULL = """(until) => {
  // As a browser without room: a transaction that puts fails, one that only deletes does not.
  const store = test.store(), run = store.run;
  window.full = true;
  store.run = async (names, mode, work) => {
    const left = (await run.call(store, "files", "readonly", ({files}) => files.count()));
    if (mode !== "readwrite" || !window.full || (until === "files gone" && !left)) {
      return run.call(store, names, mode, work);
    }
    let put = false;
    const guard = (kept) => new Proxy(kept, {get: (target, name) => {
      if (name === "put") {
        put = true;
        throw new DOMException("full", "QuotaExceededError");
      }
      return typeof target[name] === "function" ? target[name].bind(target) : target[name];
    }});
    const guarded = (stores, set) => work(
      Object.fromEntries(Object.entries(stores).map(([name, kept]) => [name, guard(kept)])), set);
    return run.call(store, names, mode, guarded).catch((error) => {
      throw put ? new phone.StorageFull("full") : error;
    });
  };
}"""


def test_a_full_phone_still_sends_and_the_files_make_room_for_the_receipt(
    phone: Phone, office: PostOffice
) -> None:
    ids = [phone.form(sizes=[300 * KB], seed=seed) for seed in (1, 2)]
    phone.do(FULL, "files gone")
    phone.flush()
    phone.flush()
    _arrived(phone, office, *ids)


def test_no_room_at_all_keeps_the_form_and_gets_its_receipt_later(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[100 * KB])
    phone.do(FULL, "never")
    assert phone.flush()["waiting"] == 1
    assert list(office.stored) == [id_]
    found = phone.all()
    assert ([one["state"] for one in found["drafts"]], found["receipts"]) == (["queued"], [])
    office.files.clear()  # a server needs the parts no more
    phone.reload()  # killed, and room again
    phone.flush()
    _arrived(phone, office, id_)


@pytest.mark.parametrize("how", ["gone", "damaged", "shorter"])
def test_a_photo_that_is_gone_is_never_silently_left_out(
    phone: Phone, office: PostOffice, how: str
) -> None:
    bad, good = phone.form(sizes=[80 * KB], seed=3), phone.form(sizes=[50 * KB], seed=4)
    phone.do(
        """async ([id, how]) => {
          const store = test.store();
          const [file] = (await store.all("files")).filter(({draft}) => draft === id);
          const bytes = new Uint8Array(file.bytes);
          bytes[77] ^= 1;
          if (how === "gone") await store.remove("files", [id, file.sha256]);
          else {
            const left = how === "damaged" ? bytes : bytes.slice(1);
            await store.put("files", {...file, bytes: left.buffer});
          }
        }""",
        [bad, how],
    )
    state = phone.flush()
    assert (state["waiting"], state["refused"]) == (0, 1)
    assert list(office.stored) == [good]
    refusal = phone.draft(bad)["refusal"]
    assert refusal["code"] == "file_gone"
    assert [(one["path"], one["name"]) for one in refusal["problems"]] == [("foto", "foto0.jpg")]
    assert len(phone.all()["drafts"]) == 1


def test_a_photo_that_the_server_has_already_need_not_be_here(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[80 * KB])
    office.next("POST document", lambda: error(500, "x"))
    phone.flush()
    phone.do(
        """async (id) => {
          const store = test.store();
          await store.remove("files", IDBKeyRange.bound([id, ""], [id, "\\uffff"]));
          await store.update("drafts", id, (old) => ({...old, uploaded: {}}));
        }""",
        id_,
    )
    phone.flush()
    _arrived(phone, office, id_)


def test_smaller_parts_where_the_way_is_narrow(phone: Phone, office: PostOffice) -> None:
    office.part_limit = 70 * KB
    ids = [phone.form(sizes=[200 * KB], seed=seed) for seed in (1, 50)]
    phone.flush()
    _arrived(phone, office, *ids)
    # 256 and 128 are too large (twice 413), then 64 four times; the second knows
    assert office.count("PUT file") == 2 + 4 + 4
    assert phone.all()["part_size"] == {"size": 64 * KB, "most": 64 * KB}


def test_a_file_that_is_too_large_in_any_part_is_refused(phone: Phone, office: PostOffice) -> None:
    office.part_limit = 10
    id_ = phone.form(sizes=[200 * KB])
    assert phone.flush()["refused"] == 1
    refusal = phone.draft(id_)["refusal"]
    assert refusal["code"] == "part_too_large"
    assert refusal["problems"][0]["path"] == "foto"
    assert len(phone.all()["files"]) == 1


def test_a_slow_line_gets_smaller_parts(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[300 * KB])
    stop = threading.Event()
    office.next("PUT file", lambda: (stop.wait(30), error(500, "x"))[1])
    phone.flush("now", timeout=3000)
    stop.set()
    assert phone.all()["part_size"] == {"size": 128 * KB, "most": 256 * KB}
    phone.flush()
    _arrived(phone, office, id_)
    assert phone.all()["part_size"]["size"] == 256 * KB  # it went well


def test_bytes_that_came_over_wrong_start_again(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[600 * KB])
    original = office.part
    spoilt: list[str] = []

    def part(sha256: str) -> Any:
        answer = original(sha256)
        if not spoilt and office.files[sha256]:
            spoilt.append(sha256)
            office.files[sha256][5] ^= 1
        return answer

    office.part = part  # type: ignore[method-assign]
    phone.flush()
    _arrived(phone, office, id_)
    assert office.count("PUT file") == 6


def test_a_server_that_lost_a_file_gets_it_again(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[100 * KB])

    def lose() -> Any:
        office.files.clear()
        return error(500, "x")

    office.next("POST document", lose)
    phone.flush()
    assert office.files == {}
    phone.flush()
    _arrived(phone, office, id_)


def test_a_server_that_always_loses_the_file_is_not_asked_for_ever(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[100 * KB])
    missing = [{"where": "foto", "code": "file_missing", "message": "m"}]
    office.always["POST document"] = lambda: error(422, "refused", missing)
    assert phone.flush()["waiting"] == 1
    assert office.count("POST document") == 3
    assert phone.draft(id_)["trouble"] == "file_missing"
    for _ in range(3):
        assert phone.flush()["waiting"] == 1
    assert phone.flush()["refused"] == 1  # with the server's words, and it can be mended
    assert phone.draft(id_)["refusal"]["problems"][0]["path"] == "foto"


def test_taken_back_while_the_receipt_is_under_way_keeps_what_was_taken_back(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[60 * KB])
    hold = threading.Event()
    body = lambda: (hold.wait(30), office.stored[id_][1])[1]  # noqa: E731
    office.then("POST document", body)
    phone.do("() => { window.flushing = test.box().flush(); }")
    assert office.committed.wait(30)
    phone.do("(id) => phone.reopen(test.store(), id)", id_)
    hold.set()
    phone.do("() => window.flushing")
    assert phone.draft(id_)["state"] == "open"
    found = phone.all()
    assert len(found["files"]) == 1
    assert found["receipts"] == []  # it would say of the next version that it has arrived


def test_thrown_away_while_its_photo_is_under_way_is_not_sent(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[600 * KB])
    hold, begun = threading.Event(), threading.Event()
    original = office.part

    def part(sha256: str) -> Any:
        begun.set()
        hold.wait(30)
        return original(sha256)

    office.part = part  # type: ignore[method-assign]
    phone.do("() => { window.flushing = test.box().flush(); }")
    assert begun.wait(30)
    phone.do("(id) => phone.discard(test.store(), id)", id_)
    hold.set()
    phone.do("() => window.flushing")
    assert office.stored == {}
    assert office.count("PUT file") == 1
    assert phone.all()["drafts"] == []


def test_it_goes_by_itself_when_there_is_signal_again(phone: Phone, office: PostOffice) -> None:
    phone.do("() => void test.box().start()")
    phone.context.set_offline(True)
    id_ = phone.form(sizes=[60 * KB])
    phone.until("drafts[0].attempts > 0")
    phone.context.set_offline(False)
    phone.until("!drafts.length")
    _arrived(phone, office, id_)


def test_it_tries_again_by_itself(phone: Phone, office: PostOffice) -> None:
    office.next("POST document", lambda: error(503, "busy"), lambda: error(502, "x"))
    phone.do("() => void test.box().start()")
    id_ = phone.form()
    phone.until("!drafts.length")
    _arrived(phone, office, id_)


def test_a_reload_takes_the_queue_up_again(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[60 * KB])
    phone.reload()
    phone.do("() => void test.box().start()")
    phone.until("!drafts.length")
    _arrived(phone, office, id_)


def test_what_set_it_going_meanwhile_is_not_forgotten(phone: Phone, office: PostOffice) -> None:
    """One that waits for its turn goes at a person's "now", also when the outbox is at work."""
    late = phone.form()
    office.next("POST document", lambda: error(503, "busy"))
    for _ in range(6):
        office.next("POST document", lambda: error(503, "busy"))
        phone.flush()
    first = phone.form(seed=2)
    hold, begun = threading.Event(), threading.Event()
    office.by_id[first] = lambda: (begun.set(), hold.wait(30), None)[2]
    office.instead.clear()
    phone.do("() => { window.flushing = test.box().flush('finish'); }")
    assert begun.wait(30)
    assert late not in office.stored
    again = phone.do("() => { const f = test.box(); f.flush('now'); f.flush('timer'); }")
    assert again is None
    hold.set()
    phone.do("() => window.flushing")
    _arrived(phone, office, first, late)
