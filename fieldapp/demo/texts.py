"""The written texts of the demo: read from YAML, and handed out so that none is worn out."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.demo.stories import DATA, read_yaml

MOST_USES = 3
AGE_BANDS = frozenset({"0-14", "15-24", "25-44", "45-64", "65+"})
HOUSEHOLDS = frozenset({"eenpersoons", "zonder_kinderen", "met_kinderen"})


@dataclass(frozen=True, slots=True)
class DemoText:
    """One written text: who says it (`kinds`), about which sub-code, how good or bad (-2..2)."""

    id: str
    language: str
    code: str
    valence: int
    kinds: frozenset[str]
    text: str
    story: str | None = None
    picture: str | None = None
    has_personal_data: bool = False
    only: frozenset[str] = frozenset()  # age bands and households that could have said it

    @property
    def theme(self) -> str:
        """The theme of the sub-code."""
        return self.code.partition(".")[0]


def read_texts() -> tuple[DemoText, ...]:
    """All texts of the files texts_*.yaml, in the order of the files."""
    files = sorted(path.name for path in DATA.glob("texts_*.yaml"))
    return tuple(text for name in files for text in _texts(name, read_yaml(name)))


def _texts(name: str, data: Mapping[str, Any]) -> Iterator[DemoText]:
    stem = name.removeprefix("texts_").removesuffix(".yaml")
    for code, rows in data["texts"].items():
        for number, row in enumerate(rows, 1):
            yield DemoText(
                id=f"{stem}/{code}/{number}",
                language=data["language"],
                code=code,
                valence=row["v"],
                kinds=frozenset(row.get("k", data["kinds"])),
                text=row["t"],
                story=row.get("s"),
                picture=row.get("pic"),
                has_personal_data=row.get("pii", False),
                only=frozenset(row.get("w", ())),
            )


@dataclass(slots=True)
class TextPool:
    """Hands out texts: at most three times each, and never twice in one buurt."""

    texts: tuple[DemoText, ...]
    rng: random.Random
    uses: Counter[str] = field(default_factory=Counter)
    _places: set[tuple[str, str]] = field(default_factory=set)

    def take(
        self,
        *,
        kind: str,
        language: str,
        buurt: str,
        story: str,
        background: Mapping[str, str],
        theme: str | None = None,
        mood: float | None = None,
        sign: int = 0,
    ) -> DemoText | None:
        """The least used text that fits, a text of this story first; None when all are used up.

        `mood` in [-1, 1] asks for a text of the same direction, `sign` for one of that valence.
        """
        fitting = [
            text
            for text in self.texts
            if kind in text.kinds
            and text.language == language
            and text.story in (None, story)
            and (theme is None or text.theme == theme)
            and _could_say(text, background)
            and _agrees(text.valence, mood, sign)
            and self.uses[text.id] < MOST_USES
            and (text.id, buurt) not in self._places
        ]
        if not fitting:
            return None
        far = 0.0 if mood is None else 2 * mood
        chosen = min(
            fitting,
            key=lambda t: (
                t.story is None,
                self.uses[t.id],
                abs(t.valence - far) if mood is not None else 0.0,
                self.rng.random(),
            ),
        )
        self.uses[chosen.id] += 1
        self._places.add((chosen.id, buurt))
        return chosen


def _could_say(text: DemoText, background: Mapping[str, str]) -> bool:
    """Nobody of twenty speaks of a pension: each background that is named must be named right."""
    for groups, key in ((AGE_BANDS, "age_band"), (HOUSEHOLDS, "household")):
        named = text.only & groups
        if named and background[key] not in named:
            return False
    return True


def _agrees(valence: int, mood: float | None, sign: int) -> bool:
    if sign:
        return valence * sign > 0
    return mood is None or valence * mood >= 0
