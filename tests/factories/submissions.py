"""Submissions, taken in through the real intake."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.submission import NOWHERE, Incoming, Location
from fieldapp.db.models import Submission
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from tests.factories.people import make_organisation
from tests.factories.surveys import make_survey

CAPTURED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

# Two open answers, one text with a role, and the question for consent.
TALK: dict[str, Any] = {
    "settings": {
        "form_id": "praatje",
        "version": "1",
        "kind": "bewonersgesprek",
        "default_language": "nl",
        "languages": ["nl"],
    },
    "title": {"nl": "Praatje"},
    "survey": [
        {
            "type": "group",
            "name": "blad",
            "children": [
                {"type": "text", "name": "verhaal", "label": {"nl": "Wat vertelde de bewoner?"}},
                {"type": "text", "name": "wens", "label": {"nl": "Wat moet beter?"}},
                {
                    "type": "text",
                    "name": "portiek",
                    "label": {"nl": "Welk portiek?"},
                    "role": "portiek",
                },
                {
                    "type": "select_one janee",
                    "name": "citaat_mag",
                    "label": {"nl": "Mogen we dit citeren?"},
                    "role": "consent_quote",
                },
            ],
        }
    ],
    "choices": {
        "janee": [
            {"name": "ja", "label": {"nl": "Ja"}},
            {"name": "nee", "label": {"nl": "Nee"}},
        ]
    },
}


def make_submission(
    session: Session,
    answers: dict[str, Any] | None = None,
    *,
    location: Location = NOWHERE,
    language: str = "nl",
    number: int = 0,
    actor: Actor | None = None,
    submission_id: uuid.UUID | None = None,
    organisation: str = "gemeente",
    revision: int = 0,
) -> Submission:
    """A conversation (TALK); `number` makes it that many minutes later than the first."""
    make_survey(session, TALK)
    actor = actor or Actor(make_organisation(session, organisation).id)
    moment = CAPTURED + timedelta(minutes=number)
    incoming = Incoming(
        id=submission_id or uuid.uuid4(),
        survey="praatje",
        version="1",
        language=language,
        captured_at=moment,
        answers={"verhaal": "Het is hier rustig."} if answers is None else answers,
        location=location,
        revision=revision,
    )
    intake = Intake(MediaStore(Path("no-photos-here")))
    receipt = receive_submission(session, incoming, actor, moment, intake)
    found = session.get(Submission, receipt.id)
    assert found is not None
    return found
