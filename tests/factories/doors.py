"""Visits to stairwells, with the shipped portiekgesprek, through the real intake."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming, Location
from fieldapp.db.models import Submission
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from tests.factories.surveys import make_survey
from tests.support.shipped import version

# What every question that must be answered gets.
SHIPPED: dict[str, dict[str, Any]] = {
    "portiekgesprek": {"huishoudens_gesproken": 1},
    "bewonersgesprek": {"verhaal": "GEHEIM verhaal van een bewoner."},
}
VISITED = datetime(2026, 9, 1, 10, tzinfo=UTC)


def visit(
    session: Session,
    actor: Actor | None,
    portiek: str,
    *,
    survey: str = "portiekgesprek",
    doors: Sequence[str] = ("gesproken", "dicht"),
    area: str | None = None,
    days: int = 0,
    round_slug: str = "",
    **answers: Any,
) -> Submission:
    """A conversation in this stairwell, `days` after VISITED; `doors`: how each one went."""
    make_survey(session, survey)
    given = {**SHIPPED.get(survey, {}), "portiek": portiek, **answers}
    if survey == "portiekgesprek":
        given["deuren"] = [{"deur": how} for how in doors]
    return send(session, actor, survey, version(survey), given, round_slug, area, days)


def send(
    session: Session,
    actor: Actor | None,
    survey: str,
    number: str,
    answers: dict[str, Any],
    round_slug: str = "",
    area: str | None = None,
    days: int = 0,
) -> Submission:
    """These answers to version `number` of a survey."""
    moment = VISITED + timedelta(days=days)
    incoming = Incoming(
        id=uuid.uuid4(),
        survey=survey,
        version=number,
        language="nl",
        captured_at=moment,
        answers=answers,
        location=Location(area_code=area, source="area") if area else Location(),
        round_slug=round_slug,
    )
    intake = Intake(MediaStore(Path("no-photos-here")))
    receipt = receive_submission(session, incoming, actor, moment, intake)
    return session.get_one(Submission, receipt.id)
