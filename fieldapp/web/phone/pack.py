"""The pack: what a phone takes along for a day without signal, as one JSON answer.

Every part is a function of what is asked; a room adds its own line to PARTS.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Response
from flask_security import current_user
from sqlalchemy.orm import Session

from fieldapp.core.dates import local_day
from fieldapp.core.people import FIELD_ROLES, Actor
from fieldapp.db.models import User
from fieldapp.db.queries.submissions import counts_by_round
from fieldapp.db.queries.surveys import all_surveys, open_rounds
from fieldapp.services.places import offered_buurten
from fieldapp.services.receipts import announced_keys, signer_for
from fieldapp.services.survey_versions import newest_surveys
from fieldapp.web.assets import static_version
from fieldapp.web.context import db_session, now, required_actor, settings
from fieldapp.web.doors.pack import doors_part, walks_part
from fieldapp.web.forms.walk import language_for, languages_for
from fieldapp.web.language import current_language
from fieldapp.web.phone.addresses import form_address
from fieldapp.web.phone.blueprint import blueprint
from fieldapp.web.phone.earlier import earlier_part
from fieldapp.web.phone.messages_part import messages_part
from fieldapp.web.phone.person import person_key

FIELD_KINDS = ("observatie", "bewonersgesprek", "portiekgesprek", "enquete", "professional")
MOST_AREAS = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a part is made, and in which language."""

    session: Session
    actor: Actor
    now: datetime
    language: str


def _organisation(asked: Asked) -> int:
    if asked.actor.organisation_id is None:
        raise ValueError("the pack belongs to a person")
    return asked.actor.organisation_id


def surveys_part(asked: Asked) -> list[dict[str, Any]]:
    """The newest version of every survey that can be filled in on a phone."""
    published = newest_surveys(asked.session)
    found = []
    for row in all_surveys(asked.session, _organisation(asked)):
        survey = published.get(row.name)
        if survey is None or row.kind not in FIELD_KINDS:
            continue
        spoken = language_for(survey, asked.language)
        found.append(
            {
                "name": row.name,
                "version": survey.version,
                "kind": row.kind,
                "title": survey.title.in_language(asked.language),
                "language": spoken,
                "languages": [
                    {"tag": tag, "name": name, "url": form_address(row.name, survey.version, tag)}
                    for tag, name in languages_for(survey)
                ],
                "url": form_address(row.name, survey.version, spoken),
            }
        )
    return found


def rounds_part(asked: Asked) -> list[dict[str, Any]]:
    """Rounds that are open in this person's areas, with how far they are."""
    areas = asked.actor.area_codes(*FIELD_ROLES)
    rounds = open_rounds(asked.session, _organisation(asked), local_day(asked.now), areas)
    counts = counts_by_round(asked.session, [found.id for found in rounds])
    return [
        {
            "slug": found.slug,
            "name": found.name,
            "survey": found.survey.name,
            "area": (found.area_codes or [""])[0],
            "closes_on": found.closes_on.isoformat() if found.closes_on else None,
            "target": found.target,
            "count": counts.get(found.id, 0),
        }
        for found in rounds
    ]


def areas_part(asked: Asked) -> list[dict[str, str]]:
    """The buurten where this person works; none when these are more than a list can be."""
    buurten = offered_buurten(asked.session, None, asked.actor)
    if len(buurten) > MOST_AREAS:
        return []
    return [{"code": one.code, "name": one.name} for one in buurten]


def keys_part(asked: Asked) -> list[dict[str, str]]:
    """The keys with which receipts can be checked."""
    return announced_keys(asked.session, signer_for(settings().receipt_key_path), asked.now)


PARTS: Mapping[str, Callable[[Asked], Any]] = {
    "surveys": surveys_part,
    "rounds": rounds_part,
    "areas": areas_part,
    "keys": keys_part,
    "messages": lambda asked: messages_part(asked.session, asked.actor, asked.now, asked.language),
    "doors": doors_part,
    "walks": walks_part,
    "earlier": earlier_part,
}
"""Name in the pack -> what makes it; each with a number of queries that does not grow."""


@blueprint.get("/app/gegevens.json")
def pack() -> Response:
    """All parts; the ETag is of the whole, so that nothing new costs nothing."""
    asked = Asked(db_session(), required_actor(), now(), current_language())
    parts = {name: make(asked) for name, make in PARTS.items()}
    person = person_key(cast("User", current_user))
    made = {"person": person, "language": asked.language, "version": static_version(), **parts}
    return Response(
        json.dumps(made, ensure_ascii=False, separators=(",", ":")), mimetype="application/json"
    )
