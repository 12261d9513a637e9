"""The judgement of answers as a table, in Chromium: only our own receipt lets go of a form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from fieldapp.core.dates import clock_changes
from tests.browser.phone.conftest import prepared
from tests.browser.phone.post_office import PostOffice, opened

ID, OTHER = "7f1c1f6e-0000-4000-8000-000000000001", "7f1c1f6e-0000-4000-8000-000000000002"
HASH = "a" * 64
FILES = [{"name": "f.jpg", "sha256": "b" * 64}, {"name": "g.jpg", "sha256": "c" * 64}]
EXPECTED = {"id": ID, "answers_sha256": HASH, "files": FILES}
FILE = {"sha256": "d" * 64, "size": 1000}
NOW = 1_700_000_000_000


def _receipt(**changed: Any) -> dict[str, Any]:
    document = {"v": 1, "id": ID, "answers_sha256": HASH, "files": FILES} | changed
    return {
        "id": ID,
        "receipt": {"document": json.dumps(document), "signature": "s", "key": "k"},
    }


def _error(code: str, *problems: str, **more: Any) -> dict[str, Any]:
    listed = [{"where": "foto", "code": problem, "message": "m"} for problem in problems]
    return {"error": {"code": code, "message": "Zo zit het.", "problems": listed} | more}


HTML: dict[str, Any] = {}  # no `json` at all
OURS = {"json": _receipt()}

# name: (facts, signature, verdict, reason, portal)
DOCUMENTS: dict[str, tuple[dict[str, Any], bool | None, str, str, bool]] = {
    "new": ({"status": 201, **OURS}, True, "arrived", "receipt", False),
    "again": ({"status": 200, **OURS}, True, "arrived", "receipt", False),
    "no Ed25519 here": ({"status": 200, **OURS}, None, "arrived", "receipt", False),
    "files in another order": (
        {"status": 200, "json": _receipt(files=FILES[::-1])},
        True,
        "arrived",
        "receipt",
        False,
    ),
    "wrong signature": ({"status": 200, **OURS}, False, "later", "bad_signature", False),
    "page of a wifi": ({"status": 200, **HTML}, None, "later", "portal", True),
    "JSON of a wifi": ({"status": 200, "json": {"ok": True}}, None, "later", "other_id", True),
    "null": ({"status": 200, "json": None}, None, "later", "other_id", True),
    "a list": ({"status": 200, "json": [1]}, None, "later", "other_id", True),
    "another id": (
        {"status": 200, "json": {**_receipt(), "id": OTHER}},
        True,
        "later",
        "other_id",
        False,
    ),
    "receipt of another": (
        {"status": 200, "json": _receipt(id=OTHER)},
        True,
        "later",
        "other_id",
        False,
    ),
    "without receipt": ({"status": 201, "json": {"id": ID}}, True, "later", "no_receipt", False),
    "receipt null": (
        {"status": 201, "json": {"id": ID, "receipt": None}},
        True,
        "later",
        "no_receipt",
        False,
    ),
    "receipt no JSON": (
        {"status": 201, "json": {"id": ID, "receipt": {"document": "{"}}},
        True,
        "later",
        "no_receipt",
        False,
    ),
    "receipt is null": (
        {"status": 201, "json": {"id": ID, "receipt": {"document": "null"}}},
        True,
        "later",
        "other_id",
        False,
    ),
    "other answers": (
        {"status": 200, "json": _receipt(answers_sha256="e" * 64)},
        True,
        "later",
        "other_answers",
        False,
    ),
    "one file short": (
        {"status": 200, "json": _receipt(files=FILES[:1])},
        True,
        "later",
        "other_files",
        False,
    ),
    "one file more": (
        {"status": 200, "json": _receipt(files=[*FILES, FILES[0]])},
        True,
        "later",
        "other_files",
        False,
    ),
    "one twice, one not": (
        {"status": 200, "json": _receipt(files=[FILES[0], FILES[0]])},
        True,
        "later",
        "other_files",
        False,
    ),
    "another hash": (
        {"status": 200, "json": _receipt(files=[FILES[0], {**FILES[1], "sha256": "f" * 64}])},
        True,
        "later",
        "other_files",
        False,
    ),
    "no files": (
        {"status": 200, "json": _receipt(files=None)},
        True,
        "later",
        "other_files",
        False,
    ),
    "202": ({"status": 202, **OURS}, True, "later", "strange", False),
    "204": ({"status": 204}, None, "later", "strange", False),
    "304": ({"status": 304}, None, "later", "strange", False),
    "302 seen": ({"status": 302}, None, "later", "redirected", True),
    "302 hidden": ({"status": 0, "redirected": True}, None, "later", "redirected", True),
    "511": ({"status": 511, **HTML}, None, "later", "portal", True),
    "no line": ({"status": 0, "failed": "network"}, None, "later", "network", False),
    "too slow": ({"status": 0, "failed": "timeout"}, None, "later", "timeout", False),
    "answer, then no line": (
        {"status": 201, "failed": "network", **OURS},
        True,
        "later",
        "network",
        False,
    ),
    "401": ({"status": 401, "json": _error("log_in")}, None, "login", "login", False),
    "401 of a proxy": ({"status": 401, **HTML}, None, "later", "portal", True),
    "400": ({"status": 400, "json": _error("bad")}, None, "refused", "bad", False),
    "403": ({"status": 403, "json": _error("forbidden")}, None, "refused", "forbidden", False),
    "403 of a filter": ({"status": 403, **HTML}, None, "later", "portal", True),
    "404": ({"status": 404, "json": _error("not_found")}, None, "later", "strange", False),
    "405": ({"status": 405, **HTML}, None, "later", "strange", False),
    "408": ({"status": 408, **HTML}, None, "later", "strange", False),
    "409": ({"status": 409, "json": _error("conflict")}, None, "refused", "conflict", False),
    "seen": ({"status": 409, "json": _error("seen") | _receipt()}, None, "refused", "seen", False),
    "older, of the newer one a receipt": (
        {"status": 409, "json": _error("older") | _receipt(answers_sha256="e" * 64)},
        None,
        "refused",
        "older",
        False,
    ),
    "413": ({"status": 413, "json": _error("too_large")}, None, "refused", "too_large", False),
    "413 of nginx": ({"status": 413, **HTML}, None, "refused", "too_large", False),
    "422": (
        {"status": 422, "json": _error("refused", "required")},
        None,
        "refused",
        "refused",
        False,
    ),
    "422 with no problems": (
        {"status": 422, "json": _error("refused")},
        None,
        "refused",
        "refused",
        False,
    ),
    "422 of somebody else": (
        {"status": 422, "json": {"detail": "x"}},
        None,
        "later",
        "portal",
        True,
    ),
    "a file is missing": (
        {"status": 422, "json": _error("refused", "file_missing", "file_missing")},
        None,
        "again",
        "file_missing",
        False,
    ),
    "a file is missing, and more": (
        {"status": 422, "json": _error("refused", "file_missing", "required")},
        None,
        "refused",
        "refused",
        False,
    ),
    "429": ({"status": 429, **HTML}, None, "later", "busy", False),
    "500": ({"status": 500, **HTML}, None, "later", "busy", False),
    "503": ({"status": 503, "json": _error("busy")}, None, "later", "busy", False),
    "507": ({"status": 507, "json": _error("full")}, None, "later", "server_full", False),
}

# name: (facts, verdict, reason, received)
PARTS: dict[str, tuple[dict[str, Any], str, str, int | None]] = {
    "so far": (
        {"status": 200, "json": {**FILE, "received": 400, "complete": False}},
        "arrived",
        "part",
        400,
    ),
    "whole": (
        {"status": 200, "json": {**FILE, "received": 1000, "complete": True}},
        "arrived",
        "part",
        1000,
    ),
    "whole, but not": (
        {"status": 200, "json": {**FILE, "received": 999, "complete": True}},
        "later",
        "other_file",
        None,
    ),
    "another file": (
        {"status": 200, "json": {"sha256": "e" * 64, "received": 400, "complete": True}},
        "later",
        "other_file",
        None,
    ),
    "more than there is": (
        {"status": 200, "json": {**FILE, "received": 1001}},
        "later",
        "other_file",
        None,
    ),
    "less than nothing": (
        {"status": 200, "json": {**FILE, "received": -1}},
        "later",
        "other_file",
        None,
    ),
    "text for a number": (
        {"status": 200, "json": {**FILE, "received": "400"}},
        "later",
        "other_file",
        None,
    ),
    "page of a wifi": ({"status": 200}, "later", "portal", None),
    "offset": ({"status": 409, "json": _error("offset", received=512)}, "again", "offset", 512),
    "offset beside": (
        {"status": 409, "json": {**_error("offset"), "received": 512}},
        "again",
        "offset",
        512,
    ),
    "offset of nothing": ({"status": 409, "json": _error("offset")}, "later", "strange", None),
    "offset too far": (
        {"status": 409, "json": _error("offset", received=2000)},
        "later",
        "strange",
        None,
    ),
    "wrong bytes": ({"status": 422, "json": _error("hash_mismatch")}, "again", "hash_mismatch", 0),
    "too large": (
        {"status": 413, "json": _error("part_too_large")},
        "smaller",
        "part_too_large",
        None,
    ),
    "whole too large": (
        {"status": 413, "json": _error("file_too_large")},
        "refused",
        "file_too_large",
        None,
    ),
    "too large for nginx": ({"status": 413}, "smaller", "too_large", None),
    "not a picture": (
        {"status": 415, "json": _error("not_a_photo")},
        "refused",
        "not_a_photo",
        None,
    ),
    "401": ({"status": 401, "json": _error("log_in")}, "login", "login", None),
    "507": ({"status": 507, "json": _error("disk_full")}, "later", "server_full", None),
}

WAITS = {
    "seconds": ("120", 120_000),
    "a moment": ("Tue, 14 Nov 2023 22:14:20 GMT", 60_000),  # NOW is 22:13:20
    "past": ("Tue, 14 Nov 2023 22:00:00 GMT", 0),
    "nonsense": ("straks", 0),
    "negative": ("-5", 0),
    "absent": (None, 0),
}


@pytest.fixture(scope="module")
def judge(browser: Browser) -> Iterator[Page]:
    with opened(PostOffice()) as url:
        context = browser.new_context()
        tab = context.new_page()
        tab.goto(f"{url}/page")
        yield prepared(tab)
        context.close()


def _facts(facts: dict[str, Any], retry_after: str | None = None) -> dict[str, Any]:
    usual = {"failed": None, "redirected": False, "retry_after": retry_after, "now": NOW}
    return usual | facts


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_answer_to_a_document(judge: Page, name: str) -> None:
    facts, signature, verdict, reason, portal = DOCUMENTS[name]
    script = "([facts, expected, signature]) => phone.judge('document', facts, expected, signature)"
    found = judge.evaluate(script, [_facts(facts), EXPECTED, signature])
    assert (found["verdict"], found["reason"]) == (verdict, reason)
    assert bool(found.get("portal")) is portal
    assert ("receipt" in found) is (verdict == "arrived")


@pytest.mark.parametrize("name", PARTS)
def test_the_answer_to_a_part(judge: Page, name: str) -> None:
    facts, verdict, reason, received = PARTS[name]
    script = "([facts, expected]) => phone.judge('file', facts, expected)"
    found = judge.evaluate(script, [_facts(facts), FILE])
    assert (found["verdict"], found["reason"], found.get("received")) == (verdict, reason, received)


@pytest.mark.parametrize("name", WAITS)
def test_how_long_the_server_asks_us_to_wait(judge: Page, name: str) -> None:
    text, wait = WAITS[name]
    script = "([facts, expected]) => phone.judge('document', facts, expected)"
    found = judge.evaluate(script, [_facts({"status": 429}, text), EXPECTED])
    assert found["wait"] == wait


def test_words_of_a_refusal_are_kept_where_they_belong(judge: Page) -> None:
    script = "([facts, expected]) => phone.judge('document', facts, expected)"
    facts = _facts({"status": 422, "json": _error("refused", "required")})
    assert judge.evaluate(script, [facts, EXPECTED])["refusal"] == {
        "code": "refused",
        "message": "Zo zit het.",
        "problems": [{"path": "foto", "code": "required", "message": "m"}],
    }


def test_json_is_spelled_as_the_server_spells_it(judge: Page) -> None:
    from fieldapp.core.receipt import canonical

    value = {
        "b": ["x", "é\u2028\u007f\u0001\"\\/"],
        "a": {"\U0001f600": "astral", "\uff5e": "wide", "z": "", "é": "2", "e\u0301": "3"},
        "10": "tien", "9": "negen", "": [],
    }  # fmt: skip
    assert judge.evaluate("(value) => phone.canonical(value)", value) == canonical(value)


def test_dutch_time_is_what_the_browser_itself_makes_of_it(judge: Page) -> None:
    """Around each change of the clock, and long before and after what came along."""
    changes = clock_changes(2025, 2029)
    moments = [since + minutes * 60_000 for since, _ in changes for minutes in (-61, -1, 0, 1, 61)]
    script = """async ([moments, clock]) => {
      const { dutchTime } = await import("/static/js/phone/form/clock.js");
      const zone = { timeZone: "Europe/Amsterdam", dateStyle: "short", timeStyle: "medium" };
      const own = new Intl.DateTimeFormat("sv-SE", zone);
      return moments.map((at) => new Date(at)).map((moment) =>
        [dutchTime(moment.toISOString(), clock), `${own.format(moment).replace(" ", "T")}.000`]);
    }"""
    for found, right in judge.evaluate(script, [moments[3:], changes]):
        assert found == right
    ((found, _right),) = judge.evaluate(script, [[0], changes])  # a clock that was never set
    assert found == "1970-01-01T01:00:00.000"


def test_back_off_doubles_to_five_minutes(judge: Page) -> None:
    script = "() => [1, 2, 3, 9, 10, 99].map((n) => [phone.backOff(n, 0), phone.backOff(n, 1)])"
    assert judge.evaluate(script) == [
        [500, 1000], [1000, 2000], [2000, 4000],
        [128_000, 256_000], [150_000, 300_000], [150_000, 300_000],
    ]  # fmt: skip
