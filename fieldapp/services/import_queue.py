"""Take in the file to which a phone wrote its queue: a .zip of documents and their files.

    inzendingen/<id>.json     the document, exactly as the phone would have sent it
    bestanden/<sha256>        photos and recordings, named by their hash
    lees-mij.txt              for people

Every submission is received as by the API, on behalf of who hands it in, one commit each: one that
is refused stops no other, and handing in the same file again does no harm. Nothing is written to
disk under a name from the zip, and one file of it is in memory at a time.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Literal

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.core.receipt import number_of
from fieldapp.core.submission import Incoming
from fieldapp.core.survey import Problem
from fieldapp.services.intake import Intake, Refused, receive_submission

MB = 1024 * 1024
MOST_SUBMISSIONS = 500
MOST_ENTRIES = 6000
MOST_LIST = 4 * MB  # the zip's list of what is in it; `zipfile` reads that in one piece
MOST_DOCUMENT = 2 * MB
MOST_FILE = 50 * MB
MOST_TOGETHER = 1000 * MB  # unpacked; photos hardly shrink, so this is no real queue
DOCUMENT = re.compile(r"(?:.*/)?inzendingen/([^/]+)\.json")
FILE = re.compile(r"(?:.*/)?bestanden/([0-9a-f]{64})")
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1  # bit of a zip entry's flags
# All that `zipfile` raises for bytes that are not as they were: also wrong addresses and names.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, IndexError, RuntimeError, NotImplementedError),
)

Load = Callable[[str], bytes]
Read = Callable[[bytes, Load], tuple[Incoming | None, Sequence[Problem]]]
Outcome = Literal["created", "same", "conflict", "refused"]
# By the status of a receipt; what stands beside an earlier one is a conflict.
OUTCOMES: Mapping[str, Outcome] = {"created": "created", "corrected": "created", "same": "same"}


class WrongQueueFile(ValueError):
    """The file is no queue of a phone, or no file to unpack here; `code` says why."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Item:
    """What came of one submission. `number` is "" when the document has no id."""

    name: str
    outcome: Outcome
    number: str = ""
    survey: str = ""
    captured_at: datetime | None = None
    files: int = 0
    problems: tuple[Problem, ...] = ()


def import_queue(
    session: Session, stream: IO[bytes], read: Read, actor: Actor, now: datetime, intake: Intake
) -> list[Item]:
    """Receive every submission in the zip; one item each, in the order of the file.

    `read` makes a submission of a document's bytes and a function that loads files by hash. Raises
    WrongQueueFile before anything is stored, and whatever the database or disk raises when they
    are not there: then hand the same file in again.
    """
    with _opened(stream) as archive:
        queue = _Queue(archive)
        return [
            _item(session, name, _understood(name, document, read, queue.load), actor, now, intake)
            for name, document in queue.documents()
        ]


def _understood(
    name: str, document: bytes, read: Read, load: Load
) -> tuple[Incoming | None, Sequence[Problem]]:
    if not document:
        return None, [Problem("document_broken", name)]
    return read(document, load)


def _item(
    session: Session,
    name: str,
    found: tuple[Incoming | None, Sequence[Problem]],
    actor: Actor,
    now: datetime,
    intake: Intake,
) -> Item:
    incoming, problems = found
    if incoming is None:
        return Item(name, "refused", problems=tuple(problems))
    outcome: Outcome = "refused"
    try:
        receipt = receive_submission(session, incoming, actor, now, intake)
        outcome = OUTCOMES.get(receipt.status, "conflict")
    except Refused as error:
        session.rollback()
        problems = error.problems
    return Item(
        name,
        outcome,
        number_of(incoming.id),
        incoming.survey,
        incoming.captured_at,
        len(incoming.files),
        tuple(problems),
    )


def _opened(stream: IO[bytes]) -> zipfile.ZipFile:
    guarded = _Guarded(stream)
    try:
        archive = zipfile.ZipFile(guarded)
    except _ListTooLong as error:
        raise WrongQueueFile("too_many_entries", most=MOST_ENTRIES) from error
    except BROKEN as error:
        raise WrongQueueFile("not_a_zip") from error
    guarded.most = None
    return archive


class _ListTooLong(Exception):
    """The zip's list of contents takes more than MOST_LIST bytes."""


@dataclass(slots=True)
class _Guarded:
    """The stream, with a bound on one reading for as long as the zip is being opened.

    Without it a zip of nothing but names takes some ten times its size in memory.
    """

    stream: IO[bytes]
    most: int | None = MOST_LIST

    def read(self, size: int = -1, /) -> bytes:
        if self.most is not None and size > self.most:
            raise _ListTooLong
        return self.stream.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self.stream.seek(offset, whence)

    def tell(self) -> int:
        return self.stream.tell()

    def seekable(self) -> bool:
        return self.stream.seekable()


class _Queue:
    """The documents and files of a zip that was looked at before anything is unpacked."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        entries = [e for e in archive.infolist() if "__MACOSX" not in e.filename]
        if len(entries) > MOST_ENTRIES:
            raise WrongQueueFile("too_many_entries", most=MOST_ENTRIES)
        if any(e.flag_bits & ENCRYPTED for e in entries):
            raise WrongQueueFile("with_password")
        if any(e.compress_type not in READABLE for e in entries):
            raise WrongQueueFile("not_a_zip")
        if sum(e.file_size for e in entries) > MOST_TOGETHER:
            raise WrongQueueFile("too_large", most=MOST_TOGETHER // MB)
        self.named = {e.filename: e for e in entries if DOCUMENT.fullmatch(e.filename)}
        self.files = {
            match[1]: e for e in entries if (match := FILE.fullmatch(e.filename)) is not None
        }
        if not self.named:
            raise WrongQueueFile("no_submissions")
        if len(self.named) > MOST_SUBMISSIONS:
            raise WrongQueueFile("too_many_submissions", most=MOST_SUBMISSIONS)

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of each; no bytes when it cannot be read."""
        for name, entry in self.named.items():
            match = DOCUMENT.fullmatch(name)
            yield (match[1] if match else name)[:80], self._bytes(entry, MOST_DOCUMENT) or b""

    def load(self, sha256: str) -> bytes:
        """The file with this hash. FileNotFoundError when it is not there whole."""
        entry = self.files.get(sha256)
        data = self._bytes(entry, MOST_FILE) if entry is not None else None
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            raise FileNotFoundError(sha256)
        return data

    def _bytes(self, entry: zipfile.ZipInfo, most: int) -> bytes | None:
        """None for what is damaged or larger than it may be, whatever size it claims to have."""
        try:
            with self.archive.open(entry) as stream:
                data = stream.read(most + 1)
        except BROKEN:
            return None
        return data if len(data) <= most else None
