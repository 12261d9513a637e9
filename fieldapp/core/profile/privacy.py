"""Chapter 5, privacy: the threshold k. What is hidden is removed from the values, not flagged.

Everything that follows from a hidden figure (class, verdict, next step, raked mean) is removed or
decided anew. Rounding and the second hidden cell are here for single profiles; the attack test over
all publications together is the work of the publishing step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fieldapp.core.profile.confront import confront
from fieldapp.core.profile.constants import (
    K_INTERNAL,
    K_PUBLIC,
    MIN_INHABITANTS,
    PUBLIC_DECIMALS,
    PUBLIC_ROUNDING,
    STEVIG_FROM,
)
from fieldapp.core.profile.values import (
    GroupResult,
    Heard,
    HeardBackground,
    HeardGroup,
    Note,
    Profile,
    ThemeProfile,
)
from fieldapp.core.profile.warm import too_few


def hide(profile: Profile, k: int = K_INTERNAL, *, published: bool = False) -> Profile:
    """Return the profile without figures on fewer than k voices; never a smaller k than it has.

    `published`: counts are rounded to 5, places go, numbers of voices below k go too, and an area
    with fewer than 100 inhabitants, or an unknown number, shows nothing.
    """
    k = max(k, profile.k)
    published = published or profile.published
    if published and (profile.inhabitants or 0) < MIN_INHABITANTS:
        return _withheld(profile, k)
    return replace(
        profile,
        themes=tuple(_theme(theme, k, published) for theme in profile.themes),
        heard=_heard(profile.heard, k, published),
        k=k,
        published=published,
    )


def for_publication(profile: Profile) -> Profile:
    """Return the profile as it may leave the organisation: k = 10 and all of `published`."""
    return hide(profile, K_PUBLIC, published=True)


def round_count(count: int) -> int:
    """Return a count rounded to the nearest 5."""
    return PUBLIC_ROUNDING * round(count / PUBLIC_ROUNDING)


def suppress(counts: Mapping[str, int | None], k: int) -> dict[str, int | None]:
    """Hide counts of 1 to k-1; if that is one cell only, hide the next smallest too.

    For a set whose total is shown. None = hidden before. A 0 is about nobody and stays, unless it
    is the only cell left to hide the first one behind.
    """
    shown = {code: None if count and count < k else count for code, count in counts.items()}
    if sum(count is None for count in shown.values()) == 1:
        rest = [(count == 0, count, code) for code, count in shown.items() if count is not None]
        if rest:
            shown[min(rest)[2]] = None
    return shown


def _withheld(profile: Profile, k: int) -> Profile:
    return replace(
        profile,
        inhabitants=None,
        themes=(),
        heard=Heard((), ()),
        notes=(Note("te_weinig_inwoners", {"minimum": MIN_INHABITANTS}),),
        k=k,
        published=True,
    )


def _theme(theme: ThemeProfile, k: int, published: bool) -> ThemeProfile:
    bewoners = _group(theme.bewoners, k, published)
    professionals = _group(theme.professionals, k, published)
    return replace(
        theme,
        bewoners=bewoners,
        professionals=professionals,
        confrontation=confront(theme.cold, bewoners, professionals),
    )


def _group(result: GroupResult, k: int, published: bool) -> GroupResult:
    if result.n is None:
        return result
    if result.n < k:
        return (
            GroupResult(n=None, reason="te_weinig_stemmen") if published else too_few(result.n, k)
        )
    if not published:
        return result
    n = round_count(result.n)
    return replace(
        result,
        n=n,
        mean=_rounded(result.mean),
        low=_rounded(result.low),
        high=_rounded(result.high),
        raked=_rounded(result.raked),
        reliability="stevig" if n >= STEVIG_FROM else "indicatief",
        clusters=None,
    )


def _rounded(figure: float | None) -> float | None:
    """Round a published mean: all its decimals would give away the exact number of voices."""
    return None if figure is None else round(figure, PUBLIC_DECIMALS) + 0.0


def _heard(heard: Heard, k: int, published: bool) -> Heard:
    return Heard(
        backgrounds=tuple(_background(one, k, published) for one in heard.backgrounds),
        doors=() if published else heard.doors,
    )


def _background(background: HeardBackground, k: int, published: bool) -> HeardBackground:
    known, voices = background.known, background.voices
    if known is None or 0 < known < k:
        groups = tuple(
            HeardGroup(group.code, None, None, None, False, hidden=True)
            for group in background.groups
        )
        known = None
    else:
        shown = suppress({group.code: group.heard for group in background.groups}, k)
        groups = tuple(_heard_group(g, shown[g.code], published) for g in background.groups)
    if voices is not None and 0 < voices < k:
        voices = None
    return replace(
        background,
        voices=_count(voices, published),
        known=_count(known, published),
        groups=groups,
    )


def _heard_group(group: HeardGroup, count: int | None, published: bool) -> HeardGroup:
    """One group; published it loses expected and ratio, which together give the count back."""
    hidden = count is None
    return replace(
        group,
        heard=_count(count, published),
        expected=None if published else group.expected,
        ratio=None if published or hidden else group.ratio,
        hidden=hidden,
    )


def _count(count: int | None, published: bool) -> int | None:
    return round_count(count) if published and count is not None else count
