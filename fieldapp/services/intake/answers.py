"""Answers of a submission: read, checked, and in the form in which they are kept.

Kept is, per question, {"v": typed value, "l": label as shown}; of a repeat {"v": [round, ...]}
in which every round is again such a mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from fieldapp.core.answers import Answers
from fieldapp.core.dates import HERE
from fieldapp.core.portiek import portiek_key
from fieldapp.core.signals import role_value
from fieldapp.core.submission import Incoming, SentFile
from fieldapp.core.survey import Problem, Question, Survey
from fieldapp.core.survey.model import Item
from fieldapp.core.survey.vocabulary import FILE_TYPES, GEO_TYPES
from fieldapp.db.geo import cell_100m
from fieldapp.services.filled import fill_in, paths_of, seed_of
from fieldapp.services.intake.files import StoredFile, file_problems
from fieldapp.services.intake.receipt import Refused
from fieldapp.services.labels import shown_label
from fieldapp.services.place_question import ENQUETE, geopoint_question, unkept_places
from fieldapp.services.rounds import rounds_in


def checked_answers(survey: Survey, incoming: Incoming, stored: tuple[StoredFile, ...]) -> Answers:
    """Typed answers to what was asked; Refused with every problem otherwise."""
    files: tuple[SentFile | StoredFile, ...] = (*incoming.files, *stored)
    raw = dict(incoming.answers)
    problems = file_problems(survey, incoming.files)
    names = _file_names(survey, files)
    problems += _missing_files(survey, raw, names)
    problems += _unnamed_files(survey, raw, names)
    raw.update({name: found for name, found in names.items() if _at_top(survey, name)})
    filled = fill_in(
        survey,
        raw,
        now=incoming.captured_at.astimezone(HERE),
        location=incoming.location,
        seed=seed_of(incoming.id),
        language=incoming.language,
    )
    problems += filled.problems
    if problems:
        raise Refused(*problems)
    return filled.answers


def _at_top(survey: Survey, name: str) -> bool:
    return not survey.by_name[name].repeats


def _file_names(survey: Survey, files: Iterable[SentFile | StoredFile]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for file in files:
        if file.question in survey.by_name:
            names.setdefault(file.question, []).append(file.file_name)
    return names


def _named(survey: Survey, raw: Mapping[str, Any]) -> list[tuple[str, Question, str]]:
    """(path, question, file name) of every file that an answer names."""
    return [
        (path, question, str(name))
        for path, question, value in paths_of(survey, raw)
        if question.type in FILE_TYPES and value
        for name in (value if isinstance(value, list) else [value])
    ]


def _missing_files(
    survey: Survey, raw: Mapping[str, Any], came: Mapping[str, list[str]]
) -> list[Problem]:
    """Files that the answers name but that did not come along: never a receipt for those."""
    return [
        Problem("file_missing", path, {"file": name[:120]})
        for path, question, name in _named(survey, raw)
        if name not in came.get(question.name, ())
    ]


def _unnamed_files(
    survey: Survey, raw: Mapping[str, Any], came: Mapping[str, list[str]]
) -> list[Problem]:
    """Files of a question that comes back, without an answer that says in which round."""
    named = {(question.name, name) for _path, question, name in _named(survey, raw)}
    return [
        Problem("file_not_named", question, {"file": name[:120]})
        for question, names in came.items()
        if not _at_top(survey, question) and survey.by_name[question].type in FILE_TYPES
        for name in names
        if (question, name) not in named
    ]


def portiek_of(survey: Survey, answers: Answers) -> str | None:
    """The key of the stairwell, the same however it was capitalised."""
    value = role_value(survey, answers, "portiek")
    return portiek_key(str(value)) if value else None


def as_stored(survey: Survey, answers: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Typed values with the label as shown. The place lives in its own columns, once."""
    place = geopoint_question(survey)
    left_out = set(unkept_places(survey)) | ({place.name} if place is not None else set())
    return _stored_level(survey, survey.items, answers, language, left_out)


def _stored_level(
    survey: Survey,
    items: Sequence[Item],
    answers: Mapping[str, Any],
    language: str,
    left_out: set[str],
) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    for item in items:
        if isinstance(item, Question):
            if item.name in answers and item.name not in left_out:
                stored[item.name] = _entry(survey, item, answers[item.name], language)
        elif not item.is_repeat:
            stored |= _stored_level(survey, item.children, answers, language, left_out)
        elif item.name in answers:
            rounds = rounds_in(answers, item.name)
            stored[item.name] = {
                "v": [_stored_level(survey, item.children, r, language, left_out) for r in rounds]
            }
    return stored


def _entry(survey: Survey, question: Question, value: Any, language: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"v": _json_value(value)}
    label = shown_label(survey, question, value, language)
    if label is not None:
        entry["l"] = label
    return entry


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


def plain_answers(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The raw values of stored answers again, as core/answers reads them; blanks left out."""
    return {
        name: _plain(entry["v"])
        for name, entry in stored.items()
        if isinstance(entry, Mapping) and entry.get("v") is not None
    }


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain_answers(one) if isinstance(one, Mapping) else one for one in value]
    return value


def stored_paths(survey: Survey, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Path of an answer -> {"v", "l"}, of stored answers."""
    return {path: entry for path, _question, entry in paths_of(survey, _unwrapped(stored))}


def _unwrapped(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers with repeats as plain lists of rounds."""
    found: dict[str, Any] = {}
    for name, entry in stored.items():
        value = entry.get("v") if isinstance(entry, Mapping) else None
        rounds = isinstance(value, list) and any(isinstance(one, Mapping) for one in value)
        found[name] = [_unwrapped(one) for one in value or ()] if rounds else entry
    return found


def coarse(survey: Survey, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers for a reader who may not see exact points: the middle of a 100 m cell.

    Of a line or an area nothing is left: its shape tells where it is.
    """
    found: dict[str, Any] = {}
    for name, entry in stored.items():
        question = survey.by_name.get(name)
        value = entry.get("v") if isinstance(entry, Mapping) else None
        if question is not None and question.type in GEO_TYPES and value:
            entry = {**entry, "v": _cell(value) if question.type == "geopoint" else None}
        elif question is None and isinstance(value, list):
            rounds = [coarse(survey, one) if isinstance(one, Mapping) else one for one in value]
            entry = {**entry, "v": rounds}
        found[name] = entry
    return found


def _cell(point: str) -> str:
    lat, lon = (float(part) for part in point.split()[:2])
    lon, lat = cell_100m(lon, lat)
    return f"{lat} {lon} 0 100"


def without_places(survey: Survey, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a client sent for a resident's survey, without any position; others as they are."""
    return placeless(survey, raw) if survey.kind == ENQUETE else dict(raw)


def placeless(survey: Survey, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a client sent, without any position."""
    kept: dict[str, Any] = {}
    for name, value in raw.items():
        question = survey.by_name.get(name) if isinstance(name, str) else None
        if question is not None and question.type in GEO_TYPES:
            continue
        if question is None and isinstance(value, list):
            value = [placeless(survey, one) if isinstance(one, Mapping) else one for one in value]
        kept[name] = value
    return kept
