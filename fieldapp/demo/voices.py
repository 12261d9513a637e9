"""One voice: who speaks, in which mood on each theme, and the survey filled in accordingly.

Nothing here knows the questions of a survey by heart: closed answers follow from the signals in
the definition, open ones from questions.yaml, what is asked from the relevance rules themselves.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fieldapp.core.answers import Answer, Answers
from fieldapp.core.survey import THEMES, WEET_NIET, WIL_NIET, Choice, Question, Survey
from fieldapp.core.survey.model import leaves
from fieldapp.core.validate import relevant_questions
from fieldapp.demo.stories import Buurt, read_yaml
from fieldapp.demo.texts import DemoText, TextPool

_DO_NOT_KNOW, _RATHER_NOT, _BACKGROUND_KNOWN, _QUOTE = 0.03, 0.02, 0.86, 0.76
_VOICE_SPREAD, _ANSWER_SPREAD = 0.33, 0.22


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in one submission. `moods`: theme -> [-1, 1]."""

    buurt: Buurt
    kind: str
    language: str
    background: Mapping[str, str]
    moods: Mapping[str, float]
    captured_at: datetime
    portiek: str | None


@dataclass(frozen=True, slots=True)
class UsedText:
    """A text that was given as the answer to a question."""

    question: str
    text: DemoText


@dataclass(slots=True)
class Filled:
    """The answers of one voice, the texts and the pictures among them."""

    answers: Answers = field(default_factory=dict)
    texts: list[UsedText] = field(default_factory=list)
    pictures: list[tuple[str, str, bool]] = field(default_factory=list)
    doors_spoken: int = 0


def draw(weights: Mapping[str, float], rng: random.Random) -> str:
    """One key, with chances in proportion to the weights."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def mood(mean: float, rng: random.Random, spread: float = _VOICE_SPREAD) -> float:
    """A value around `mean` within [-1, 1]."""
    return max(-1.0, min(1.0, rng.gauss(mean, spread)))


class Filler:
    """Fills in one survey for one voice after another, question by question."""

    def __init__(self, survey: Survey, pool: TextPool, notes: TextPool, rng: random.Random) -> None:
        self.survey, self.pool, self.notes, self.rng = survey, pool, notes, rng
        self.open: Mapping[str, Mapping[str, Any]] = read_yaml("questions.yaml")[survey.name]
        self.tiles: Mapping[str, Any] = read_yaml("tiles.yaml")
        self.by_type: Mapping[str, Callable[[Question, Voice, Filled], Answer]] = {
            "select_one": self._one,
            "select_multiple": self._many,
            "text": self._text,
            "integer": self._number,
            "image": self._picture,
        }

    def fill(self, voice: Voice) -> Filled:
        """Answer every question that turns out to be asked; others stay away."""
        filled = Filled()
        if self.survey.kind == "observatie":
            self._look(voice, filled)
        self._ring_doors(voice, filled)
        for question in self.survey.in_order:
            answer_to = self.by_type.get(question.type)
            if answer_to is None or question.repeats or question.name in filled.answers:
                continue
            if question in relevant_questions(self.survey, filled.answers, now=voice.captured_at):
                answer = answer_to(question, voice, filled)
                if answer is not None:
                    filled.answers[question.name] = answer
        return filled

    # --- closed questions -------------------------------------------------------------------

    def _one(self, question: Question, voice: Voice, filled: Filled) -> Answer:
        role = question.role or ""
        if role.startswith("background."):
            return self._background(question, voice)
        if role == "consent_quote":
            return "ja" if self.rng.random() < _QUOTE else "nee"
        scaled = [choice for choice in question.choices if choice.signal is not None]
        if scaled:
            return self._on_scale(question, scaled, voice, filled)
        return self._unscaled(question, voice)

    def _background(self, question: Question, voice: Voice) -> Answer:
        if self.rng.random() > _BACKGROUND_KNOWN:
            return WIL_NIET if self.rng.random() < 0.3 else None
        value = voice.background.get((question.role or "").partition(".")[2])
        return value if value in question.choice_names else None

    def _on_scale(
        self, question: Question, scaled: Sequence[Choice], voice: Voice, filled: Filled
    ) -> Answer:
        for reserved, chance in ((WEET_NIET, _DO_NOT_KNOW), (WIL_NIET, _RATHER_NOT)):
            if reserved in question.choice_names and self.rng.random() < chance:
                return reserved
        theme = question.theme or ""
        wanted = mood(voice.moods.get(theme, 0.0), self.rng, _ANSWER_SPREAD)
        told = [used.text.valence / 2 for used in filled.texts if used.text.theme == theme]
        if filled.texts and self.survey.kind == "observatie":
            wanted = told[0] if told else 0.0  # a note on another theme leaves the level open
        return min(scaled, key=lambda choice: abs((choice.signal or 0.0) - wanted)).name

    def _unscaled(self, question: Question, voice: Voice) -> Answer:
        special: Mapping[str, Mapping[str, float]] = {
            "return_visit": {"ja": 70, "nee": 30},
            "problem_kind": {"probleem": 68, "problematiek": 22, "weet_niet": 10},
            "solved": {"nee": 62, "ja": 24, "deels": 14},
        }
        weights = special.get(question.role or "")
        if weights is None and question.theme is not None:
            return self._by_mood(question, voice.moods[question.theme])
        if weights is None:
            weights = {name.name: 1.0 for name in question.choices if name.name != WIL_NIET}
        return draw({k: v for k, v in weights.items() if k in question.choice_names}, self.rng)

    def _by_mood(self, question: Question, own: float) -> str:
        """What a professional recognises and expects; carries no signal."""
        tables: Mapping[str, Mapping[str, float]] = {
            "ja": {
                "ja": 1.2,
                "gunstiger": max(0.05, own),
                "ongunstiger": max(0.05, -own),
                "verschilt": 0.3,
                "weet_niet": 0.1,
            },
            "beter": {
                "beter": 0.4 + max(0.0, own),
                "gelijk": 0.8,
                "slechter": 0.4 + max(0.0, -own),
                "weet_niet": 0.1,
            },
        }
        first = question.choices[0].name
        weights = tables.get(first, {choice.name: 1.0 for choice in question.choices})
        return draw({k: v for k, v in weights.items() if k in question.choice_names}, self.rng)

    def _many(self, question: Question, voice: Voice, filled: Filled) -> Answer:
        if question.choice_names <= set(THEMES):
            return self._themes(voice, filled)
        chosen = []
        for choice in question.choices:
            agree = (choice.signal or 0.0) * 2 * voice.moods.get(choice.theme or "", 0.0)
            talk = voice.buurt.talk.get(choice.theme or "", 1.0) / 20
            if self.rng.random() < max(0.03, min(0.8, talk + 0.6 * agree)):
                chosen.append(choice.name)
        return chosen or None

    def _themes(self, voice: Voice, filled: Filled) -> list[str]:
        """One to three themes: those already told about first, then what the buurt is about."""
        told = [used.text.theme for used in filled.texts]
        count = self.rng.choice((2, 3, 3, 4) if voice.kind == "professional" else (1, 2, 2, 3))
        while len(set(told)) < count:
            told.append(draw(voice.buurt.talk, self.rng))
        return [theme for theme in THEMES if theme in told]

    # --- open questions, numbers, pictures ----------------------------------------------------

    def _text(self, question: Question, voice: Voice, filled: Filled) -> Answer:
        if question.role == "portiek":
            wanted = question.always_required or self.rng.random() < 0.8
            return voice.portiek if wanted else None
        rule = self.open.get(question.name)
        if rule is None:
            return None
        if self.rng.random() >= rule["chance"]:
            return None
        if "notes" in rule:
            note = self._take(self.notes, rule["notes"], voice, language="nl")
            return None if note is None else note.text
        used = self._about(question, rule, voice)
        if used is None and question.always_required:
            used = self._take(self.pool, rule["kind"], voice) or self._take(
                self.pool, rule["kind"], voice, language="nl"
            )
        if used is None:
            return None
        filled.texts.append(UsedText(question.name, used))
        return used.text

    def _about(self, question: Question, rule: Mapping[str, Any], voice: Voice) -> DemoText | None:
        sign = rule.get("sign", 0)
        themes = [question.theme] if question.theme else self._themes_to_tell(voice, sign)
        for theme in themes:
            own = None if sign else voice.moods[theme]
            found = self._take(self.pool, rule["kind"], voice, theme=theme, mood=own, sign=sign)
            if found is not None:
                return found
        return None

    def _themes_to_tell(self, voice: Voice, sign: int) -> list[str]:
        """Up to four themes in the order in which this voice would bring them up."""
        weights = {
            theme: voice.buurt.talk[theme] * (1 + max(-0.9, 1.5 * sign * voice.moods[theme]))
            for theme in THEMES
        }
        told: list[str] = []
        while len(told) < 4:
            theme = draw(weights, self.rng)
            weights.pop(theme)
            told.append(theme)
        return told

    def _take(
        self,
        pool: TextPool,
        kind: str,
        voice: Voice,
        *,
        language: str | None = None,
        **wanted: Any,
    ) -> DemoText | None:
        return pool.take(
            kind=kind,
            language=language or voice.language,
            buurt=voice.buurt.code,
            story=voice.buurt.story,
            background=voice.background,
            **wanted,
        )

    def _ring_doors(self, voice: Voice, filled: Filled) -> None:
        """Six to ten doors; how many open follows from the trust in the buurt."""
        repeat = next((g for g in self.survey.groups.values() if "doors" in g.appearances), None)
        if repeat is None:
            return
        trust = 0.62 + 0.25 * voice.moods["democratie"]
        rounds: list[Answers] = [
            {leaf.name: self._door(trust) for leaf in leaves(repeat.children)}
            for _ in range(self.rng.choice((6, 8, 8, 8, 10)))
        ]
        filled.answers[repeat.name] = rounds
        filled.doors_spoken = sum("gesproken" in door.values() for door in rounds)

    def _door(self, trust: float) -> str:
        if self.rng.random() >= trust:
            return "dicht"
        return "gesproken" if self.rng.random() < 0.8 else self.rng.choice(("open", "liever_niet"))

    def _number(self, question: Question, voice: Voice, filled: Filled) -> Answer:
        """Households: those at the doors, and now and then one met in the hall."""
        if question.role == "households_spoken":
            return max(1, filled.doors_spoken + self.rng.choice((0, 0, 0, 1)))
        return self.rng.choice((0, 1, 2, 3, 4, 6, 8, 11, 15))

    def _picture(self, question: Question, voice: Voice, filled: Filled) -> Answer:
        """Pictures travel beside the answers; see DemoSubmission.pictures."""
        drawn = [used.text for used in filled.texts if used.text.picture]
        first = question is self._first_image()
        if self.survey.kind == "observatie" and first and drawn and self.rng.random() < 0.5:
            subject = drawn[0].picture or ""
            filled.pictures.append((question.name, subject, drawn[0].valence > 0))
        return None

    def _first_image(self) -> Question | None:
        return next((q for q in self.survey.questions if q.type == "image"), None)

    # --- observatie: what was seen decides the tile ---------------------------------------------

    def _look(self, voice: Voice, filled: Filled) -> None:
        """Choose what is seen: a text first, its tile after; without a text only a tile."""
        themes = self._themes_to_tell(voice, 0)
        found = None
        if self.rng.random() < 0.9:
            tries = (
                self._take(self.pool, "o", voice, theme=theme, mood=voice.moods[theme])
                for theme in themes
            )
            found = next((text for text in tries if text is not None), None)
        if found is None:
            theme = next((t for t in themes if t in self.tiles["by_theme"]), "wonen")
            filled.answers |= {"wat": self.rng.choice(self.tiles["by_theme"][theme]), "meer": "nee"}
            return
        tile = self.tiles["tiles"].get(found.code)
        if tile is None:
            tile = "mooi" if found.valence > 0 else "overlast"
        filled.answers |= {"wat": tile, "meer": "ja", "notitie": found.text}
        if tile == "mooi":
            filled.answers["soort_moois"] = self.tiles["beautiful"][found.theme]
        filled.texts.append(UsedText("notitie", found))
