"""Chapter 2. The interval is redone here with plain loops, from the text of the method alone."""

from __future__ import annotations

import hashlib
import random
import time

import numpy as np
import pytest

from fieldapp.core.profile.constants import METHOD_VERSION, THEMES
from fieldapp.core.profile.values import Voice
from fieldapp.core.profile.warm import clusters_of, speaking, warm_class, warm_group, warm_profile
from tests.core.profile.samples import EXAMPLE_VOICES, PERIOD, G, voice


def group(voices, **more):
    return warm_group(voices, G, "veiligheid", PERIOD, "bewoners", **more)


def plain_interval(voices, area, theme, start, end, source):
    """The text of the method, word for word, without any code of the product."""
    rows = []
    for one in sorted(voices, key=lambda v: v.id):
        signals = one.signals.get(theme, ())
        if one.group == source and signals:
            rows.append((one.cluster or one.id, sum(signals) / len(signals)))
    keys = sorted({key for key, _ in rows})
    text = f"{METHOD_VERSION}|{area}|{theme}|{start}|{end}|{source}"
    seed = int(hashlib.sha256(text.encode("utf-8")).hexdigest()[:16], 16)
    picks = np.random.Generator(np.random.PCG64(seed)).integers(
        0, len(keys), size=(2000, len(keys))
    )
    means = []
    for row in picks.tolist():
        values = [value for pick in row for key, value in rows if key == keys[pick]]
        means.append(sum(values) / len(values))
    means.sort()

    def percentile(share):
        place = share * (len(means) - 1)
        below = int(place)
        return means[below] + (place - below) * (means[below + 1] - means[below])

    return percentile(0.05), percentile(0.95)


def test_the_worked_example():
    # values .75 .25 .5 1 .5 0: mean 3 / 6; clusters p1 (two voices) p2 p3 v5 v6
    found = group(EXAMPLE_VOICES)
    assert (found.n, found.mean, found.clusters) == (6, 0.5, 5)
    assert (found.class_, found.reliability) == ("positief", "indicatief")
    assert found.low < 0.5 < found.high


def test_the_interval_again_with_plain_loops():
    expected = plain_interval(
        EXAMPLE_VOICES, G, "veiligheid", "2025-03-01", "2025-06-30", "bewoners"
    )
    found = group(EXAMPLE_VOICES)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


def test_a_larger_mixed_set_with_plain_loops():
    dice = random.Random(7)
    voices = [
        voice(
            f"id-{i:03}",
            *(dice.uniform(-1, 1) for _ in range(dice.randint(1, 4))),
            cluster=dice.choice([None, "p1", "p2", "p3", "z"]),
        )
        for i in dice.sample(range(100), 30)
    ]
    expected = plain_interval(voices, G, "veiligheid", "2025-03-01", "2025-06-30", "bewoners")
    found = group(voices)
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)
    assert found.reliability == "stevig"


def test_a_voice_named_like_a_portiek_stays_its_own_cluster():
    pairs = speaking([voice("p1", 1.0), voice("v2", 0.0, cluster="p1")], "veiligheid", "bewoners")
    assert clusters_of(pairs) == [[0.0], [1.0]]  # the portiek first


def test_an_empty_portiek_key_means_unknown():
    pairs = speaking(
        [voice("a", 1.0, cluster=""), voice("b", 0.0, cluster="")], "veiligheid", "bewoners"
    )
    assert len(clusters_of(pairs)) == 2


@pytest.mark.parametrize(
    ("n", "reliability", "missing"),
    [
        (0, None, 5),
        (4, None, 1),
        (5, "indicatief", None),
        (14, "indicatief", None),
        (15, "stevig", None),
    ],
)
def test_how_many_voices_give_what(n, reliability, missing):
    found = group([voice(f"v{i}", 0.5) for i in range(n)])
    assert (found.n, found.reliability, found.missing_to_k) == (n, reliability, missing)
    assert (found.mean is None) == (n < 5)
    assert found.reason == ("te_weinig_stemmen" if n < 5 else None)
    if n >= 5:
        assert (found.low, found.high, found.class_) == (0.5, 0.5, "positief")


@pytest.mark.parametrize(("places", "interval"), [(1, False), (2, False), (3, True)])
def test_too_few_places_give_a_mean_without_interval(places, interval):
    found = group([voice(f"v{i}", 0.5, cluster=f"p{i % places}") for i in range(9)])
    assert found.mean == 0.5
    assert (found.low is not None, found.class_ is not None) == (interval, interval)
    assert found.reason == (None if interval else "te_weinig_plekken")


def test_class_needs_the_whole_interval():
    assert warm_class(0.01, 0.2) == "positief"
    assert warm_class(0.0, 0.2) == "gemengd"
    assert warm_class(-0.2, 0.0) == "gemengd"
    assert warm_class(-0.2, -0.01) == "negatief"


def test_sums_that_are_zero_but_for_rounding_are_zero():
    # 0.1 + 0.2 - 0.3 is 5.6e-17 in floats; a voice like that is neither glad nor sad
    found = group([voice(f"v{i}", 0.1, 0.2, -0.3) for i in range(6)])
    assert (found.low, found.high, found.class_) == (0, 0, "gemengd")


def test_groups_stay_apart():
    voices = [voice(f"b{i}", 1.0) for i in range(5)]
    voices += [voice(f"p{i}", -1.0, group="professionals") for i in range(5)]
    found = warm_profile(voices, G, PERIOD, ("veiligheid", "wonen"))
    assert found["veiligheid"]["bewoners"].mean == 1
    assert found["veiligheid"]["professionals"].mean == -1
    assert found["wonen"]["bewoners"].n == 0


def test_one_voice_given_twice_is_refused():
    with pytest.raises(ValueError, match="v1 is given twice"):
        warm_profile([voice("v1", 1.0), voice("v1", 0.5)], G, PERIOD)


@pytest.mark.parametrize("signal", [1.1, -1.1, float("nan"), float("inf")])
def test_signals_outside_the_scale_are_refused(signal):
    with pytest.raises(ValueError, match="outside"):
        voice("v1", signal)


def test_an_unknown_group_is_refused():
    with pytest.raises(ValueError, match="unknown group"):
        voice("v1", 1.0, group="bewoner")


def test_two_hundred_voices_on_all_themes_are_quick():
    dice = random.Random(1)
    voices = [
        Voice(
            f"v{i}",
            ("bewoners", "professionals")[i % 2],
            {theme: (dice.uniform(-1, 1),) for theme in THEMES},
        )
        for i in range(200)
    ]

    def once():
        start = time.perf_counter()
        warm_profile(voices, G, PERIOD)
        return time.perf_counter() - start

    assert min(once() for _ in range(5)) < 0.06
