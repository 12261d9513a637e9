"""The rules of the publish check, as a table of functions. All pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fieldapp.core.survey.advice.duration import LONG_FORM, duration_of
from fieldapp.core.survey.advice.finding import DECIDE, REMARK, Advice
from fieldapp.core.survey.advice.personal import personal_data
from fieldapp.core.survey.choices import survey_choices
from fieldapp.core.survey.model import Question, Survey
from fieldapp.core.survey.reachable import reach_of
from fieldapp.core.survey.readability import (
    DUTCH,
    ENOUGH,
    long_sentences,
    long_words,
    shown_texts,
    survey_reading,
)
from fieldapp.core.survey.vocabulary import (
    LIST_TYPES,
    RESERVED_CHOICES,
    SILENT_TYPES,
)
from fieldapp.core.survey.write import missing_texts

MOST_ON_PAGE = 8  # answers on one page of a phone: about four screens
RESIDENTS = frozenset({"enquete", "bewonersgesprek", "portiekgesprek"})
ALONE = frozenset({"enquete"})  # filled in without a colleague beside
MOST_WORDS_SHOWN = 6
Rule = Callable[[Survey], Iterator[Advice]]


def languages(survey: Survey) -> Iterator[Advice]:
    """Texts that are missing, a finding for each language."""
    for language in survey.languages:
        places = [problem.where for problem in missing_texts(survey, language)]
        if places:
            params = {"language": language, "count": len(places), "places": tuple(places)}
            yield Advice("missing_texts", "", DECIDE, params, language)


def conditions(survey: Survey) -> Iterator[Advice]:
    """Rows that never come up, conditions that say nothing, answers that nobody can give."""
    reach = reach_of(survey)
    for name, cause in reach.never.items():
        if name == cause:
            below = sum(other == name for other in reach.never.values()) - 1
            yield Advice("never_asked", name, DECIDE, {"below": below})
    for name in reach.always:
        yield Advice("always_asked", name, REMARK)
    for name in reach.impossible:
        yield Advice("no_answer_allowed", name, DECIDE)
    for question in survey.questions:
        if question.type in LIST_TYPES and not survey_choices(question, survey):
            yield Advice("no_choices", question.name, DECIDE)
        if question.type in LIST_TYPES and len(survey_choices(question, survey)) == 1:
            yield Advice("one_choice", question.name, REMARK)


def way_out(survey: Survey) -> Iterator[Advice]:
    """Closed questions to residents without "weet niet" or "liever niet"."""
    if survey.kind not in RESIDENTS:
        return
    for question in survey.questions:
        must = question.always_required
        if question.type != "select_one" and not (must and question.type == "select_multiple"):
            continue  # of a list to tick, nothing is an answer too
        names = {choice.name for choice in survey_choices(question, survey)}
        free = question.role == "consent_quote" or question.repeats  # a no is a way out
        if free or len(names) < 2 or not names.isdisjoint(RESERVED_CHOICES):
            continue
        yield Advice("no_way_out", question.name, DECIDE if must else REMARK)


def sound(survey: Survey) -> Iterator[Advice]:
    """Audio is missing, in a survey that people fill in by themselves."""
    if survey.kind not in ALONE:
        return
    asked = [q for q in survey.questions if q.type not in SILENT_TYPES and q.label is not None]
    silent = tuple(
        language
        for language in survey.languages
        if not all(_is_spoken(question, language) for question in asked)
    )
    if silent:
        yield Advice("no_audio", "", REMARK, {"languages": silent})


def _is_spoken(question: Question, language: str) -> bool:
    audio = question.media.get("audio")
    return audio is not None and bool(audio.values.get(language))


def pages(survey: Survey) -> Iterator[Advice]:
    """Pages with more questions than a person oversees."""
    for page in survey.pages:
        asked = [q for q in page.questions if q.type not in SILENT_TYPES and q.type != "note"]
        if len(asked) > MOST_ON_PAGE:
            params = {"count": len(asked), "most": MOST_ON_PAGE}
            yield Advice("full_page", page.name, REMARK, params)


def time(survey: Survey) -> Iterator[Advice]:
    """A form that takes long."""
    found = duration_of(survey)
    if found.shortest > LONG_FORM:
        yield Advice("long_form", "", REMARK, {"minutes": found.minutes[0]})


def dutch(survey: Survey) -> Iterator[Advice]:
    """Dutch that is hard to read: as a whole by the formula, each text by what makes it long."""
    if DUTCH not in survey.languages:
        return
    reading = survey_reading(survey, DUTCH)
    if reading.score is not None and reading.score < ENOUGH:
        yield Advice(
            "hard_to_read", "", DECIDE, {"score": round(reading.score), "enough": int(ENOUGH)}
        )
    for placed in shown_texts(survey):
        text = placed.text.values.get(DUTCH, "")
        for sentence, count in long_sentences(text)[:1]:
            params = {"sentence": sentence, "count": count, "column": placed.column}
            yield Advice("long_sentence", placed.name, REMARK, params, placed.column)
        words = long_words(text)[:MOST_WORDS_SHOWN]
        if words:
            params = {"words": words, "column": placed.column}
            yield Advice("long_words", placed.name, REMARK, params, placed.column)


RULES: tuple[Rule, ...] = (
    conditions,
    personal_data,
    languages,
    way_out,
    pages,
    time,
    sound,
    dutch,
)


def advice(survey: Survey) -> tuple[Advice, ...]:
    """Everything the check finds in a sound survey; what must be decided on first, then in the
    order of the rules.
    """
    found = [item for rule in RULES for item in rule(survey)]
    return tuple(sorted(found, key=lambda item: item.severity != DECIDE))
