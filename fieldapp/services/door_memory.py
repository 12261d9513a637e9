"""Memory of a door: who came to this stairwell, which doors opened, what was promised.

Only what colleagues wrote about their own visit: never what residents filled in themselves,
never a story. Bounded to a year and to the stairwells visited last, so that it fits a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.dates import local_day
from fieldapp.core.people import FIELD_ROLES, REVIEW_ROLES, Actor
from fieldapp.core.portiek import portiek_as_typed
from fieldapp.core.signals import role_value
from fieldapp.core.survey import Survey
from fieldapp.core.walking import DoorCounts
from fieldapp.db.queries.doors import VisitRow, answers_of, names_of, visits
from fieldapp.services.follow_ups import Promise, promises
from fieldapp.services.intake.answers import plain_answers
from fieldapp.services.survey_versions import surveys_of

REMEMBERED = timedelta(days=365)
MOST_DOORS = 300
VISITS_SHOWN = 3
ROLES = ("doors_tried", "doors_opened", "doors_spoken")

DoorKey = tuple[str, str | None]  # (portiek, area): two streets may have the same name


@dataclass(frozen=True, slots=True)
class PastVisit:
    """That a colleague came by. `who`: "" when this reader may not see names."""

    on: date
    kind: str
    who: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Door:
    """A stairwell as a colleague may remember it. `may_return`: None when nobody asked."""

    key: str
    name: str
    area_code: str | None
    visits: tuple[PastVisit, ...]
    counts: DoorCounts
    counted_on: date | None
    may_return: bool | None
    asked_on: date | None
    promises: tuple[Promise, ...]


def doors_known(
    session: Session, actor: Actor, now: datetime, made: Sequence[Promise] | None = None
) -> list[Door]:
    """Stairwells in the areas where this person works, those visited last first.

    `made`: the promises this person may see, when they are at hand.
    """
    if actor.organisation_id is None:
        return []
    areas = actor.area_codes(*FIELD_ROLES)
    by_door: dict[DoorKey, list[VisitRow]] = {}
    for row in visits(session, actor.organisation_id, areas, now - REMEMBERED):
        by_door.setdefault((row.portiek, row.area_code), []).append(row)
    kept = dict(list(by_door.items())[:MOST_DOORS])
    surveys = surveys_of(session, {row.version_id for rows in kept.values() for row in rows})
    telling = {key: _telling(rows, surveys) for key, rows in kept.items()}
    answers = answers_of(session, {row.id for rows in telling.values() for row in rows})
    names = _names(session, kept.values(), actor)
    made = promises(session, actor, now) if made is None else made
    promised: dict[DoorKey, list[Promise]] = {}
    for promise in made:
        if promise.key:
            promised.setdefault((promise.key, promise.area_code), []).append(promise)
    return [
        _door(key, rows, telling[key], answers, surveys, names, promised.pop(key, []), actor)
        for key, rows in kept.items()
    ] + [_door_of_promises(key, found) for key, found in promised.items()]


def _telling(rows: Sequence[VisitRow], surveys: Mapping[int, Survey]) -> list[VisitRow]:
    """The visits whose answers are worth reading: the newest, and the newest with doors."""
    asked = (row for row in rows if surveys[row.version_id].with_role("doors_tried") is not None)
    with_doors = next(asked, None)
    return [rows[0]] if with_doors in (None, rows[0]) else [rows[0], with_doors]


def _names(session: Session, groups: Iterable[Sequence[VisitRow]], actor: Actor) -> dict[int, str]:
    if not actor.has(*REVIEW_ROLES):
        return {}
    shown = [row for rows in groups for row in rows[:VISITS_SHOWN]]
    return names_of(session, {row.user_id for row in shown if row.user_id is not None})


def _door(
    key: DoorKey,
    rows: Sequence[VisitRow],
    telling: Sequence[VisitRow],
    answers: Mapping[Any, dict[str, Any]],
    surveys: Mapping[int, Survey],
    names: Mapping[int, str],
    promised: Sequence[Promise],
    actor: Actor,
) -> Door:
    portiek, area = key
    counts, counted_on, may_return, asked_on = DoorCounts(), None, None, None
    for row in telling:
        survey, given = surveys[row.version_id], plain_answers(answers.get(row.id, {}))
        if counted_on is None and (found := door_counts(survey, given)).is_known:
            counts, counted_on = found, local_day(row.captured_at)
        if asked_on is None and (said := _may_return(survey, given)) is not None:
            may_return, asked_on = said, local_day(row.captured_at)
    sees_names = actor.covers(area, *REVIEW_ROLES)
    return Door(
        key=portiek,
        name=portiek_as_typed(portiek, answers.get(rows[0].id, {})),
        area_code=area,
        visits=tuple(
            _visit(row, names if sees_names else {}, actor) for row in rows[:VISITS_SHOWN]
        ),
        counts=counts,
        counted_on=counted_on,
        may_return=may_return,
        asked_on=asked_on,
        promises=tuple(promised),
    )


def _door_of_promises(key: DoorKey, found: Sequence[Promise]) -> Door:
    """A stairwell not visited for a year, where something still has to be done."""
    return Door(
        key=key[0],
        name=found[0].portiek,
        area_code=key[1],
        visits=(),
        counts=DoorCounts(),
        counted_on=None,
        may_return=None,
        asked_on=None,
        promises=tuple(found),
    )


def _visit(row: VisitRow, names: Mapping[int, str], actor: Actor) -> PastVisit:
    mine = row.user_id is not None and row.user_id == actor.user_id
    return PastVisit(local_day(row.captured_at), row.kind, names.get(row.user_id or 0, ""), mine)


def door_counts(survey: Survey, given: Mapping[str, Any]) -> DoorCounts:
    """Doors tried, opened and spoken at one visit, of plain answers."""
    return DoorCounts(*(_count(role_value(survey, given, role)) for role in ROLES))


def _count(value: Any) -> int | None:
    """A count as it is stored: a calculation keeps text, a number, or nothing."""
    try:
        number = int(float(value)) if value is not None and value != "" else None
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number is not None and 0 <= number <= 100_000 else None


def _may_return(survey: Survey, given: Mapping[str, Any]) -> bool | None:
    """Whether residents said that somebody may come again; None when that was not asked."""
    said = role_value(survey, given, "return_visit")
    return {"ja": True, "nee": False}.get(said) if isinstance(said, str) else None
