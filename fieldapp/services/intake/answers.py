"""Answers of a submission: read, checked, and in the form in which they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from fieldapp.core.answers import Answer, Answers, parse_answers
from fieldapp.core.dates import HERE
from fieldapp.core.portiek import portiek_key
from fieldapp.core.signals import role_value
from fieldapp.core.submission import Incoming, Location, SentFile
from fieldapp.core.survey import Problem, Question, Survey
from fieldapp.core.validate import examine
from fieldapp.services.intake.files import StoredFile, file_problems
from fieldapp.services.intake.receipt import Refused


def checked_answers(survey: Survey, incoming: Incoming, stored: tuple[StoredFile, ...]) -> Answers:
    """Typed answers to what was asked; Refused with every problem otherwise."""
    raw = dict(incoming.answers)
    problems = file_problems(survey, incoming.files)
    names = _file_names(survey, (*incoming.files, *stored))
    problems += _missing_files(survey, raw, names)
    raw.update(names)
    point = geopoint_question(survey)
    if point is not None and incoming.location.source != "none":
        raw[point.name] = point_text(incoming.location)
    read = parse_answers(survey, raw)
    moment = incoming.captured_at.astimezone(HERE)
    unreadable = {problem.where for problem in read.problems}
    found = examine(survey, read.answers, now=moment, unreadable=unreadable)
    problems += [*read.problems, *found.problems]
    if problems:
        raise Refused(*problems)
    return found.answers


def _file_names(survey: Survey, files: Iterable[SentFile | StoredFile]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for file in files:
        if file.question in survey.by_name:
            names.setdefault(file.question, []).append(file.file_name)
    return names


def _missing_files(
    survey: Survey, raw: Mapping[str, Any], came: Mapping[str, list[str]]
) -> list[Problem]:
    """Photos that the answers name but that did not come along: never a receipt for those."""
    problems = []
    for question in survey.questions:
        if question.type != "image" or not raw.get(question.name):
            continue
        named = raw[question.name]
        for name in named if isinstance(named, list) else [named]:
            if name not in came.get(question.name, ()):
                problems.append(Problem("file_missing", question.name, {"file": str(name)[:120]}))
    return problems


def geopoint_question(survey: Survey) -> Question | None:
    """The question about the place, when the survey asks for one."""
    return next((q for q in survey.questions if q.type == "geopoint"), None)


def point_text(location: Location) -> str:
    """The location as the raw answer to a geopoint question."""
    if location.lon is None or location.lat is None:
        return "0 0"  # an area was chosen: the question is answered, the point stays unknown
    return f"{location.lat} {location.lon} 0 {location.accuracy_m or 0}"


def portiek_of(survey: Survey, answers: Answers) -> str | None:
    """The key of the stairwell, the same however it was capitalised."""
    value = role_value(survey, answers, "portiek")
    return portiek_key(str(value)) if value else None


def as_stored(survey: Survey, answers: Answers, language: str) -> dict[str, Any]:
    """Typed values with the label as shown. The place lives in its own columns, once."""
    stored: dict[str, Any] = {}
    for question in survey.questions:
        if question.name not in answers or question.type == "geopoint":
            continue
        value = answers[question.name]
        entry: dict[str, Any] = {"v": _json_value(value)}
        label = _label(question, value, language)
        if label is not None:
            entry["l"] = label
        stored[question.name] = entry
    return stored


def _json_value(value: Answer) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _label(question: Question, value: Answer, language: str) -> Any:
    if value is None or not question.choices:
        return None
    names = value if isinstance(value, list) else [value]
    labels = [
        choice.label.in_language(language)
        for name in names
        if (choice := question.choice(str(name))) is not None
    ]
    return labels if isinstance(value, list) else (labels[0] if labels else None)
