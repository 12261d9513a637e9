"""Regular expressions: the same meaning as a known engine, a bounded time, clear refusals."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.core.expression import ExpressionError, parse
from fieldapp.core.expression.regex import LONGEST_TEXT, compiled, matches
from fieldapp.core.expression.regex_reader import RegexError

ENDLESS = [
    r"(a+)+$",
    r"(a|a)*b",
    r"(.*)*x",
    r"(a|aa)+$",
    r"([a-zA-Z]+)*[0-9]",
    r"(a?){30}a{30}",
    r"(.*a){20}",
    r"(\w+\s?)*$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"((a*)*)*b",
]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_patterns_that_hang_other_engines_end(pattern: str) -> None:
    start = time.process_time()

    matches(pattern, "a" * LONGEST_TEXT)
    matches(pattern, "a" * 40 + "!")

    assert time.process_time() - start < 8  # seconds on a busy machine; backtracking takes years


def test_a_text_that_is_too_long_never_matches() -> None:
    assert matches("a*", "a" * LONGEST_TEXT)
    assert not matches("a*", "a" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize(
    ("pattern", "suggestion"),
    [
        ("(?=a)", "and"),
        ("(?!a)b", "not()"),
        ("(?<=a)b", "(...)"),
        ("(?P<x>a)", "(...)"),
        ("(?i)a", "(...)"),
        ("(?>a)", "(...)"),
        (r"\p{L}+", "[a-z]"),
        (r"(a)\1", ""),
        (r"\ka", ""),
        ("a++", "(...)"),
        ("a**", "(...)"),
        ("*a", r"\*"),
        ("a{,3}", r"\{"),
        ("a{3,2}", "string-length()"),
        ("a{1000}", "string-length()"),
        ("((a{50}){50}){50}", "string-length()"),
        ("[a", r"\["),
        ("[]", r"\["),
        ("[z-a]", r"\-"),
        ("[a[b]]", r"\["),
        ("[a&&b]", "[...]"),
        ("(a", r"\("),
        ("a)", r"\)"),
        ("\\", ""),
        ("(" * 50 + ")" * 50, ""),
    ],
)
def test_refused_with_a_way_out(pattern: str, suggestion: str) -> None:
    with pytest.raises(RegexError) as caught:
        compiled(pattern)
    assert caught.value.suggestion == suggestion
    assert not matches(pattern, "a")


def test_a_pattern_in_a_form_is_judged_when_the_form_is_read() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(r"regex(., '(?=a)')")
    assert caught.value.code == "regex_wrong"
    assert caught.value.params == {"found": "(?=a)", "position": 0, "suggestion": "and"}


atoms = st.sampled_from(
    ["a", "b", "c", r"\d", r"\w", r"\s", r"\W", ".", "[ab]", "[^a]", "[a-c1]", r"[\d-]", r"\.", "1"]
)
counts = st.sampled_from(["", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sequence = st.lists(inner, min_size=1, max_size=3).map("".join)
    group = st.tuples(sequence, counts).map(lambda pair: f"({pair[0]}){pair[1]}")
    either = st.tuples(sequence, sequence).map(lambda pair: f"(?:{pair[0]}|{pair[1]})")
    return sequence | group | either


patterns = st.recursive(
    st.tuples(atoms, counts).map("".join) | st.sampled_from([r"\b", "^", "$"]), grown, max_leaves=6
)


@given(patterns, st.text("ab1 .c", max_size=8))
def test_the_same_as_pythons_own_engine(pattern: str, text: str) -> None:
    try:
        known = re.compile(pattern, re.ASCII)
    except re.error:
        return
    assert matches(pattern, text) == (known.fullmatch(text) is not None)
