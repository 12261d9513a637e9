"""Take a survey definition into the database and publish it: from then on it is frozen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.survey import Survey as Definition
from fieldapp.core.survey import definition_hash, read_survey, survey_to_dict
from fieldapp.db.models import AuditEntry, Survey, SurveyVersion
from fieldapp.db.queries.surveys import published_version, survey_by_name


class PublishError(ValueError):
    """This version cannot be published; the message says what to do."""


def publish_survey(
    session: Session, definition: Definition, actor: Actor, now: datetime
) -> tuple[SurveyVersion, bool]:
    """Publish a definition. (version, whether it is new); the same one again changes nothing.

    Raises PublishError when this version number is taken by other content.
    """
    survey = survey_by_name(session, definition.name)
    if survey is None:
        survey = Survey(name=definition.name, kind=definition.kind)
        session.add(survey)
        session.flush()
    elif survey.organisation_id is not None:
        raise PublishError(
            f"{definition.name} is a survey of an organisation here; use another form_id"
        )
    elif survey.kind != definition.kind:
        raise PublishError(
            f"{definition.name} is a {survey.kind}; a {definition.kind} needs another form_id"
        )
    sha256 = definition_hash(definition)
    known = published_version(session, definition.name, definition.version)
    if known is not None:
        if known.definition_sha256 != sha256:
            raise PublishError(
                f"{definition.name} version {definition.version} is published with other content "
                "and cannot change; raise `version` in its settings"
            )
        session.commit()
        return known, False
    version = SurveyVersion(
        survey_id=survey.id,
        version=definition.version,
        state="published",
        definition=survey_to_dict(definition),
        definition_sha256=sha256,
        created_at=now,
        published_at=now,
    )
    session.add(version)
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.user_id,
            deed="survey_published",
            subject=f"{definition.name} {definition.version}",
        )
    )
    session.commit()
    return version, True


def ship_surveys(
    session: Session, folder: Path, actor: Actor, now: datetime
) -> list[tuple[str, str, bool]]:
    """Publish every <name>/survey.yaml in `folder`: (name, version, whether it is new)."""
    done = []
    for path in sorted(folder.glob("*/survey.yaml")):
        definition = read_survey(path)
        _, is_new = publish_survey(session, definition, actor, now)
        done.append((definition.name, definition.version, is_new))
    return done
