"""The worked example of fieldapp/core/profile/README.md, and small builders for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldapp.core.profile.values import ColdInput, Period, ProfileInput, Vintage, Voice

PERIOD = Period(date(2025, 3, 1), date(2025, 6, 30))
CODES = tuple(f"BU0001000{i}" for i in range(1, 9))  # A .. H
A, B, C, D, E, F, G, H = CODES
INHABITANTS = dict(zip(CODES, (100, 200, 300, 400, 500, 600, 700, 200), strict=True))


@dataclass(frozen=True)
class Spec:
    code: str
    theme: str = "veiligheid"
    kind: str = "share"
    polarity: int = 1
    source: str = "CBS"


THEFT = Spec("diefstal", polarity=-1)
FEELS_SAFE = Spec("veilig_gevoel", kind="estimate", source="RIVM")
NUISANCE = Spec("overlast", polarity=-1)
RENT = Spec("huur", polarity=0)
INCIDENTS = Spec("aangiften", kind="count", polarity=-1)


def in_year(year, figures):
    """Areas A .. with one figure each, all of one year."""
    return {code: {year: figure} for code, figure in zip(CODES, figures, strict=True)}


def example_cold(**changes):
    given = {
        "indicators": (THEFT, FEELS_SAFE, NUISANCE, RENT, INCIDENTS),
        "values": {
            "diefstal": in_year(2024, (2, 4, 6, 8, 10, 12, 14, 30)),
            "veilig_gevoel": in_year(2022, (70, 70, 70, 70, 70, 70, 60, 80)),
            "huur": in_year(2024, (10, 20, 30, 40, 50, 60, 70, 80)),
            "aangiften": in_year(2024, (5, 5, 5, 5, 5, 5, 5, 500)),
        },
        "inhabitants": INHABITANTS,
        "year": 2024,
        "gemeente_codes": CODES,
        "themes": ("veiligheid",),
    }
    return ColdInput(**{**given, **changes})


def voice(id, *signals, cluster=None, group="bewoners", theme="veiligheid", **more):
    return Voice(id, group, {theme: signals} if signals else {}, cluster=cluster, **more)


EXAMPLE_VOICES = (
    voice("v1", 0.5, 1.0, cluster="p1"),
    voice("v2", 0.25, cluster="p1"),
    voice("v3", 0.5, cluster="p2"),
    voice("v4", 1.0, cluster="p3"),
    voice("v5", 0.5),
    voice("v6", 0.0),
)


def example(**changes):
    given = {
        "area": G,
        "period": PERIOD,
        "cold": example_cold(),
        "voices": EXAMPLE_VOICES,
        "vintages": (Vintage("RIVM", 2022, "oktober 2023"), Vintage("CBS", 2024)),
    }
    return ProfileInput(**{**given, **changes})
