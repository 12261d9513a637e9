"""How long filling in takes: reading, and answering by type of question.

    seconds = words / reading speed x 60 + the sum of the seconds for each answer

Reading speed: the mean of adults who read a text aloud, S. Trauzettel-Klosinski and K. Dietz,
"Standardized assessment of reading performance: the new international reading speed texts IReST",
Investigative Ophthalmology & Visual Science 53 (2012). Who reads little needs much longer. The
seconds for each answer are our own estimate, not measured: correct them when there are timings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.core.survey.choices import survey_choices
from fieldapp.core.survey.model import Question, Survey
from fieldapp.core.survey.readability import plain_words, shown_texts, words_of
from fieldapp.core.survey.vocabulary import SILENT_TYPES

WORDS_PER_MINUTE: Mapping[str, int] = {  # IReST 2012
    "nl": 202, "en": 228, "de": 179, "fr": 195, "es": 218, "tr": 166, "ar": 138, "pl": 166,
}  # fmt: skip
USUAL_SPEED = 166  # for a language that is not in the list: the slower of the European ones
SECONDS: Mapping[str, float] = {
    "text": 20, "integer": 6, "decimal": 8, "range": 5, "date": 8, "time": 6, "dateTime": 12,
    "select_one": 4, "select_multiple": 8, "rank": 20, "acknowledge": 3, "image": 20, "audio": 45,
    "video": 60, "file": 20, "barcode": 8, "geopoint": 12, "geotrace": 40, "geoshape": 40,
}  # fmt: skip
LONG_TEXT = 60  # seconds for a story
STORY = frozenset({"multiline", "story"})
MOST_READ = 12  # choices that somebody reads through; in a longer list people search
ROUNDS = 2  # how often a repeat is taken to be filled in
LONG_FORM = 15 * 60  # after this many people stop


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds: when only what is always asked is asked, and when everything is."""

    shortest: float
    longest: float

    @property
    def minutes(self) -> tuple[int, int]:
        """In whole minutes, at least one."""
        return max(1, round(self.shortest / 60)), max(1, round(self.longest / 60))


def duration_of(survey: Survey, language: str = "") -> Duration:
    """The time in this language; in the survey's own when there is none."""
    tongue = language or survey.default_language
    always = {q.name for q in survey.questions if _is_always_asked(survey, q)}
    speed = WORDS_PER_MINUTE.get(tongue.partition("-")[0], USUAL_SPEED) / 60
    shortest = longest = 0.0
    for placed in shown_texts(survey):
        seconds = _count(placed.text.in_language(tongue)) / speed
        longest += seconds
        if placed.name in always or placed.name not in survey.by_name:
            shortest += seconds
    for question in survey.questions:
        if question.type in SILENT_TYPES:
            continue
        times = ROUNDS if question.repeats else 1
        seconds = times * (_answering(question) + _choosing(question, survey, tongue) / speed)
        longest += seconds
        if question.name in always:
            shortest += seconds
    return Duration(shortest, longest)


def _count(text: str) -> int:
    return len(words_of(plain_words(text)))


def _is_always_asked(survey: Survey, question: Question) -> bool:
    around = (survey.groups[name] for name in question.path)
    return question.relevant is None and all(
        group.relevant is None and not group.is_repeat for group in around
    )


def _answering(question: Question) -> float:
    if question.type == "text" and not STORY.isdisjoint(question.appearances):
        return LONG_TEXT
    return SECONDS.get(question.type, 0)


def _choosing(question: Question, survey: Survey, language: str) -> int:
    """Words of the choices."""
    choices = survey_choices(question, survey)[:MOST_READ]
    return sum(_count(choice.label.in_language(language)) for choice in choices)
