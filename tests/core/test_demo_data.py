"""The demo world: sound, varied, fictional, and showing what its stories promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest
import shapely

from fieldapp.core.answers import parse_answers
from fieldapp.core.area import is_code, is_water
from fieldapp.core.codeframe import load_codeframe
from fieldapp.core.indicator import Catalogue, load_catalogue
from fieldapp.core.profile.build import build_profile
from fieldapp.core.profile.values import (
    ColdInput,
    Period,
    Profile,
    ProfileInput,
    ThemeProfile,
    Voice,
)
from fieldapp.core.redact import find
from fieldapp.core.signals import signals
from fieldapp.core.survey import THEMES
from fieldapp.core.validate import validate
from fieldapp.demo.compose import DemoWorld, demo_world
from fieldapp.demo.pictures import SUBJECTS
from fieldapp.demo.stories import Buurt, read_stories
from fieldapp.demo.submissions import DemoSubmission
from fieldapp.demo.texts import read_texts
from fieldapp.paths import FRAMEWORKS

BUURTEN = read_stories().buurten
PERIOD = Period(date(2025, 11, 1), date(2026, 11, 30))
PROFESSIONALS = {"professional", "observatie"}


@pytest.fixture(scope="module")
def world() -> DemoWorld:
    return demo_world()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(FRAMEWORKS / "indicators.yaml")


# --- areas ------------------------------------------------------------------------------------


def test_codes_name_no_real_area_and_every_name_says_so(world: DemoWorld) -> None:
    levels = Counter(area.level for area in world.areas)
    assert levels == {"gemeente": 1, "wijk": 3, "buurt": 12}
    for area in world.areas:
        assert is_code(area.code)
        assert area.code[2:6] == "9990"
        assert not is_water(area.code)
        assert "(verzonnen)" in area.name


def test_buurten_adjoin_without_gap_or_overlap(world: DemoWorld) -> None:
    shapes = [area.geometry for area in world.areas if area.level == "buurt"]
    assert shapely.coverage_is_valid(shapes)
    for shape in shapes:
        assert shape.is_valid
        assert len(shape.geoms) == 1
        assert shapely.get_num_coordinates(shape) > 12  # no rectangles
    island = shapely.unary_union(shapes)
    assert shapely.get_num_geometries(island) == 2  # the river keeps the banks apart
    gemeente = next(area.geometry for area in world.areas if area.level == "gemeente")
    assert island.symmetric_difference(gemeente).area == pytest.approx(0, abs=1e-12)


def test_the_island_lies_in_the_markermeer(world: DemoWorld) -> None:
    west, south, east, north = shapely.total_bounds([area.geometry for area in world.areas])
    # open water between Marken, Lelystad and Muiden
    assert (west, south) > (5.15, 52.53)
    assert (east, north) < (5.30, 52.62)


# --- texts ------------------------------------------------------------------------------------


def test_texts_are_many_distinct_and_coded_in_the_frame() -> None:
    texts = read_texts()
    counts = Counter(text.language for text in texts)
    assert len({text.text for text in texts}) == len(texts) >= 260
    assert counts["nl"] >= 170
    assert min(counts["en"], counts["tr"], counts["ar"]) >= 30
    frame = load_codeframe(FRAMEWORKS / "wijkaanpak.yaml")
    known = {code.code for theme in frame.themes for code in theme.codes}
    assert {text.code for text in texts} <= known
    assert known - {text.code for text in texts} == set()
    assert {text.valence for text in texts} <= {-2, -1, 0, 1, 2}
    stories = {buurt.story for buurt in BUURTEN}
    assert {text.story for text in texts} <= stories | {None}


def test_no_text_is_worn_out_or_heard_twice_in_a_buurt(world: DemoWorld) -> None:
    places = {submission.id: submission.area_code for submission in world.submissions}
    told = [(st.text, places[st.submission_id]) for st in world.statements]
    assert max(Counter(text for text, _ in told).values()) <= 3
    assert max(Counter(told).values()) == 1


# --- submissions ------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_world(world: DemoWorld) -> None:
    again = demo_world()
    assert again.submissions == world.submissions
    assert again.statements == world.statements
    assert again.indicator_values == world.indicator_values
    assert demo_world(seed=1).submissions != world.submissions


def test_about_800_voices_in_four_languages(world: DemoWorld) -> None:
    assert 760 <= len(world.submissions) <= 840
    assert len({submission.id for submission in world.submissions}) == len(world.submissions)
    languages = Counter(submission.language for submission in world.submissions)
    assert set(languages) == {"nl", "en", "tr", "ar"}
    assert min(languages.values()) >= 35
    assert languages.most_common(1)[0][0] == "nl"


def test_every_submission_passes_its_own_survey(world: DemoWorld) -> None:
    for submission in world.submissions:
        survey = world.surveys[submission.survey]
        parsed = parse_answers(survey, submission.answers)
        assert parsed.problems == [], submission
        assert parsed.answers == submission.answers
        assert validate(survey, parsed.answers, now=submission.captured_at) == [], submission


def test_places_and_times_are_plausible(world: DemoWorld) -> None:
    shapes = {area.code: area.geometry for area in world.areas}
    for submission in world.submissions:
        shape = shapes[submission.area_code]
        assert shape.contains(shapely.Point(submission.lon, submission.lat))
        assert 4 <= submission.accuracy_m <= 30
        assert date(2025, 11, 1) <= submission.captured_at.date() <= date(2026, 11, 30)
        assert (submission.captured_by is None) == (submission.survey == "bewonersenquete")


def test_some_texts_hold_invented_personal_data(world: DemoWorld) -> None:
    marked = {text.text for text in read_texts() if text.has_personal_data}
    used = [statement for statement in world.statements if statement.text in marked]
    assert len(used) >= 5
    assert not any(statement.approved for statement in used)
    assert all(find(text) for text in marked)  # redaction has something to find in each


def test_quotes_are_approved_only_with_consent(world: DemoWorld) -> None:
    consent = {s.id: s.answers.get("citaat_mag") for s in world.submissions}
    approved = [statement for statement in world.statements if statement.approved]
    assert len(approved) > 100
    assert {consent[statement.submission_id] for statement in approved} == {"ja"}


# --- figures ----------------------------------------------------------------------------------


def test_every_scored_indicator_has_a_figure(world: DemoWorld, catalogue: Catalogue) -> None:
    have = {(value.indicator, value.area_code) for value in world.indicator_values}
    for theme in THEMES:
        for indicator in catalogue.scored(theme):
            assert all((indicator.code, buurt.code) in have for buurt in BUURTEN), indicator.code


# --- the stories ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def profiles(world: DemoWorld, catalogue: Catalogue) -> dict[str, Profile]:
    return {buurt.code: _profile(world, catalogue, buurt) for buurt in BUURTEN}


def _profile(world: DemoWorld, catalogue: Catalogue, buurt: Buurt) -> Profile:
    values: dict[str, dict[str, dict[int, float]]] = {}
    for figure in world.indicator_values:
        areas = values.setdefault(figure.indicator, {})
        areas.setdefault(figure.area_code, {})[figure.year] = figure.value
    codes = [b.code for b in BUURTEN]
    cold = ColdInput(
        indicators=tuple(catalogue),
        values=values,
        inhabitants={b.code: b.inhabitants for b in BUURTEN},
        year=2024,
        gemeente_codes=codes,
        comparable_years={code: range(2019, 2025) for code in codes},
    )
    asked = {band: share for band, share in buurt.age.items() if band != "0-14"}
    composition = {"age_band": asked, "household": buurt.household, "tenure": buurt.tenure}
    voices = [v for s in world.submissions if s.area_code == buurt.code for v in [_voice(world, s)]]
    return build_profile(ProfileInput(buurt.code, PERIOD, cold, voices, composition))


def _voice(world: DemoWorld, submission: DemoSubmission) -> Voice:
    survey = world.surveys[submission.survey]
    found = {theme: list(own) for theme, own in signals(survey, submission.answers).items()}
    for statement in world.statements:
        if statement.submission_id == submission.id:
            theme = statement.code.partition(".")[0]
            found.setdefault(theme, []).append(statement.valence / 2)
    background: Mapping[str, str] = {
        question.role.removeprefix("background."): str(submission.answers[question.name])
        for question in survey.questions
        if question.role
        and question.role.startswith("background.")
        and question.name in submission.answers
    }
    return Voice(
        id=str(submission.id),
        group="professionals" if survey.kind in PROFESSIONALS else "bewoners",
        signals={theme: tuple(own) for theme, own in found.items()},
        cluster=submission.portiek,
        background=background,
        kind=survey.kind,
    )


def _theme(profile: Profile, code: str) -> ThemeProfile:
    return next(theme for theme in profile.themes if theme.code == code)


@pytest.mark.parametrize(
    "buurt", [b for b in BUURTEN if "confrontation" in b.shows], ids=lambda b: b.story
)
def test_confrontations_come_out_as_told(profiles: dict[str, Profile], buurt: Buurt) -> None:
    theme = _theme(profiles[buurt.code], buurt.shows["theme"])
    assert theme.confrontation.verdict == buurt.shows["confrontation"]
    if "trend" in buurt.shows:
        assert theme.cold.trend.class_ == buurt.shows["trend"]


def test_too_few_voices_says_how_many_to_go(profiles: dict[str, Profile]) -> None:
    buurt = next(b for b in BUURTEN if "too_few" in b.shows)
    for theme in profiles[buurt.code].themes:
        assert theme.bewoners.mean is None
    assert _theme(profiles[buurt.code], "wonen").bewoners.missing_to_k == buurt.shows["too_few"]


def test_residents_and_professionals_differ(profiles: dict[str, Profile]) -> None:
    buurt = next(b for b in BUURTEN if "differ" in b.shows)
    theme = _theme(profiles[buurt.code], buurt.shows["theme"])
    assert (theme.bewoners.class_, theme.professionals.class_) == ("positief", "negatief")
    assert theme.confrontation.groups_differ


@pytest.mark.parametrize(
    "buurt", [b for b in BUURTEN if "silent" in b.shows], ids=lambda b: b.story
)
def test_silent_groups_are_named(profiles: dict[str, Profile], buurt: Buurt) -> None:
    backgrounds = profiles[buurt.code].heard.backgrounds
    group = next(
        group
        for background in backgrounds
        if background.code == buurt.shows["group"]
        for group in background.groups
        if group.code == buurt.shows["silent"]
    )
    assert group.under_heard


def test_one_bad_stairwell_in_a_good_buurt(world: DemoWorld, profiles: dict[str, Profile]) -> None:
    buurt = next(b for b in BUURTEN if "bad_portiek" in b.shows)
    theme = buurt.shows["theme"]
    assert _theme(profiles[buurt.code], theme).bewoners.class_ == "positief"
    voices = [_voice(world, s) for s in world.submissions if s.area_code == buurt.code]
    bad = [
        v
        for v in voices
        if v.cluster == buurt.shows["bad_portiek"]
        and v.signals.get(theme)
        and v.group == "bewoners"
    ]
    assert len(bad) >= 3
    assert all(sum(voice.signals[theme]) < 0 for voice in bad)


# --- pictures ---------------------------------------------------------------------------------


def test_every_picture_that_is_asked_for_can_be_drawn(world: DemoWorld) -> None:
    asked = {picture.subject for s in world.submissions for picture in s.pictures}
    assert asked <= set(SUBJECTS)
    assert len(asked) >= 4
