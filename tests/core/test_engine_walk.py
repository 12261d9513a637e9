"""The server's walk over groups and repeats, worked out by hand."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.core.answers import MOST_ROUNDS, parse_answers
from fieldapp.core.filling import first_answers, first_round, offered_choices
from fieldapp.core.survey import SurveyError, load_survey
from fieldapp.core.survey.engine_json import engine_json
from fieldapp.core.validate import examine
from tests.core.survey_files import VALID, valid

NOW = datetime(2026, 3, 2, 18, 0)
NESTED, COUNTED, CASCADE, TRIGGERS = (
    valid(name) for name in ("nested_rounds", "counted_rounds", "cascade", "triggers")
)
HEAD = {"settings": {"form_id": "p", "version": "1", "kind": "enquete"}, "title": "P"}


def test_sums_and_places_over_rounds() -> None:
    rooms = [
        {"soort": "keuken", "oppervlak": 10.0, "ramen": [{"breedte": 40}, {"breedte": 60}]},
        {"soort": "zolder", "oppervlak": 30.0, "zolder": 1, "hoogte": 2},
    ]
    found = examine(NESTED, {"ramen_tellen": "ja", "kamers": rooms}, now=NOW)

    kitchen, attic = found.answers["kamers"]
    assert [window["vlak"] for window in kitchen["ramen"]] == [40 * 10, 60 * 10]
    assert kitchen["glas"] == 1_000
    assert attic["inhoud"] == 2 * 30
    assert (found.answers["totaal"], found.answers["grote"]) == (40, 1)
    assert (found.answers["soorten_samen"], found.answers["tweede"]) == ("keuken, zolder", "zolder")
    # wider than the window before it, in the same room
    assert "kamers/0/ramen/1/vorige" in found.relevant
    assert "kamers/0/ramen/0/vorige" not in found.relevant
    assert "kamers/1/zolder" in found.relevant
    assert "kamers/0/zolder" not in found.relevant


def test_problems_name_their_round() -> None:
    rooms = [{"oppervlak": 500.0}, {"soort": "zolder", "oppervlak": 30.0}]
    found = examine(NESTED, {"ramen_tellen": "nee", "kamers": rooms}, now=NOW)

    assert [(problem.code, problem.where) for problem in found.problems] == [
        ("required", "kamers/0/soort"),  # only in the first round
        ("constraint", "kamers/0/oppervlak"),
        ("required", "kamers/1/hoogte"),
    ]


@pytest.mark.parametrize(
    ("wanted", "rounds"), [(None, 0), (-3, 0), (0, 0), (3, 3), (999, MOST_ROUNDS)]
)
def test_as_many_rounds_as_an_answer_says(wanted: int | None, rounds: int) -> None:
    found = examine(COUNTED, {"aantal": wanted, "mensen": [{"naam": "Ans"}]}, now=NOW)

    names = [round_.get("naam") for round_ in found.answers["mensen"]]
    assert names == ["Ans", *(f"mens {n} van {wanted}" for n in range(2, rounds + 1))][:rounds]
    assert found.answers["rondes"] == rounds


def test_rounds_in_rounds_by_count() -> None:
    people = [{"leeftijd": 30, "banen": 2}, {"leeftijd": 10, "banen": 2}]
    found = examine(COUNTED, {"aantal": 2, "mensen": people}, now=NOW)

    # a child is not asked how many jobs it has, and so has none
    assert [len(one["werk"]) for one in found.answers["mensen"]] == [2, 0]
    assert [p.where for p in found.problems] == ["mensen/0/werk/0/baas", "mensen/0/werk/1/baas"]


def test_a_choice_that_is_withdrawn() -> None:
    given = {"gemeente": "daar", "wijk": "noord", "straat": ["s1", "s3"]}
    found = examine(CASCADE, given, now=NOW)

    assert [(p.code, p.where) for p in found.problems] == [("choice_not_offered", "wijk")]
    assert found.answers["wijk"] is None
    assert found.answers["straat"] == ["s1", "s3"]  # without a wijk every street is on offer
    assert [choice.name for choice in offered_choices(CASCADE, "wijk", found)] == ["oost"]
    found = examine(CASCADE, given | {"wijk": "oost", "straat": ["s1", "s3"]}, now=NOW)
    assert found.answers["straat"] == ["s3"]
    assert (found.answers["inwoners"], found.answers["genoemd"]) == ("80", "Oost")


def test_triggers_and_once() -> None:
    first = examine(TRIGGERS, {"score": 2, "extra": 3}, now=NOW).answers
    assert (first["bij_dubbel"], first["eerste"]) == (2 * 2 + 3, 2)
    assert first["gezien_om"] == "2026-03-02T18:00:00"
    later = examine(TRIGGERS, {**first, "score": 9, "extra": 1}, now=datetime(2026, 3, 3)).answers
    assert (later["bij_dubbel"], later["eerste"], later["dubbel"]) == (7, 2, 18)
    assert later["gezien_om"] == "2026-03-02T18:00:00"
    assert later["begin_om"] == NOW
    assert later["vandaag"] == date(2026, 3, 3)


def test_first_values() -> None:
    answers = first_answers(TRIGGERS, now=NOW)
    assert (answers["extra"], answers["dag"]) == (3, date(2026, 3, 2))
    found = examine(NESTED, first_answers(NESTED, now=NOW), now=NOW)
    assert found.answers["kamers"] == [{"glas": 0}]
    assert first_round(NESTED, "kamers/1", found) == {"ramen": [{"breedte": 60}]}
    assert first_round(NESTED, "bestaat/1", found) == {}


def test_chance_differs_from_answer_to_answer_and_not_from_time_to_time() -> None:
    one, again, other = (
        examine(TRIGGERS, {}, now=NOW, seed=seed).answers for seed in (7, 7, 8)
    )  # fmt: skip
    assert one == again
    assert one["nummer"] != other["nummer"]


raw = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6),
              st.sampled_from(["ja", "zolder", "3", "noord", "s1"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["kamers", "ramen", "soort", "breedte", "aantal", "mensen", "banen",
                             "leeftijd", "wijk", "straat", "score", "dag", "vlak", "x"]),
            inner, max_size=6,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


@given(raw)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_nothing_that_is_sent_makes_it_raise(sent: Any) -> None:
    for survey in (NESTED, COUNTED, CASCADE, TRIGGERS):
        parsed = parse_answers(survey, sent)
        found = examine(survey, parsed.answers, now=NOW, seed=1)
        again = parse_answers(survey, found.answers)
        assert again.problems == []


@pytest.mark.parametrize("columns", [("relevant",), ("calculation",), ("relevant", "calculation")])
def test_circles_are_refused(columns: tuple[str, ...]) -> None:
    rows = [
        {"type": "calculate", "name": "a", "calculation": "1", columns[0]: "${b} = 1"},
        {"type": "calculate", "name": "b", "calculation": "1", columns[-1]: "${a} = 1"},
    ]
    with pytest.raises(SurveyError) as caught:
        load_survey(HEAD | {"survey": rows})
    assert {problem.code for problem in caught.value.problems} == {"calculation_cycle"}


def test_ten_thousand_questions_are_checked_in_two_seconds() -> None:
    rows: list[dict[str, Any]] = [{"type": "integer", "name": "v0", "label": "V"}]
    rows += [
        {"type": "integer", "name": f"v{n}", "label": "V", "relevant": f"${{v{n - 1}}} > 0"}
        for n in range(1, 10_000)
    ]
    start = time.perf_counter()
    survey = load_survey(HEAD | {"survey": rows})
    assert time.perf_counter() - start < 2
    found = examine(survey, {f"v{n}": 1 for n in range(5_000)}, now=NOW)
    assert len(found.answers) == 5_000
    assert "v5000" in found.relevant
    assert "v5001" not in found.relevant


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_the_phones_document_is_the_same_each_time(file: Any) -> None:
    one, other = (engine_json(valid(file.stem), "nl") for _ in range(2))
    assert one is not other
    assert repr(one) == repr(other)
