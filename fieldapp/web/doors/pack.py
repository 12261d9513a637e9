"""What a phone takes along of doors: compact JSON, read by static/js/phone/door/memory.js.

A door: {k: key, n: name, a: area, v: [[day, kind, who, mine], ...], c: [tried, opened, spoken,
day], r: [1 may come again | 0, day], p: [promise, ...]}; what is not known is absent. The door
with an empty key holds promises of nowhere. A promise: {id, t: text, on: day, by: who, me: 1,
due: day, done: day, may: 1 when this person may settle it}.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import url_for

from fieldapp.core.dates import HERE, local_day
from fieldapp.core.survey import Survey
from fieldapp.core.survey.model import leaves
from fieldapp.services.door_memory import ROLES, Door, doors_known
from fieldapp.services.filled import fill_in
from fieldapp.services.follow_ups import Promise, promises
from fieldapp.services.survey_versions import newest_surveys
from fieldapp.services.walks import Walk, WalkDoor, walks_of
from fieldapp.web.names import person_name

if TYPE_CHECKING:
    from fieldapp.web.phone.pack import Asked


def doors_part(asked: Asked) -> list[dict[str, Any]]:
    """Stairwells in my areas, those visited last first; then promises of nowhere."""
    made = promises(asked.session, asked.actor, asked.now)
    found = [_door(door) for door in doors_known(asked.session, asked.actor, asked.now, made)]
    nowhere = [_promise(one) for one in made if not one.key]
    return found + ([{"k": "", "n": "", "p": nowhere}] if nowhere else [])


def walks_part(asked: Asked) -> list[dict[str, Any]]:
    """The walking lists of open rounds."""
    walks = walks_of(asked.session, asked.actor, local_day(asked.now))
    surveys = newest_surveys(asked.session)
    return [walk_as_json(walk, surveys[walk.survey], asked.now) for walk in walks]


def _door(door: Door) -> dict[str, Any]:
    found: dict[str, Any] = {"k": door.key, "n": door.name}
    if door.area_code:
        found["a"] = door.area_code
    if door.visits:
        found["v"] = [
            [v.on.isoformat(), v.kind, person_name(v.who), int(v.is_mine)] for v in door.visits
        ]
    if door.counted_on:
        counts = door.counts
        found["c"] = [counts.tried, counts.opened, counts.spoken, door.counted_on.isoformat()]
    if door.may_return is not None and door.asked_on:
        found["r"] = [int(door.may_return), door.asked_on.isoformat()]
    if door.promises:
        found["p"] = [_promise(one) for one in door.promises]
    return found


def _promise(one: Promise) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "t": one.text, "on": one.made_on.isoformat()}
    if one.made_by:
        found["by"] = person_name(one.made_by)
    if one.is_mine:
        found["me"] = 1
    if one.due_on:
        found["due"] = one.due_on.isoformat()
    if one.done_on:
        found["done"] = one.done_on.isoformat()
    if one.may_settle:
        found["may"] = 1
    return found


def walk_as_json(walk: Walk, survey: Survey | None, now: datetime) -> dict[str, Any]:
    """A walking list, the next stairwell first, and how the phone adds what it has not sent."""
    return {
        "slug": walk.slug,
        "name": walk.name,
        "survey": walk.survey,
        "url": url_for("doors.round_page", slug=walk.slug),
        "list": int(walk.has_list),
        "count": counting(survey, now) if survey is not None else {},
        "doors": [_walk_door(door) for door in walk.doors],
    }


def _walk_door(door: WalkDoor) -> dict[str, Any]:
    found: dict[str, Any] = {"k": door.key, "n": door.name, "s": door.progress.state}
    progress = door.progress
    if door.area_code:
        found["a"] = door.area_code
    if progress.doors:
        found["d"] = progress.doors
    if progress.visits:
        found["c"] = [progress.tried, progress.opened, progress.spoken, progress.visits]
    if progress.last_on:
        found["on"] = progress.last_on.isoformat()
    return found


def counting(survey: Survey, now: datetime) -> dict[str, Any]:
    """How the phone counts doors in a form that it has not sent yet.

    {portiek, repeat, door, each: {choice: [tried, opened, spoken]}}: what one door with that
    choice adds to the counts, as the survey's own calculations say. {} when it has no such repeat.
    """
    repeat = next((g for g in survey.groups.values() if "doors" in g.appearances), None)
    portiek = survey.with_role("portiek")
    if repeat is None or portiek is None:
        return {}
    door = next((q for q in leaves(repeat.children) if q.choices), None)
    counted = [survey.with_role(role) for role in ROLES]
    if door is None or any(question is None for question in counted):
        return {}
    names = [question.name for question in counted if question is not None]
    each = {
        choice.name: _adds(survey, names, {repeat.name: [{door.name: choice.name}]}, now)
        for choice in door.choices
    }
    return {"portiek": portiek.name, "repeat": repeat.name, "door": door.name, "each": each}


def _adds(survey: Survey, names: Sequence[str], raw: dict[str, Any], now: datetime) -> list[int]:
    answers = fill_in(survey, raw, now=now.astimezone(HERE)).answers
    return [int(float(str(answers.get(name) or 0))) for name in names]
