"""Walking lists: which stairwells a round goes to, how far it is, and which one is next."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fieldapp.core.dates import local_day
from fieldapp.core.door_list import ListedDoor
from fieldapp.core.people import FIELD_ROLES, Actor, area_covers
from fieldapp.core.portiek import portiek_as_typed
from fieldapp.core.survey import Problem, Survey
from fieldapp.core.walking import DoorCounts, Progress, next_first, progress
from fieldapp.db.models import AuditEntry, Round, RoundDoor
from fieldapp.db.queries.areas import newest_area
from fieldapp.db.queries.doors import VisitRow, answers_of, areas_visited, visits_in_rounds
from fieldapp.db.queries.surveys import open_rounds
from fieldapp.db.queries.walks import names_within, replace_round_doors, round_doors
from fieldapp.services.door_memory import door_counts
from fieldapp.services.intake.answers import plain_answers
from fieldapp.services.survey_versions import newest_surveys, surveys_of

MOST_WALKS = 20
MOST_DOORS = 300
MOST_READ = 5000  # visits whose counts a process remembers

Version = tuple[uuid.UUID, int]  # a visit, and which version of it: of one the answers stay


@dataclass(frozen=True, slots=True)
class _Told:
    """What the answers of one visit say: the stairwell as typed, its doors."""

    name: str
    counts: DoorCounts


@dataclass(frozen=True, slots=True)
class _Visit:
    row: VisitRow
    told: _Told


_READ: dict[Version, _Told] = {}


@dataclass(frozen=True, slots=True)
class WalkDoor:
    """A stairwell of a round. `is_listed`: on the list; else only visited."""

    key: str
    name: str
    area_code: str | None
    progress: Progress
    is_listed: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """The stairwells of a round that one person sees, the next to visit first."""

    slug: str
    name: str
    survey: str
    kind: str
    closes_on: date | None
    doors: tuple[WalkDoor, ...]
    has_list: bool

    @property
    def done(self) -> int:
        """How many stairwells are done."""
        return sum(door.progress.state == "done" for door in self.doors)

    @property
    def next(self) -> WalkDoor | None:
        """Where to go now; None when every stairwell is done."""
        first = self.doors[0] if self.doors else None
        return first if first is not None and first.progress.state != "done" else None


def may_walk(found: Round, actor: Actor) -> bool:
    """Whether this person works somewhere in this round."""
    if found.organisation_id != actor.organisation_id:
        return False
    areas = actor.area_codes(*FIELD_ROLES)
    if areas is None or not found.area_codes:
        return areas is None or bool(areas)
    return any(area_covers(a, b) or area_covers(b, a) for a in areas for b in found.area_codes)


def walks_of(session: Session, actor: Actor, day: date) -> list[Walk]:
    """The open rounds in this person's areas that go to stairwells; at most MOST_WALKS."""
    if actor.organisation_id is None:
        return []
    areas = actor.area_codes(*FIELD_ROLES)
    surveys = newest_surveys(session)
    rounds = [
        found
        for found in open_rounds(session, actor.organisation_id, day, areas)
        if _goes_to_doors(surveys.get(found.survey.name))
    ][:MOST_WALKS]
    return _walks(session, rounds, actor)


def walk_of(session: Session, found: Round, actor: Actor) -> Walk:
    """One round, open or not; ask `may_walk` first."""
    return _walks(session, [found], actor)[0]


def _goes_to_doors(survey: Survey | None) -> bool:
    """Doors are counted in it: then it is a round along stairwells."""
    return survey is not None and survey.with_role("doors_tried") is not None


def _walks(session: Session, rounds: Sequence[Round], actor: Actor) -> list[Walk]:
    ids = [found.id for found in rounds]
    listed = round_doors(session, ids)
    rows = visits_in_rounds(session, ids)
    told = _told(session, rows)
    visits: dict[int | None, list[_Visit]] = {}
    for row in rows:
        visits.setdefault(row.round_id, []).append(_Visit(row, told[_version(row)]))
    return [
        _walk(found, listed.get(found.id, []), visits.get(found.id, []), actor) for found in rounds
    ]


def _version(row: VisitRow) -> Version:
    return row.id, row.revision


def _told(session: Session, rows: Sequence[VisitRow]) -> dict[Version, _Told]:
    """What each visit says of its doors; a process reads each version of a visit once."""
    known = {key: _READ[key] for row in rows if (key := _version(row)) in _READ}
    unread = [row for row in rows if _version(row) not in known]
    surveys = surveys_of(session, {row.version_id for row in unread})
    answers = answers_of(session, {row.id for row in unread})
    read = {}
    for row in unread:
        given = answers.get(row.id, {})
        counts = door_counts(surveys[row.version_id], plain_answers(given))
        read[_version(row)] = _Told(portiek_as_typed(row.portiek, given), counts)
    if len(_READ) > MOST_READ:
        _READ.clear()
    _READ.update(read)
    return known | read


def _walk(
    found: Round, listed: Sequence[RoundDoor], visits: Sequence[_Visit], actor: Actor
) -> Walk:
    doors = [*_on_list(listed, visits, actor), *_beside_list(listed, visits, actor)]
    order = next_first(enumerate(door.progress for door in doors))
    return Walk(
        slug=found.slug,
        name=found.name,
        survey=found.survey.name,
        kind=found.survey.kind,
        closes_on=found.closes_on,
        doors=tuple(doors[number] for number in order[:MOST_DOORS]),
        has_list=bool(listed),
    )


def _on_list(
    listed: Sequence[RoundDoor], visits: Sequence[_Visit], actor: Actor
) -> Iterator[WalkDoor]:
    """The stairwells of the list that this person sees."""
    for door in listed:
        if door.area_code is not None and not actor.covers(door.area_code, *FIELD_ROLES):
            continue
        here = [
            one for one in visits if one.row.portiek == door.portiek and _same(one.row, door, actor)
        ]
        yield WalkDoor(
            door.portiek, door.name, door.area_code, _progress(door.doors, here), is_listed=True
        )


def _beside_list(
    listed: Sequence[RoundDoor], visits: Sequence[_Visit], actor: Actor
) -> Iterator[WalkDoor]:
    """Stairwells that are not on the list but were visited, in this person's areas."""
    on_list = {door.portiek for door in listed}
    found: dict[tuple[str, str | None], list[_Visit]] = {}
    for one in visits:
        row = one.row
        if row.portiek not in on_list and actor.covers(row.area_code, *FIELD_ROLES):
            found.setdefault((row.portiek, row.area_code), []).append(one)
    for (key, area), here in found.items():
        yield WalkDoor(key, here[0].told.name, area, _progress(None, here), is_listed=False)


def _same(row: VisitRow, door: RoundDoor, actor: Actor) -> bool:
    """Whether a visit by this name was to this stairwell, and is this reader's to see."""
    if row.area_code is None:
        return True  # sent without a place, for this round and under this name
    if door.area_code is not None:
        return row.area_code == door.area_code
    return actor.covers(row.area_code, *FIELD_ROLES)


def _progress(doors: int | None, visits: Sequence[_Visit]) -> Progress:
    return progress(doors, [(local_day(one.row.captured_at), one.told.counts) for one in visits])


def set_doors(
    session: Session, found: Round, listed: Sequence[ListedDoor], actor: Actor, now: datetime
) -> list[Problem]:
    """Make this the walking list of a round: one commit; nothing changes when there are problems.

    The area of a line is a code or the name of an area of the round. Without one it follows from
    the round (when it has one area) or from earlier visits under the same name.
    """
    problems: list[Problem] = []
    known = areas_visited(session, found.organisation_id, [door.key for door in listed])
    names = names_within(session, found.area_codes) if found.area_codes else {}
    rows = [
        RoundDoor(
            round_id=found.id,
            position=number,
            portiek=door.key,
            name=door.name,
            doors=door.doors,
            area_code=_area(session, found, door, known, names, problems),
        )
        for number, door in enumerate(listed)
    ]
    if problems:
        return problems
    replace_round_doors(session, found.id, rows)
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.user_id,
            deed="round_doors",
            subject=found.slug,
            detail={"doors": len(rows)},
        )
    )
    session.commit()
    return []


def _area(
    session: Session,
    found: Round,
    door: ListedDoor,
    known: Mapping[str, set[str]],
    names: Mapping[str, set[str]],
    problems: list[Problem],
) -> str | None:
    if door.area:
        named = names.get(door.area.casefold(), set())
        code = next(iter(named)) if len(named) == 1 else door.area
        if newest_area(session, code) is None or not _inside(found, code):
            problems.append(Problem("doors_area", door.name, {"written": door.area[:40]}))
        return code[:40]
    if len(found.area_codes) == 1:
        return found.area_codes[0]
    visited = {code for code in known.get(door.key, ()) if _inside(found, code)}
    return visited.pop() if len(visited) == 1 else None


def _inside(found: Round, code: str) -> bool:
    return not found.area_codes or any(area_covers(own, code) for own in found.area_codes)
