"""Two organisations and two buurten with something of everything, to knock at every door."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PIL import Image
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.core.submission import Incoming, Location, SentFile
from fieldapp.db.base import Base
from fieldapp.db.models import (
    ApiToken,
    Attachment,
    Device,
    Draft,
    FollowUp,
    ImportRun,
    Message,
    Round,
    Statement,
    Submission,
    SubmissionConflict,
    SurveyVersion,
    User,
)
from fieldapp.services.drafts import start_draft
from fieldapp.services.intake import Intake, receive_submission
from fieldapp.services.media import MediaStore
from fieldapp.services.people import add_token
from fieldapp.services.survey_drafts import save_draft
from tests.factories import make_actor, make_area, make_person, make_round, make_survey
from tests.factories.profiles import make_quote
from tests.factories.submissions import CAPTURED, TALK, make_submission
from tests.support.shipped import version

A, B = "BU99990101", "BU99990201"  # two buurten in two wijken of one gemeente
SECRET = "GEHEIMWOORD"  # in every text that somebody else may not read
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def picture(color: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "JPEG")
    return out.getvalue()


@dataclass
class World:
    """What lies in buurt B, collected there by `owner`, and who looks at it from elsewhere."""

    session: Session
    owner: User
    talk: Submission
    observation: Submission
    attachment: Attachment
    statement: Statement
    conflict: SubmissionConflict
    draft: Draft
    round: Round
    run: ImportRun
    token: ApiToken
    secret: str
    made_survey: SurveyVersion
    phone: Device
    message: Message
    follow_up: FollowUp

    def values(self, code: str = B) -> dict[str, Any]:
        """Names of variables in addresses -> what they are here."""
        return {
            "submission_id": self.talk.id,
            "attachment_id": self.attachment.id,
            "statement_id": self.statement.id,
            "conflict_id": self.conflict.id,
            "draft_id": self.draft.id,
            "round_id": self.round.id,
            "run_id": self.run.id,
            "person_id": self.owner.id,
            "token_id": self.token.id,
            "code": code,
            "slug": self.round.slug,
            "follow_up_id": self.follow_up.id,
            "sha256": self.attachment.sha256,
            "device_id": self.phone.device_id,
            "phone_id": self.phone.id,
            "message_id": self.message.id,
            "page": "blad",
            "name": "praatje",
            "survey": "eigen_lijst",  # a draft: nobody has its form yet
            "language": "nl",
            "version": "1",
            "what": "grenzen",
            "filename": "x",
            "version_id": self.made_survey.id,
            "format": "yaml",
            "token": "geen-proef",  # whoever has the right one may see that draft
        }


def make_world(session: Session, media: MediaStore) -> World:
    """Everything in buurt B of organisation `gemeente`."""
    make_area(session, "GM9999", "Lindestad", bounds=(5.10, 52.08, 5.14, 52.10))
    make_area(session, A, "Sterrenbuurt", bounds=(5.10, 52.08, 5.12, 52.10))
    make_area(session, B, "Maanbuurt", bounds=(5.12, 52.08, 5.14, 52.10))
    make_survey(session, "observatie")
    version = make_survey(session, TALK)
    owner = make_person(session, "eigenaar@example.org", "beheerder", "buurtbeheerder")
    actor = make_actor(owner)
    there = Location(5.13, 52.09, 8.0, "gps")
    talk = make_submission(
        session,
        {"verhaal": f"{SECRET} in het donker.", "citaat_mag": "nee"},
        location=there,
        actor=actor,
    )
    observation = _observation(session, media, actor, there)
    attachment = session.scalars(select(Attachment)).one()
    statement = make_quote(session, talk, f"{SECRET} in het donker", approved=False)
    conflict = _conflict(session, talk)
    draft = start_draft(session, version, None, actor, "nl", NOW)
    draft.raw = {"verhaal": f"{SECRET} concept"}
    made = make_round(session, version, B, slug="maan", name=f"Maanronde {SECRET}")
    run = ImportRun(
        organisation_id=owner.organisation_id,
        kind="areas",
        source="",
        file_name=f"{SECRET}.geojson",
        file_sha256="0" * 64,
        options={"year": 2024},
        state="queued",
        actor_id=owner.id,
        created_at=NOW,
    )
    session.add(run)
    session.commit()
    token, secret = add_token(session, owner.email, "buurtbeheerder", 30, f"tok {SECRET}", SYSTEM)
    made_survey = save_draft(session, _own_survey(), actor, NOW)
    follow_up = FollowUp(
        organisation_id=owner.organisation_id,
        submission_id=talk.id,
        question="wens",
        text=f"{SECRET} belofte",
        made_at=NOW,
    )
    session.add(follow_up)
    session.commit()
    return World(
        session, owner, talk, observation, attachment, statement, conflict, draft, made, run,
        token, secret, made_survey, *_phone(session, owner), follow_up,
    )  # fmt: skip


def _phone(session: Session, owner: User) -> tuple[Device, Message]:
    """A phone of the owner with work on it, and a message to the owner."""
    phone = Device(
        device_id=uuid.uuid4(),
        organisation_id=owner.organisation_id,
        user_id=owner.id,
        name=f"Toestel {SECRET}",
        first_seen_at=NOW,
        last_seen_at=NOW,
        unsent=2,
        oldest_unsent_at=NOW,
    )
    message = Message(
        organisation_id=owner.organisation_id,
        to_user_id=owner.id,
        from_user_id=owner.id,
        text=f"{SECRET} bericht",
        sent_at=NOW,
    )
    session.add_all((phone, message))
    session.commit()
    return phone, message


def _own_survey() -> dict[str, Any]:
    """A questionnaire of the organisation itself, still a draft."""
    return {
        "settings": {"form_id": "eigen_lijst", "version": "1", "kind": "observatie"},
        "title": {"nl": f"{SECRET} lijst"},
        "survey": [{"type": "text", "name": "a", "label": {"nl": f"{SECRET} vraag"}}],
    }


def _observation(session: Session, media: MediaStore, actor: Any, there: Location) -> Submission:
    incoming = Incoming(
        id=uuid.uuid4(),
        survey="observatie",
        version=version("observatie"),
        language="nl",
        captured_at=CAPTURED,
        answers={"wat": "schoon", "niveau_schoon": "A"},
        location=there,
        files=(SentFile("foto", f"{SECRET}.jpg", picture()),),
    )
    receive_submission(session, incoming, actor, NOW, Intake(media))
    return session.get_one(Submission, incoming.id)


def _conflict(session: Session, talk: Submission) -> SubmissionConflict:
    conflict = SubmissionConflict(
        submission_id=talk.id,
        content_sha256="1" * 64,
        received_at=NOW,
        content={"survey": "praatje", "answers": {"verhaal": f"{SECRET} anders"}, "files": []},
    )
    session.add(conflict)
    session.commit()
    return conflict


def fingerprint(engine: Engine) -> dict[str, tuple[int, int]]:
    """Table -> (rows, hash of all rows whatever their order): equal means nothing changed."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(text(f'select * from "{table.name}"')).all()
            found[table.name] = (len(rows), hash(tuple(sorted(map(repr, rows)))))
    return found


def rows_of(session: Session, model: Any) -> int:
    """How many rows there are now."""
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model)) or 0
