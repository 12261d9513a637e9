from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.core.answers import Answers, parse_answers
from fieldapp.core.survey import load_survey
from fieldapp.core.validate import examine, prune, relevant_pages, relevant_questions, validate
from tests.core.survey_files import valid

NOW = datetime(2026, 3, 2, 18, 0)
SURVEY = valid("skip_logic")


def asked(answers: dict[str, Any]) -> list[str]:
    return [question.name for question in relevant_questions(SURVEY, answers, now=NOW)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ["lek", "leeftijd", "anders"]),
        ({"lek": "ja"}, ["lek", "leeftijd", "gemeld", "ernst", "anders"]),
        ({"lek": "ja", "gemeld": "ja"},
         ["lek", "leeftijd", "gemeld", "ernst", "bij_wie", "anders"]),
        ({"lek": "ja", "gemeld": "nee"},
         ["lek", "leeftijd", "gemeld", "ernst", "waarom_niet", "anders"]),
        # an answer that is left over from a page that is no longer asked counts as blank
        ({"lek": "nee", "gemeld": "nee"}, ["lek", "leeftijd", "anders"]),
    ],
)  # fmt: skip
def test_what_is_asked(answers: dict[str, Any], expected: list[str]) -> None:
    assert asked(answers) == expected


def test_pages_with_nothing_to_show_are_skipped() -> None:
    def names(answers: dict[str, Any]) -> list[str]:
        return [page.name for page in relevant_pages(SURVEY, answers, now=NOW)]

    assert names({}) == ["begin", "slot"]
    assert names({"lek": "ja"}) == ["begin", "lekkage", "slot"]
    assert names({"lek": "ja", "gemeld": "ja"}) == ["begin", "lekkage", "melding", "slot"]
    assert examine(SURVEY, {"lek": "ja"}, now=NOW).pages == ("begin", "lekkage", "slot")


def test_required_and_constraint_with_the_authors_words() -> None:
    missing, wrong = validate(SURVEY, {"leeftijd": 130}, now=NOW)
    assert (missing.code, missing.where) == ("required", "lek")
    assert missing.message is not None
    assert missing.message.in_language("en") == "Kies ja of nee"
    assert (wrong.code, wrong.where) == ("constraint", "leeftijd")
    assert wrong.message is not None
    assert wrong.message.in_language("en") == "Between 0 and 120"


def test_required_by_expression_and_only_when_asked() -> None:
    def codes(answers: dict[str, Any]) -> list[tuple[str, str]]:
        return [(item.code, item.where) for item in validate(SURVEY, answers, now=NOW)]

    assert codes({"lek": "nee", "leeftijd": 40}) == []
    assert codes({"lek": "ja", "leeftijd": 17}) == []
    assert codes({"lek": "ja", "leeftijd": 18}) == [("required", "gemeld")]


def test_one_page_at_a_time_and_unreadable_answers() -> None:
    assert validate(SURVEY, {"leeftijd": 130}, now=NOW, only=["anders"]) == []
    found = examine(SURVEY, {}, now=NOW, unreadable=["lek"])
    assert found.problems == ()


def test_prune_drops_what_is_not_asked_and_calculates() -> None:
    answers = {"lek": "ja", "leeftijd": None, "gemeld": "nee", "bij_wie": "x", "ernst": 9}
    assert prune(SURVEY, answers, now=NOW) == {
        "lek": "ja",
        "leeftijd": None,
        "gemeld": "nee",
        "ernst": 2.0,
    }
    assert prune(SURVEY, {**answers, "lek": "nee"}, now=NOW) == {"lek": "nee", "leeftijd": None}


def test_a_calculation_that_looks_ahead() -> None:
    survey = valid("calculation_looks_ahead")
    assert prune(survey, {"a": 4}, now=NOW) == {"dubbel": 8.0, "a": 4}
    assert prune(survey, {}, now=NOW) == {"dubbel": None}


def test_today_is_given() -> None:
    survey = valid("every_type")
    answers: Answers = {"dag": date(2026, 3, 3), "akkoord": "OK"}
    assert [item.where for item in validate(survey, answers, now=NOW)] == ["dag"]
    assert validate(survey, answers, now=NOW, today=date(2026, 3, 3)) == []


def test_notes_are_never_required() -> None:
    data = {
        "settings": {"form_id": "p", "version": "1", "kind": "enquete"},
        "title": "P",
        "survey": [{"type": "group", "name": "w", "children": [
            {"type": "note", "name": "n", "label": "N", "required": True}]}],
    }  # fmt: skip
    assert validate(load_survey(data), {}, now=NOW) == []


raw_answers = st.dictionaries(
    st.sampled_from(list(SURVEY.by_name)),
    st.sampled_from(["ja", "nee", "", "12", "200", "tekst"]),
)


@given(raw_answers)
def test_pruning_is_a_fixed_point(raw: dict[str, str]) -> None:
    answers = parse_answers(SURVEY, raw).answers
    once = examine(SURVEY, answers, now=NOW)
    twice = examine(SURVEY, once.answers, now=NOW)
    assert twice == once
    assert set(once.answers) <= once.relevant
