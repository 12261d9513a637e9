from __future__ import annotations

import json
import time
from math import sqrt

import pytest

from fieldapp.core.profile.build import build_profile
from fieldapp.core.profile.cold import cold_profiles
from fieldapp.core.profile.constants import THEMES
from tests.core.profile.samples import (
    CODES,
    EXAMPLE_VOICES,
    G,
    example,
    example_cold,
    in_year,
    voice,
)


def as_json(**changes):
    """The profile as a client reads it: through real JSON text, which has no NaN."""
    return json.loads(json.dumps(build_profile(example(**changes)).to_dict(), allow_nan=False))


def test_the_worked_example_from_end_to_end():
    data = as_json()
    (theme,) = data["themes"]
    assert theme["cold"]["score"] == pytest.approx((-4 / 2.9652 - 10 / sqrt(245 / 9)) / 2)
    assert (theme["cold"]["class"], theme["warm"]["bewoners"]["class"]) == ("zorgelijk", "positief")
    assert (theme["confrontation"], theme["wringt"]) == ("verborgen_kracht", True)
    assert theme["warm"]["professionals"]["missing"] == 5


def test_the_json_has_the_keys_of_the_contract():
    data = as_json()
    top = {"area", "period", "method_version", "reference", "vintages", "themes", "heard"}
    assert top | {"constants", "notes"} <= data.keys()
    assert data["period"] == {"from": "2025-03-01", "to": "2025-06-30"}
    (theme,) = data["themes"]
    assert {"code", "cold", "warm", "confrontation", "wringt"} <= theme.keys()
    assert {"score", "class", "coverage", "trend", "indicators", "reason"} <= theme["cold"].keys()
    for indicator in theme["cold"]["indicators"]:
        assert {"code", "value", "z", "year", "source"} <= indicator.keys()
    assert list(theme["warm"]) == ["bewoners", "professionals"]
    for group in theme["warm"].values():
        wanted = {"n", "mean", "low", "high", "class", "reliability", "reason", "missing"}
        assert wanted <= group.keys()


def test_all_themes_in_the_order_of_the_framework_even_when_empty():
    data = as_json(cold=example_cold(themes=THEMES))
    assert [theme["code"] for theme in data["themes"]] == list(THEMES)
    welzijn = data["themes"][0]
    assert welzijn["confrontation"] == "nog_niet_te_duiden"
    assert welzijn["missing"] == ["koud", "warm"]


def test_an_area_without_anything_still_has_a_profile():
    data = as_json(area="BU99999999", voices=())
    (theme,) = data["themes"]
    assert (theme["cold"]["score"], theme["cold"]["reason"]) == (None, "te_weinig_cijfers")
    assert theme["warm"]["bewoners"]["n"] == 0
    assert data["inhabitants"] is None


def test_vintages_are_sorted_and_complete():
    assert as_json()["vintages"] == [
        {"source": "CBS", "year": 2024, "edition": ""},
        {"source": "RIVM", "year": 2022, "edition": "oktober 2023"},
    ]


def test_notes_say_what_the_reader_must_know():
    notes = {note["code"]: note["params"] for note in as_json()["notes"]}
    assert notes == {"modelschatting": {"indicators": ["veilig_gevoel"]}}
    wider = [*CODES, "BU00020001"]
    figures = {**in_year(2024, range(8)), "BU00020001": {2024: 3.0}}
    del figures[CODES[0]]
    given = example_cold(values={"diefstal": figures}, inhabitants={}, all_codes=wider)
    notes = {note["code"]: note["params"] for note in as_json(cold=given)["notes"]}
    assert notes["referentie_verruimd"] == {"indicators": ["diefstal"]}
    assert notes["gelijke_gewichten"] == {"indicators": ["diefstal"]}


def test_signals_on_an_unknown_theme_are_told():
    strange = voice("x", 1.0, theme="veiligheid.straatverlichting")
    notes = as_json(voices=[*EXAMPLE_VOICES, strange])["notes"]
    assert {"code": "onbekend_thema", "params": {"themes": ["veiligheid.straatverlichting"]}} in (
        notes
    )


def test_raked_mean_stands_beside_the_plain_one():
    # 8 buy (+1), 4 rent (-1); half and half lives there: plain 1/3, raked 0
    voices = [voice(f"k{i}", 1.0, background={"tenure": "koop"}) for i in range(8)]
    voices += [voice(f"h{i}", -1.0, background={"tenure": "huur_overig"}) for i in range(4)]
    composition = {"tenure": {"koop": 50, "huur_overig": 50}}
    warm = as_json(voices=voices, composition=composition)["themes"][0]["warm"]["bewoners"]
    assert warm["mean"] == pytest.approx(1 / 3)
    assert warm["raked_mean"] == pytest.approx(0, abs=1e-12)
    plain = as_json(voices=voices)["themes"][0]["warm"]["bewoners"]
    assert (plain["raked_mean"], plain["raked_reason"]) == (None, "achtergrond_te_weinig_bekend")


def test_figures_computed_for_many_areas_give_the_same_profile():
    given = example()
    many = cold_profiles(CODES, given.cold)
    assert build_profile(given, many[G]) == build_profile(given)


def test_a_whole_gemeente_is_cheap():
    from tests.core.profile.samples import Spec

    areas = [f"BU0344{i:04}" for i in range(106)]
    specs = [Spec(f"i{n}", theme=THEMES[n % 7]) for n in range(50)]
    values = {
        spec.code: {
            area: {year: float(hash((i * 31 + n * 7 + year) % 97)) for year in range(2020, 2025)}
            for i, area in enumerate(areas)
        }
        for n, spec in enumerate(specs)
    }
    given = example_cold(
        indicators=specs,
        values=values,
        inhabitants=dict.fromkeys(areas, 1000),
        gemeente_codes=areas,
        comparable_years=dict.fromkeys(areas, range(2020, 2025)),
        themes=THEMES,
    )
    start = time.perf_counter()
    found = cold_profiles(areas, given)
    taken = time.perf_counter() - start
    assert len(found) == 106
    assert taken < 3


def test_one_voice_given_twice_is_refused():
    with pytest.raises(ValueError, match="v1 is given twice"):
        build_profile(example(voices=[*EXAMPLE_VOICES, EXAMPLE_VOICES[0]]))
