"""Surveys, versions and rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.core.people import area_covers
from fieldapp.db.models import AuditEntry, Round, Survey, SurveyVersion


def survey_by_name(session: Session, name: str) -> Survey | None:
    """The survey with this form_id."""
    return session.scalar(select(Survey).where(Survey.name == name))


def published_version(session: Session, name: str, version: str = "") -> SurveyVersion | None:
    """A published version of a survey; the newest when `version` is empty.

    A withdrawn version is found by its name still: what was filled in with it stays valid.
    """
    query = (
        select(SurveyVersion)
        .join(Survey)
        .where(Survey.name == name)
        .order_by(SurveyVersion.published_at.desc(), SurveyVersion.id.desc())
        .limit(1)
    )
    if version:
        query = query.where(
            SurveyVersion.version == version, SurveyVersion.state.in_(("published", "withdrawn"))
        )
    else:
        query = query.where(SurveyVersion.state == "published")
    return session.scalar(query)


def version_by_name(session: Session, name: str, version: str) -> SurveyVersion | None:
    """A version of a survey in any state."""
    return session.scalar(
        select(SurveyVersion)
        .join(Survey)
        .where(Survey.name == name, SurveyVersion.version == version)
    )


@dataclass(frozen=True, slots=True)
class VersionKey:
    """Which version, without its definition: what the intake needs of one it has read before."""

    id: int
    survey_id: int
    version: str
    definition_sha256: str
    organisation_id: int | None  # None: it ships with fieldapp


# Made once: the intake asks at every submission, and making a statement costs more than running it.
_VERSION, _SURVEY = SurveyVersion.__table__.c, Survey.__table__.c
_KEY = (
    select(
        _VERSION.id,
        _VERSION.survey_id,
        _VERSION.version,
        _VERSION.definition_sha256,
        _SURVEY.organisation_id,
    )
    .where(_SURVEY.id == _VERSION.survey_id, _SURVEY.name == bindparam("name"))
    .order_by(_VERSION.published_at.desc(), _VERSION.id.desc())
    .limit(1)
)
_KEY_OF_NEWEST = _KEY.where(_VERSION.state == "published")
_KEY_OF_VERSION = _KEY.where(
    _VERSION.version == bindparam("version"), _VERSION.state.in_(("published", "withdrawn"))
)


def published_key(session: Session, name: str, version: str = "") -> VersionKey | None:
    """As published_version, without reading the definition from the database."""
    statement = _KEY_OF_VERSION if version else _KEY_OF_NEWEST
    row = session.connection().execute(statement, {"name": name, "version": version}).first()
    return None if row is None else VersionKey(*row)


def all_surveys(session: Session, organisation_id: int | None = None) -> Sequence[Survey]:
    """Shipped surveys and those of one organisation (None: of all), by name."""
    query = select(Survey).order_by(Survey.name)
    if organisation_id is not None:
        query = query.where(
            or_(Survey.organisation_id.is_(None), Survey.organisation_id == organisation_id)
        )
    return session.scalars(query).all()


def version_by_trial(session: Session, token: str) -> SurveyVersion | None:
    """The version that is tried under this link."""
    return session.scalar(select(SurveyVersion).where(SurveyVersion.trial_token == token))


def drafts_based_on(session: Session, version_id: int) -> Sequence[SurveyVersion]:
    """The drafts that were made from this version."""
    query = select(SurveyVersion).where(
        SurveyVersion.based_on_id == version_id, SurveyVersion.state == "draft"
    )
    return session.scalars(query.order_by(SurveyVersion.id)).all()


def change_draft(
    session: Session,
    draft: SurveyVersion,
    before: str,
    definition: Mapping[str, Any],
    sha256: str,
    version: str,
) -> bool:
    """Write a draft's definition if it is still the one with hash `before`; whether it was.

    Asked of the database, so that of two makers at the same moment only one is first.
    """
    result = session.execute(
        update(SurveyVersion)
        .where(
            SurveyVersion.id == draft.id,
            SurveyVersion.state == "draft",
            SurveyVersion.definition_sha256 == before,
        )
        .values(definition=definition, definition_sha256=sha256, version=version)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(result, "rowcount", 0))


def survey_in_use(session: Session, survey_id: int, day: date) -> bool:
    """Whether a round of this survey takes answers on `day` or later."""
    query = select(Round.id).where(
        Round.survey_id == survey_id, or_(Round.closes_on.is_(None), Round.closes_on >= day)
    )
    return session.scalar(query.limit(1)) is not None


def noted_since(session: Session, deed: str, subject: str, moment: datetime) -> bool:
    """Whether this deed on this subject is in the record since `moment`."""
    query = select(AuditEntry.id).where(
        AuditEntry.at > moment, AuditEntry.deed == deed, AuditEntry.subject == subject
    )
    return session.scalar(query.limit(1)) is not None


def round_by_slug(session: Session, slug: str) -> Round | None:
    """The round with this link."""
    return session.scalar(select(Round).where(Round.slug == slug))


def is_open(value: Round, day: date) -> bool:
    """Whether a round takes answers on this day."""
    return value.opens_on <= day and (value.closes_on is None or day <= value.closes_on)


def open_rounds(
    session: Session, organisation_id: int, day: date, areas: Sequence[str] | None = None
) -> list[Round]:
    """The organisation's rounds that are open on `day` and touch one of `areas` (None: any)."""
    rounds = session.scalars(
        select(Round)
        .where(
            Round.organisation_id == organisation_id,
            Round.opens_on <= day,
            or_(Round.closes_on.is_(None), Round.closes_on >= day),
        )
        .order_by(Round.opens_on.desc(), Round.id.desc())
        .limit(100)
    ).all()
    if areas is None:
        return list(rounds)
    return [r for r in rounds if not r.area_codes or _touches(r.area_codes, areas)]


def _touches(codes: Sequence[str], others: Sequence[str]) -> bool:
    return any(area_covers(a, b) or area_covers(b, a) for a in codes for b in others)


def public_round_of(session: Session, survey_id: int, day: date) -> Round | None:
    """The only public round of this survey that is open on `day`; None when none or several."""
    found = session.scalars(
        select(Round)
        .where(
            Round.survey_id == survey_id,
            Round.is_public,
            Round.opens_on <= day,
            or_(Round.closes_on.is_(None), Round.closes_on >= day),
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def all_rounds(session: Session, organisation_id: int | None = None) -> Sequence[Round]:
    """Rounds of one organisation (None: of all), newest first; at most 500."""
    query = select(Round).order_by(Round.opens_on.desc(), Round.id.desc()).limit(500)
    if organisation_id is not None:
        query = query.where(Round.organisation_id == organisation_id)
    return session.scalars(query).all()
