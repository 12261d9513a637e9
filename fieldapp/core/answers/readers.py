"""Which reader reads which type; a new question type gets a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fieldapp.core.answers.chosen import read_files, read_multiple, read_one, read_rank
from fieldapp.core.answers.moments import read_date, read_moment, read_time
from fieldapp.core.answers.numbers import read_decimal, read_integer, read_range
from fieldapp.core.answers.places import read_geopoint, read_geoshape, read_geotrace
from fieldapp.core.answers.texts import read_acknowledge, read_text, read_worked_out
from fieldapp.core.answers.values import Answer
from fieldapp.core.expression import Call
from fieldapp.core.expression.tree import walk
from fieldapp.core.survey.model import Question, Survey
from fieldapp.core.survey.vocabulary import LIST_TYPES, UNANSWERED_TYPES

Reader = Callable[[Question, object], Answer]

READERS: Mapping[str, Reader] = {
    "text": read_text,
    "hidden": read_text,
    "barcode": read_text,
    "integer": read_integer,
    "decimal": read_decimal,
    "range": read_range,
    "date": read_date,
    "time": read_time,
    "dateTime": read_moment,
    "image": read_files,
    "audio": read_files,
    "video": read_files,
    "file": read_files,
    "acknowledge": read_acknowledge,
    "geopoint": read_geopoint,
    "geotrace": read_geotrace,
    "geoshape": read_geoshape,
    # what only a phone can know; the rest of what a client sends for silent types is ignored
    "start": read_moment,
    "end": read_moment,
    "deviceid": read_text,
    "calculate": read_worked_out,
}
LIST_READERS: Mapping[str, Callable[[Question, object, Survey], Answer]] = {
    "select_one": read_one,
    "select_multiple": read_multiple,
    "rank": read_rank,
}
SENT = frozenset({"start", "end", "deviceid"})
REMEMBERED = frozenset({"once"})  # functions that look at the value there was


def read(question: Question, value: object, survey: Survey) -> Answer:
    """The typed answer; Impossible when the value cannot be one."""
    if question.type in LIST_TYPES:
        return LIST_READERS[question.type](question, value, survey)
    return READERS[question.type](question, value)


def takes_answer(question: Question) -> bool:
    """Whether an answer that comes from outside is looked at.

    Not for what the form works out by itself, except a calculation that remembers: one with a
    trigger, or with once(). Only the phone knows what it was at the time.
    """
    if question.type not in UNANSWERED_TYPES:
        return True
    return remembers(question) if question.type == "calculate" else question.type in SENT


def remembers(question: Question) -> bool:
    """Whether what is worked out stays: a calculation with a trigger, or with once()."""
    if question.calculation is None:
        return False
    return bool(question.trigger) or any(
        isinstance(node, Call) and node.name in REMEMBERED
        for node in walk(question.calculation.tree)
    )
