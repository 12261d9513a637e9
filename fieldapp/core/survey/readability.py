"""How hard a Dutch text is to read, by a published formula and by what makes it hard.

Flesch-Douma, the formula of Flesch (1948) set for Dutch by W.H. Douma, "De leesbaarheid van
landbouwbladen" (Wageningen, 1960):
    206.835 - 0.93 x (words per sentence) - 77 x (syllables per word)
About 100 is very easy, 0 very hard. The bands below are Flesch's; that 60 and up suits most readers
at B1 is our reading of them, not a measured fact. The formula was made for running text: of a
single question it says little, so it is worked out over a whole survey, and of a question only the
long sentences and long words are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fieldapp.core.survey.check import place_of
from fieldapp.core.survey.model import Survey, Text
from fieldapp.core.survey.problems import path
from fieldapp.core.survey.syllables import syllables
from fieldapp.core.survey.vocabulary import SILENT_TYPES

DUTCH = "nl"
ENOUGH = 60.0  # Flesch: 60 to 70 is "standard"
BANDS = ((70.0, "easy"), (ENOUGH, "plain"), (50.0, "fairly_hard"), (30.0, "hard"))
LONG_SENTENCE = 15  # words; plain-language guides for Dutch B1 advise 10 to 15
LONG_WORD = (12, 4)  # letters and syllables: both at least
FEWEST_WORDS = 30  # below this a score says nothing

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+)*|\d+(?:[.,]\d+)*")
# what ends a sentence: a mark before a space or the end; a dot after a short abbreviation does not
SENTENCE_END = re.compile(
    r"(?<!\bbv)(?<!\bd\.w\.z)(?<!\bbijv)(?<!\bo\.a)(?<!\benz)[.!?…]+(?=\s|$)|\n+"
)
FILLED_IN = re.compile(r"\$\{[^}]*\}")
MARKS = re.compile(r"<[^>]{0,200}>|[*_#`]+|\]\([^)]{0,500}\)|https?://\S+")


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts of a text; `score` None when it is too short to say anything."""

    sentences: int
    words: int
    syllables: int

    @property
    def score(self) -> float | None:
        """Flesch-Douma."""
        if self.words < FEWEST_WORDS:
            return None
        return flesch_douma(self.sentences, self.words, self.syllables)

    @property
    def band(self) -> str:
        """easy, plain, fairly_hard, hard, very_hard; "" without a score."""
        score = self.score
        if score is None:
            return ""
        return next((name for least, name in BANDS if score >= least), "very_hard")


def flesch_douma(sentences: int, words: int, found_syllables: int) -> float:
    """The formula at the top; all three counts above 0."""
    return 206.835 - 0.93 * words / sentences - 77 * found_syllables / words


def plain_words(text: str) -> str:
    """The text without marks, addresses and places that are filled in."""
    return MARKS.sub(" ", FILLED_IN.sub("dit", text))


def sentences_of(text: str) -> list[str]:
    """The sentences, without the mark behind them; headings and lines count as sentences."""
    parts = (part.strip() for part in SENTENCE_END.split(plain_words(text)))
    return [part for part in parts if WORD.search(part)]


def words_of(text: str) -> list[str]:
    """The words and numbers of a text without marks."""
    return WORD.findall(text)


def reading_of(texts: Iterable[str]) -> Reading:
    """Counts over several texts together."""
    sentences = [sentence for text in texts for sentence in sentences_of(text)]
    words = [word for sentence in sentences for word in words_of(sentence)]
    return Reading(len(sentences), len(words), sum(map(syllables, words)))


def long_sentences(text: str) -> tuple[tuple[str, int], ...]:
    """Sentences of more than LONG_SENTENCE words, each with its number of words."""
    counted = ((sentence, len(words_of(sentence))) for sentence in sentences_of(text))
    return tuple((sentence, count) for sentence, count in counted if count > LONG_SENTENCE)


def long_words(text: str) -> tuple[str, ...]:
    """Words that are long both to see and to say, each once. Parts around a hyphen count apart."""
    letters, sounds = LONG_WORD
    found = (word for word in words_of(plain_words(text)) if not word[0].isdigit())
    parts = {word: max(word.split("-"), key=len) for word in found}
    return tuple(w for w, p in parts.items() if len(p) >= letters and syllables(p) >= sounds)


@dataclass(frozen=True, slots=True)
class Placed:
    """A text and where it stands, in the words of the definition (`page > question > label`)."""

    where: str
    column: str
    name: str  # of the question or group; "" for intro, title and thanks
    text: Text


def shown_texts(survey: Survey) -> Iterator[Placed]:
    """What somebody reads who fills the survey in, in order; without names of choices."""
    for name in ("intro",):
        yield from _placed(survey, name, "", name)
    for group in survey.groups.values():
        for column in ("label", "hint"):
            yield from _placed(group, column, group.name, path(place_of(group), column))
    for question in survey.questions:
        if question.type not in SILENT_TYPES:
            for column in ("label", "hint"):
                where = path(place_of(question), column)
                yield from _placed(question, column, question.name, where)
    yield from _placed(survey, "thanks", "", "thanks")


def _placed(thing: object, column: str, name: str, where: str) -> Iterator[Placed]:
    text = getattr(thing, column)
    if text is not None:
        yield Placed(where, column, name, text)


def survey_reading(survey: Survey, language: str = DUTCH) -> Reading:
    """Counts over all that is read in this language."""
    texts = (placed.text.values.get(language, "") for placed in shown_texts(survey))
    return reading_of(text for text in texts if text)
