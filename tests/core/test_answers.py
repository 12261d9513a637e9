from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.core.answers import parse_answers
from tests.core.survey_files import valid

SURVEY = valid("every_type")


def read(name: str, value: Any) -> Any:
    parsed = parse_answers(SURVEY, {name: value})
    assert parsed.problems == []
    return parsed.answers[name]


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("tekst", "  Hallo\r\ndaar ", "Hallo\ndaar"),
        ("tekst", " \n ", None),
        ("tekst", ["een"], "een"),
        ("tekst", [], None),
        ("tekst", 12, "12"),
        ("tekst", "x" * 20_000, "x" * 20_000),
        ("aantal", "12", 12),
        ("aantal", " -3 ", -3),
        ("aantal", 12, 12),
        ("aantal", 12.0, 12),
        ("aantal", "\u0661\u0662", 12),  # Arabic keyboard
        ("aantal", "", None),
        ("bedrag", "1,5", 1.5),
        ("bedrag", "-0.25", -0.25),
        ("bedrag", ",5", 0.5),
        ("bedrag", 3, 3.0),
        ("bedrag", "\u0661\u066b\u0665", 1.5),
        ("een", "ja", "ja"),
        ("een", ["ja"], "ja"),
        ("een", None, None),
        ("meer", ["ja", "nee", "ja"], ["ja", "nee"]),
        ("meer", "nee ja", ["nee", "ja"]),
        ("meer", [], None),
        ("dag", "2026-01-31", date(2026, 1, 31)),
        ("dag", "31-1-2026", date(2026, 1, 31)),
        ("foto", "a.jpg", ["a.jpg"]),
        ("foto", ["a.jpg", "b.jpg"], ["a.jpg", "b.jpg"]),
        ("plek", "52.1 5.2", "52.1 5.2 0.0 0.0"),
        ("plek", {"lat": 52.1, "lon": 5.2, "accuracy_m": 8}, "52.1 5.2 0.0 8.0"),
        ("akkoord", "on", "OK"),
        ("akkoord", True, "OK"),
        ("akkoord", "", None),
        ("bron", "qr", "qr"),
    ],
)
def test_readable(name: str, raw: Any, expected: Any) -> None:
    found = read(name, raw)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("aantal", "twaalf", "not_an_integer"),
        ("aantal", "1,5", "not_an_integer"),
        ("aantal", "1.000", "not_an_integer"),
        ("aantal", "\u00b2", "not_an_integer"),
        ("aantal", True, "not_text"),
        ("aantal", "9" * 5000, "number_too_large"),
        ("aantal", 10**5000, "number_too_large"),
        ("aantal", 1e300, "not_an_integer"),
        ("bedrag", "1.234,50", "not_a_number"),
        ("bedrag", "nan", "not_a_number"),
        ("bedrag", float("inf"), "not_a_number"),
        ("bedrag", 1e300, "number_too_large"),
        ("een", "jaa", "unknown_choice"),
        ("een", ["ja", "nee"], "too_many_values"),
        ("meer", ["ja", "misschien"], "unknown_choice"),
        ("dag", "2026-02-30", "not_a_date"),
        ("dag", "morgen", "not_a_date"),
        ("dag", "20260131", "not_a_date"),
        ("foto", "../../etc/passwd", "not_a_file_name"),
        ("foto", ["x.jpg"] * 51, "too_many_values"),
        ("plek", "5.2", "not_a_point"),
        ("plek", "nan 5", "not_a_point"),
        ("plek", "95 5", "point_off_earth"),
        ("akkoord", "nooit", "unknown_choice"),
        ("tekst", "a\0b", "nul_character"),
        ("tekst", "\ud800", "broken_character"),
        ("tekst", "x" * 20_001, "too_long"),
        ("tekst", {"a": 1}, "not_text"),
        ("tekst", ["a", "b"], "too_many_values"),
        ("bestaat_niet", "x", "unknown_question"),
    ],
    ids=lambda part: part if isinstance(part, str) and part.isascii() and len(part) < 30 else "…",
)
def test_impossible(name: str, raw: Any, code: str) -> None:
    parsed = parse_answers(SURVEY, {name: raw, "bron": "blijft"})
    assert [(problem.code, problem.where) for problem in parsed.problems] == [(code, name)]
    assert parsed.answers == {"bron": "blijft"}


def test_near_names_are_suggested() -> None:
    (problem,) = parse_answers(SURVEY, {"aantl": 1}).problems
    assert problem.params["suggestion"] == "aantal"
    (problem,) = parse_answers(SURVEY, {"een": "jaa"}).problems
    assert problem.params["suggestion"] == "ja"


def test_three_kinds_of_silence() -> None:
    survey = valid("roles_and_signals")
    parsed = parse_answers(survey, {"schoon": "weet_niet", "taal": ""}, asked=["zorgen", "schoon"])
    assert parsed.answers == {"zorgen": None, "schoon": "weet_niet", "taal": None}
    assert "woning" not in parsed.answers


def test_an_unreadable_answer_is_not_a_blank() -> None:
    assert parse_answers(SURVEY, {"aantal": "twaalf"}, asked=["aantal"]).answers == {}


def test_what_a_client_calculates_is_not_believed() -> None:
    assert parse_answers(SURVEY, {"som": 99, "uitleg": "x"}).answers == {}


def test_ten_thousand_unknown_names_cost_little() -> None:
    parsed = parse_answers(SURVEY, {f"aantal{number}": 1 for number in range(10_000)})
    assert sum("suggestion" in problem.params for problem in parsed.problems) == 10


@pytest.mark.parametrize("raw", [None, [], "x", 3])
def test_answers_must_be_a_mapping(raw: Any) -> None:
    assert [problem.code for problem in parse_answers(SURVEY, raw).problems] == [
        "answers_not_a_mapping"
    ]


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=10)
    | st.sampled_from(["ja", "nee", "1,5", "2026-01-01", "52 5"])
)
raws = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=3), scalars)
names = st.sampled_from(list(SURVEY.by_name)) | st.text(max_size=5)


@given(st.dictionaries(names, raws))
def test_anything_is_read_or_refused_and_reading_twice_changes_nothing(raw: Any) -> None:
    parsed = parse_answers(SURVEY, raw)
    again = parse_answers(SURVEY, parsed.answers)
    assert again.answers == parsed.answers
    assert again.problems == []
