"""The publish check: readability counted by hand, conditions that never hold, personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldapp.core.survey import Survey, load_survey, read_survey
from fieldapp.core.survey.advice import DECIDE, Advice, advice, duration_of
from fieldapp.core.survey.reachable import reach_of
from fieldapp.core.survey.readability import (
    flesch_douma,
    long_sentences,
    long_words,
    reading_of,
    sentences_of,
)
from fieldapp.core.survey.syllables import syllables

SHIPPED = Path(__file__).resolve().parents[2] / "surveys"
YES_NO = [{"name": n, "label": {"nl": n}} for n in ("ja", "nee")]


def survey(
    *rows: dict[str, Any],
    kind: str = "observatie",
    languages: tuple[str, ...] = ("nl",),
    **choices: Any,
) -> Survey:
    """A survey of these rows on one page; each gets a label when it has none."""
    labelled = [
        row if row["type"] == "calculate" else {"label": {"nl": f"Vraag {row['name']}"}, **row}
        for row in rows
    ]
    return load_survey(
        {
            "settings": {
                "form_id": "proef",
                "version": "1",
                "kind": kind,
                "default_language": "nl",
                "languages": list(languages),
            },
            "title": {"nl": "Proef"},
            "survey": [{"type": "group", "name": "blad", "children": labelled}],
            "choices": {"jn": YES_NO, **choices},
        }
    )


def found(value: Survey, code: str) -> list[Advice]:
    return [item for item in advice(value) if item.code == code]


# By hand, from the hyphenation in the Groene Boekje (woordenlijst.org).
SYLLABLES = """
huis 1, buurt 1, mooi-e 2, nieuw 1, nieu-we 2, leeu-wen 2, ra-di-o 3, sta-tion 2, mu-se-um 3,
ge-ïn-te-res-seerd 5, pa-ti-ënt 3, i-dee-ën 3, één 1, vei-lig-heid 3, buurt-be-wo-ners 4,
ver-ant-woor-de-lijk-heid 6, straat-ver-lich-ting 4, yo-ga 2, ac-tu-eel 3, re-a-ge-ren 4,
so-ci-a-le 4, bij-een-komst 3, be-oor-de-len 4, the-a-ter 3, co-ör-di-na-tor 5, po-li-tie 3,
ge-meen-te 3, ou-de-ren 3, moei-lijk 2, eeuw 1, ke-ken 2, bui-ten 2, kwa-li-teit 3, quiz 1
"""


@pytest.mark.parametrize("pair", [p.strip() for p in SYLLABLES.replace("\n", " ").split(",")])
def test_syllables_as_the_dictionary_divides_them(pair: str) -> None:
    divided, count = pair.rsplit(" ", 1)
    assert syllables(divided.replace("-", "")) == int(count)


def test_the_formula_on_a_text_counted_by_hand() -> None:
    # 2 sentences; 4 + 6 words; syllables 1 1 1 2 and 1 1 2 1 1 2 = 13
    text = "De kat is bruin geel. Het huis heeft een blauw dak."
    reading = reading_of([text])
    assert (reading.sentences, reading.words) == (2, 11)
    assert reading.score is None  # too short to say anything
    # Douma: 206.835 - 0.93 x 10 - 77 x 1.5 = 206.835 - 9.3 - 115.5
    assert flesch_douma(2, 20, 30) == pytest.approx(82.035)


def test_sentences_end_at_marks_and_lines_but_not_in_numbers() -> None:
    assert sentences_of("Wat ziet u?\nEen boom van 2.5 meter. Of meer…") == [
        "Wat ziet u",
        "Een boom van 2.5 meter",
        "Of meer",
    ]
    assert sentences_of("**Let op!** Zie https://voorbeeld.nl/a.b voor ${x}") == [
        "Let op",
        "Zie   voor dit",
    ]


def test_long_sentences_and_long_words_are_shown() -> None:
    fifteen = " ".join(["woord"] * 15)
    assert long_sentences(f"{fifteen}.") == ()
    assert long_sentences(f"Kort. {fifteen} erbij.") == ((f"{fifteen} erbij", 16),)
    text = "De verantwoordelijkheid voor straatverlichtingen en de radio-uitzending"
    assert long_words(text) == ("verantwoordelijkheid", "straatverlichtingen")


def test_hard_dutch_needs_a_decision_and_easy_dutch_does_not() -> None:
    hard = (
        "De verantwoordelijke gemeentelijke organisatie inventariseert belevingsindicatoren "
        "betreffende sociale cohesie, participatiemogelijkheden en leefbaarheidsproblematiek. "
    ) * 3
    easy = "Wij lopen door de straat. Wij kijken naar de bomen en de bankjes. Dat is goed. " * 3
    [item] = found(
        survey({"type": "note", "name": "uitleg", "label": {"nl": hard}}), "hard_to_read"
    )
    assert item.severity == DECIDE
    assert not found(
        survey({"type": "note", "name": "uitleg", "label": {"nl": easy}}), "hard_to_read"
    )


@pytest.mark.parametrize(
    ("relevant", "certain"),
    [
        ("${eens} = 'ja' and ${eens} = 'nee'", "never"),
        ("${eens} = 'misschien'", "never"),
        ("selected(${meer}, 'ja') and count-selected(${meer}) = 0", "never"),
        ("${aantal} > 5 and ${aantal} < 3", "never"),
        ("1 = 2", "never"),
        ("false()", "never"),
        ("${eens} = 'ja' or ${eens} != 'ja'", "always"),
        ("true()", "always"),
        ("${eens} = 'ja'", ""),
        ("${aantal} > 5 and ${aantal} < 7", ""),
        ("selected(${meer}, 'ja') and selected(${meer}, 'nee')", ""),
        ("${open} = 'onbekend'", ""),
        # not sure, so nothing is said
        ("contains(${open}, 'a') and not(contains(${open}, 'a'))", ""),
        ("${aantal} * ${aantal} < 0", ""),
        ("today() < date('2000-01-01')", ""),
    ],
)
def test_conditions_that_never_or_always_hold(relevant: str, certain: str) -> None:
    value = survey(
        {"type": "select_one jn", "name": "eens"},
        {"type": "select_multiple jn", "name": "meer"},
        {"type": "integer", "name": "aantal"},
        {"type": "text", "name": "open"},
        {"type": "text", "name": "vraag", "relevant": relevant},
    )
    reach = reach_of(value)
    assert ("vraag" in reach.never, "vraag" in reach.always) == (
        certain == "never",
        certain == "always",
    )


def test_a_condition_on_a_question_that_is_not_asked_then_is_never_true() -> None:
    value = survey(
        {"type": "select_one jn", "name": "eens"},
        {"type": "select_one jn", "name": "later", "relevant": "${eens} = 'ja'"},
        {
            "type": "text",
            "name": "vraag",
            "relevant": "${later} = 'ja' and ${eens} = 'nee'",
        },
        {"type": "calculate", "name": "som", "calculation": "if(${eens} = 'ja', 1, 2)"},
        {"type": "text", "name": "na", "relevant": "${som} = 3"},
        {"type": "text", "name": "wel", "relevant": "${som} = 2"},
    )
    assert reach_of(value).never == {"vraag": "vraag", "na": "na"}
    assert [item.row for item in found(value, "never_asked")] == ["vraag", "na"]


def test_a_constraint_that_refuses_every_answer_is_a_dead_end() -> None:
    value = survey(
        {"type": "integer", "name": "kan", "constraint": ". > 5 and . < 7"},
        {"type": "integer", "name": "kan_niet", "constraint": ". > 5 and . < 6"},
        {"type": "decimal", "name": "kan_wel", "constraint": ". > 5 and . < 6"},
        {"type": "select_one jn", "name": "kies", "constraint": ". = 'anders'"},
    )
    assert reach_of(value).impossible == ("kan_niet", "kies")


def test_questions_for_personal_data_are_found_by_their_words() -> None:
    value = survey(
        {"type": "text", "name": "a", "label": {"nl": "Wat is uw telefoonnummer?"}},
        {"type": "text", "name": "b", "label": {"nl": "Schrijf geen namen of telefoonnummer op."}},
        {"type": "select_one jn", "name": "c", "label": {"nl": "Hoe is uw gezondheid?"}},
        {"type": "text", "name": "d", "label": {"nl": "Wat is de naam van de straat?"}},
        {"type": "date", "name": "e", "label": {"nl": "Wat is uw geboortedatum?"}},
        {"type": "select_one jn", "name": "f", "label": {"nl": "Heeft u een telefoon?"}},
    )
    kinds = {(i.row, i.params["kind"]) for i in advice(value) if i.code.startswith("asks_")}
    assert kinds == {("a", "phone"), ("c", "health"), ("e", "birth")}
    assert all(i.severity == DECIDE for i in advice(value) if i.code.startswith("asks_"))


def test_exact_places_only_matter_in_a_survey_for_residents() -> None:
    row = {"type": "geotrace", "name": "route"}
    assert found(survey(row, kind="enquete"), "exact_place")
    assert not found(survey(row), "exact_place")


def test_each_language_with_holes_is_one_decision() -> None:
    value = survey({"type": "text", "name": "a"}, languages=("nl", "ar"))
    [item] = found(value, "missing_texts")
    # the title, the question, both choices
    assert (item.params["language"], item.params["count"]) == ("ar", 4)
    assert item.key == "missing_texts::ar"


def test_residents_can_always_get_out() -> None:
    closed = {"type": "select_one jn", "name": "a"}
    out = [*YES_NO, {"name": "wil_niet", "label": {"nl": "Liever niet"}}]
    [item] = found(survey(closed, kind="enquete"), "no_way_out")
    assert item.severity != DECIDE
    [item] = found(survey({**closed, "required": "yes"}, kind="enquete"), "no_way_out")
    assert item.severity == DECIDE
    assert not found(survey(closed, kind="enquete", jn=out), "no_way_out")
    assert not found(survey(closed, kind="professional"), "no_way_out")


def test_the_time_counts_reading_and_answering() -> None:
    # 202 Dutch words are one minute; a text takes 20 s more
    label = " ".join(["woord"] * 202)
    first = {"type": "text", "name": "a", "label": {"nl": label}}
    time = duration_of(survey(first))
    assert time.longest == pytest.approx(80)
    with_condition = survey(
        {"type": "select_one jn", "name": "eens", "label": {"nl": "?"}},
        {**first, "relevant": "${eens} = 'ja'"},
    )
    time = duration_of(with_condition)
    # choosing takes 4 s, and the two choices are two words
    assert time.shortest == pytest.approx(4 + 2 * 60 / 202)
    assert time.longest == pytest.approx(time.shortest + 80)


@pytest.mark.parametrize("name", ["bewonersenquete", "observatie", "portiekgesprek"])
def test_shipped_surveys_have_no_dead_ends_and_are_easy_to_read(name: str) -> None:
    codes = {item.code for item in advice(read_survey(SHIPPED / name / "survey.yaml"))}
    assert codes.isdisjoint(
        {"never_asked", "no_answer_allowed", "no_choices", "hard_to_read", "missing_texts"}
    )
