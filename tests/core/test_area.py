from __future__ import annotations

import pytest

from fieldapp.core.area import (
    AreaCode,
    AreaCodeError,
    is_code,
    is_water,
    level_of,
    may_be_water,
    parent_of,
    parse_code,
)


@pytest.mark.parametrize(
    ("raw", "text", "level"),
    [
        ("GM0344", "GM0344", "gemeente"),
        ("GM0344    ", "GM0344", "gemeente"),
        ("WK034401", "WK034401", "wijk"),
        (" BU03440111\t", "BU03440111", "buurt"),
        ("BU0363AB10", "BU0363AB10", "buurt"),
        ("WK0363AB", "WK0363AB", "wijk"),
    ],
)
def test_codes_are_read_with_padding_and_letters(raw: str, text: str, level: str) -> None:
    code = parse_code(raw)
    assert (code.text, code.level) == (text, level)


def test_parents_follow_from_the_code() -> None:
    buurt = AreaCode("BU0363AB10")
    assert buurt.wijk == AreaCode("WK0363AB")
    assert [str(code) for code in buurt.parents] == ["WK0363AB", "GM0363"]
    assert AreaCode("GM0363").parents == ()
    assert AreaCode("GM0363").wijk is None
    assert parent_of("WK034401") == "GM0344"
    assert parent_of("GM0344") is None
    assert level_of("WK034401") == "wijk"


@pytest.mark.parametrize(
    ("raw", "level", "code", "suggestion"),
    [
        (None, None, "missing", ""),
        ("   ", None, "missing", ""),
        (True, None, "missing", ""),
        (5180271, "buurt", "lost_zeros", "BU05180271"),
        (5180271.0, None, "lost_zeros", "BU05180271"),
        ("05180271", None, "lost_prefix", "BU05180271"),
        ("0268", None, "lost_prefix", "GM0268"),
        (518, "gemeente", "lost_zeros", "GM0518"),
        (51801, None, "lost_zeros", "WK051801"),
        ("518027", "buurt", "lost_zeros", ""),  # two digits short: no honest guess
        ("BU5180271", None, "lost_zeros", "BU05180271"),
        ("WK05183399", "wijk", "wrong_length", "WK051833"),
        ("BU0518", None, "wrong_length", ""),
        ("bu0363ab10", None, "lower_case", "BU0363AB10"),
        ("BU 05180271", None, "not_a_code", "BU05180271"),
        ("BU0A630001", None, "not_a_code", ""),
        ("Centrum", None, "not_a_code", ""),
        ("0518027112", None, "not_a_code", ""),
        ("WK051801", "buurt", "wrong_level", ""),
    ],
)
def test_wrong_codes_say_why_and_what_was_meant(
    raw: object, level: str | None, code: str, suggestion: str
) -> None:
    with pytest.raises(AreaCodeError) as caught:
        parse_code(raw, level=level)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.suggestion) == (code, suggestion)


@pytest.mark.parametrize(
    "text", ["GM0344\n", "GM\u0660\u0663\u0664\u0664", "BU0344011", "bu03440111", ""]
)
def test_only_the_exact_form_is_a_code(text: str) -> None:
    assert not is_code(text)
    with pytest.raises(AreaCodeError):
        AreaCode(text)


def test_water_only_where_the_code_is_certain() -> None:
    assert is_water("BU03639997")
    assert is_water("BU05189998")
    # Inhabited buurten of Assen, Arnhem and Den Haag (CBS and Leefbaarometer 2024).
    for land in ("BU01069900", "BU01069917", "BU02021798", "BU02022197", "BU05181697"):
        assert not is_water(land)
    assert may_be_water("WK051899")
    assert may_be_water("BU01069900")
    assert not may_be_water("BU05183399")
    assert not may_be_water("GM9999")
