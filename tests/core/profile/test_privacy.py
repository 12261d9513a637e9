from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.core.profile.build import build_profile
from fieldapp.core.profile.privacy import for_publication, hide, round_count, suppress
from tests.core.profile.samples import A, G, example, voice


def profile(n, area=G, **background):
    voices = [voice(f"v{i}", 0.5 + i / 100, background=background) for i in range(n)]
    return build_profile(
        example(area=area, voices=voices, composition={"tenure": {"koop": 1, "huur_overig": 1}})
    )


def test_below_five_no_figure_is_left():
    (theme,) = profile(4).themes
    assert theme.bewoners.mean is theme.bewoners.low is theme.bewoners.raked is None
    assert (theme.bewoners.n, theme.bewoners.missing_to_k) == (4, 1)
    assert theme.confrontation.verdict == "nog_niet_te_duiden"


def test_published_below_ten_nothing_points_to_the_number():
    inside = profile(9, tenure="koop")
    assert inside.themes[0].confrontation.verdict == "verborgen_kracht"
    outside = for_publication(inside)
    (theme,) = outside.themes
    warm = outside.to_dict()["themes"][0]["warm"]["bewoners"]
    assert warm.pop("reason") == "te_weinig_stemmen"
    assert set(warm.values()) == {None}
    assert theme.confrontation.verdict == "nog_niet_te_duiden"
    assert not theme.confrontation.wringt
    assert [step.count for step in theme.confrontation.next_steps] == [None]
    tenure = outside.heard.backgrounds[2]
    assert (tenure.voices, tenure.known) == (None, None)
    assert all(g.heard is g.expected is g.ratio is None and g.hidden for g in tenure.groups)


def test_published_from_ten_voices_on_rounded():
    outside = for_publication(profile(12, tenure="koop"))
    warm = outside.themes[0].bewoners
    # voices .50 .51 .. .61: mean .555
    assert warm.n == 10
    assert warm.mean in (0.55, 0.56)
    assert warm.clusters is None
    assert outside.k == 10


def test_an_area_with_few_people_publishes_nothing():
    few = replace(profile(20, area=A), inhabitants=99)
    outside = for_publication(few)
    assert outside.themes == ()
    assert outside.heard.backgrounds == outside.heard.doors == ()
    assert [note.code for note in outside.notes] == ["te_weinig_inwoners"]
    assert for_publication(replace(few, inhabitants=None)).themes == ()
    assert for_publication(replace(few, inhabitants=100)).themes != ()


def test_places_are_not_published():
    door = voice("d", 0.5, cluster="p1", doors_tried=3)
    inside = build_profile(example(voices=[door]))
    assert len(inside.heard.doors) == 1
    assert for_publication(inside).heard.doors == ()


def test_small_groups_of_the_heard_are_removed_and_the_next_smallest_with_them():
    groups = {"koop": 20, "huur_corporatie": 8, "huur_overig": 2}
    voices = [
        voice(f"{group}{i}", 0.5, background={"tenure": group})
        for group, n in groups.items()
        for i in range(n)
    ]
    found = build_profile(example(voices=voices, composition={"tenure": dict.fromkeys(groups, 1)}))
    tenure = {group.code: group for group in found.heard.backgrounds[2].groups}
    assert (tenure["koop"].heard, tenure["koop"].ratio) == (20, 2)
    assert tenure["huur_overig"].heard is tenure["huur_overig"].ratio is None
    assert tenure["huur_corporatie"].heard is None
    assert tenure["huur_overig"].under_heard  # that too few were heard must still be seen


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 9, "b": 7, "c": 3}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 4, "c": 3}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 7, "c": 0}, {"a": 9, "b": 7, "c": 0}),
        ({"a": 9, "b": 3, "c": 0}, {"a": None, "b": None, "c": 0}),
        ({"a": 3, "b": 0}, {"a": None, "b": None}),
        ({"a": 3}, {"a": None}),
    ],
)
def test_suppress(counts, shown):
    assert suppress(counts, 5) == shown


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40), min_size=2))
def test_a_hidden_cell_cannot_be_had_by_subtraction(counts):
    shown = suppress(counts, 5)
    hidden = [code for code, count in shown.items() if count is None]
    assert len(hidden) != 1
    assert all(shown[code] == count for code, count in counts.items() if code not in hidden)
    assert all(code in hidden for code, count in counts.items() if 0 < count < 5)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 30))
def test_hiding_twice_changes_nothing(n):
    inside = profile(n, tenure="koop")
    assert hide(inside, 5) == inside
    outside = for_publication(inside)
    assert for_publication(outside) == outside
    assert hide(outside, 5) == outside  # what is published cannot be un-hidden


def test_counts_are_rounded_to_five():
    assert [round_count(n) for n in (0, 2, 3, 7, 8, 12, 13, 15)] == [0, 0, 5, 5, 10, 10, 15, 15]


def test_a_threshold_below_five_is_refused():
    with pytest.raises(ValueError, match="below the lowest"):
        example(k=4)


def test_published_json_has_no_number_of_a_hidden_group():
    text = json.dumps(for_publication(profile(7)).to_dict()["themes"][0]["warm"])
    assert "7" not in text


def test_published_groups_lose_what_gives_the_count_back():
    voices = [
        voice(f"{group}{i}", 0.5, background={"tenure": group})
        for group, n in {"koop": 23, "huur_overig": 11}.items()
        for i in range(n)
    ]
    composition = {"tenure": {"koop": 1, "huur_overig": 1}}
    outside = for_publication(build_profile(example(voices=voices, composition=composition)))
    tenure = outside.heard.backgrounds[2]
    assert (tenure.known, [group.heard for group in tenure.groups]) == (35, [25, 10])
    assert all(group.expected is group.ratio is None for group in tenure.groups)
