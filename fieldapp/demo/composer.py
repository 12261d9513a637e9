"""Who speaks where and when in each buurt: voices drawn from the stories, surveys filled in."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from shapely import MultiPolygon

from fieldapp.core.answers import Answer
from fieldapp.core.redact import find
from fieldapp.core.survey import THEMES, Survey
from fieldapp.demo.areas import DemoArea, Portiek, point_near
from fieldapp.demo.figures import Positions
from fieldapp.demo.people import DemoPerson
from fieldapp.demo.stories import Buurt, Stories, read_yaml
from fieldapp.demo.submissions import DemoPicture, DemoStatement, DemoSubmission
from fieldapp.demo.texts import DemoText, TextPool, read_texts
from fieldapp.demo.voices import Filled, Filler, Voice, draw, mood

LAST_DAY = date(2026, 11, 14)
DAYS = 350  # within the twelve months that a profile shows unasked
_NAMESPACE = uuid.UUID("6e1cf2c4-5f0e-4c39-9f0f-9990a0b0c0d0")
_NOT_YET_CODED = timedelta(days=14)
_AGREE = 0.35  # how far people agree with the figures where there is no story
_PRO = frozenset({"professional", "observatie"})
_BACKGROUNDS = ("age_band", "household", "tenure")


def rng_of(seed: int, name: str) -> random.Random:
    """A source of chance of its own per part, so that one part can change without the others."""
    return random.Random(f"{seed} {name}")  # noqa: S311 - fiction needs no secrets


class Composer:
    """Makes the submissions of all buurten in turn, so that texts are spread over them."""

    def __init__(
        self,
        seed: int,
        last_day: date,
        stories: Stories,
        positions: Positions,
        areas: tuple[DemoArea, ...],
        portieken: Mapping[str, tuple[Portiek, ...]],
        people: tuple[DemoPerson, ...],
        surveys: Mapping[str, Survey],
    ) -> None:
        self.seed, self.stories, self.portieken, self.people = seed, stories, portieken, people
        self.positions, self.last_day = positions, last_day
        self.shapes = {area.code: area.geometry for area in areas}
        self.rng = rng_of(seed, "voices")
        pool, notes = TextPool(read_texts(), self.rng), TextPool(_notes(), self.rng)
        self.fillers = {n: Filler(s, pool, notes, self.rng) for n, s in surveys.items()}
        self.statements: list[DemoStatement] = []

    def submissions(self) -> Iterator[DemoSubmission]:
        for name, filler in self.fillers.items():
            kind = filler.survey.kind
            todo = [b for b in self.stories.buurten for _ in range(b.voices.get(kind, 0))]
            self.rng.shuffle(todo)
            for number, buurt in enumerate(todo):
                yield self._one(name, filler, buurt, number)

    def _one(self, name: str, filler: Filler, buurt: Buurt, number: int) -> DemoSubmission:
        place = self._place(buurt, filler.survey.kind, number)
        voice = self._voice(buurt, filler.survey.kind, place)
        filled = filler.fill(voice)
        lon, lat = point_near(place, self._shape(buurt), self.rng)
        public = filler.survey.kind == "enquete"
        submission = DemoSubmission(
            id=uuid.uuid5(_NAMESPACE, f"{self.seed}/{name}/{number}"),
            survey=name,
            version=filler.survey.version,
            language=voice.language,
            captured_at=voice.captured_at,
            lon=lon,
            lat=lat,
            accuracy_m=round(self.rng.triangular(4, 30, 8), 1),
            location_source="map" if public else "gps",
            area_code=buurt.code,
            portiek=_as_text(filled.answers.get("portiek")),
            captured_by=None if public else self._captured_by(filler.survey.kind, buurt),
            answers=filled.answers,
            pictures=tuple(DemoPicture(*picture) for picture in filled.pictures),
        )
        self._code(submission, filled)
        return submission

    # --- who speaks -------------------------------------------------------------------------

    def _voice(self, buurt: Buurt, kind: str, place: Portiek) -> Voice:
        resident = kind not in _PRO
        tones = self._tones(buurt, buurt.warm if resident else buurt.prof)
        if resident and self._is_bad(buurt, place) and buurt.bad_portiek is not None:
            tones |= buurt.bad_portiek.warm
        spoken = draw(buurt.lang, self.rng) if kind in ("enquete", "bewonersgesprek") else "nl"
        background = {b: self._group(buurt, b) for b in _BACKGROUNDS}
        background["language"] = spoken
        return Voice(
            buurt=buurt,
            kind=kind,
            language=spoken,
            background=background,
            moods={theme: mood(tones[theme], self.rng) for theme in THEMES},
            captured_at=self._moment(kind),
            portiek=place.name,
        )

    def _tones(self, buurt: Buurt, told: Mapping[str, float]) -> dict[str, float]:
        """What the story says; for other themes people lean a little the way the figures do."""
        lean = {t: _AGREE * self.positions[buurt.code, t] for t in THEMES}
        return {theme: told.get(theme, lean[theme]) for theme in THEMES}

    def _group(self, buurt: Buurt, background: str) -> str:
        """A group by its share and its chance to take part; children are not asked."""
        shares: Mapping[str, Mapping[str, float]] = {
            "age_band": buurt.age,
            "household": buurt.household,
            "tenure": buurt.tenure,
        }
        weights = {g: share * buurt.heard.get(g, 1.0) for g, share in shares[background].items()}
        return draw(weights, self.rng)

    def _moment(self, kind: str) -> datetime:
        """Working hours for colleagues; residents answer at any hour of the day or evening."""
        day = self.last_day - timedelta(days=self.rng.randrange(DAYS))
        late = 21 if kind in ("enquete", "bewonersgesprek") else 17
        if kind in _PRO:
            day -= timedelta(days=max(0, day.weekday() - 4))
        hour, minute = self.rng.randrange(9, late), self.rng.randrange(60)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)

    # --- where ------------------------------------------------------------------------------

    def _place(self, buurt: Buurt, kind: str, number: int) -> Portiek:
        places = self.portieken[buurt.code]
        bad = buurt.bad_portiek
        if bad is not None:
            others = [place for place in places if not self._is_bad(buurt, place)]
            return (
                self.rng.choice(others)
                if self.rng.random() > bad.share
                else (places[bad.number - 1])
            )
        return places[number % len(places)] if kind == "portiekgesprek" else self.rng.choice(places)

    def _is_bad(self, buurt: Buurt, place: Portiek) -> bool:
        bad = buurt.bad_portiek
        return bad is not None and self.portieken[buurt.code][bad.number - 1] == place

    def _shape(self, buurt: Buurt) -> MultiPolygon:
        return self.shapes[buurt.code]

    def _captured_by(self, kind: str, buurt: Buurt) -> str | None:
        role = {"observatie": "buurtbeheerder", "professional": "wijkmanager"}.get(
            kind, "gespreksvoerder"
        )
        able = [
            person.email
            for person in self.people
            if person.role == role and person.area_code in (None, buurt.wijk, buurt.code)
        ]
        return self.rng.choice(able) if able else None

    # --- what an analyst made of it -----------------------------------------------------------

    def _code(self, submission: DemoSubmission, filled: Filled) -> None:
        if submission.captured_at.date() > self.last_day - _NOT_YET_CODED:
            return
        for used in filled.texts:
            text = used.text
            approved = (
                submission.answers.get("citaat_mag") == "ja"
                and not find(text.text)
                and self.rng.random() < 0.5
            )
            self.statements.append(
                DemoStatement(
                    submission.id,
                    used.question,
                    0,
                    len(text.text),
                    text.text,
                    text.code,
                    text.valence,
                    approved,
                )
            )


def _as_text(answer: Answer) -> str | None:
    return answer if isinstance(answer, str) else None


def _notes() -> tuple[DemoText, ...]:
    """The notes of notes.yaml in the shape of texts, their list name as the kind."""
    return tuple(
        DemoText(f"{kind}/{number}", "nl", kind, 0, frozenset({kind}), text)
        for kind, rows in read_yaml("notes.yaml").items()
        for number, text in enumerate(rows)
    )
