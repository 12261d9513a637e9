"""Codes with a number in them, and a whole theme, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from fieldapp.web.review import words


def step_words(code: str, count: int | None) -> str:
    """What to do next, with how many are still to go where that may be told."""
    if count and code == "stemmen_ophalen":
        text: str = ngettext(
            "Te weinig stemmen, nog %(num)s te gaan.",
            "Te weinig stemmen, nog %(num)s te gaan.",
            count,
        )
        return text
    if count and code == "andere_plekken_bezoeken":
        more: str = ngettext(
            "De stemmen komen van te weinig plekken. Bezoek nog %(num)s ander portiek of straat.",
            "De stemmen komen van te weinig plekken. Bezoek nog %(num)s andere portieken of "
            "straten.",
            count,
        )
        return more
    return words.word(words.STEPS, code)


Z_WORDS: Final = (
    (1.5, _l("veel gunstiger dan elders")),
    (0.5, _l("gunstiger dan elders")),
    (-0.5, _l("ongeveer als elders")),
    (-1.5, _l("ongunstiger dan elders")),
    (-9.0, _l("veel ongunstiger dan elders")),
)


def z_words(z: float | None, reason: str | None) -> str:
    """A comparison in words; without one the reason why not."""
    if z is None:
        return words.word(words.REASONS, reason)
    # -0.5 itself is already unfavourable, as 0.5 is favourable.
    found = next(text for limit, text in Z_WORDS if z > limit or (z == limit and limit > 0))
    return str(found)


MOODS: Final = (
    (0.5, _l("vooral goed")),
    (-0.5, _l("wisselend")),
    (-9.0, _l("vooral niet goed")),
)


def mood_words(valence: float) -> str:
    """A mean valence (-2 to 2) in words."""
    return str(next(text for limit, text in MOODS if valence > limit))


def theme_sentence(theme: Mapping[str, Any]) -> str:
    """What a theme says in one or two sentences, from its part of the profile's JSON."""
    cold, residents = theme["cold"], theme["warm"]["bewoners"]
    first = words.word(words.COLD_SENTENCES, cold["class"])
    n = residents["n"] or 0
    verdict = theme["confrontation"]
    if verdict == "nog_niet_te_duiden":
        parts = [first or words.word(words.MISSING, "koud")]
        if residents["class"]:
            parts.append(_warm_alone(residents["class"], n))
        elif not theme["next_steps"]:  # a step says it with how many are still to go
            parts.append(words.word(words.MISSING, "warm"))
        return " ".join(parts)
    seconds = {
        "bevestigd_gunstig": _("Bewoners zeggen hetzelfde (%(n)s stemmen).", n=n),
        "bevestigd_zorgelijk": _("Bewoners zeggen hetzelfde (%(n)s stemmen).", n=n),
        "verborgen_zorg": _(
            "Bewoners zijn minder tevreden dan de cijfers doen verwachten (%(n)s stemmen).", n=n
        ),
        "verborgen_kracht": _(
            "Bewoners zijn tevredener dan de cijfers doen verwachten (%(n)s stemmen).", n=n
        ),
        "warmer_dan_cijfers": _("Bewoners zijn tevreden (%(n)s stemmen).", n=n),
        "geen_uitgesproken_beeld": _("Bewoners zijn verdeeld (%(n)s stemmen).", n=n),
    }
    return f"{first} {seconds.get(verdict, '')}".strip()


def _warm_alone(class_: str, n: int) -> str:
    mood = words.word(words.WARM, class_)
    return str(_("Bewoners zijn %(mood)s (%(n)s stemmen).", mood=mood, n=n))
