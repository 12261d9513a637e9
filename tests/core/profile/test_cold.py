"""Chapter 1. The arithmetic of the worked example stands in core/profile/README.md."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from fieldapp.core.profile.cold import (
    cold_class,
    cold_profile,
    cold_profiles,
    describe,
    weighted_median,
    weighted_sd,
)
from tests.core.profile.samples import (
    CODES,
    FEELS_SAFE,
    INHABITANTS,
    NUISANCE,
    THEFT,
    A,
    F,
    G,
    H,
    Spec,
    example_cold,
    in_year,
)


def only(given, area=G):
    (theme,) = cold_profile(area, given)
    return theme


def score(given, code, area=G):
    return next(one for one in only(given, area).indicators if one.code == code)


def theft(figures, **changes):
    """An input with theft alone."""
    return example_cold(indicators=(THEFT,), values={"diefstal": figures}, **changes)


def test_the_worked_example():
    # theft: median 10, MAD 2; G has 14: -(14 - 10) / (1.4826 x 2)
    # feels safe: MAD 0; mean 205/3, variance 245/9; G has 60: (60 - 70) / sqrt(245/9)
    z_theft, z_safe = -4 / 2.9652, -10 / sqrt(245 / 9)
    theme = only(example_cold())
    found = {one.code: one for one in theme.indicators}
    assert found["diefstal"].z == pytest.approx(z_theft, abs=1e-12)
    assert found["veilig_gevoel"].z == pytest.approx(z_safe, abs=1e-12)
    assert theme.score == pytest.approx((z_theft + z_safe) / 2, abs=1e-12)
    assert theme.class_ == "zorgelijk"
    assert theme.coverage == pytest.approx(2 / 3)
    assert theme.reason is None


def test_the_reference_says_what_was_compared_with():
    reference = score(example_cold(), "diefstal").reference
    assert (reference.group, reference.size, reference.weights) == ("gemeente", 8, "inwoners")
    assert (reference.median, reference.scale_kind) == (10, "mad")
    safe = score(example_cold(), "veilig_gevoel").reference
    assert safe.scale_kind == "sd"
    assert safe.scale == pytest.approx(sqrt(245 / 9))


def test_context_and_counts_are_shown_and_never_scored():
    rent, incidents = (score(example_cold(), code) for code in ("huur", "aangiften"))
    assert (rent.value, rent.z, rent.role) == (70, None, "context")
    assert (incidents.value, incidents.z, incidents.role) == (5, None, "context")


def test_z_is_clamped_on_both_sides():
    assert score(example_cold(), "diefstal", H).z == -3  # -(30 - 10) / 2.9652 = -6.7
    flipped = example_cold(indicators=(replace(THEFT, polarity=1),))
    assert score(flipped, "diefstal", H).z == 3


def test_weighted_median_takes_the_value_that_reaches_half():
    values = np.array([3.0, 1.0, 2.0, 4.0])
    assert weighted_median(values, np.array([1.0, 1, 1, 1])) == 2  # two of four: half is reached
    assert weighted_median(values, np.array([5.0, 1, 1, 1])) == 3
    assert weighted_median(values, np.array([1.0, 1, 1, 4])) == 4
    assert weighted_median(values, np.array([1.0, 0, 0, 0])) == 3


def test_weighted_sd_by_hand():
    # values 0 (weight 3) and 4 (weight 1): mean 1, variance (3 x 1 + 9) / 4 = 3
    assert weighted_sd(np.array([0.0, 4.0]), np.array([3.0, 1.0])) == pytest.approx(sqrt(3))
    assert weighted_sd(np.array([0.1] * 7), np.ones(7)) == 0
    assert weighted_sd(np.array([0.1, 0.1, 9]), np.array([1.0, 2, 0])) == 0


def test_unknown_inhabitants_give_equal_weights():
    # 1 .. 8 with equal weights: the 4th reaches half; |x - 4| sorted 0 1 1 2 2 3 3 4: MAD 2
    figures = dict(zip(CODES, map(float, range(1, 9)), strict=True))
    found = describe(figures, {**INHABITANTS, H: None}, "gemeente")
    assert (found.weights, found.median) == ("gelijk", 4)
    assert found.scale == pytest.approx(2 * 1.4826)
    without = {code: n for code, n in INHABITANTS.items() if code != H}
    assert describe(figures, without, "gemeente") == found
    assert describe(figures, dict.fromkeys(CODES, 0), "gemeente") == found
    assert describe(figures, INHABITANTS, "gemeente").weights == "inwoners"


def test_inhabitants_of_an_area_without_the_figure_do_not_matter():
    figures = dict.fromkeys(CODES, 1.0)
    assert describe(figures, {**INHABITANTS, "BU00019999": None}, "gemeente").weights == "inwoners"


def test_no_spread_at_all_gives_zero():
    found = score(theft(in_year(2024, [7.0] * 8)), "diefstal")
    assert (found.z, found.reference.scale_kind) == (0, "geen")


@pytest.mark.parametrize(("year", "counts"), [(2024, True), (2021, True), (2020, False)])
def test_a_figure_counts_for_three_years(year, counts):
    found = score(theft(in_year(year, range(8))), "diefstal")
    assert (found.year == year, found.z is not None) == (counts, counts)
    assert found.reason == (None if counts else "geen_cijfer")


def test_a_later_year_than_asked_does_not_count():
    assert score(theft(in_year(2025, range(8))), "diefstal").z is None


def test_a_figure_is_compared_within_its_own_year():
    # G has its last figure in 2023, where all others have 1 .. 7; their 2024 must not be used.
    figures = {code: {2023: i, 2024: 1000 + i} for i, code in enumerate(CODES, 1) if code != G}
    figures[G] = {2023: 4}
    found = score(theft(figures, inhabitants={}), "diefstal")
    # sorted 1 2 3 4 4 5 6 8, the 4th is 4
    assert (found.year, found.reference.median, found.z) == (2023, 4, 0)


@pytest.mark.parametrize("missing", [float("nan"), float("inf"), -99995, -99997, -99999999])
def test_missing_codes_are_no_figures(missing):
    figures = in_year(2024, range(8))
    figures[G][2024] = missing
    assert score(theft(figures), "diefstal").reason == "geen_cijfer"
    assert score(theft(figures), "diefstal", A).reason == "te_weinig_gebieden"  # 7 are left


def test_a_real_zero_is_a_figure():
    figures = in_year(2024, range(8))
    found = score(theft(figures), "diefstal", A)
    assert (found.value, found.reason) == (0, None)
    assert found.z > 0


def test_fewer_than_eight_widen_to_all_buurten():
    others = [f"BU0002000{i}" for i in range(5)]
    figures = {code: {2024: i} for i, code in enumerate([*CODES[:7], *others])}
    given = theft(figures, all_codes=(*CODES, *others), inhabitants={})
    found = score(given, "diefstal", G)
    assert (found.reference.group, found.reference.size) == ("alle", 12)
    narrow = score(theft(figures, inhabitants={}), "diefstal", G)
    assert (narrow.z, narrow.reason) == (None, "te_weinig_gebieden")


def test_all_buurten_on_request():
    others = [f"BU0002000{i}" for i in range(5)]
    figures = {code: {2024: i} for i, code in enumerate([*CODES, *others])}
    given = theft(figures, all_codes=others, inhabitants={}, reference="alle")
    assert score(given, "diefstal").reference.size == 13
    assert score(replace(given, reference="gemeente"), "diefstal").reference.size == 8


def test_coverage_of_half_is_enough_and_less_is_not():
    half = only(example_cold(indicators=(THEFT, NUISANCE)))
    assert (half.coverage, half.class_, half.reason) == (0.5, "zorgelijk", None)
    third = only(example_cold(indicators=(THEFT, NUISANCE, Spec("inbraak"))))
    assert third.coverage == pytest.approx(1 / 3)
    assert (third.score, third.class_, third.reason) == (None, None, "te_weinig_cijfers")


def test_a_theme_without_scored_indicators():
    theme = only(example_cold(indicators=(Spec("huur", polarity=0),)))
    assert (theme.score, theme.coverage, theme.reason) == (None, 0, "geen_indicatoren")


@pytest.mark.parametrize(
    ("score", "expected"),
    [(0.5, "gunstig"), (0.49, "gemiddeld"), (-0.49, "gemiddeld"), (-0.5, "zorgelijk")],
)
def test_class_limits(score, expected):
    assert cold_class(score) == expected


def test_many_areas_at_once_equal_one_at_a_time():
    given = example_cold()
    together = cold_profiles(CODES, given)
    assert list(together) == list(CODES)
    assert all(together[code] == cold_profile(code, given) for code in CODES)


def series(rows, **changes):
    """Theft with A .. H in several years: rows year -> figures; all years comparable for all."""
    figures = {code: {year: row[i] for year, row in rows.items()} for i, code in enumerate(CODES)}
    years = dict.fromkeys(CODES, tuple(rows))
    return theft(figures, **{"comparable_years": years, "inhabitants": {}, **changes})


def test_trend_is_the_gap_with_the_reference():
    # All others stay at 10; F falls 20, 18, 16, 14: theft, so that is better: +2 a year.
    rows = {2020 + i: [10, 10, 10, 10, 10, 20 - 2 * i, 10, 10] for i in range(1, 5)}
    trend = score(series(rows), "diefstal", F).trend
    assert (trend.class_, trend.slope, trend.years) == ("stijgend", 2, (2021, 2022, 2023, 2024))
    assert trend.p == pytest.approx(2 / 24)


def test_a_rise_shared_by_all_is_no_trend():
    rows = {2020 + i: [10 * i + j for j in range(8)] for i in range(1, 5)}
    assert score(series(rows), "diefstal", F).trend.class_ == "stabiel"


def test_years_on_other_boundaries_are_left_out_and_recomputed_ones_marked():
    rows = {2020 + i: [10, 10, 10, 10, 10, 20 - 2 * i, 10, 10] for i in range(1, 5)}
    cut = series(rows, comparable_years={F: (2023, 2024)})
    assert score(cut, "diefstal", F).trend.reason == "te_weinig_jaren"
    unnamed = series(rows, comparable_years={})
    assert score(unnamed, "diefstal", F).trend.class_ is None
    marked = series(rows, reexpressed_years={F: (2021,)})
    assert score(marked, "diefstal", F).trend.reexpressed
    assert not score(series(rows), "diefstal", F).trend.reexpressed


def test_theme_trend_keeps_one_panel():
    # Others 1 2 3 4 5 7 8, F between 5 and 7: the median is 4 each year, F's gap 1.2 .. 2.7.
    years = range(2021, 2025)
    steady = in_year(2024, (1, 2, 3, 4, 5, 0, 7, 8))
    rising = {code: dict.fromkeys(years, row[2024]) for code, row in steady.items()}
    rising[F] = {2021: 5.2, 2022: 5.7, 2023: 6.2, 2024: 6.7}
    # feels safe has one year only: it may not slip into 2022 and bend the series of the theme
    once = {code: {2022: 50.0 - 30 * i} for i, code in enumerate(CODES)}
    given = example_cold(
        indicators=(Spec("a"), FEELS_SAFE),
        values={"a": rising, "veilig_gevoel": once},
        comparable_years=dict.fromkeys(CODES, years),
        inhabitants={},
    )
    trend = only(given, F).trend
    assert (trend.class_, trend.years) == ("stijgend", tuple(years))
    # in units of 2024's spread: |x - 4| sorted 0 1 1 2 .. gives MAD 2; half a point a year
    assert trend.slope == pytest.approx(0.5 / 2.9652, abs=1e-9)
    lonely = replace(given, indicators=(*given.indicators, NUISANCE))
    assert only(lonely, F).trend.reason == "te_weinig_jaren"  # one of three is not half


def test_a_later_year_than_asked_is_not_in_the_trend():
    rows = {2020 + i: [10, 10, 10, 10, 10, 20 - 2 * i, 10, 10] for i in range(1, 6)}
    assert score(series(rows), "diefstal", F).trend.years == (2021, 2022, 2023, 2024)


def test_theme_trend_leaves_out_years_with_less_than_half_of_the_indicators():
    def rising(years):
        return {
            code: {y: i + (y - 2020) * (code == F) for y in years} for i, code in enumerate(CODES)
        }

    years = range(2021, 2025)
    values = {"a": rising(range(2018, 2025)), "b": rising(years), "c": rising(years)}
    given = example_cold(
        indicators=[Spec(code) for code in values],
        values=values,
        comparable_years=dict.fromkeys(CODES, range(2018, 2025)),
        inhabitants={},
    )
    assert only(given, F).trend.years == tuple(years)


def test_theme_trend_needs_the_same_half_of_the_indicators_in_all_years():
    # a and b in the odd years, c and d in the even ones: half each year, but never the same half
    def some(years):
        return {code: {y: float(i) for y in years} for i, code in enumerate(CODES)}

    odd, even = (2021, 2023), (2022, 2024)
    values = {"a": some(odd), "b": some(odd), "c": some(even), "d": some(even)}
    given = example_cold(
        indicators=[Spec(code) for code in values],
        values=values,
        comparable_years=dict.fromkeys(CODES, range(2021, 2025)),
        inhabitants={},
    )
    theme = only(given, F)
    assert theme.coverage == 1
    assert (theme.trend.class_, theme.trend.reason) == (None, "te_weinig_jaren")
