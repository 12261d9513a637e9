"""Definitions, parsed once per process: a frozen version never changes, a draft may."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy.orm import Session

from fieldapp.core.survey import Survey, load_survey
from fieldapp.db.models import SurveyVersion
from fieldapp.db.queries.definitions import definition_hashes, definitions, newest_published
from fieldapp.db.queries.surveys import VersionKey

_parsed: dict[str, Survey] = {}


@lru_cache(maxsize=8)
def _parsed_draft(written: str) -> Survey:
    return load_survey(json.loads(written), strict=False)


def parsed(version: SurveyVersion) -> Survey:
    """The definition of a version as a Survey; by its hash, so that it is parsed once.

    A draft can have faults: SurveyError then. Only a few drafts are remembered, since each
    change makes another one.
    """
    if version.state == "draft":
        return _parsed_draft(json.dumps(version.definition))
    key = version.definition_sha256
    survey = _parsed.get(key)
    if survey is None:
        survey = _parsed[key] = load_survey(version.definition, strict=False)
    return survey


def parsed_by_key(session: Session, key: VersionKey) -> Survey:
    """The same for a version whose definition was not read along; read only the first time."""
    return _parsed.get(key.definition_sha256) or survey_of(session, key.id)


def survey_of(session: Session, version_id: int) -> Survey:
    """The definition of the version with this id; LookupError when there is none."""
    return surveys_of(session, (version_id,))[version_id]


def surveys_of(session: Session, version_ids: Iterable[int]) -> dict[int, Survey]:
    """Version id -> its definition, of a page's worth of versions: one small query.

    Definitions that this process has not read before take a second one. LookupError when a
    version is not there.
    """
    wanted = set(version_ids)
    hashes = definition_hashes(session, wanted) if wanted else {}
    for version_id in wanted - set(hashes):
        raise LookupError(f"no survey version {version_id}")
    found = {number: _parsed[sha256] for number, sha256 in hashes.items() if sha256 in _parsed}
    unread = set(hashes) - set(found)
    if unread:
        for number, version in definitions(session, unread).items():
            found[number] = parsed(version)
    return found


def newest_surveys(session: Session) -> dict[str, Survey]:
    """Name -> newest published definition, of all surveys that have one: two small queries."""
    newest = newest_published(session)
    found = surveys_of(session, newest.values())
    return {name: found[version_id] for name, version_id in newest.items()}
