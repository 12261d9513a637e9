"""Second copies of drafts, sealed on the phone: kept, given back, never opened.

The server holds no key. What it can do is count: so many drafts, files and bytes per person.
Bytes of files lie in `<folder>/<user>/<draft>/<name>`; the row is written after them.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.db.engine import insert_if_absent
from fieldapp.db.models import SealedCopy, SealedFile
from fieldapp.db.queries import phones as queries
from fieldapp.services.media import CannotKeep, write_file

MOST_BODY = 2 * 1024 * 1024
MOST_FILE = 51 * 1024 * 1024  # the largest file of a submission, and its seal
MOST_FILES = 80  # per draft
MOST_DRAFTS = 200  # per person
MOST_BYTES = 500 * 1024 * 1024  # per person
HIGHEST_REVISION = 2**31 - 1


class NotNewer(ValueError):
    """A copy of this or a higher revision is here already; `revision` tells which."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"revision {revision} is here")
        self.revision = revision


class TooMuch(ValueError):
    """`what` (drafts, files or bytes) is more than one person may keep here."""

    def __init__(self, what: str) -> None:
        super().__init__(f"too many {what}")
        self.what = what


@dataclass(frozen=True, slots=True)
class Vault:
    """Where sealed files lie, and how much one person may keep."""

    folder: Path
    most_bytes: int = MOST_BYTES
    most_drafts: int = MOST_DRAFTS
    most_files: int = MOST_FILES

    def home(self, user_id: int, draft_id: uuid.UUID) -> Path:
        """The folder of one draft."""
        return self.folder / str(int(user_id)) / str(draft_id)


def copies(session: Session, user_id: int) -> list[dict[str, Any]]:
    """What a person has here, without the bodies, as the API writes it."""
    files: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for file in queries.sealed_files(session, user_id):
        told = {"name": file.name, "sha256": file.sha256, "size": file.size}
        files.setdefault(file.draft_id, []).append(told)
    return [
        {
            "draft": str(row.draft_id),
            "lock": row.lock_id,
            "revision": row.revision,
            "updated_at": row.updated_at.isoformat(),
            "files": files.get(row.draft_id, []),
        }
        for row in queries.sealed_copies(session, user_id)
    ]


def copy_of(session: Session, user_id: int, draft_id: uuid.UUID) -> SealedCopy | None:
    """One sealed draft of this person."""
    return session.get(SealedCopy, (user_id, draft_id))


def keep_copy(session: Session, vault: Vault, copy: SealedCopy, now: datetime) -> None:
    """Keep a copy; the same again is fine. One commit. Raises NotNewer and TooMuch."""
    here = session.get(SealedCopy, (copy.user_id, copy.draft_id))
    if here is None and queries.count_sealed_copies(session, copy.user_id) >= vault.most_drafts:
        raise TooMuch("drafts")
    _check_room(session, vault, copy.user_id, len(copy.body) - (len(here.body) if here else 0))
    row = {
        "user_id": copy.user_id,
        "draft_id": copy.draft_id,
        "lock_id": copy.lock_id,
        "revision": copy.revision,
        "body": copy.body,
        "updated_at": now,
    }
    if queries.keep_sealed(session, row):
        session.commit()
        return
    session.rollback()
    newest = session.get(SealedCopy, (copy.user_id, copy.draft_id), populate_existing=True)
    if newest is None:
        raise NotNewer(copy.revision)
    same = (newest.revision, newest.lock_id, newest.body)
    if same != (copy.revision, copy.lock_id, copy.body):
        raise NotNewer(newest.revision)


def keep_file(
    session: Session,
    vault: Vault,
    user_id: int,
    draft_id: uuid.UUID,
    name: str,
    data: bytes,
    now: datetime,
) -> SealedFile:
    """Keep the bytes of a sealed file: on disk first, then one commit.

    `name` is 64 hex digits that the phone chose. Raises TooMuch and CannotKeep.
    """
    key = (user_id, draft_id, name)
    here = session.get(SealedFile, key)
    if here is None:
        _check_files(session, vault, user_id, draft_id)
    _check_room(session, vault, user_id, len(data) - (here.size if here else 0))
    try:
        write_file(vault.home(user_id, draft_id) / name, data)
    except OSError as error:
        raise CannotKeep(error.errno, error.strerror) from error
    sha256 = hashlib.sha256(data).hexdigest()
    row = {"user_id": user_id, "draft_id": draft_id, "name": name}
    told = {"sha256": sha256, "size": len(data), "updated_at": now}
    table: Any = SealedFile.__table__
    insert_if_absent(session, table, ["user_id", "draft_id", "name"], {**row, **told})
    kept = session.get_one(SealedFile, key)
    kept.sha256, kept.size, kept.updated_at = sha256, len(data), now
    session.commit()
    return kept


def file_bytes(
    session: Session, vault: Vault, user_id: int, draft_id: uuid.UUID, name: str
) -> bytes | None:
    """The bytes as the phone sealed them; None when they are not here."""
    if session.get(SealedFile, (user_id, draft_id, name)) is None:
        return None
    try:
        return (vault.home(user_id, draft_id) / name).read_bytes()
    except FileNotFoundError:
        return None


def forget_copy(session: Session, vault: Vault, user_id: int, draft_id: uuid.UUID) -> None:
    """Let a sealed draft go with its files: one commit, then the bytes."""
    queries.remove_sealed(session, user_id, draft_id)
    session.commit()
    shutil.rmtree(vault.home(user_id, draft_id), ignore_errors=True)


def _check_room(session: Session, vault: Vault, user_id: int, more: int) -> None:
    if more > 0 and queries.sealed_bytes(session, user_id) + more > vault.most_bytes:
        raise TooMuch("bytes")


def _check_files(session: Session, vault: Vault, user_id: int, draft_id: uuid.UUID) -> None:
    files = queries.count_sealed_files(session, user_id)
    if files.get(draft_id, 0) >= vault.most_files:
        raise TooMuch("files")
    if draft_id not in files and len(files) >= vault.most_drafts:
        raise TooMuch("drafts")
