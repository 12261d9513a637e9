"""Open a round: one survey, some areas, some dates; a public one gets a link for residents."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.db.models import AuditEntry, Round
from fieldapp.db.queries.areas import newest_area
from fieldapp.db.queries.people import only_organisation, organisation_by_slug
from fieldapp.db.queries.surveys import published_version


class RoundError(ValueError):
    """This round cannot be opened; the message says why."""


@dataclass(frozen=True, slots=True)
class OpenRound:
    """What to open. `organisation`: slug, "" for the actor's own or the only one."""

    survey: str
    name: str
    area_codes: tuple[str, ...]
    opens_on: date
    closes_on: date | None
    is_public: bool
    organisation: str = ""
    slug: str = ""


def make_slug(name: str) -> str:
    """A link that people can type and nobody can guess: 'lente-2026-k3f9x2'."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30]
    tail = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(6))
    return f"{plain}-{tail}" if plain else tail


def open_round(session: Session, command: OpenRound, actor: Actor, now: datetime) -> Round:
    """Open it: one commit. Raises RoundError."""
    version = published_version(session, command.survey)
    organisation_id = _organisation_id(session, command, actor)
    if version is None or version.survey.organisation_id not in (None, organisation_id):
        raise RoundError(f"there is no published survey {command.survey!r}")
    if command.closes_on is not None and command.closes_on < command.opens_on:
        raise RoundError("the last day lies before the first day")
    for code in command.area_codes:
        if newest_area(session, code) is None:
            raise RoundError(f"there is no area {code!r}; import the boundaries first")
    made = Round(
        slug=command.slug or make_slug(command.name),
        name=command.name,
        organisation_id=organisation_id,
        survey_id=version.survey_id,
        area_codes=list(command.area_codes),
        opens_on=command.opens_on,
        closes_on=command.closes_on,
        is_public=command.is_public,
    )
    session.add(made)
    session.flush()
    session.add(AuditEntry(at=now, actor_id=actor.user_id, deed="round_opened", subject=made.slug))
    session.commit()
    return made


def _organisation_id(session: Session, command: OpenRound, actor: Actor) -> int:
    if actor.organisation_id is not None:
        return actor.organisation_id
    found = (
        organisation_by_slug(session, command.organisation)
        if command.organisation
        else only_organisation(session)
    )
    if found is None:
        raise RoundError("name an existing organisation with --organisation")
    return found.id
