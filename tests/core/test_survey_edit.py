"""Changing a definition: each step gives a new one that says what was meant, and can be read."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.core.expression import parse, references
from fieldapp.core.survey import edit, judge_survey, load_survey
from fieldapp.core.survey.edit.choices import use_list
from fieldapp.core.survey.edit.names import in_logic
from fieldapp.core.survey.edit.texts import place_of_key


def start() -> edit.Definition:
    """Two pages: `wat` with a closed question and a text, `huis` with a repeat."""
    return edit.normal(
        {
            "settings": {
                "form_id": "proef",
                "version": "1",
                "kind": "enquete",
                "default_language": "nl",
                "languages": ["nl", "en"],
            },
            "title": {"nl": "Proef", "en": "Try"},
            "survey": [
                {
                    "type": "group",
                    "name": "wat",
                    "children": [
                        {"type": "select_one soort", "name": "soort", "label": {"nl": "Soort?"}},
                        {
                            "type": "text",
                            "name": "anders",
                            "label": {"nl": "Anders? U koos ${soort}", "en": "Other?"},
                            "relevant": "${soort} = 'anders'",
                        },
                    ],
                },
                {
                    "type": "group",
                    "name": "huis",
                    "relevant": "${soort} != ''",
                    "children": [
                        {
                            "type": "repeat",
                            "name": "kamers",
                            "label": {"nl": "Kamers"},
                            "children": [
                                {"type": "integer", "name": "breed", "label": {"nl": "Breed?"}}
                            ],
                        },
                        {
                            "type": "calculate",
                            "name": "som",
                            "calculation": "sum(${breed}) + count(${kamers}[breed > 2])",
                        },
                    ],
                },
            ],
            "choices": {
                "soort": [
                    {"name": "huis", "label": {"nl": "Huis"}},
                    {"name": "anders", "label": {"nl": "Anders"}},
                ]
            },
        }
    )


def order(data: edit.Definition) -> list[str]:
    return [f"{'  ' * len(p.around)}{p.name}" for p in edit.walk(data)]


def test_the_beginning_is_sound() -> None:
    _, problems = judge_survey(start())

    assert {problem.code for problem in problems} <= {"missing_text"}


# --- names ---


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hoe gaat het?", "hoe_gaat_het"),
        ("Één café, ‘s avonds", "een_cafe_s_avonds"),
        ("3 dingen", "dingen"),
        ("ما هو اسمك؟", "ما_هو_اسمك"),
        ("Скільки?", "скільки"),
        ("???", ""),
        ("2026", ""),
        ("Straße Łódź", "strasse_lodz"),
        ("een " * 30, "een_een_een_een_een_een_een_een_een_een"),
    ],
)
def test_a_name_is_made_from_a_text(text: str, name: str) -> None:
    assert edit.slug(text) == name


def test_a_taken_name_gets_a_number() -> None:
    assert edit.unique("a", {"a", "a_2"}) == "a_3"
    assert edit.unique("meta", ()) == "meta_2"  # reserved


def test_everything_follows_another_name() -> None:
    made = edit.rename(start(), "soort", "type_huis")

    assert edit.find(made, "anders").row["relevant"] == "${type_huis} = 'anders'"
    assert edit.find(made, "anders").row["label"]["nl"] == "Anders? U koos ${type_huis}"
    assert edit.find(made, "huis").row["relevant"] == "${type_huis} != ''"
    assert edit.find(made, "type_huis").row["type"] == "select_one soort"  # the list keeps its name
    load_survey(made, strict=False)


def test_names_in_paths_and_predicates_follow() -> None:
    made = edit.rename(start(), "breed", "breedte")

    assert edit.find(made, "som").row["calculation"] == (
        "sum(${breedte}) + count(${kamers}[breedte > 2])"
    )


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("${a} = 'a'", "${b} = 'a'"),
        ("../a + ${ a }", "../b + ${ b }"),
        ("instance('a')/root/item[a = ${a}]/a", "instance('a')/root/item[a = ${b}]/a"),
        ("a = ${a}", "a = ${b}"),  # a column of a choice_filter
        ("jr:choice-name(${a}, '${a}')", "jr:choice-name(${b}, '${b}')"),
        ("concat('${a}', ${aa})", "concat('${a}', ${aa})"),
        ("${a} = = 1", "${b} = = 1"),  # cannot be read
    ],
)
def test_only_what_the_tree_reads_as_a_question_is_renamed(source: str, after: str) -> None:
    assert in_logic(source, {"a": "b"}) == after


NAMES = st.sampled_from(["a", "aa", "b", "and_", "x.y"])
TERMS = st.one_of(
    NAMES.map(lambda n: f"${{{n}}}"),
    NAMES.map(lambda n: f"'{n}'"),
    NAMES.map(lambda n: f"../{n}"),
    st.integers(0, 99).map(str),
)
SOURCES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["=", "!=", "and", "or", "+"]), inner).map(" ".join),
        inner.map(lambda s: f"not({s})"),
        inner.map(lambda s: f"string-length({s})"),
    ),
    max_leaves=8,
)


@given(source=SOURCES)
def test_renaming_changes_what_is_read_and_nothing_else(source: str) -> None:
    made = in_logic(source, {"a": "fresh"})

    before, after = references(parse(source).tree), references(parse(made).tree)
    assert after == tuple("fresh" if name == "a" else name for name in before)
    assert in_logic(made, {"fresh": "a"}) == source


def test_a_name_that_cannot_be_is_refused() -> None:
    for name, code in (
        ("1x", "name_not_allowed"),
        ("huis", "name_taken"),
        ("meta", "name_not_allowed"),
    ):
        with pytest.raises(edit.EditError) as refused:
            edit.rename(start(), "soort", name)
        assert refused.value.code == code


# --- rows ---


@pytest.mark.parametrize("kind", sorted(edit.KINDS))
def test_every_kind_gives_a_row_that_only_lacks_words(kind: str) -> None:
    made, name = edit.add(start(), kind, beside="soort", label="Nieuw")

    assert name == "nieuw"
    found = edit.kind_of(edit.find(made, name).row)
    same = {"yes_no": "choose_one"}
    assert found is not None
    assert found.code == same.get(kind, kind)
    survey, problems = judge_survey(made)
    assert survey is not None
    # what a person still has to do: answers, rows inside, the other language, the calculation
    left = {
        p.code for p in problems if p.where.startswith(("wat > nieuw", "nieuw", "choices > nieuw"))
    }
    assert left <= {
        "missing_text",
        "not_a_list",
        "no_choices",
        "missing_calculation",
        "empty_group",
    }, left


def test_a_question_comes_behind_the_chosen_row_or_in_the_chosen_group() -> None:
    beside, _ = edit.add(start(), "short", beside="soort", label="Na soort")
    inside, _ = edit.add(start(), "short", beside="kamers", label="In kamers")
    ended, _ = edit.add(start(), "short", label="Slot")
    page, _ = edit.add(start(), "page", beside="soort", label="Blad")

    assert order(beside)[:3] == ["wat", "  soort", "  na_soort"]
    assert "    in_kamers" in order(inside)
    assert order(ended)[-1] == "slot"
    assert order(page)[3:5] == ["blad", "huis"]


def test_ready_answers_speak_every_language_of_the_survey() -> None:
    made, name = edit.add(start(), "faces", label="Hoe is het?")

    rows = made["choices"][name]
    assert [row["icon"] for row in rows] == ["very_sad", "sad", "neutral", "happy", "very_happy"]
    assert {tuple(sorted(row["label"])) for row in rows} == {("en", "nl")}


def test_doors_begin_with_the_question_that_is_asked_at_each_door() -> None:
    made, name = edit.add(start(), "doors", label="De deuren")

    inside = edit.find(made, name).row["children"]
    assert [row["type"] for row in inside] == ["select_one deur"]
    assert set(inside[0]["label"]) == {"nl", "en"}
    assert [c["name"] for c in made["choices"]["deur"]] == [
        "dicht", "open", "gesproken", "liever_niet",
    ]  # fmt: skip
    load_survey(made, strict=False)
    twice, _ = edit.add(made, "doors", label="Nog een portiek")
    assert edit.find(twice, "deur_2").row["type"] == "select_one deur_2"


def test_a_row_walks_through_the_survey_and_back() -> None:
    data = start()
    seen = [order(data)]
    while order(after := edit.move(data, "soort", 1)) != order(data):
        data = after
        seen.append(order(data))

    # behind anders, out of wat, into huis, into kamers, behind breed, out, behind som, out
    assert len(seen) == 1 + 8
    assert seen[-1][-1] == "soort"
    for before in reversed(seen[:-1]):
        data = edit.move(data, "soort", -1)
        assert order(data) == before


def test_groups_pass_each_other() -> None:
    assert order(edit.move(start(), "huis", -1))[0] == "huis"
    assert order(edit.move(start(), "wat", -1)) == order(start())


def test_a_group_cannot_go_into_itself() -> None:
    with pytest.raises(edit.EditError, match="into_itself"):
        edit.move_to(start(), "huis", "kamers", 0)
    with pytest.raises(edit.EditError, match="not_a_group"):
        edit.move_to(start(), "huis", "soort", 0)


def test_a_copy_has_names_of_its_own_and_looks_at_itself() -> None:
    made, name = edit.copy(start(), "huis")

    assert name == "huis_2"
    assert len(edit.all_names(made)) == len(order(made))
    assert edit.find(made, "som_2").row["calculation"] == (
        "sum(${breed_2}) + count(${kamers_2}[breed_2 > 2])"
    )
    assert edit.find(made, "som").row["calculation"].startswith("sum(${breed})")
    assert edit.find(made, "huis_2").row["relevant"] == "${soort} != ''"


def test_removing_takes_along_what_is_inside_and_lists_that_nobody_uses() -> None:
    made = edit.remove(start(), "wat")

    assert order(made)[0] == "huis"
    assert made["choices"] == {}
    assert edit.users_of(start(), "soort") == ("anders", "huis")
    assert edit.users_of(start(), "kamers") == ("som",)


def test_another_kind_keeps_what_both_have() -> None:
    made = edit.set_cell(start(), "soort", "relevant", "1 = 1")
    many = edit.change_kind(made, "soort", "choose_more")
    text = edit.change_kind(many, "soort", "short")

    assert edit.find(many, "soort").row["type"] == "select_multiple soort"
    assert edit.find(text, "soort").row == {
        "type": "text",
        "name": "soort",
        "label": {"nl": "Soort?"},
        "relevant": "1 = 1",
    }
    assert text["choices"] == {}
    with pytest.raises(edit.EditError, match="kind_does_not_fit"):
        edit.change_kind(made, "soort", "page")


# --- answers ---


def test_ready_answers_count_from_the_moment_that_there_is_a_theme() -> None:
    made, name = edit.add(start(), "faces", label="Hoe is het?")
    assert not any("signal" in row for row in made["choices"][name])

    themed = edit.set_theme(made, name, "wonen")
    assert [row["signal"] for row in themed["choices"][name]] == [-1.0, -0.5, 0.0, 0.5, 1.0]
    load_survey(themed, strict=False)
    assert edit.set_theme(themed, name, "") == made


def test_answers_are_added_named_moved_and_removed() -> None:
    data, first = edit.add_choice(start(), "soort", "Een boot!")
    data = edit.add_ready_choice(data, "soort", "weet_niet")
    data, second = edit.add_choice(data, "soort", "Een boot")

    assert (first, second) == ("een_boot", "een_boot_2")
    assert [row["name"] for row in data["choices"]["soort"]] == [
        "huis", "anders", "een_boot", "een_boot_2", "weet_niet",
    ]  # fmt: skip
    data = edit.move_choice(data, "soort", "een_boot_2", -1)
    data = edit.remove_choice(data, "soort", "een_boot")
    data = edit.move_choice(data, "soort", "huis", -1)
    assert [row["name"] for row in data["choices"]["soort"]] == [
        "huis", "anders", "een_boot_2", "weet_niet",
    ]  # fmt: skip


def test_the_name_of_an_answer_follows_its_words_until_something_reads_it() -> None:
    free, name = edit.set_choice(start(), "soort", "huis", {"label": "Flat"})
    kept, same = edit.set_choice(start(), "soort", "anders", {"label": "Iets anders"})
    frozen, old = edit.set_choice(start(), "soort", "huis", {"label": "Flat"}, keep_name=True)

    assert (name, same, old) == ("flat", "anders", "huis")
    assert free["choices"]["soort"][0] == {"name": "flat", "label": {"nl": "Flat"}}
    assert kept["choices"]["soort"][1]["label"] == {"nl": "Iets anders"}
    assert frozen["choices"]["soort"][0]["label"] == {"nl": "Flat"}


def test_a_shared_list_can_be_made_ones_own() -> None:
    data, name = edit.add(start(), "choose_one", label="Nog een")
    data = use_list(data, name, "soort")
    assert set(data["choices"]) == {"soort"}
    assert edit.users_of_list(data, "soort") == ("soort", name)

    data = edit.own_list(data, name)

    assert data["choices"]["soort"] == data["choices"][name]
    assert edit.users_of_list(data, "soort") == ("soort",)


# --- languages ---


def test_texts_are_found_filled_and_emptied() -> None:
    data = start()
    keys = [place.key for place in edit.places(data)]
    assert keys[:3] == ["survey///title", "row/soort//label", "choice/soort/huis/label"]
    assert edit.completeness(data) == {"nl": (7, 7), "en": (2, 7)}

    place = place_of_key("choice/soort/huis/label")
    made = edit.set_text(data, place, "en", " House ")
    assert edit.text_at(made, place, "en") == "House"
    assert edit.completeness(made)["en"] == (3, 7)
    gone = edit.set_text(edit.set_text(made, place, "en", ""), place, "nl", "")
    assert "label" not in gone["choices"]["soort"][0]
    with pytest.raises(edit.EditError, match="no_such_language"):
        edit.set_text(data, place, "tr", "Ev")


def test_a_language_comes_with_what_we_know_and_goes_with_all_its_texts() -> None:
    data = edit.add_ready_choice(start(), "soort", "weet_niet")
    made = edit.add_language(data, "tr")

    assert made["settings"]["languages"] == ["nl", "en", "tr"]
    assert made["choices"]["soort"][-1]["label"]["tr"] == "Bilmiyorum"
    assert edit.completeness(edit.remove_language(made, "tr")) == edit.completeness(data)
    assert edit.remove_language(made, "tr") == data
    for tag, code in (
        ("tr", "language_is_there"),
        ("x", "language_not_a_tag"),
        ("é-b", "language_not_a_tag"),
    ):
        with pytest.raises(edit.EditError, match=code):
            edit.add_language(made, tag)
    with pytest.raises(edit.EditError, match="last_language"):
        edit.remove_language(made, "nl")


def test_a_name_follows_the_label_and_stays_when_answers_may_exist() -> None:
    data, name = edit.add(start(), "short")
    assert name == "short"
    data, name = edit.set_label(data, name, "Uw straat")
    assert name == "uw_straat"
    data = edit.set_cell(data, "anders", "relevant", "${uw_straat} != ''")
    data, name = edit.set_label(data, name, "Welke straat?")
    assert (name, edit.find(data, "anders").row["relevant"]) == (
        "welke_straat",
        "${welke_straat} != ''",
    )

    kept, name = edit.set_label(data, name, "Iets anders", keep_name=True)
    assert name == "welke_straat"
    _own, name = edit.set_label(edit.rename(kept, name, "q1"), "q1", "Zomaar")
    assert name == "q1"  # a name that somebody chose


# --- limits ---


@pytest.mark.parametrize(
    ("limits", "source"),
    [
        (edit.Limits(), ""),
        (edit.Limits(lowest="0", highest="10"), ". >= 0 and . <= 10"),
        (edit.Limits(lowest="-2.5"), ". >= -2.5"),
        (edit.Limits(latest="today"), ". <= today()"),
        (edit.Limits(earliest="2026-01-31"), ". >= date('2026-01-31')"),
        (edit.Limits(most="3"), "count-selected(.) <= 3"),
        (edit.Limits(longest="200"), "string-length(.) <= 200"),
    ],
)
def test_limits_are_written_and_read(limits: edit.Limits, source: str) -> None:
    assert edit.write_limits(limits) == source
    assert edit.read_limits(source) == limits


@pytest.mark.parametrize("code", sorted(edit.PATTERNS))
def test_patterns_are_read_back(code: str) -> None:
    limits = edit.Limits(pattern=code)
    assert edit.read_limits(edit.write_limits(limits)) == limits


@pytest.mark.parametrize(
    "source", [". > 0", ". >= ${a}", ". >= 0 or . <= 1", ". >= 1 and . >= 2", "("]
)
def test_what_limits_cannot_say_is_left_alone(source: str) -> None:
    assert edit.read_limits(source) is None


def test_a_limit_that_is_none_is_refused() -> None:
    for limits, code in (
        (edit.Limits(lowest="vijf"), "not_a_number"),
        (edit.Limits(latest="31-1-2026"), "not_a_day"),
        (edit.Limits(most="1.5"), "not_a_number"),
        (edit.Limits(pattern="x"), "unknown_pattern"),
    ):
        with pytest.raises(edit.LimitsError, match=code):
            edit.write_limits(limits)


# --- problems, and any order of changes ---


def test_problems_stand_at_the_row_where_they_can_be_mended() -> None:
    data = edit.set_cell(start(), "anders", "relevant", "${weg} = 1")
    data, _ = edit.add_choice(data, "soort")
    _, problems = judge_survey(data)
    found = edit.by_row(data, problems)

    assert "unknown_reference" in {problem.code for problem in found["anders"]}
    assert "missing_text" in {problem.code for problem in found["soort"]}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "copy", "remove", "label", "kind", "to", "cell"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    max_size=12,
)


def _step(data: edit.Definition, deed: str, one: int, two: int) -> edit.Definition:
    rows = list(edit.walk(data))
    kinds = sorted(edit.KINDS)
    if deed == "add" or not rows:
        return edit.add(
            data, kinds[two % len(kinds)], beside=rows[one % len(rows)].name if rows else ""
        )[0]
    name = rows[one % len(rows)].name
    other = rows[two % len(rows)].name
    deeds: dict[str, Any] = {
        "move": lambda: edit.move(data, name, 1 if two % 2 else -1),
        "copy": lambda: edit.copy(data, name)[0],
        "remove": lambda: edit.remove(data, name),
        "label": lambda: edit.set_label(data, name, f"Vraag {two}")[0],
        "kind": lambda: edit.change_kind(data, name, kinds[two % len(kinds)]),
        "to": lambda: edit.move_to(data, name, other, two),
        "cell": lambda: edit.set_cell(data, name, "relevant", f"${{{other}}} = 'x'"),
    }
    try:
        made: edit.Definition = deeds[deed]()
    except edit.EditError:
        return data
    return made


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_any_changes_leave_a_definition_that_can_be_judged_and_the_old_one_alone(
    steps: list[tuple[str, int, int]],
) -> None:
    data = start()
    for deed, one, two in steps:
        before = deepcopy(data)
        made = _step(data, deed, one, two)
        assert data == before
        names = [placed.name for placed in edit.walk(made)]
        assert len(names) == len(set(names))
        assert edit.normal(made) == made
        judge_survey(made)
        data = made
