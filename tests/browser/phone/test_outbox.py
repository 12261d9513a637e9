"""The outbox in a real Chromium: what goes, what stays, and who may let go of it."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import Any

import pytest
from flask import request

from tests.browser.phone.conftest import Phone
from tests.browser.phone.post_office import PERSON, PostOffice, cut_short, error, page

KB = 1024


def _sent(office: PostOffice) -> list[str]:
    return list(office.stored)


def test_a_form_with_photos_arrives_and_leaves_only_its_receipt(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[600 * KB, 50 * KB])
    state = phone.flush()
    assert state["waiting"] == 0
    assert state["sending"] is None
    assert _sent(office) == [id_]
    found = phone.all()
    assert found["drafts"] == []
    assert found["files"] == []
    [receipt] = found["receipts"]
    assert receipt["id"] == id_
    assert [one["name"] for one in receipt["files"]] == ["foto0.jpg", "foto1.jpg"]
    # 600 kB in parts of 256: three; 50 kB: one
    assert office.count("PUT file") == 4
    for sha256, data in office.files.items():
        assert hashlib.sha256(data).hexdigest() == sha256
    assert office.persons - {""} == {PERSON}
    assert phone.do(
        "(id) => test.store().get('receipts', id).then((one) => phone.verify(test.store(), one))",
        id_,
    )


# What somebody says instead of doing the work: nothing may leave the phone.
LIES: dict[str, Any] = {
    "a page of a wifi": page,
    "JSON of a wifi": lambda: {"ok": True},
    "a redirect": lambda: page("", 302, Location="/api/v1/elsewhere"),
    "a redirect to log in": lambda: page("", 307, Location="/api/v1/elsewhere"),
    "304": lambda: page("", 304),
    "busy": lambda: error(503, "busy"),
    "slow down": lambda: error(429, "slow_down"),
    "broken": lambda: page("<h1>Bad gateway</h1>", 502),
    "gone": lambda: error(404, "not_found"),
    "a filter": lambda: page("<h1>Geblokkeerd</h1>", 403),
}


@pytest.mark.parametrize("name", LIES)
@pytest.mark.parametrize("what", ["POST document", "GET file", "PUT file"])
def test_what_is_no_receipt_leaves_everything_where_it_is(
    phone: Phone, office: PostOffice, what: str, name: str
) -> None:
    id_ = phone.form(sizes=[70 * KB])
    office.always[what] = LIES[name]
    state = phone.flush()
    assert state["waiting"] == 1
    assert office.stored == {}
    draft = phone.draft(id_)
    assert draft["state"] == "queued"
    assert draft["attempts"] == 1
    assert draft["trouble"]
    assert [file["size"] for file in phone.all()["files"]] == [70 * KB]
    assert not any("elsewhere" in path for _method, path in office.seen)  # seen, not followed
    office.always.clear()
    assert phone.flush()["waiting"] == 0
    assert _sent(office) == [id_]


def test_a_portal_is_told(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form()
    office.always["POST document"] = page
    assert phone.flush()["portal"] is True
    assert phone.draft(id_)["trouble"] == "portal"
    office.always.clear()
    assert phone.flush()["portal"] is False


def _lying(office: PostOffice, change: Any) -> Any:
    """A true receipt in which one thing was changed."""

    def answer() -> Any:
        [(_body, receipt)] = office.stored.values()
        changed = json.loads(json.dumps(receipt))
        document = json.loads(changed["receipt"]["document"])
        change(changed, document)
        changed["receipt"]["document"] = json.dumps(document)
        return changed, 201

    return answer


def _other_id(answer: dict[str, Any], document: dict[str, Any]) -> None:
    answer["id"] = document["id"] = "00000000-0000-4000-8000-000000000000"


def _one_file_less(answer: dict[str, Any], document: dict[str, Any]) -> None:
    document["files"].pop()


def _other_time(answer: dict[str, Any], document: dict[str, Any]) -> None:
    document["received_at"] = "2020-01-01T00:00:00+00:00"  # only the signature tells


@pytest.mark.parametrize("change", [_other_id, _one_file_less, _other_time])
def test_a_receipt_that_is_not_ours_is_none(phone: Phone, office: PostOffice, change: Any) -> None:
    id_ = phone.form(sizes=[40 * KB, 41 * KB])
    office.then("POST document", _lying(office, change))
    assert phone.flush()["waiting"] == 1
    assert _sent(office) == [id_]
    assert len(phone.all()["files"]) == 2
    assert phone.flush()["waiting"] == 0  # the same document again: the same receipt
    assert office.count("POST document") == 2


def test_an_answer_cut_short_is_asked_for_again(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[40 * KB])
    office.then("POST document", lambda: cut_short(json.dumps(office.stored[id_][1]).encode()))
    assert phone.flush()["waiting"] == 1
    assert _sent(office) == [id_]
    assert phone.flush()["waiting"] == 0
    assert len(office.stored) == 1


def test_a_receipt_by_an_unknown_key_waits(phone: Phone, office: PostOffice) -> None:
    office.offer_keys = False
    phone.form()
    assert phone.flush()["waiting"] == 1
    office.offer_keys = True
    assert phone.flush()["waiting"] == 0


def test_a_log_in_that_ended_stops_the_queue_and_it_goes_on_by_itself(
    phone: Phone, office: PostOffice
) -> None:
    ids = [phone.form(seed=seed) for seed in (1, 2, 3)]
    office.always["POST document"] = lambda: error(401, "log_in")
    state = phone.flush()
    assert state["login"] is True
    assert state["waiting"] == 3
    assert office.count("POST document") == 1  # not three times the same closed door
    assert phone.draft(ids[0])["attempts"] == 0
    office.always.clear()
    phone.reload()  # the page after log-in
    phone.do("() => void test.box().start()")
    phone.until("receipts.length === 3")
    assert _sent(office) == ids
    assert phone.do("() => test.box().flush()")["login"] is False


def test_a_refused_one_says_why_and_blocks_nobody(phone: Phone, office: PostOffice) -> None:
    bad, good = phone.form(sizes=[40 * KB]), phone.form(seed=9)
    problems = [{"where": "wat", "code": "required", "message": "Vul dit in."}]
    office.by_id[bad] = lambda: error(422, "refused", problems)
    state = phone.flush()
    assert (state["waiting"], state["refused"]) == (0, 1)
    assert _sent(office) == [good]
    draft = phone.draft(bad)
    assert draft["state"] == "refused"
    assert draft["refusal"] == {
        "code": "refused",
        "message": "woorden bij refused",
        "problems": [{"path": "wat", "code": "required", "message": "Vul dit in."}],
    }
    assert [file["size"] for file in phone.all()["files"]] == [40 * KB]
    # and as it is once more: the reason may have lain elsewhere
    office.by_id.clear()
    assert phone.do("(id) => test.box().retry(id)", bad)["refused"] == 0
    assert set(_sent(office)) == {bad, good}


def test_one_that_always_fails_never_stands_before_the_others(
    phone: Phone, office: PostOffice
) -> None:
    bad = phone.form()
    office.by_id[bad] = lambda: page("kapot", 500)
    good = [phone.form(seed=seed) for seed in range(2, 6)]
    assert phone.flush()["waiting"] == 1
    assert _sent(office) == good
    later = phone.form(seed=20)
    phone.flush("finish")
    assert later in office.stored


def test_one_that_times_out_does_not_hold_up_the_others(phone: Phone, office: PostOffice) -> None:
    bad = phone.form()
    never = threading.Event()
    office.by_id[bad] = lambda: (never.wait(30), error(500, "late"))[1]
    good = phone.form(seed=2)
    try:
        assert phone.flush("now", timeout=3000)["waiting"] == 1
        assert _sent(office) == [good]
        assert phone.draft(bad)["trouble"] == "timeout"
    finally:
        never.set()


def test_no_line_is_not_asked_of_every_form(phone: Phone, office: PostOffice) -> None:
    for seed in range(5):
        phone.form(seed=seed)
    phone.context.set_offline(True)
    state = phone.flush("load")
    assert state["waiting"] == 5
    drafts = phone.all()["drafts"]
    assert sorted(draft["attempts"] for draft in drafts) == [0, 0, 0, 1, 1]
    assert phone.all()["outbox"]["not_before"] > 0
    phone.context.set_offline(False)
    assert phone.flush("online")["waiting"] == 0
    assert len(office.stored) == 5


def test_quiet_that_the_server_asks_for_is_kept_but_not_for_ever(
    phone: Phone, office: PostOffice
) -> None:
    ids = [phone.form(seed=seed) for seed in (1, 2)]
    office.next("POST document", lambda: error(429, "slow_down", **{"Retry-After": "3600"}))
    phone.flush("load")
    assert office.count("POST document") == 1
    for why in ("timer", "load", "online", "visible", "finish"):
        phone.flush(why)
    assert office.count("POST document") == 1
    now = phone.do("() => Date.now()")
    until = phone.all()["outbox"]["quiet_until"]
    assert 0 < until - now <= 5 * 60_000
    assert phone.flush("now")["waiting"] == 0  # a person asked
    assert sorted(office.stored) == sorted(ids)


def test_a_clock_that_jumped_does_not_stall(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form()
    far = "Date.now() + 86400000 * 365"
    phone.do(
        f"""async (id) => {{
          const store = test.store();
          await store.update("drafts", id, (old) => ({{...old, attempts: 3, next_try_at: {far}}}));
          await store.set("outbox", {{not_before: {far}, quiet_until: {far}, beat: {far}}});
        }}""",
        id_,
    )
    assert phone.flush("timer")["waiting"] == 0
    assert _sent(office) == [id_]


def test_the_back_off_survives_a_reload(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form()
    office.always["POST document"] = lambda: page("kapot", 500)
    for _ in range(8):  # the ninth is more than a minute away
        phone.flush("now")
    draft = phone.draft(id_)
    assert draft["attempts"] == 8
    other = phone.open()
    for why in ("timer", "load", "visible"):  # the server is broken, not the line
        other.evaluate("(why) => test.box().flush(why)", why)
    assert office.count("POST document") == 8
    state = other.evaluate("() => test.box().flush('timer')")
    assert state["next_try_at"] == draft["next_try_at"]


def test_the_latest_receipts_and_those_of_ninety_days_are_kept(phone: Phone) -> None:
    script = """async () => {
      const store = test.store(), day = 86_400_000, now = Date.now();
      const put = (id, days) => {
        const kept_at = now - days * day;
        return store.put("receipts",
          {id, kept_at, received_at: new Date(kept_at).toISOString(), files: []});
      };
      for (let n = 0; n < 198; n += 1) await put(`new-${n}`, 1);
      await put("a-100", 100); await put("b-101", 101);  // among the latest 200
      await put("c-102", 102); await put("d-103", 103);  // neither
      const gone = await phone.tidyReceipts(store, now);
      const left = (await phone.listReceipts(store)).map(({id}) => id);
      for (let n = 0; n < 10; n += 1) await put(`more-${n}`, 0);
      await phone.tidyReceipts(store, now);  // 210, of which 208 of these days
      return [gone, left.slice(-2), left.length, (await phone.listReceipts(store)).length];
    }"""
    assert phone.do(script) == [2, ["a-100", "b-101"], 200, 208]


def test_it_is_noted_before_the_document_goes_out_the_first_time(
    phone: Phone, office: PostOffice
) -> None:
    """So that a form that is taken back is asked after first: the server may have it."""
    id_ = phone.form(sizes=[40 * KB])
    office.next("GET file", lambda: error(503, "busy"))
    phone.flush()
    assert "posted" not in phone.draft(id_)  # only its file was asked after
    office.next("POST document", lambda: error(503, "busy"))
    phone.flush()
    assert phone.draft(id_)["posted"] is True
    assert office.stored == {}
    phone.do("(id) => phone.reopen(test.store(), id)", id_)
    assert phone.draft(id_)["posted"] is True


def test_the_note_is_on_disk_when_the_document_leaves(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form()
    noted = phone.do(
        """async (id) => {
          let noted = null;
          const fetch = async (url, options) => {
            noted ??= (await test.store().get("drafts", id)).posted;
            return globalThis.fetch(url, options);
          };
          await test.box({fetch}).flush();
          return noted;
        }""",
        id_,
    )
    assert noted is True
    assert _sent(office) == [id_]


def test_a_server_that_never_agrees_how_far_a_file_is(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[60 * KB])
    wrong = {"error": {"code": "offset", "message": "", "received": 0}}
    office.always["PUT file"] = lambda: (wrong, 409)
    assert phone.flush()["waiting"] == 1
    assert phone.draft(id_)["trouble"] == "offset"
    assert office.count("PUT file") == 3  # begun, and twice more: the rest is for a next try


def test_a_server_that_takes_parts_and_keeps_nothing(phone: Phone, office: PostOffice) -> None:
    id_ = phone.form(sizes=[60 * KB])
    office.always["PUT file"] = lambda: {
        "sha256": request.path.rpartition("/")[2], "received": 0, "complete": False,
    }  # fmt: skip
    assert phone.flush()["waiting"] == 1
    assert phone.draft(id_)["trouble"] == "strange"
    assert office.count("PUT file") == 1


def test_a_file_of_another_size_than_was_finished_is_refused_here(
    phone: Phone, office: PostOffice
) -> None:
    id_ = phone.form(sizes=[60 * KB])
    phone.do(
        """(id) => test.store().update("drafts", id, (old) => {
             const document = JSON.parse(old.document);
             document.files[0].size += 1;
             return {...old, document: JSON.stringify(document)};
           })""",
        id_,
    )
    assert phone.flush()["refused"] == 1
    assert phone.draft(id_)["refusal"]["code"] == "file_damaged"
    assert office.count("PUT file") == 0


def test_an_answer_that_keeps_coming_is_waited_for(phone: Phone) -> None:
    """Patience is for a line on which nothing comes, not for a slow one."""
    phone.page.clock.install()
    phone.do(
        """() => {
          const body = new ReadableStream({start: (pieces) => { window.pieces = pieces; }});
          window.say = (text) => window.pieces.enqueue(new TextEncoder().encode(text));
          const fetch = async (_url, {signal}) => {
            signal.addEventListener("abort", () => window.pieces.error(signal.reason));
            return new Response(body);
          };
          window.asking = phone.ask("/x", {fetch, timeout: 30_000});
        }"""
    )
    for piece in ('{"a"', ": ", "1", "}"):
        phone.page.clock.run_for(20_000)
        phone.do("(text) => say(text)", piece)
    phone.do("() => pieces.close()")
    facts = phone.do("() => asking")
    assert (facts["failed"], facts["json"]) == (None, {"a": 1})
