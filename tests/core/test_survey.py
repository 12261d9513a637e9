from __future__ import annotations

import copy
import json
import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.core.survey import (
    REMARKS,
    Survey,
    SurveyError,
    Text,
    definition_hash,
    judge_survey,
    load_survey,
    missing_texts,
    read_survey,
    survey_to_dict,
)
from tests.core.survey_files import FOLDER, INVALID, VALID, valid

SHIPPED = sorted((FOLDER.parent.parent / "surveys").glob("*/survey.yaml"))


def problems_of(data: Any) -> list[tuple[str, str, dict[str, Any]]]:
    with pytest.raises(SurveyError) as caught:
        load_survey(data)
    return [(item.code, item.where, dict(item.params)) for item in caught.value.problems]


def small(**question: Any) -> dict[str, Any]:
    row = {"type": "text", "name": "a", "label": {"nl": "A"}} | question
    return {
        "settings": {"form_id": "proef", "version": "1", "kind": "observatie"},
        "title": {"nl": "Proef"},
        "survey": [{"type": "group", "name": "wat", "children": [row]}],
    }


@pytest.mark.parametrize(
    "file", [*VALID, *SHIPPED], ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_sound_definitions_load_and_come_back_equal(file: Path) -> None:
    survey = read_survey(file)
    again = load_survey(json.loads(json.dumps(survey_to_dict(survey))))
    assert again == survey
    assert definition_hash(again) == definition_hash(survey)


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_each_rule_is_broken_by_its_file(file: Path) -> None:
    expected = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    with pytest.raises(SurveyError) as caught:
        read_survey(file)
    codes = {problem.code for problem in caught.value.problems}
    # a circle or a name that was left out may cost a second finding; nothing else may
    assert expected in codes
    assert len(codes) <= 2, caught.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_mapping"),
        (b"title: \xff\xfe", "not_utf8"),
        (b"a: " + b"x" * 2_000_000, "file_too_large"),
        (b"a: !!python/name:os.system", "not_yaml"),
        (b"a: \t- \x00", "not_yaml"),
        (b"[" * 5_000, "not_yaml"),
        (b"? {a: 1}\n: 2", "not_yaml"),
        (b"a: 2026-99-99", "not_yaml"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_files_that_are_no_definition(content: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "survey.yaml"
    file.write_bytes(content)
    with pytest.raises(SurveyError) as caught:
        read_survey(file)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert "survey.yaml" in problem.where


def test_all_problems_at_once_with_place_and_likely_word() -> None:
    data = small(type="txt", relevant="${b} = 1", theme="woonen")
    data["settings"]["kind"] = "observatei"
    assert problems_of(data) == [
        ("unknown_kind", "settings > kind", {"found": "observatei", "suggestion": "observatie"}),
        ("unknown_type", "wat > a > type", {"found": "txt", "suggestion": "text"}),
        ("unknown_theme", "wat > a > theme", {"found": "woonen", "suggestion": "wonen"}),
        ("unknown_reference", "wat > a > relevant", {"found": "b"}),
    ]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("constraint", "${a} > ", "expression_syntax"),
        ("relevant", "${a} = 1", "forward_reference"),
        ("required", "${c} = 1", "unknown_reference"),
        ("name", "meta", "reserved_name"),
        ("label", {"nl": "  "}, "missing_text"),
    ],
)
def test_the_place_names_page_and_question(column: str, value: Any, code: str) -> None:
    found = problems_of(small(**{column: value}))
    place = next(where for problem, where, _ in found if problem == code)
    assert place.startswith("wat > ")


@pytest.mark.parametrize(
    ("way", "value", "problem"),
    [
        (("settings", "form_id"), "Met Spatie", ("name_not_allowed", "settings > form_id")),
        (("survey", 0, "name"), "met spatie", ("name_not_allowed", "met spatie")),
        (("survey", 0, "children", 0, "name"), "1e", ("name_not_allowed", "wat > 1e")),
        (("survey", 0, "children", 0, "name"), "__x", ("reserved_name", "wat > __x")),
        (("survey", 0, "children", 0, "type"), "text x", ("unknown_type", "wat > a > type")),
        (
            ("survey", 0, "children", 0, "label"),
            {"nl": 5},
            ("needs_quotes", "wat > a > label > nl"),
        ),
        (("survey", 0, "children", 0), "los", ("not_a_mapping", "wat > 1")),
        (("survey", 0, "children"), [], ("not_a_list", "wat")),
        (("survey", 0), "los", ("not_a_mapping", "survey > 1")),
        (("settings", "languages"), "nl", ("not_a_list", "settings > languages")),
        (("settings", "version"), 1.1, ("needs_quotes", "settings > version")),
        (("settings",), [], ("not_a_mapping", "settings")),
        (("choices",), [], ("not_a_mapping", "choices")),
    ],
)
def test_each_spoilt_cell_has_its_place(
    way: tuple[Any, ...], value: Any, problem: tuple[str, str]
) -> None:
    data = small()
    inner: Any = data
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    assert problem in [(code, where) for code, where, _ in problems_of(data)]


def test_something_that_is_no_mapping() -> None:
    assert problems_of(["los"]) == [("not_a_mapping", "survey.yaml", {})]


def test_a_constraint_may_read_its_own_question() -> None:
    assert load_survey(small(constraint="${a} != 'x' and . != 'y'")).question("a").constraint


def test_required_takes_yes_and_expressions() -> None:
    assert load_survey(small(required=True)).question("a").always_required
    assert load_survey(small(required="yes")).question("a").always_required
    assert load_survey(small(required="no")).question("a").required is None
    assert not load_survey(small(required="1 = 1")).question("a").always_required


def test_text_is_never_blank() -> None:
    text = Text({"nl": "Hallo", "en": "Hello"}, "nl", "groet")
    assert text.in_language("en-GB") == "Hello"
    assert text.in_language("ar", fallback=("en",)) == "Hello"
    assert text.in_language("ar") == "Hallo"
    assert text.language_shown("ar", fallback=("en",)) == "en"
    assert Text({}, "nl", "groet").in_language("ar") == "groet"
    assert Text({}, "nl").in_language("ar") != ""


def test_missing_texts_lists_what_is_not_translated() -> None:
    found = {problem.where for problem in missing_texts(valid("every_type"), "en")}
    assert "wat > aantal > label" in found
    assert "wat > tekst > label" not in found
    assert not {"title", "choices > ja_nee > ja"} & found


def test_questions_come_after_what_they_need() -> None:
    survey = valid("calculation_looks_ahead")
    assert survey.order == ("a", "dubbel")
    assert [question.name for question in survey.questions] == ["dubbel", "a"]


def test_parameters_and_appearance_are_read_by_word() -> None:
    question = load_survey(small(parameters="rows=5; max=3", appearance="w1 big")).question("a")
    assert (question.parameter("rows"), question.parameter("max")) == ("5", "3")
    assert question.parameter("min", "0") == "0"
    assert question.appearances == {"w1", "big"}


def test_the_hash_sees_a_changed_word() -> None:
    one, other = load_survey(small()), load_survey(small(label={"nl": "B"}))
    assert definition_hash(one) != definition_hash(other)


words = st.text(string.printable, max_size=12)
junk: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@given(junk)
def test_loading_anything_gives_a_survey_or_problems(data: Any) -> None:
    with pytest.raises(SurveyError):
        load_survey(data)


EVERYTHING = yaml.safe_load((FOLDER / "valid" / "every_type.yaml").read_text(encoding="utf-8"))


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [way] if way else []
    if not isinstance(value, dict | list):
        return found
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        found += places(inner, (*way, key))
    return found


@given(st.sampled_from(places(EVERYTHING)), junk)
def test_one_spoilt_cell_never_breaks_the_loader(way: tuple[Any, ...], value: Any) -> None:
    data = copy.deepcopy(EVERYTHING)
    inner = data
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    try:
        survey = load_survey(data)
    except SurveyError as error:
        assert error.problems  # noqa: PT017 - either outcome is fine, an empty error is not
    else:
        assert load_survey(survey_to_dict(survey)) == survey


names = st.from_regex(r"v_[a-z0-9_]{0,8}", fullmatch=True)
labels = st.dictionaries(st.sampled_from(["nl", "en"]), words, max_size=2).map(
    lambda found: {**found, "nl": found.get("nl", "").strip() or "Tekst"}
)


@given(st.lists(st.tuples(names, labels, st.booleans()), min_size=1, unique_by=lambda row: row[0]))
def test_round_trip_of_made_surveys(rows: list[tuple[str, dict[str, str], bool]]) -> None:
    data = small()
    data["settings"]["languages"] = ["nl", "en"]
    data["survey"][0]["children"] = [
        {"type": "text", "name": name, "label": label, "required": needed}
        for name, label, needed in rows
    ]
    survey: Survey = load_survey(data)
    assert load_survey(survey_to_dict(survey)) == survey


def test_remarks_on_what_is_read() -> None:
    rows = [
        {"type": "repeat", "name": "kamers", "children": [
            {"type": "text", "name": "soort", "label": "S"},
            {"type": "text", "name": "naast", "label": "N", "relevant": "${soort} = 'x'"},
        ]},
        {"type": "calculate", "name": "alle", "calculation": "join(' ', ${soort})"},
        {"type": "calculate", "name": "een", "calculation": "concat('a', 'b') = ${soort}"},
        {"type": "calculate", "name": "los", "calculation": "soort"},
    ]  # fmt: skip
    data = small() | {"survey": rows}
    remarks = [(item.code, item.where) for item in judge_survey(data)[1] if item.code in REMARKS]

    assert remarks == [
        ("bare_name", "los > calculation"),
        ("many_answers", "een > calculation"),
    ]
