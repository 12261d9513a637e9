"""Store the fictional gemeente through the same services as everything else.

A second run changes nothing: each part asks first what is there already.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM, Actor, Grant
from fieldapp.db.models import Organisation, User
from fieldapp.db.queries.people import organisation_by_slug, person_by_email
from fieldapp.db.queries.surveys import round_by_slug
from fieldapp.demo.compose import DemoWorld, demo_world
from fieldapp.demo.people import ORGANISATION, PASSWORD, YEAR, round_slug
from fieldapp.paths import SURVEYS
from fieldapp.services.demo_doors import store_doors
from fieldapp.services.demo_places import store_areas, store_figures
from fieldapp.services.demo_report import DemoReport
from fieldapp.services.demo_voices import (
    Progress,
    accept_older,
    store_statements,
    store_submissions,
)
from fieldapp.services.intake import Intake
from fieldapp.services.media import MediaStore
from fieldapp.services.open_round import OpenRound, open_round
from fieldapp.services.people import AddPerson, add_person, make_organisation
from fieldapp.services.publish_survey import ship_surveys
from fieldapp.services.receipts import signer_for

SLUG = "voorbeeldstad-verzonnen"
YEAR_OPEN = timedelta(days=YEAR)

__all__ = ["DemoRefused", "DemoReport", "make_demo"]


class DemoRefused(RuntimeError):
    """The demo may not run here; the message says why and what to do."""


def make_demo(
    session: Session,
    settings: Settings,
    now: datetime,
    progress: Progress | None = None,
    world: DemoWorld | None = None,
) -> DemoReport:
    """Fill the database with Voorbeeldstad (verzonnen); several commits, each part whole.

    Raises DemoRefused in production mode: the demo's password is known to everyone.
    """
    if settings.environment == "production":
        raise DemoRefused(
            "the demo has log-ins with a known password and does not run in production; "
            "use another database with FIELDAPP_ENV=development"
        )
    world = world or demo_world(last_day=_last_day(session, now))
    report = DemoReport(log_ins=tuple(person.email for person in world.people))
    organisation_id = _organisation(session).id
    ship_surveys(session, SURVEYS, SYSTEM, now)
    store_areas(session, world, organisation_id, now, report)
    store_figures(session, world, organisation_id, now, report)
    actors = _people(session, world, organisation_id, report)
    _rounds(session, world, organisation_id, now, report)
    intake = Intake(MediaStore(settings.media_dir), signer=signer_for(settings.receipt_key_path))
    store_submissions(session, world, actors, intake, report, progress)
    report.accepted = accept_older(session, world, actors["wijkmanager@voorbeeld.example"])
    store_statements(session, world, actors, report)
    store_doors(session, world, replace(SYSTEM, organisation_id=organisation_id), now)
    return report


def _last_day(session: Session, now: datetime) -> date:
    """A week ago at the first run, and the same day ever after."""
    opened = round_by_slug(session, round_slug("bewonersenquete"))
    return (now - timedelta(days=7)).date() if opened is None else opened.opens_on + YEAR_OPEN


def _organisation(session: Session) -> Organisation:
    found = organisation_by_slug(session, SLUG)
    if found is None:
        found = make_organisation(session, ORGANISATION, fictional=True)
        session.commit()
    return found


def _people(
    session: Session, world: DemoWorld, organisation_id: int, report: DemoReport
) -> dict[str, Actor]:
    """E-mail -> actor, for those who capture and code."""
    actors: dict[str, Actor] = {}
    for person in world.people:
        user = person_by_email(session, person.email)
        if user is None:
            areas = () if person.area_code is None else (person.area_code,)
            command = AddPerson(person.email, person.name, (person.role,), areas, SLUG, PASSWORD)
            user = add_person(session, command, SYSTEM)
            report.people += 1
        actors[person.email] = _actor(user, organisation_id)
    return actors


def _actor(user: User, organisation_id: int) -> Actor:
    grants = tuple(Grant(m.role, m.area_code) for m in user.memberships)
    return Actor(organisation_id, user.id, user.name, grants)


def _rounds(
    session: Session, world: DemoWorld, organisation_id: int, now: datetime, report: DemoReport
) -> None:
    owner = replace(SYSTEM, organisation_id=organisation_id)
    for planned in world.rounds:
        if round_by_slug(session, planned.slug) is not None:
            continue
        command = OpenRound(
            survey=planned.survey,
            name=planned.name,
            area_codes=planned.area_codes,
            opens_on=planned.opens_on,
            closes_on=planned.closes_on,
            is_public=planned.is_public,
            slug=planned.slug,
        )
        opened = open_round(session, command, owner, now)
        opened.target = planned.target
        session.commit()
        report.rounds += 1
