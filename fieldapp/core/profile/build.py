"""From all input to one buurtprofiel: the chapters in order, then the threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from fieldapp.core.profile.cold import cold_profile
from fieldapp.core.profile.confront import confront
from fieldapp.core.profile.constants import BEWONERS, GROUPS
from fieldapp.core.profile.heard import heard, raked_mean
from fieldapp.core.profile.privacy import hide
from fieldapp.core.profile.values import (
    ColdTheme,
    GroupResult,
    IndicatorScore,
    Note,
    Profile,
    ProfileInput,
    ThemeProfile,
)
from fieldapp.core.profile.warm import check_ids, speaking, warm_group


def build_profile(given: ProfileInput, cold: Sequence[ColdTheme] | None = None) -> Profile:
    """Return the buurtprofiel of one area, with figures below `given.k` voices removed.

    `cold`: the area's part of `cold_profiles(...)`, for callers that build many areas at once.
    Raises ValueError where a voice id occurs twice.
    """
    check_ids(given.voices)
    figures = tuple(cold) if cold is not None else cold_profile(given.area, given.cold)
    themes = tuple(_theme(given, theme) for theme in figures)
    asked = given.cold
    codes = set(asked.gemeente_codes)
    if asked.reference == "alle":
        codes |= set(asked.all_codes)
    profile = Profile(
        area=given.area,
        period=given.period,
        year=asked.year,
        inhabitants=asked.inhabitants.get(given.area),
        reference=asked.reference,
        reference_size=len(codes),
        vintages=tuple(sorted(given.vintages, key=lambda v: (v.source, v.year, v.edition))),
        themes=themes,
        heard=heard(given.voices, given.composition),
        notes=tuple(_notes(given, figures)),
        k=given.k,
    )
    return hide(profile, given.k)


def _theme(given: ProfileInput, cold: ColdTheme) -> ThemeProfile:
    bewoners, professionals = (
        warm_group(given.voices, given.area, cold.code, given.period, group, given.k)
        for group in GROUPS
    )
    bewoners = _with_raked(given, cold.code, bewoners)
    return ThemeProfile(
        cold.code, cold, bewoners, professionals, confront(cold, bewoners, professionals)
    )


def _with_raked(given: ProfileInput, theme: str, result: GroupResult) -> GroupResult:
    if result.mean is None:
        return result
    raked, reason = raked_mean(speaking(given.voices, theme, BEWONERS), given.composition)
    return replace(result, raked=raked, raked_reason=reason)


def _notes(given: ProfileInput, figures: Iterable[ColdTheme]) -> Iterable[Note]:
    """What the reader must know of how this profile came about."""
    scores = [score for theme in figures for score in theme.indicators]
    kinds = {spec.code: spec.kind for spec in given.cold.indicators}

    def codes(wanted: Callable[[IndicatorScore], bool]) -> tuple[str, ...]:
        return tuple(score.code for score in scores if score.z is not None and wanted(score))

    about = {
        "referentie_verruimd": codes(
            lambda s: s.reference is not None and s.reference.group != given.cold.reference
        ),
        "gelijke_gewichten": codes(
            lambda s: s.reference is not None and s.reference.weights == "gelijk"
        ),
        "modelschatting": codes(lambda s: kinds.get(s.code) == "estimate"),
        "grenzen_herrekend": codes(lambda s: s.trend is not None and s.trend.reexpressed),
    }
    yield from (Note(code, {"indicators": found}) for code, found in about.items() if found)
    spoken = {theme for voice in given.voices for theme in voice.signals}
    if unknown := tuple(sorted(spoken - set(given.cold.themes))):
        yield Note("onbekend_thema", {"themes": unknown})
