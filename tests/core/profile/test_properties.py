"""What must hold for any input, tried on many."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.core.profile.build import build_profile
from fieldapp.core.profile.cold import cold_profile
from fieldapp.core.profile.values import Voice
from tests.core.profile.samples import CODES, THEFT, G, Spec, example, example_cold

signals = st.lists(st.integers(-10, 10).map(lambda n: n / 10), max_size=3).map(tuple)
voices = st.lists(
    st.builds(
        lambda n, group, said, cluster, tenure: Voice(
            f"v{n:05}",
            group,
            {"veiligheid": said} if said else {},
            cluster,
            {"tenure": tenure} if tenure else {},
        ),
        st.integers(0, 99999),
        st.sampled_from(["bewoners", "professionals"]),
        signals,
        st.sampled_from([None, "p1", "p2", "p3"]),
        st.sampled_from([None, "koop", "huur_overig"]),
    ),
    max_size=25,
    unique_by=lambda v: v.id,
)
figures = st.lists(
    st.one_of(st.none(), st.integers(-500, 500).map(lambda n: n / 10)), min_size=8, max_size=8
)
people = st.lists(st.one_of(st.none(), st.integers(0, 900)), min_size=8, max_size=8)
few = settings(max_examples=60, deadline=None)
COMPOSITION = {"tenure": {"koop": 60.0, "huur_overig": 40.0}}


def warm(voices):
    (theme,) = build_profile(example(voices=voices, composition=COMPOSITION)).themes
    return theme.bewoners, theme.professionals


@few
@given(voices, st.randoms(use_true_random=False))
def test_the_order_of_the_voices_does_not_matter(voices, dice):
    shuffled = list(voices)
    dice.shuffle(shuffled)
    given_ = example(voices=voices, composition=COMPOSITION)
    assert build_profile(given_) == build_profile(replace(given_, voices=shuffled))


@few
@given(voices, st.integers(1, 5))
def test_weet_niet_changes_no_figure(voices, more):
    silent = [
        Voice(f"w{i}", "bewoners", {"veiligheid": ()} if i % 2 else {}, "p9") for i in range(more)
    ]
    assert warm([*voices, *silent]) == warm(voices)


@few
@given(voices, st.integers(2, 6))
def test_who_talks_long_counts_once(voices, times):
    longer = [
        replace(v, signals={theme: said * times for theme, said in v.signals.items()})
        for v in voices
    ]
    for before, after in zip(warm(voices), warm(longer), strict=True):
        assert replace(after, mean=None, low=None, high=None, raked=None) == replace(
            before, mean=None, low=None, high=None, raked=None
        )
        for name in ("mean", "low", "high", "raked"):
            # equal but for rounding of the mean of a voice's signals
            assert getattr(after, name) == pytest.approx(getattr(before, name), abs=1e-9)


@few
@given(voices)
def test_the_mirror_of_all_signals_mirrors_the_mean(voices):
    mirrored = [
        replace(v, signals={t: tuple(-s for s in said) for t, said in v.signals.items()})
        for v in voices
    ]
    for before, after in zip(warm(voices), warm(mirrored), strict=True):
        assert after.n == before.n
        if before.mean is not None:
            assert after.mean == -before.mean


@few
@given(voices)
def test_figures_stay_in_bounds_and_below_k_there_are_none(voices):
    for found in warm(voices):
        assert (found.mean is None) == (found.n < 5)
        assert (found.class_ is None) == (found.low is None)
        if found.low is not None:
            assert -1 <= found.low <= found.high <= 1
            assert found.clusters >= 3


def cold(row, inhabitants, polarity, area=G):
    values = {code: {2024: x} for code, x in zip(CODES, row, strict=True) if x is not None}
    given_ = example_cold(
        indicators=(replace(THEFT, polarity=polarity),),
        values={"diefstal": values},
        inhabitants=dict(zip(CODES, inhabitants, strict=True)),
    )
    (theme,) = cold_profile(area, given_)
    return theme


@few
@given(figures, people)
def test_turning_the_polarity_mirrors_z(row, inhabitants):
    for area in CODES:
        up, down = (cold(row, inhabitants, polarity, area) for polarity in (1, -1))
        if up.score is None:
            assert down.score is None
        else:
            assert up.score == -down.score
            assert -3 <= up.score <= 3


@few
@given(figures, people, st.integers(-4, 4), st.sampled_from([0.5, 2.0, 8.0]))
def test_another_unit_changes_no_z(row, inhabitants, shift, factor):
    """Percent or share, metres or kilometres: the score stays (steps exact in binary)."""
    row = [None if x is None else round(x) for x in row]
    other = [None if x is None else x * factor + shift for x in row]
    assert cold(other, inhabitants, 1).score == pytest.approx(
        cold(row, inhabitants, 1).score, abs=1e-9
    )


@few
@given(figures, people)
def test_context_never_moves_the_score(row, inhabitants):
    values = {code: {2024: x} for code, x in zip(CODES, row, strict=True) if x is not None}
    base = example_cold(inhabitants=dict(zip(CODES, inhabitants, strict=True)))
    more = replace(
        base,
        indicators=(*base.indicators, Spec("herkomst", polarity=0), Spec("n", kind="count")),
        values={**base.values, "herkomst": values, "n": values},
    )
    (before,), (after,) = cold_profile(G, base), cold_profile(G, more)
    assert (after.score, after.coverage) == (before.score, before.coverage)
