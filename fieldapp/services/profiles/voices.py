"""From stored submissions to the voices that the method hears."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.answers import Answer, parse_answers
from fieldapp.core.profile.heard import cell_key
from fieldapp.core.profile.values import Voice
from fieldapp.core.signals import background, role_value, signals
from fieldapp.core.survey import Survey
from fieldapp.db.geo import to_rd
from fieldapp.db.queries.statements import coded_signals
from fieldapp.db.queries.voices import VoiceRow
from fieldapp.services.intake.answers import plain_answers
from fieldapp.services.survey_versions import surveys_of

GROUP = {
    "bewonersgesprek": "bewoners",
    "portiekgesprek": "bewoners",
    "enquete": "bewoners",
    "professional": "professionals",
    "observatie": "professionals",
}
DOORS = ("doors_tried", "doors_opened", "doors_spoken", "households_spoken")


def voices_of(session: Session, rows: Sequence[VoiceRow]) -> dict[str, list[Voice]]:
    """Area code -> its voices, with what was coded in their texts."""
    coded = coded_signals(session, [row.id for row in rows])
    surveys = surveys_of(session, {row.survey_version_id for row in rows})
    found: dict[str, list[Voice]] = {}
    for row in rows:
        voice = _voice(row, surveys[row.survey_version_id], coded)
        found.setdefault(row.area_code, []).append(voice)
    return found


def stored_answers(survey: Survey, answers: Mapping[str, Any]) -> dict[str, Answer]:
    """Typed answers again from how they are stored ({"v": value, "l": label})."""
    return parse_answers(survey, plain_answers(answers)).answers


def _voice(
    row: VoiceRow, survey: Survey, coded: Mapping[uuid.UUID, Mapping[str, tuple[float, ...]]]
) -> Voice:
    answers = stored_answers(survey, row.answers)
    spoken = dict(signals(survey, answers))
    for theme, values in coded.get(row.id, {}).items():
        spoken[theme] = (*spoken.get(theme, ()), *values)
    told = background(survey, answers)
    if row.kind == "enquete":
        told.setdefault("language", row.language)
    doors = {role: _count(role_value(survey, answers, role)) for role in DOORS}
    return Voice(
        id=str(row.id),
        group=GROUP[row.kind],
        signals=spoken,
        cluster=row.portiek,
        background=told,
        kind=row.kind,
        cell=_cell(row),
        **doors,
    )


def _cell(row: VoiceRow) -> str | None:
    if row.lon is None or row.lat is None:
        return None
    return cell_key(*to_rd(row.lon, row.lat))


def _count(value: Answer) -> int | None:
    """A whole number; one that was worked out (doors counted in a repeat) is a float."""
    whole = isinstance(value, int | float) and float(value).is_integer()
    return int(value) if whole else None  # type: ignore[arg-type]
