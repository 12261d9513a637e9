from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.core.profile.build import build_profile
from fieldapp.core.profile.confront import confront, wringt_first
from fieldapp.core.profile.values import GroupResult, NextStep
from fieldapp.core.profile.warm import too_few
from tests.core.profile.samples import example

NOBODY = too_few(0, 5)

# The table of method.md, chapter 3, typed over by hand.
TABLE = """
gunstig    | bevestigd_gunstig  | geen_uitgesproken_beeld | verborgen_zorg!
gemiddeld  | warmer_dan_cijfers | geen_uitgesproken_beeld | verborgen_zorg!
zorgelijk  | verborgen_kracht!  | geen_uitgesproken_beeld | bevestigd_zorgelijk
"""
CELLS = [
    (row.split("|")[0].strip(), warm, cell.strip().rstrip("!"), cell.strip().endswith("!"))
    for row in TABLE.strip().splitlines()
    for warm, cell in zip(("positief", "gemengd", "negatief"), row.split("|")[1:], strict=True)
]


def cold(class_):
    (theme,) = build_profile(example()).themes
    return replace(theme.cold, class_=class_)


def group(class_, **more):
    return GroupResult(n=20, class_=class_, **more)


@pytest.mark.parametrize(("figures", "people", "verdict", "wringt"), CELLS)
def test_the_table(figures, people, verdict, wringt):
    found = confront(cold(figures), group(people), NOBODY)
    assert (found.verdict, found.wringt) == (verdict, wringt)
    assert found.missing == found.next_steps == ()


def test_nine_cells_of_which_three_wring():
    assert len(CELLS) == 9
    assert sum(wringt for *_, wringt in CELLS) == 3


def test_what_is_missing_and_what_to_do():
    found = confront(cold(None), too_few(3, 5), NOBODY)
    assert (found.verdict, found.wringt) == ("nog_niet_te_duiden", False)
    assert found.missing == ("koud", "warm")
    assert found.next_steps == (NextStep("cijfers_aanvullen"), NextStep("stemmen_ophalen", 2))


def test_voices_from_too_few_places_need_other_places():
    found = confront(cold("gunstig"), group(None, clusters=1, reason="te_weinig_plekken"), NOBODY)
    assert (found.missing, found.next_steps) == (
        ("warm",),
        (NextStep("andere_plekken_bezoeken", 2),),
    )


@pytest.mark.parametrize(
    ("bewoners", "professionals", "differ"),
    [
        ("positief", "negatief", True),
        ("gemengd", "negatief", True),
        ("negatief", "negatief", False),
        ("positief", None, False),
        (None, "negatief", False),
    ],
)
def test_groups_that_see_it_differently(bewoners, professionals, differ):
    found = confront(cold("gunstig"), group(bewoners), group(professionals))
    assert found.groups_differ is differ


def test_professionals_never_stand_in_for_residents():
    found = confront(cold("gunstig"), NOBODY, group("negatief"))
    assert found.verdict == "nog_niet_te_duiden"


def test_wringt_first_keeps_the_order_otherwise():
    (theme,) = build_profile(example()).themes
    quiet = replace(theme, confrontation=replace(theme.confrontation, wringt=False))
    rows = [replace(quiet, code="a"), replace(theme, code="b"), replace(quiet, code="c")]
    assert [one.code for one in wringt_first(rows)] == ["b", "a", "c"]
