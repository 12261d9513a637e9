"""The five surveys and the code frame that ship: complete, reachable, with a clear direction."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldapp.core.answers import Answer, parse_answers
from fieldapp.core.codeframe import CodeFrame, load_codeframe
from fieldapp.core.signals import signals
from fieldapp.core.survey import (
    THEMES,
    WEET_NIET,
    WIL_NIET,
    Choice,
    Question,
    Survey,
    missing_texts,
    read_survey,
)
from fieldapp.core.validate import prune, relevant_pages, relevant_questions, validate

SURVEYS = Path(__file__).resolve().parents[2] / "surveys"
KINDS = {
    "bewonersenquete": "enquete",
    "bewonersgesprek": "bewonersgesprek",
    "observatie": "observatie",
    "portiekgesprek": "portiekgesprek",
    "professional": "professional",
}
NOW = datetime(2026, 11, 20, 14, 3, tzinfo=UTC)
RESERVED = {WEET_NIET, WIL_NIET}
# Lists that judge nothing: recognising or expecting is not experiencing.
NO_DIRECTION = {"herkennen", "verwachting"}
LEVELS = {"A+": 1, "A": 0.5, "B": 0, "C": -0.5, "D": -1}
FACES = {"very_sad": -1, "sad": -0.5, "neutral": 0, "happy": 0.5, "very_happy": 1}


def load(name: str) -> Survey:
    return read_survey(SURVEYS / name / "survey.yaml")


@pytest.fixture(params=sorted(KINDS))
def survey(request: pytest.FixtureRequest) -> Survey:
    return load(request.param)


@pytest.fixture(scope="module")
def frame() -> CodeFrame:
    return load_codeframe(SURVEYS / "frameworks" / "wijkaanpak.yaml")


def typed(survey: Survey, raw: dict[str, Any]) -> dict[str, Answer]:
    """The answers as stored: parsed without a problem, and only what is asked."""
    parsed = parse_answers(survey, raw)
    assert not parsed.problems
    return prune(survey, parsed.answers, now=NOW)


def scales(survey: Survey) -> list[Question]:
    return [q for q in survey.questions if any(c.signal is not None for c in q.choices)]


def meaning(question: Question) -> list[Choice]:
    return [choice for choice in question.choices if choice.name not in RESERVED]


# --- every survey -------------------------------------------------------------------------------


def test_the_five_surveys_and_nothing_else_ship() -> None:
    assert {path.parent.name for path in SURVEYS.glob("*/survey.yaml")} == set(KINDS)


def test_name_and_kind_match_the_folder(survey: Survey) -> None:
    assert KINDS[survey.name] == survey.kind


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_text_exists_in_both_languages(survey: Survey, language: str) -> None:
    assert language in survey.languages
    assert [str(problem) for problem in missing_texts(survey, language)] == []


def test_intro_and_thanks_are_there(survey: Survey) -> None:
    assert survey.intro is not None
    assert survey.thanks is not None


def test_no_text_is_left_untranslated(survey: Survey) -> None:
    """The same long sentence in both languages is a sentence somebody forgot."""
    same = [
        q.name
        for q in survey.questions
        if q.label and q.label.values["nl"] == q.label.values["en"] and " " in q.label.values["nl"]
    ]
    assert same == []


def test_required_and_constraint_say_what_to_do(survey: Survey) -> None:
    for question in survey.questions:
        assert (question.required is None) == (question.required_message is None), question.name
        assert (question.constraint is None) == (question.constraint_message is None), question.name


def test_every_theme_is_reachable_by_a_signal(survey: Survey) -> None:
    reached = {
        c.theme or q.theme for q in scales(survey) for c in q.choices if c.signal is not None
    }
    assert reached == set(THEMES)


def test_a_themed_closed_question_has_a_signal_on_every_meaningful_choice(survey: Survey) -> None:
    for question in survey.questions:
        themed = question.theme is not None or any(c.theme for c in question.choices)
        if themed and question.choices and question.list_name not in NO_DIRECTION:
            silent = [c.name for c in meaning(question) if c.signal is None]
            assert silent == [], question.name


def test_a_scale_of_faces_runs_evenly_from_one_end_to_the_other(survey: Survey) -> None:
    for question in scales(survey):
        if len(meaning(question)) == len(FACES) and "likert" in question.appearances:
            found = {c.icon: c.signal for c in meaning(question)}
            assert found == FACES, question.name


def test_open_text_comes_with_the_question_whether_we_may_quote(survey: Survey) -> None:
    consent = survey.with_role("consent_quote")
    assert consent is not None
    assert {"ja", "nee"} == set(consent.choice_names)
    position = {q.name: index for index, q in enumerate(survey.questions)}
    texts = [q for q in survey.questions if q.type == "text" and q.role is None]
    assert texts
    assert all(position[q.name] < position[consent.name] for q in texts)


def test_background_is_never_required_and_may_be_kept_private(survey: Survey) -> None:
    for question in survey.questions:
        if (question.role or "").startswith("background."):
            assert question.required is None
            assert WIL_NIET in question.choice_names


def test_nobody_is_asked_for_a_name_address_or_number(survey: Survey) -> None:
    asked = re.compile(r"\b(uw naam|uw adres|telefoonnummer|e-mail|bsn)\b", re.IGNORECASE)
    for question in survey.questions:
        if question.label is None:
            assert question.type == "calculate"
            continue
        assert not asked.search(question.label.values["nl"]), question.name


def test_every_icon_is_one_that_the_readme_lists(survey: Survey) -> None:
    readme = (SURVEYS / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([a-z_]+)`", readme.partition("## Icons")[2].partition("##")[0]))
    used = {c.icon for choices in survey.choices.values() for c in choices if c.icon}
    assert used <= listed


def test_every_choice_list_is_used(survey: Survey) -> None:
    assert set(survey.choices) == {q.list_name for q in survey.questions if q.list_name}


# --- bewonersenquete ----------------------------------------------------------------------------


def test_enquete_asks_one_question_a_page_and_requires_none() -> None:
    survey = load("bewonersenquete")
    assert [len(page.questions) for page in survey.pages] == [1] * len(survey.pages)
    assert [q.name for q in survey.questions if q.required] == []
    assert 20 <= len(survey.questions) <= 24


def test_enquete_has_two_or_three_closed_questions_per_theme_with_both_ways_out() -> None:
    survey = load("bewonersenquete")
    closed = scales(survey)
    count = Counter(q.theme for q in closed)
    assert set(count) == set(THEMES)
    assert set(count.values()) <= {2, 3}
    assert all(q.choice_names >= RESERVED for q in closed)


def test_enquete_asks_why_only_where_something_is_wrong() -> None:
    survey = load("bewonersenquete")

    def asks(**raw: str) -> bool:
        answers = parse_answers(survey, raw).answers
        return "veilig_uitleg" in {q.name for q in relevant_questions(survey, answers, now=NOW)}

    assert asks(veilig_avond="zeker_niet")
    assert asks(veilig_avond="zeker_wel", overlast="heel_vaak")
    assert not asks(veilig_avond="zeker_wel", overlast="nooit")
    assert not asks()


def test_enquete_asks_consent_only_when_something_was_written() -> None:
    survey = load("bewonersenquete")
    silent = relevant_pages(survey, typed(survey, {}), now=NOW)
    spoken = relevant_pages(survey, typed(survey, {"gaat_goed": "De buren"}), now=NOW)
    assert "blad_citaat" not in {page.name for page in silent}
    assert "blad_citaat" in {page.name for page in spoken}


def test_enquete_counts_nuisance_the_other_way_round() -> None:
    survey = load("bewonersenquete")
    answers = typed(survey, {"overlast": "nooit", "alleen_voelen": "heel_vaak"})
    assert signals(survey, answers) == {"veiligheid": (1.0,), "welzijn": (-1.0,)}


def test_weet_niet_and_wil_niet_say_nothing() -> None:
    survey = load("bewonersenquete")
    answers = typed(survey, {"rondkomen": WIL_NIET, "meepraten": WEET_NIET})
    assert signals(survey, answers) == {}


# --- observatie ---------------------------------------------------------------------------------


def test_observatie_is_three_screens_when_nothing_is_added() -> None:
    survey = load("observatie")
    for tile in survey.question("wat").choice_names:
        pages = relevant_pages(survey, typed(survey, {"wat": tile}), now=NOW)
        assert [page.name for page in pages] == ["blad_foto", "blad_wat", "blad_waar"]


def test_observatie_requires_the_tile_alone() -> None:
    survey = load("observatie")
    assert [problem.where for problem in validate(survey, {}, now=NOW)] == ["wat"]
    assert validate(survey, typed(survey, {"wat": "mooi", "meer": "ja"}), now=NOW) == []


def test_observatie_asks_exactly_one_level_per_tile() -> None:
    survey = load("observatie")
    levels = {q.name for q in scales(survey)}
    asked = []
    for tile in survey.question("wat").choices:
        shown = relevant_questions(survey, typed(survey, {"wat": tile.name}), now=NOW)
        asked.append([q.name for q in shown if q.name in levels])
    assert [len(names) for names in asked] == [1] * 6
    assert {names[0] for names in asked} == levels


def test_observatie_something_beautiful_speaks_on_the_theme_of_what_it_is() -> None:
    survey = load("observatie")
    for choice, theme in (("mensen", "binding"), ("plek", "wonen"), ("zorg", "welzijn")):
        answers = typed(survey, {"wat": "mooi", "soort_moois": choice})
        assert signals(survey, answers) == {theme: (1.0,)}


def test_observatie_level_of_another_tile_is_not_heard() -> None:
    """Who goes back and changes the tile must not leave the old level behind."""
    survey = load("observatie")
    answers = typed(survey, {"wat": "groen", "niveau_groen": "A", "niveau_veilig": "D"})
    assert signals(survey, answers) == {"wonen": (0.5,)}


def test_observatie_asks_about_solving_only_for_what_is_not_beautiful() -> None:
    survey = load("observatie")
    for tile, asked in (("heel", {"solved", "problem_kind"}), ("mooi", set())):
        answers = typed(survey, {"wat": tile, "meer": "ja"})
        roles = {q.role for q in relevant_questions(survey, answers, now=NOW)}
        assert {"solved", "problem_kind"} & roles == asked


# --- bewonersgesprek and professional -----------------------------------------------------------


def test_gesprek_begins_with_the_story() -> None:
    survey = load("bewonersgesprek")
    first = survey.pages[0].questions
    # then taps and a voice note, on the same page
    assert [q.type for q in first] == ["text", "select_multiple", "audio"]
    assert first[0].always_required
    assert "story" in first[0].appearances
    assert "story-themes" in first[1].appearances


@pytest.mark.parametrize("name", ["bewonersgesprek", "professional"])
def test_each_theme_tapped_opens_its_own_page_and_no_other(name: str) -> None:
    survey = load(name)
    themed = {page.name: {q.theme for q in page.questions} for page in survey.pages}
    for theme in THEMES:
        pages = relevant_pages(survey, typed(survey, {"themas": [theme]}), now=NOW)
        assert [themed[p.name] for p in pages if themed[p.name] != {None}] == [{theme}]


def test_gesprek_mood_gives_the_signal_of_its_theme() -> None:
    survey = load("bewonersgesprek")
    raw = {
        "verhaal": "Het is hier fijn maar donker.",
        "themas": ["veiligheid", "binding"],
        "stemming_veiligheid": "heel_slecht",
        "stemming_binding": "goed",
        "stemming_werk": "goed",
    }
    assert signals(survey, typed(survey, raw)) == {"veiligheid": (-1.0,), "binding": (0.5,)}


def test_gesprek_asks_all_background_consent_promise_and_return() -> None:
    roles = {q.role for q in load("bewonersgesprek").questions}
    background = {f"background.{key}" for key in ("age_band", "household", "tenure", "language")}
    assert roles - {None} == background | {"consent_quote", "promise", "return_visit", "portiek"}


def test_professional_recognition_and_expectation_give_no_signal() -> None:
    survey = load("professional")
    raw = {
        "themas": ["wonen"],
        "herken_wonen": "ongunstiger",
        "verwachting_wonen": "slechter",
    }
    assert signals(survey, typed(survey, raw)) == {}
    assert signals(survey, typed(survey, raw | {"ervaring_wonen": "slecht"})) == {"wonen": (-0.5,)}


# --- portiekgesprek -----------------------------------------------------------------------------


def rung(*states: str) -> dict[str, Answer]:
    """What follows from the doors: the answers after the walk, without the blanks."""
    survey = load("portiekgesprek")
    raw = {
        "portiek": "Lindestraat 12-26",
        "deuren": [{"deur": state} for state in states],
        "huishoudens_gesproken": "1",
    }
    return prune(survey, typed(survey, raw), now=NOW)


def test_doors_are_counted_by_what_happened() -> None:
    counted = rung("gesproken", "open", "", "dicht", "liever_niet", "gesproken")
    assert counted["deuren_geprobeerd"] == 5
    assert counted["deuren_open"] == 4
    assert counted["deuren_gesproken"] == 2


def test_a_stairwell_without_a_door_that_was_rung_is_not_done() -> None:
    survey = load("portiekgesprek")
    for states, wrong in (([], True), (["", ""], True), (["dicht"], False)):
        raw = {
            "portiek": "Lindestraat 12-26",
            "deuren": [{"deur": state} for state in states],
            "huishoudens_gesproken": "0",
        }
        problems = validate(survey, typed(survey, raw), now=NOW)
        assert [p.where for p in problems] == (["huishoudens_gesproken"] if wrong else [])
        assert all(problem.message is not None for problem in problems)


def test_a_stairwell_where_nobody_spoke_still_shows_how_it_looks() -> None:
    survey = load("portiekgesprek")
    pages = relevant_pages(survey, typed(survey, {"huishoudens_gesproken": "0"}), now=NOW)
    names = {page.name for page in pages}
    assert {"blad_schoon_heel", "blad_licht_deur", "blad_fotos"} <= names
    assert not {"blad_zorgen", "blad_goed", "blad_afspraken"} & names


def test_norm_levels_have_the_values_of_the_method() -> None:
    survey = load("portiekgesprek")
    elements = [q for q in survey.questions if q.name.startswith("norm_")]
    assert Counter(q.theme for q in elements) == {"wonen": 3, "veiligheid": 2}
    for question in elements:
        assert {c.name: c.signal for c in meaning(question)} == LEVELS


def test_worries_and_strengths_cover_every_theme_and_point_the_right_way() -> None:
    survey = load("portiekgesprek")
    for name, direction in (("gedeelde_zorgen", -0.5), ("gedeeld_goed", 0.5)):
        choices = survey.question(name).choices
        assert {c.theme for c in choices} == set(THEMES)
        assert {c.signal for c in choices} == {direction}


# --- the code frame -----------------------------------------------------------------------------


def test_frame_has_the_seven_themes_in_order_with_five_to_eight_codes(frame: CodeFrame) -> None:
    assert [theme.code for theme in frame.themes] == list(THEMES)
    assert [theme.number for theme in frame.themes] == [1, 2, 3, 4, 5, 6, 7]
    assert all(5 <= len(theme.codes) <= 8 for theme in frame.themes)


def test_every_code_has_a_place_in_every_framework_and_no_place_is_empty(frame: CodeFrame) -> None:
    assert {name: len(places) for name, places in frame.crosswalks.items()} == {
        "buurtverandering": 6,
        "leefbaarometer": 5,
        "rotterdam_zuid": 7,
    }
    for framework, places in frame.crosswalks.items():
        assert [c.code for c in frame.codes if not frame.crosswalk(c.code, framework)] == []
        assert [place for place in places if not frame.codes_for(framework, place)] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_does_not_belong_names_another_code_where_it_does(
    frame: CodeFrame, language: str
) -> None:
    known = {code.code for code in frame.codes}
    for code in frame.codes:
        found = re.search(r"\((\S+)\)$", code.not_belongs.values[language])
        assert found, code.code
        assert found[1] in known - {code.code}


def test_labels_and_examples_are_all_different(frame: CodeFrame) -> None:
    for column in ("label", "definition", "belongs", "not_belongs"):
        for language in ("nl", "en"):
            texts = Counter(getattr(code, column).values[language] for code in frame.codes)
            assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_scales_run_from_good_to_bad(name: str) -> None:
    survey = read_survey(SURVEYS / name / "survey.yaml")
    for question in survey.questions:
        icons = {c.icon for c in question.choices}
        if not {"very_sad", "very_happy"} <= icons:
            continue
        signals = [c.signal for c in question.choices if c.signal is not None]
        assert signals == sorted(signals, reverse=True), question.name
