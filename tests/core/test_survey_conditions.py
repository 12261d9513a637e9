"""Conditions through choices: what people choose becomes an expression that means just that."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fieldapp.core.expression import Context, is_true, parse
from fieldapp.core.survey import edit
from fieldapp.core.survey.conditions import (
    ASKED,
    COMPARED,
    Condition,
    ConditionError,
    Rule,
    askable,
    read_condition,
    steady,
    write_condition,
)

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda text: "'" not in text or '"' not in text
)
NUMBERS = (
    st.decimals(-10_000, 10_000, places=2)
    .map(lambda d: f"{float(d):g}")
    .filter(lambda t: "e" not in t and t != "-0")
)
DAYS = st.dates().map(lambda day: day.isoformat())
NAMES = st.sampled_from(["soort", "leeftijd", "a.b-c", "_x", "نوع"])
RULES = st.one_of(
    st.builds(Rule, NAMES, st.sampled_from(["filled", "empty"])),
    st.builds(Rule, NAMES, st.sampled_from([*ASKED, "is", "is_not"]), WORDS),
    st.builds(Rule, NAMES, st.sampled_from(sorted(COMPARED)), NUMBERS, st.just("number")),
    st.builds(Rule, NAMES, st.sampled_from(sorted(COMPARED)), DAYS, st.just("day")),
)  # fmt: skip
CONDITIONS = st.builds(
    Condition, st.lists(RULES, max_size=5).map(tuple), st.sampled_from(["and", "or"])
)


@given(condition=CONDITIONS)
def test_what_is_chosen_is_read_back(condition: Condition) -> None:
    found = read_condition(write_condition(condition))

    assert found is not None
    assert found.rules == condition.rules
    assert found.join == condition.join or len(condition.rules) < 2


ANSWERS = {"one": "ja", "many": ["ja", "nee"], "number": 5, "text": "jaap"}
TRUTHS = [
    (Rule("one", "is", "ja"), True),
    (Rule("one", "is", "nee"), False),
    (Rule("one", "is_not", "ja"), False),
    (Rule("one", "filled"), True),
    (Rule("gone", "filled"), False),
    (Rule("gone", "empty"), True),
    (Rule("many", "contains", "nee"), True),
    (Rule("many", "contains", "misschien"), False),
    (Rule("many", "contains_not", "nee"), False),
    (Rule("number", "more", "5", "number"), False),
    (Rule("number", "at_least", "5", "number"), True),
    (Rule("number", "less", "5.5", "number"), True),
    (Rule("number", "at_most", "-1", "number"), False),
    (Rule("text", "has", "aa"), True),
    (Rule("text", "has_not", "aa"), False),
]


@pytest.mark.parametrize(("rule", "holds"), TRUTHS)
def test_a_rule_means_what_it_says(rule: Rule, holds: bool) -> None:
    tree = parse(write_condition(Condition((rule,)))).tree

    assert is_true(tree, Context(answers=ANSWERS)) is holds


@given(
    chosen=st.lists(st.sampled_from(TRUTHS), min_size=1, max_size=4),
    join=st.sampled_from(["and", "or"]),
)
def test_rules_hold_together_or_one_of_them(chosen: list[tuple[Rule, bool]], join: str) -> None:
    source = write_condition(Condition(tuple(rule for rule, _ in chosen), join))
    held = (all if join == "and" else any)(holds for _, holds in chosen)

    assert is_true(parse(source).tree, Context(answers=ANSWERS)) is held


@pytest.mark.parametrize(
    ("source", "rules"),
    [
        ("'ja'=${one}", (Rule("one", "is", "ja"),)),
        ("5 < ${number}", (Rule("number", "more", "5", "number"),)),
        ("${a}!='' and ( ${b} = 1 and selected(${c},'x') )",
         (Rule("a", "filled"), Rule("b", "is", "1", "number"), Rule("c", "contains", "x"))),
    ],
)  # fmt: skip
def test_what_was_written_by_hand_in_that_shape_is_read(
    source: str, rules: tuple[Rule, ...]
) -> None:
    assert read_condition(source) == Condition(rules)


@pytest.mark.parametrize(
    "source",
    [
        "${a} = ${b}",
        "${a} = 1 or ${b} = 2 and ${c} = 3",
        "count(${rep}) > 1",
        ". = 1",
        "${a} + 1 = 2",
        "not(${a} = 1)",
        "${a} > 'b'",
        "selected(${a}, '')",
        "${a} = date('soon')",
        "1 = (",
    ],
)
def test_what_says_more_stays_a_formula(source: str) -> None:
    assert read_condition(source) is None


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule("a", "is", ""), "no_value"),
        (Rule("a", "is", "vijf", "number"), "not_a_number"),
        (Rule("a", "is", "1e3", "number"), "not_a_number"),
        (Rule("a", "is", "31-1-2026", "day"), "not_a_day"),
        (Rule("a", "is", "'\""), "two_quotes"),
        (Rule("a", "looks_like", "x"), "unknown_test"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_its_number(rule: Rule, code: str) -> None:
    with pytest.raises(ConditionError) as refused:
        write_condition(Condition((Rule("a", "filled"), rule)))

    assert (refused.value.code, refused.value.rule) == (code, 1)


@given(number=st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_come_back_without_loss(number: float) -> None:
    assume(abs(number) < 1e9)
    found = read_condition(f"${{a}} = {number:.6f}")

    assert found is not None
    assert math.isclose(float(found.rules[0].value), float(f"{number:.6f}"), abs_tol=1e-9)


def test_a_half_filled_rule_becomes_one_that_can_be() -> None:
    one, many = {"type": "select_one x"}, {"type": "select_multiple x"}
    number, place = {"type": "integer"}, {"type": "geopoint"}

    assert steady(Rule("q", ""), one, ("ja", "nee")) == Rule("q", "is", "ja")
    assert steady(Rule("q", "is_not", "nee"), one, ("ja", "nee")) == Rule("q", "is_not", "nee")
    assert steady(Rule("q", "is", "weg"), one, ("ja",)) == Rule("q", "is", "ja")
    assert steady(Rule("q", "is", "ja"), many, ("ja",)) == Rule("q", "contains", "ja")
    assert steady(Rule("q", "more", "2,5"), number, ()) == Rule("q", "more", "2.5", "number")
    assert steady(Rule("q", ""), number, ()) == Rule("q", "filled")
    assert steady(Rule("q", "more", ""), number, ()) == Rule("q", "more", "", "number")
    assert steady(Rule("q", "is", "x"), place, ()) == Rule("q", "filled")
    assert steady(Rule("q", "is", "ja"), one, ()) == Rule("q", "filled")


def test_a_condition_looks_back_and_not_into_other_rounds() -> None:
    data = edit.blank("proef", "enquete", "Proef", "nl")
    for kind, label, beside in (
        ("short", "Een", ""),
        ("note", "Uitleg", ""),
        ("repeat", "Kamers", ""),
        ("short", "Binnen", "kamers"),
        ("short", "Ook binnen", "kamers"),
        ("short", "Erna", ""),
    ):
        data, _ = edit.add(data, kind, beside=beside, label=label)

    assert askable(data, "ook_binnen") == ("een", "binnen")
    assert askable(data, "erna") == ("een",)
    assert askable(data, "een") == ()
