from __future__ import annotations

import numpy as np
import pytest

from fieldapp.core.profile.heard import (
    background_of,
    cell_key,
    doors_by_place,
    heard,
    raked_mean,
    raked_weights,
)
from fieldapp.core.profile.values import Doors
from tests.core.profile.samples import voice


def people(background, **counts):
    return [
        voice(f"{background}-{group}-{i}", 0.5, background={background: group})
        for group, n in counts.items()
        for i in range(n)
    ]


def test_ratio_of_heard_and_expected():
    # 20 told it; half of the area rents from a corporation: 10 expected, 4 heard, ratio 0.4
    voices = people("tenure", koop=16, huur_corporatie=4)
    found = background_of("tenure", voices, {"koop": 400, "huur_corporatie": 400})
    buy, rent = found.groups
    assert (rent.heard, rent.expected, rent.ratio, rent.under_heard) == (4, 10, 0.4, True)
    assert (buy.ratio, buy.under_heard) == (1.6, False)


@pytest.mark.parametrize(("rents", "under"), [(4, True), (5, False)])
def test_half_of_expected_is_enough(rents, under):
    # 20 told, share 1/2: 10 expected; 5 / 10 is enough, 4 / 10 is not
    voices = people("tenure", koop=20 - rents, huur_overig=rents)
    found = background_of("tenure", voices, {"koop": 1, "huur_overig": 1})
    assert found.groups[1].under_heard is under


@pytest.mark.parametrize(("told", "under"), [(10, True), (9, False)])
def test_five_must_be_expected(told, under):
    # share 1/2 and nobody heard: 5 expected of 10, 4.5 of 9
    found = background_of("tenure", people("tenure", koop=told), {"koop": 1, "huur_overig": 1})
    assert (found.groups[1].ratio, found.groups[1].under_heard) == (0, under)


def test_not_told_is_not_a_group():
    voices = people("age_band", weet_niet=3, wil_niet=2) + people("age_band", **{"65+": 1})
    found = background_of("age_band", [*voices, voice("x", 1.0)], {})
    assert (found.voices, found.known) == (7, 1)
    assert [(g.code, g.heard, g.expected) for g in found.groups] == [("65+", 1, None)]


def test_only_residents_are_laid_beside_the_residents():
    professional = voice("pro", 1.0, group="professionals", background={"language": "nl"})
    found = heard([professional, *people("language", ar=2)], {})
    language = found.backgrounds[3]
    assert (language.code, language.voices) == ("language", 2)
    assert [(g.code, g.heard) for g in language.groups] == [("ar", 2)]


# --- raking -----------------------------------------------------------------------------------


def test_one_margin_is_plain_post_stratification():
    # 8 buy (value 1), 2 rent (value 0); the area is half and half: weights 5/8 and 5/2
    pairs = [(v, 1.0) for v in people("tenure", koop=8)]
    pairs += [(v, 0.0) for v in people("tenure", huur_overig=2)]
    assert raked_mean(pairs, {"tenure": {"koop": 1, "huur_overig": 1}}) == (0.5, None)


def test_weights_are_trimmed():
    # 19 buy, 1 rents, half and half: weights 10/19 and 10, the latter trimmed to 3
    pairs = [(v, 1.0) for v in people("tenure", koop=19)]
    pairs += [(v, 0.0) for v in people("tenure", huur_overig=1)]
    mean, _ = raked_mean(pairs, {"tenure": {"koop": 1, "huur_overig": 1}})
    assert mean == pytest.approx(10 / (10 + 3), abs=1e-12)


def test_those_who_did_not_tell_keep_their_share():
    # 4 buy (1), 2 rent (0), 4 unknown (0): told 6, so 3 and 3: weights 3/4, 3/2, 1; mean 3/10
    pairs = [(v, 1.0) for v in people("tenure", koop=4)]
    pairs += [(v, 0.0) for v in people("tenure", huur_overig=2, wil_niet=4)]
    mean, _ = raked_mean(pairs, {"tenure": {"koop": 1, "huur_overig": 1}})
    assert mean == pytest.approx(0.3, abs=1e-12)


@pytest.mark.parametrize(("known", "raked"), [(6, True), (5, False)])
def test_sixty_percent_must_have_told(known, raked):
    pairs = [(v, 1.0) for v in people("tenure", koop=known, wil_niet=10 - known)]
    mean, reason = raked_mean(pairs, {"tenure": {"koop": 1}})
    assert (mean is not None) is raked
    assert reason == (None if raked else "achtergrond_te_weinig_bekend")


def test_no_composition_no_raked_mean():
    assert raked_mean([(v, 1.0) for v in people("tenure", koop=6)], {})[0] is None


def test_two_margins_both_come_out():
    cells = {("x", "s"): 4, ("x", "t"): 2, ("y", "s"): 1, ("y", "t"): 3}
    members = [{"age_band": a, "tenure": b} for (a, b), n in cells.items() for _ in range(n)]
    margins = {"age_band": {"x": 0.5, "y": 0.5}, "tenure": {"s": 0.4, "t": 0.6}}
    weights = raked_weights(members, margins)
    for code, shares in margins.items():
        for group, share in shares.items():
            mask = [member[code] == group for member in members]
            assert weights[mask].sum() / weights.sum() == pytest.approx(share, abs=1e-8)
    # fitting keeps the odds ratio of the cells as they were: 4 x 3 / (2 x 1) per cell of voices
    total = {cell: weights[[tuple(m.values()) == cell for m in members]].sum() for cell in cells}
    odds = total["x", "s"] * total["y", "t"] / (total["x", "t"] * total["y", "s"])
    assert odds == pytest.approx(6, abs=1e-6)


def test_margins_that_contradict_each_other_give_no_weights():
    members = [{"age_band": "x", "tenure": "s"}, {"age_band": "y", "tenure": "t"}]
    margins = {"age_band": {"x": 0.5, "y": 0.5}, "tenure": {"s": 0.1, "t": 0.9}}
    assert raked_weights(members, margins) is None


def test_those_who_did_not_tell_keep_their_share_of_each_margin():
    # four are silent on age, all of them renting; four on tenure, all of them young
    cells = {("x", "s"): 3, ("x", "t"): 2, ("y", "s"): 2, ("y", "t"): 1, (None, "t"): 4}
    cells[("x", None)] = 4
    members = [{"age_band": a, "tenure": b} for (a, b), n in cells.items() for _ in range(n)]
    margins = {"age_band": {"x": 0.6, "y": 0.4}, "tenure": {"s": 0.5, "t": 0.5}}
    weights = raked_weights(members, margins)
    assert weights.min() > 0.3  # nothing was trimmed, so the margins must come out
    assert weights.max() < 3
    for code, shares in margins.items():
        for group, wanted in {**{g: 12 * share for g, share in shares.items()}, None: 4}.items():
            mask = [member[code] == group for member in members]
            assert weights[mask].sum() == pytest.approx(wanted, abs=1e-7)


def test_equal_weights_when_the_voices_mirror_the_area():
    members = [{"tenure": "koop"}, {"tenure": "huur_overig"}] * 4
    margins = {"tenure": {"koop": 0.5, "huur_overig": 0.5}}
    assert np.array_equal(raked_weights(members, margins), np.ones(8))


# --- doors ------------------------------------------------------------------------------------


def test_cells_are_named_after_their_lower_left_corner():
    assert cell_key(136799.9, 455800) == "E1367N4558"
    assert cell_key(136800, 455799.9) == "E1368N4557"
    assert cell_key(95310, 461500) == "E0953N4615"


def test_doors_per_portiek_and_cell():
    first = voice("a", cluster="p1", cell="c1", doors_tried=8, doors_opened=5, doors_spoken=3)
    again = voice("b", cluster="p1", cell="c1", doors_tried=3, doors_opened=1)
    street = voice("c", cell="c1", doors_tried=2, doors_opened=0, doors_spoken=0)
    silent = voice("d", 1.0, cluster="p2", cell="c2")
    assert doors_by_place([first, again, street, silent]) == (
        Doors("portiek", "p1", 11, 6, 3),
        Doors("cel", "c1", 13, 6, 3),
    )
