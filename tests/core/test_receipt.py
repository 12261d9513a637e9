"""Receipts: one spelling for the same values, a number to say aloud, a shape that is checked."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fieldapp.core.receipt import (
    LONGEST,
    NotAReceipt,
    Signed,
    answers_sha256,
    canonical,
    number_of,
    read_document,
    read_signed,
    receipt_document,
)

NOON = datetime(2026, 11, 21, 12, 3, tzinfo=UTC)
EMPTY_HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # of {}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": "1", "a": ["y", "x"]}, '{"a":["y","x"],"b":"1"}'),
        ({"z": {"d": "", "c": None}}, '{"z":{"c":null,"d":""}}'),
        # As JSON.stringify writes them: no escape but those that JSON demands.
        ({"a": 'café "ü" \\ / \n\t\x1f\x7f\u2028 😀'},
         '{"a":"café \\"ü\\" \\\\ / \\n\\t\\u001f\x7f\u2028 😀"}'),
        ({"a": "half \ud83d"}, '{"a":"half \\ud83d"}'),
    ],
)  # fmt: skip
def test_canonical_json_has_one_spelling(value: Any, text: str) -> None:
    assert canonical(value) == text
    canonical(value).encode()


def test_the_order_of_keys_does_not_matter_and_every_value_does() -> None:
    one = answers_sha256({"wat": "heel", "foto": ["a.jpg"]})
    assert one == answers_sha256({"foto": ["a.jpg"], "wat": "heel"})
    assert one != answers_sha256({"foto": ["a.jpg"], "wat": "hee1"})
    assert answers_sha256({}) == EMPTY_HASH


@pytest.mark.parametrize(
    ("submission_id", "number"),
    [
        ("00000000-0000-4000-8000-000000000000", "0000-0000"),
        ("ffffffff-ffff-4fff-bfff-ffffffffffff", "ZZZZ-ZZZZ"),
        # 40 bits 0000000001: only the last group of five is 1.
        ("00000000-0100-4000-8000-000000000000", "0000-0001"),
        # 00001 00010 00011 00100 00101 00110 00111 01000 is 08 86 42 98 e8.
        ("08864298-e8aa-4aaa-8aaa-aaaaaaaaaaaa", "1234-5678"),
    ],
)
def test_the_number_is_the_first_forty_bits(submission_id: str, number: str) -> None:
    assert number_of(uuid.UUID(submission_id)) == number


def document(**changes: Any) -> dict[str, Any]:
    text = receipt_document(
        uuid.UUID("08864298-e8aa-4aaa-8aaa-aaaaaaaaaaaa"),
        "observatie",
        "2026-1",
        NOON.astimezone(timezone(timedelta(hours=1))),
        {},
        [("b.jpg", "2" * 64), ("a.jpg", "f" * 64), ("a.jpg", "1" * 64)],
    )
    return {**json.loads(text), **changes}


def test_a_receipt_says_number_time_answers_and_files() -> None:
    assert document() == {
        "v": 1,
        "id": "08864298-e8aa-4aaa-8aaa-aaaaaaaaaaaa",
        "number": "1234-5678",
        "survey": "observatie",
        "version": "2026-1",
        "received_at": "2026-11-21T12:03:00+00:00",
        "answers_sha256": hashlib.sha256(b"{}").hexdigest(),
        "files": [
            {"name": "a.jpg", "sha256": "1" * 64},
            {"name": "a.jpg", "sha256": "f" * 64},
            {"name": "b.jpg", "sha256": "2" * 64},
        ],
    }


def test_what_was_written_is_read_again() -> None:
    said = read_document(canonical(document()))
    assert (said.number, said.received_at, len(said.files)) == ("1234-5678", NOON, 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"extra": 1},
        {"id": "nothing"},
        {"id": 7},
        {"number": "1234-5679"},
        {"received_at": "2026-11-21T12:03:00"},
        {"received_at": None},
        {"answers_sha256": "A" * 64},
        {"files": {}, "survey": None},
        {"files": [{"name": "a.jpg"}]},
        {"files": 3},
    ],
)
def test_another_shape_is_no_receipt(changes: dict[str, Any]) -> None:
    with pytest.raises(NotAReceipt):
        read_document(canonical(document(**changes)))


@pytest.mark.parametrize("text", ["", "x", "[]", '"x"', "[" * 100_000, "{" + " " * 300_000])
def test_anything_else_is_no_receipt(text: str) -> None:
    with pytest.raises(NotAReceipt):
        read_document(text)
    with pytest.raises(NotAReceipt):
        read_signed(text)


@pytest.mark.parametrize("wrap", [lambda r: r, lambda r: {"id": "x", "state": "y", "receipt": r}])
def test_a_receipt_is_taken_bare_or_inside_the_answer_of_the_api(wrap: Any) -> None:
    given = {"document": "{}", "signature": "abc", "key": "k"}
    text = "\ufeff" + json.dumps(wrap(given), indent=2) + "\n"
    assert read_signed(text) == Signed("{}", "abc", "k")


def test_a_text_far_too_long_is_not_read_and_a_key_without_name_has_none() -> None:
    given = {"document": "{}", "signature": "abc", "key": 7}
    assert read_signed(json.dumps(given)).key == ""
    with pytest.raises(NotAReceipt, match="too_long"):
        read_signed(json.dumps({**given, "more": "x" * LONGEST}))


@pytest.mark.parametrize("given", [{}, {"document": {}}, {"document": "x"}, {"receipt": []}])
def test_without_document_or_signature_there_is_nothing_to_check(given: dict[str, Any]) -> None:
    with pytest.raises(NotAReceipt, match="not_a_receipt"):
        read_signed(json.dumps(given))
