"""From a sending to the row that will be stored: everything checked, nothing written yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.answers import Answers
from fieldapp.core.dates import local_day
from fieldapp.core.people import Actor
from fieldapp.core.submission import RECEIVED, Incoming
from fieldapp.core.survey import Problem, Survey
from fieldapp.db.models import Round
from fieldapp.db.queries.surveys import (
    VersionKey,
    is_open,
    public_round_of,
    published_key,
    round_by_slug,
)
from fieldapp.services.intake.answers import as_stored, checked_answers, portiek_of
from fieldapp.services.intake.marks import marks_of
from fieldapp.services.intake.place import Place, kept_location, place_of, point_of
from fieldapp.services.intake.receipt import NotAllowed, Refused
from fieldapp.services.intake.sending import Sending
from fieldapp.services.survey_versions import parsed_by_key


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission that was found right. `row`: the columns of its row, by name."""

    survey: Survey
    version: str
    answers: Answers
    place: Place
    row: dict[str, Any]


def prepare(session: Session, sending: Sending) -> Prepared:
    """Check and place what came. Raises Refused and NotAllowed."""
    incoming, actor, now = sending.incoming, sending.actor, sending.now
    version = published_key(session, incoming.survey, incoming.version)
    if version is None:
        raise Refused(_unknown_survey(session, incoming))
    open_round = _round(session, incoming, version, actor, now)
    organisation_id = _organisation(actor, open_round)
    if version.organisation_id not in (None, organisation_id):
        raise Refused(Problem("unknown_survey", "survey", {"survey": incoming.survey[:80]}))
    survey = parsed_by_key(session, version)
    answers = checked_answers(survey, incoming, sending.stored)
    place = place_of(session, incoming.location, open_round)
    location = kept_location(incoming.location, survey.kind)
    row = {
        "id": incoming.id,
        "organisation_id": organisation_id,
        "survey_version_id": version.id,
        "round_id": open_round.id if open_round else None,
        "user_id": _user_id(actor, survey),
        "kind": survey.kind,
        "channel": incoming.channel,
        "language": incoming.language,
        "captured_at": incoming.captured_at,
        "received_at": now,
        "lon": location.lon,
        "lat": location.lat,
        "accuracy_m": location.accuracy_m,
        "location_source": location.source,
        "geom": point_of(location),
        "area_code": place.code,
        "boundary_year": place.year,
        "area_status": place.status,
        "portiek": portiek_of(survey, answers),
        "marks": marks_of(session, incoming, survey.kind, place, open_round, actor, now),
        "state": RECEIVED,
        "answers": as_stored(survey, answers, incoming.language),
        "content_sha256": sending.sha256,
        "revision": incoming.revision,
    }
    return Prepared(survey, version.version, answers, place, row)


def _unknown_survey(session: Session, incoming: Incoming) -> Problem:
    params = {"survey": incoming.survey[:80], "version": incoming.version[:40]}
    newest = published_key(session, incoming.survey)
    if newest is None:
        return Problem("unknown_survey", "survey", params)
    return Problem("unknown_version", "version", {**params, "newest": newest.version})


def _round(
    session: Session,
    incoming: Incoming,
    version: VersionKey,
    actor: Actor | None,
    now: datetime,
) -> Round | None:
    day = local_day(now)
    if incoming.round_slug:
        found = round_by_slug(session, incoming.round_slug)
        if found is None or found.survey_id != version.survey_id:
            raise Refused(Problem("unknown_round", "round", {"round": incoming.round_slug[:60]}))
        # Staff may bring in what they captured while the round was open.
        if actor is None and not (found.is_public and is_open(found, day)):
            raise Refused(Problem("round_closed", "round", {"round": found.name}))
        if actor is not None and not actor.is_system and _foreign(found, actor):
            raise Refused(Problem("unknown_round", "round", {"round": found.slug}))
        return found
    if actor is None:
        found = public_round_of(session, version.survey_id, day)
        if found is None:
            raise NotAllowed
        return found
    return None


def _foreign(found: Round, actor: Actor) -> bool:
    return found.organisation_id != actor.organisation_id


def _organisation(actor: Actor | None, open_round: Round | None) -> int:
    if open_round is not None:
        return open_round.organisation_id
    if actor is None or actor.organisation_id is None:
        raise NotAllowed
    return actor.organisation_id


def _user_id(actor: Actor | None, survey: Survey) -> int | None:
    """Who captured it; a resident's own survey never names anybody."""
    return None if actor is None or survey.kind == "enquete" else actor.user_id
