"""Demo people for each role, and the rounds that are open. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.demo.stories import Stories

ORGANISATION = "Voorbeeldstad (verzonnen)"

# For a fictional town only: services/make_demo refuses to run in production mode.
PASSWORD = "voorbeeld-2026"  # noqa: S105


YEAR = 365  # days from the opening of the rounds to the last voice


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A log-in; area_code None: in the whole organisation."""

    email: str
    name: str
    role: str
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class DemoRound:
    """A collection period of one survey."""

    slug: str
    name: str
    survey: str
    area_codes: tuple[str, ...]
    opens_on: date
    closes_on: date | None
    is_public: bool
    target: int | None


def round_slug(survey: str) -> str:
    """The link of the round of this survey."""
    return f"voorbeeldstad-{survey}"


def make_people(stories: Stories) -> tuple[DemoPerson, ...]:
    """One person per role, and a second buurtbeheerder who sees one wijk only."""
    first_wijk = stories.wijken[0][0]
    rows = (
        ("beheerder", "Beheerder Voorbeeld (verzonnen)", "beheerder", None),
        ("wijkmanager", "Wijkmanager Voorbeeld (verzonnen)", "wijkmanager", None),
        ("analist", "Analist Voorbeeld (verzonnen)", "analist", None),
        ("gespreksvoerder", "Gespreksvoerder Voorbeeld (verzonnen)", "gespreksvoerder", None),
        ("buurtbeheerder", "Buurtbeheerder Voorbeeld (verzonnen)", "buurtbeheerder", None),
        ("noordoever", "Buurtbeheerder Noordoever (verzonnen)", "buurtbeheerder", first_wijk),
    )
    return tuple(DemoPerson(f"{n}@voorbeeld.example", name, role, a) for n, name, role, a in rows)


def make_rounds(stories: Stories, last_day: date) -> tuple[DemoRound, ...]:
    """An open round of every survey in all buurten; the residents' survey has a public link."""
    codes = tuple(buurt.code for buurt in stories.buurten)
    opens = last_day - timedelta(days=YEAR)
    names = {
        "bewonersenquete": ("Bewonersenquête 2026", True, 400),
        "bewonersgesprek": ("Bewonersgesprekken 2026", False, 200),
        "portiekgesprek": ("Portiekgesprekken 2026", False, 72),
        "observatie": ("Rondes door de buurt 2026", False, None),
        "professional": ("Professionele duiding 2026", False, 80),
    }
    return tuple(
        DemoRound(
            round_slug(survey),
            f"{name} (verzonnen)",
            survey,
            codes,
            opens,
            None,
            public,
            target,
        )
        for survey, (name, public, target) in names.items()
    )
