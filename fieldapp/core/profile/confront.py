"""Chapter 3, confrontation: figures beside residents' voices, as one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from fieldapp.core.profile.constants import MIN_CLUSTERS
from fieldapp.core.profile.values import (
    ColdTheme,
    Confrontation,
    GroupResult,
    NextStep,
    ThemeProfile,
)

NOG_NIET: Final = "nog_niet_te_duiden"
WRINGT: Final = frozenset({"verborgen_zorg", "verborgen_kracht"})

# (cold class, warm class of the residents) -> verdict; method.md chapter 3, row by row.
VERDICTS: Final[Mapping[tuple[str, str], str]] = {
    ("gunstig", "positief"): "bevestigd_gunstig",
    ("gunstig", "gemengd"): "geen_uitgesproken_beeld",
    ("gunstig", "negatief"): "verborgen_zorg",
    ("gemiddeld", "positief"): "warmer_dan_cijfers",
    ("gemiddeld", "gemengd"): "geen_uitgesproken_beeld",
    ("gemiddeld", "negatief"): "verborgen_zorg",
    ("zorgelijk", "positief"): "verborgen_kracht",
    ("zorgelijk", "gemengd"): "geen_uitgesproken_beeld",
    ("zorgelijk", "negatief"): "bevestigd_zorgelijk",
}


def confront(cold: ColdTheme, bewoners: GroupResult, professionals: GroupResult) -> Confrontation:
    """Lay cold beside the residents' class; without one of them, say what is missing and next."""
    differ = _differ(bewoners, professionals)
    if cold.class_ is not None and bewoners.class_ is not None:
        verdict = VERDICTS[cold.class_, bewoners.class_]
        return Confrontation(verdict, wringt=verdict in WRINGT, groups_differ=differ)
    missing: list[str] = []
    steps: list[NextStep] = []
    if cold.class_ is None:
        missing.append("koud")
        steps.append(NextStep("cijfers_aanvullen"))
    if bewoners.class_ is None:
        missing.append("warm")
        steps.append(_more_voices(bewoners))
    return Confrontation(NOG_NIET, False, differ, tuple(missing), tuple(steps))


def _differ(bewoners: GroupResult, professionals: GroupResult) -> bool:
    classes = (bewoners.class_, professionals.class_)
    return None not in classes and classes[0] != classes[1]


def _more_voices(bewoners: GroupResult) -> NextStep:
    """Next step for the warm side; without a count where the number of voices is hidden."""
    if bewoners.reason != "te_weinig_plekken":
        return NextStep("stemmen_ophalen", bewoners.missing_to_k)
    places = None if bewoners.clusters is None else MIN_CLUSTERS - bewoners.clusters
    return NextStep("andere_plekken_bezoeken", places)


def wringt_first(themes: Iterable[ThemeProfile]) -> list[ThemeProfile]:
    """Return the themes as a page shows them: those that wring first, else in their order."""
    return sorted(themes, key=lambda theme: not theme.confrontation.wringt)
