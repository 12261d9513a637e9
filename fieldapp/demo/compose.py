"""The whole fictional gemeente as plain values: `demo_world(seed)` gives the same every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fieldapp.core.indicator import load_catalogue
from fieldapp.core.survey import Survey, read_survey
from fieldapp.demo.areas import DemoArea, Portiek, make_areas, make_portieken
from fieldapp.demo.composer import LAST_DAY, Composer, rng_of
from fieldapp.demo.figures import DemoValue, make_positions, make_values
from fieldapp.demo.people import DemoPerson, DemoRound, make_people, make_rounds
from fieldapp.demo.stories import Stories, read_stories
from fieldapp.demo.submissions import DemoStatement, DemoSubmission
from fieldapp.paths import SURVEYS

SEED = 2029
# Conversations choose their texts first: an enquete may do without.
_SURVEYS = ("bewonersgesprek", "portiekgesprek", "observatie", "professional", "bewonersenquete")


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """All there is to store."""

    stories: Stories
    areas: tuple[DemoArea, ...]
    portieken: Mapping[str, tuple[Portiek, ...]]
    indicator_values: tuple[DemoValue, ...]
    submissions: tuple[DemoSubmission, ...]
    statements: tuple[DemoStatement, ...]
    people: tuple[DemoPerson, ...]
    rounds: tuple[DemoRound, ...]
    surveys: Mapping[str, Survey]


def demo_world(seed: int = SEED, surveys: Path = SURVEYS, last_day: date = LAST_DAY) -> DemoWorld:
    """Voorbeeldstad (verzonnen), complete; the same seed and day give the same world.

    Voices speak in the year up to `last_day`; figures, as in life, are two years behind.
    """
    stories = read_stories()
    areas = make_areas(stories, rng_of(seed, "areas"))
    portieken = make_portieken(stories, areas, rng_of(seed, "portieken"))
    catalogue = load_catalogue(surveys / "frameworks" / "indicators.yaml")
    people = make_people(stories)
    definitions = {name: read_survey(surveys / name / "survey.yaml") for name in _SURVEYS}
    positions = make_positions(stories, rng_of(seed, "positions"))
    composer = Composer(seed, last_day, stories, positions, areas, portieken, people, definitions)
    submissions = tuple(sorted(composer.submissions(), key=lambda s: (s.captured_at, s.id)))
    return DemoWorld(
        stories=stories,
        areas=areas,
        portieken=portieken,
        indicator_values=make_values(
            stories, catalogue, positions, last_day.year - 2, rng_of(seed, "figures")
        ),
        submissions=submissions,
        statements=tuple(composer.statements),
        people=people,
        rounds=make_rounds(stories, last_day),
        surveys=definitions,
    )
