from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.core.profile.trend import kendall_s, mann_kendall_p, theil_sen, trend_of


def test_theil_sen_by_hand():
    # slopes 1 (0-1), 1 (0-3), 1 (1-3), and with the outlier at 4: 10, 13, 19; median of 1 1 1 25..
    assert theil_sen({2020: 0, 2021: 1, 2023: 3}) == 1
    # pairs of 0, 2, 1: 2, 0.5, -1 -> median 0.5
    assert theil_sen({2020: 0, 2021: 2, 2022: 1}) == 0.5


@given(st.lists(st.integers(0, 4), min_size=3, max_size=6))
def test_p_equals_counting_all_orders(values):
    seen = [abs(kendall_s(order)) for order in permutations(values)]
    share = sum(s >= abs(kendall_s(tuple(values))) for s in seen) / len(seen)
    assert mann_kendall_p(tuple(values)) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize(
    ("values", "p"),
    [((1, 2, 3), 2 / 6), ((1, 2, 3, 4), 2 / 24), ((2, 1, 3, 4, 5), 10 / 120), ((5, 5, 5), 1)],
)
def test_what_can_be_reached(values, p):
    assert mann_kendall_p(values) == pytest.approx(p, abs=1e-15)


def test_classes():
    assert trend_of({2021: 1, 2022: 2, 2023: 3}).class_ == "stabiel"  # three years never suffice
    assert trend_of({2021: 1, 2022: 2, 2023: 3, 2024: 9}).class_ == "stijgend"
    assert trend_of({2021: 1, 2022: 0, 2023: -3, 2024: -9}).class_ == "dalend"
    assert trend_of({2021: 1, 2022: 0, 2023: -3, 2024: -1}).class_ == "stabiel"
    assert trend_of({2021: 1, 2024: 2}).reason == "te_weinig_jaren"


def test_rounding_noise_is_a_tie():
    assert trend_of({2021: 0.3, 2022: 0.3, 2023: 0.1 + 0.2, 2024: 0.1 + 0.2}).p == 1


def test_three_pairs_the_other_way_in_six_years_are_one_too_many():
    # 720 orders; 1 + 5 + 14 have at most two inversions, 1 + 5 + 14 + 29 at most three
    found = trend_of(dict(enumerate((3, 1, 2, 4, 5, 6), 2019)))
    assert found.p == pytest.approx(2 * 20 / 720)
    assert found.class_ == "stijgend"
    found = trend_of(dict(enumerate((4, 1, 2, 3, 5, 6), 2019)))
    assert (found.p, found.class_) == (pytest.approx(2 * 49 / 720), "stabiel")
