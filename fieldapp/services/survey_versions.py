"""Published definitions, parsed once per process: a frozen version never changes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fieldapp.core.survey import Survey, load_survey
from fieldapp.db.models import SurveyVersion
from fieldapp.db.queries.surveys import VersionKey

_parsed: dict[str, Survey] = {}


def parsed(version: SurveyVersion) -> Survey:
    """The definition of a version as a Survey; by its hash, so that it is parsed once."""
    key = version.definition_sha256
    survey = _parsed.get(key)
    if survey is None:
        survey = _parsed[key] = load_survey(version.definition)
    return survey


def parsed_by_key(session: Session, key: VersionKey) -> Survey:
    """The same for a version whose definition was not read along; read only the first time."""
    return _parsed.get(key.definition_sha256) or survey_of(session, key.id)


def survey_of(session: Session, version_id: int) -> Survey:
    """The definition of the version with this id."""
    version = session.get(SurveyVersion, version_id)
    if version is None:
        raise LookupError(f"no survey version {version_id}")
    return parsed(version)
