"""Which media files surveys name. Definitions are read once per process, by their hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.db.queries.definitions import definitions, draft_definitions, published_hashes

_named: dict[str, frozenset[str]] = {}  # hash of a definition -> hashes of its files


def media_of(definition: Mapping[str, Any]) -> frozenset[str]:
    """The hashes of the files that a definition, finished or not, names."""
    files = definition.get("files")
    found = files.values() if isinstance(files, Mapping) else ()
    return frozenset(one for one in found if isinstance(one, str))


def public_media(session: Session) -> frozenset[str]:
    """The hashes of all files of surveys that are or were published."""
    hashes = published_hashes(session)
    unread = [number for number, sha256 in hashes.items() if sha256 not in _named]
    if unread:
        for version in definitions(session, unread).values():
            _named[version.definition_sha256] = media_of(version.definition)
    return frozenset().union(*(_named[sha256] for sha256 in hashes.values()))


def is_public_media(session: Session, sha256: str) -> bool:
    """Whether a published survey names this file."""
    return sha256 in public_media(session)


def is_visible_media(session: Session, sha256: str, actor: Actor | None) -> bool:
    """Whether a draft names this file that the actor may see, or anybody who has its link."""
    if actor is not None:
        own = draft_definitions(session, actor.organisation_id)
        if any(sha256 in media_of(definition) for definition in own):
            return True
    return any(sha256 in media_of(one) for one in draft_definitions(session, None, tried=True))


def survey_media(session: Session) -> frozenset[str]:
    """The hashes of the files of all surveys, drafts included: never to be cleaned up."""
    drafts = (media_of(definition) for definition in draft_definitions(session, None))
    return public_media(session).union(*drafts)
