"""The themakader that answers are coded with, and which answers are open. Read once per process."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session

from fieldapp.core.codeframe import CodeFrame, load_codeframe
from fieldapp.core.survey import Question, Survey
from fieldapp.db.queries.definitions import published_hashes
from fieldapp.paths import FRAMEWORKS
from fieldapp.services.coding_rules import CONSENT_ROLE
from fieldapp.services.survey_versions import surveys_of

FRAME = "wijkaanpak"

_open_by_hash: dict[str, tuple[tuple[str, ...], str]] = {}


@cache
def code_frame(name: str = FRAME) -> CodeFrame:
    """The themakader with this name; CodeFrameError or OSError when it cannot be read."""
    return load_codeframe(FRAMEWORKS / f"{name}.yaml")


def frame_version(frame: CodeFrame) -> str:
    """What a statement keeps of the frame it was coded with: name and version."""
    return f"{frame.name} {frame.version}"[:40]


def open_questions(survey: Survey) -> tuple[Question, ...]:
    """The questions whose answers are coded: free text that says what somebody finds.

    A text with a role (which stairwell, what was promised) serves another end and is left out.
    """
    return tuple(q for q in survey.questions if q.type == "text" and q.role is None)


def open_questions_by_version(session: Session) -> dict[int, tuple[str, ...]]:
    """Names of the open questions of every published version; definitions are read once."""
    return {version: names for version, (names, _consent) in _by_version(session).items()}


def consent_questions_by_version(session: Session) -> dict[int, str]:
    """The question that asks consent to quote, for the published versions that have one."""
    return {version: name for version, (_open, name) in _by_version(session).items() if name}


def _by_version(session: Session) -> dict[int, tuple[tuple[str, ...], str]]:
    hashes = published_hashes(session)
    unread = [version for version, sha256 in hashes.items() if sha256 not in _open_by_hash]
    for version, survey in surveys_of(session, unread).items():
        names = tuple(question.name for question in open_questions(survey))
        consent = survey.with_role(CONSENT_ROLE)
        _open_by_hash[hashes[version]] = (names, consent.name if consent else "")
    return {version: _open_by_hash[sha256] for version, sha256 in hashes.items()}
