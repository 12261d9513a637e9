"""Rounds in what a draft keeps: they come, go and come back; what was typed is read by type."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.core.survey import Survey
from fieldapp.services.rounds import (
    KEY,
    REMOVED,
    add_round,
    at,
    leaf,
    new_round,
    remove_round,
    restore_round,
    steps,
    with_keys,
    without_keys,
)
from fieldapp.services.typed import Unreadable, for_core, raw_of
from fieldapp.services.uploads import WrongFile, media_type_of, prepare_upload, shown_type
from tests.core.survey_files import valid

RAW: dict[str, Any] = {
    "straat": "Lindestraat",
    "kamers": [
        {KEY: "a", "soort": "Keuken", "ramen": [{KEY: "c", "hoogte": "1"}]},
        {KEY: "b", "soort": "Hal", "ramen": []},
    ],
}


@pytest.fixture(scope="module")
def survey() -> Survey:
    return valid("all_types")


@pytest.mark.parametrize(
    ("path", "expected", "last"),
    [
        ("straat", ([], "straat"), "straat"),
        ("kamers", ([], "kamers"), "kamers"),
        ("kamers/0", ([("kamers", 0)], ""), "kamers"),
        ("kamers/0/soort", ([("kamers", 0)], "soort"), "soort"),
        ("kamers/0/ramen/2", ([("kamers", 0), ("ramen", 2)], ""), "ramen"),
        ("kamers/0/ramen/2/hoogte", ([("kamers", 0), ("ramen", 2)], "hoogte"), "hoogte"),
    ],
)
def test_a_path_in_steps(path: str, expected: Any, last: str) -> None:
    assert steps(path) == expected
    assert leaf(path) == last


def test_what_stands_at_a_path() -> None:
    assert at(RAW, "straat") == "Lindestraat"
    assert at(RAW, "kamers/0/ramen/0/hoogte") == "1"
    assert at(RAW, "kamers/1") == RAW["kamers"][1]
    for nowhere in ("kamers/2/soort", "straat/0/x", "kamers/0/ramen/9", "niets"):
        assert at(RAW, nowhere) is None


def test_a_round_goes_and_comes_back_where_it_was() -> None:
    without = remove_round(RAW, "kamers/0")
    assert [room["soort"] for room in without["kamers"]] == ["Hal"]
    assert [room["soort"] for room in RAW["kamers"]] == ["Keuken", "Hal"]  # untouched
    back, path = restore_round(without)
    assert path == "kamers/0"
    assert back["kamers"] == RAW["kamers"]
    assert back[REMOVED] == []
    inner = remove_round(RAW, "kamers/0/ramen/0")
    assert inner["kamers"][0]["ramen"] == []
    assert restore_round(inner)[0]["kamers"] == RAW["kamers"]


def test_a_round_of_a_round_that_is_gone_cannot_come_back() -> None:
    gone = remove_round(RAW, "kamers/0/ramen/0")
    gone = {**gone, "kamers": []}
    back, path = restore_round(gone)
    assert (back["kamers"], path) == ([], "")


def test_one_more_round_has_a_key_of_its_own() -> None:
    more = add_round(RAW, "kamers/1/ramen", {"hoogte": "9"})
    (window,) = more["kamers"][1]["ramen"]
    assert window["hoogte"] == "9"
    assert window[KEY]
    assert add_round(RAW, "kamers/7/ramen") == RAW
    assert new_round()[KEY] != new_round()[KEY]


def test_keys_are_ours_alone(survey: Survey) -> None:
    bare = {"kamers": [{"soort": "Keuken", "ramen": [{}]}], "straat": "x"}
    keyed = with_keys(survey.items, bare)
    assert keyed["kamers"][0][KEY]
    assert keyed["kamers"][0]["ramen"][0][KEY]
    assert without_keys({**keyed, REMOVED: [1]}) == bare


@pytest.mark.parametrize(
    ("question", "typed", "expected"),
    [
        ("maand", "2026-5", "2026-05-01"),
        ("maand", "5-2026", "2026-05-01"),
        ("maand", "2026", "2026"),  # half: core says what is wrong with it
        ("jaar", "2026", "2026-01-01"),
        ("dag", "4-5-2026", "4-5-2026"),
        ("tweede_plek", {"lat": "52,09", "lon": "5,11", "accuracy": "8"}, "52.09 5.11 0 8"),
        ("tweede_plek", {}, None),
        ("route", "52,09 5,11\r\n52.1, 5.2\n", "52.09 5.11; 52.1 5.2"),
        ("route", "52.09,5.11;52,1,5,2", "52.09 5.11; 52.1 5.2"),
    ],
)
def test_what_was_typed_becomes_what_core_reads(
    survey: Survey, question: str, typed: Any, expected: Any
) -> None:
    assert for_core(survey.question(question), typed) == expected


def test_half_a_point_is_said(survey: Survey) -> None:
    with pytest.raises(Unreadable) as error:
        for_core(survey.question("tweede_plek"), {"lat": "52", "lon": ""})
    assert error.value.code == "location_half"


@pytest.mark.parametrize(
    ("question", "values", "expected"),
    [
        ("dieren", {"x": ["kat", "egel"]}, ["kat", "egel"]),
        ("volgorde", {"x": ["egel", "", "kat"]}, ["egel", "kat"]),
        ("maand", {"x/month": ["5"], "x/year": ["2026"]}, "2026-5"),
        ("maand", {"x/month": ["5"], "x/year": [""]}, "5"),
        ("jaar", {"x/year": ["2026"]}, "2026"),
        ("straat", {"x": ["a\0b"]}, "ab"),
        ("straat", {}, ""),
        ("tweede_plek", {"x/lat": ["52"], "x/lon": [""]}, {
            "lat": "52", "lon": "", "accuracy": "", "source": "",
        }),
        ("tweede_plek", {"x/lat": [""]}, {}),
    ],
)  # fmt: skip
def test_what_a_browser_sent_is_kept_as_typed(
    survey: Survey, question: str, values: Any, expected: Any
) -> None:
    assert raw_of(survey.question(question), "x", values) == expected


@pytest.mark.parametrize(
    ("kind", "head", "expected"),
    [
        ("audio", b"ID3\x04", "audio/mpeg"),
        ("audio", b"\xff\xfb\x90\x00", "audio/mpeg"),
        ("audio", b"OggS\0", "audio/ogg"),
        ("audio", b"\0\0\0\x20ftypM4A \0\0", "audio/mp4"),
        ("audio", b"\x1a\x45\xdf\xa3\x9f\x42\x86webm", "audio/webm"),
        ("audio", b"\xff\xd8\xff\xe0", None),  # a photo
        ("audio", b"%PDF-1.7", None),
        ("video", b"\0\0\0\x14ftypqt  \0\0", "video/quicktime"),
        ("video", b"\x1a\x45\xdf\xa3\x9f\x42\x86webm", "video/webm"),
        ("video", b"RIFF\0\0\0\0WAVEfmt", None),
        ("file", b"PK\x03\x04\x14", "application/zip"),
        ("file", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("file", b"MZ\x90\0", None),
    ],
)
def test_the_content_says_what_a_file_is(kind: str, head: bytes, expected: str | None) -> None:
    assert media_type_of(head + b"\0" * 100, kind) == expected


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"x" * 101, "file_too_large"),
        (b"\x7fELF\x02\x01", "file_kind"),
        (b"ge\x07luid", "file_kind"),
        ("één".encode("utf-16"), "file_kind"),
    ],
)
def test_a_wrong_file_says_why(data: bytes, code: str) -> None:
    with pytest.raises(WrongFile) as error:
        prepare_upload("file", data, max_bytes=100)
    assert error.value.code == code


def test_text_is_a_file_and_never_a_page() -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    assert prepare_upload("file", page, max_bytes=100).media_type == "text/plain"
    assert shown_type(page) is None
    assert shown_type(b'<svg xmlns="http://www.w3.org/2000/svg"/>') is None
