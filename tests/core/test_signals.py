from __future__ import annotations

from fieldapp.core.answers import Answers
from fieldapp.core.signals import background, role_value, signals
from tests.core.survey_files import valid

SURVEY = valid("roles_and_signals")


def test_each_chosen_choice_speaks_on_its_theme() -> None:
    answers: Answers = {"zorgen": ["niemand", "donker", "inbraak", "anders"], "schoon": "goed"}
    assert signals(SURVEY, answers) == {
        "veiligheid": (-0.5, -1.0),
        "binding": (-1.0,),
        "wonen": (1.0,),
    }


def test_weet_niet_and_blanks_are_silent() -> None:
    assert signals(SURVEY, {"schoon": "weet_niet", "zorgen": None}) == {}
    assert signals(SURVEY, {"zorgen": ["anders"]}) == {}
    assert signals(SURVEY, {}) == {}


def test_roles() -> None:
    assert role_value(SURVEY, {"deuren": 8}, "doors_tried") == 8
    assert role_value(SURVEY, {}, "doors_tried") is None
    assert role_value(SURVEY, {"deuren": 8}, "promise") is None


def test_background_leaves_out_who_would_rather_not_say() -> None:
    assert background(SURVEY, {"woning": "koop", "taal": "ar"}) == {
        "tenure": "koop",
        "language": "ar",
    }
    assert background(SURVEY, {"woning": "wil_niet", "taal": None}) == {}
