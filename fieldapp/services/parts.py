"""Files that a phone sends in parts, before the submission that names them.

A file grows in `<folder>/<user>/<sha256>.part`; when it is whole and its SHA-256 is right it is
renamed to `<sha256>`. What the phone hears was on disk before it hears it. Bytes that came before a
cut stay: they are the beginning of the file, and the hash at the end judges the whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fieldapp.services.media import CannotKeep

PART_BYTES = 256 * 1024  # of one request
MOST_OF_FILE = 50 * 1024 * 1024
MOST_OF_USER = 500 * 1024 * 1024
FORGOTTEN_SECONDS = 24 * 3600  # what nobody touched for so long makes room when room is short
_HASH = re.compile(r"[0-9a-f]{64}\Z")
LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class PartState:
    """How much of a file is here, in bytes."""

    sha256: str
    received: int
    complete: bool

    def as_json(self) -> dict[str, str | int | bool]:
        """As the API writes it."""
        return {"sha256": self.sha256, "received": self.received, "complete": self.complete}


class NotAHash(ValueError):
    """The name of a file is not a SHA-256 in 64 small hex digits."""


class WrongOffset(ValueError):
    """The part does not begin where we are; `received` bytes are here."""

    def __init__(self, received: int) -> None:
        super().__init__(f"{received} bytes are here")
        self.received = received


class FileTooLarge(ValueError):
    """The whole file is larger than is ever taken; `most` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} bytes")
        self.most = most


class EmptyFile(ValueError):
    """A file of no bytes, or a part beyond the end that was told."""


class HashMismatch(ValueError):
    """All bytes came and they are not this file. They are thrown away: begin again at 0."""


class NoRoom(CannotKeep):
    """This person has as much waiting here as one person may have."""


def is_hash(text: str) -> bool:
    """Whether this is a SHA-256 as names of files here are: 64 small hex digits."""
    return bool(_HASH.match(text))


@dataclass(frozen=True, slots=True)
class PartStore:
    """A folder of unfinished and finished files per user; any number of processes share it."""

    folder: Path
    most_of_file: int = MOST_OF_FILE
    most_of_user: int = MOST_OF_USER

    def state(self, user_id: int, sha256: str) -> PartState:
        """How much of the file is here. Raises NotAHash."""
        whole, part = self._paths(user_id, sha256)
        if not whole.exists() and part.exists():
            # A process may have died between the last byte and the rename.
            with self._alone(user_id):
                if part.exists() and _sha256(part) == sha256:
                    part.replace(whole)
        return _state(sha256, whole, part)

    def append(self, user_id: int, sha256: str, offset: int, total: int, data: bytes) -> PartState:
        """Add a part that begins at byte `offset` of a file of `total` bytes.

        Raises NotAHash, EmptyFile, FileTooLarge, WrongOffset, HashMismatch, NoRoom, CannotKeep; of
        these only HashMismatch changes anything.
        """
        whole, part = self._paths(user_id, sha256)
        if total > self.most_of_file:
            raise FileTooLarge(self.most_of_file)
        if total < 1 or offset + len(data) > total:
            raise EmptyFile
        with self._alone(user_id):
            if whole.exists():
                os.utime(whole)  # in use again: retention leaves young files alone
                return _state(sha256, whole, part)
            here = _size(part)
            if here > total:  # begun as another length: one of the two is wrong
                part.unlink()
                raise HashMismatch(sha256)
            if offset != here:
                raise WrongOffset(here)
            self._make_room(part.parent, len(data), {part.name})
            _append(part, here, data)
            if here + len(data) == total:
                _finish(part, whole, sha256)
            return _state(sha256, whole, part)

    def read(self, user_id: int, sha256: str) -> bytes:
        """The bytes of a finished file. Raises FileNotFoundError when it is not wholly here."""
        whole, _part = self._paths(user_id, sha256)
        return whole.read_bytes()

    def reader(self, user_id: int | None) -> Callable[[str], bytes] | None:
        """`read` for one person; None for nobody."""
        return None if user_id is None else partial(self.read, user_id)

    def forget(self, user_id: int, hashes: Iterable[str]) -> None:
        """The submission that named these is safe: they can go. Raises NotAHash."""
        paths = [path for sha256 in hashes for path in self._paths(user_id, sha256)]
        if not paths or not self._home(user_id).is_dir():
            return
        with self._alone(user_id):
            for path in paths:
                path.unlink(missing_ok=True)

    def left_over(self, before: float) -> Iterator[Path]:
        """Files that nobody touched since `before` (seconds since 1970)."""
        for home in self.folder.iterdir() if self.folder.is_dir() else ():
            yield from (p for p in _files(home) if _touched(p) < before)

    def _home(self, user_id: int) -> Path:
        return self.folder / str(int(user_id))

    def _paths(self, user_id: int, sha256: str) -> tuple[Path, Path]:
        if not is_hash(sha256):
            raise NotAHash(sha256[:80])
        home = self._home(user_id)
        return home / sha256, home / f"{sha256}.part"

    @contextmanager
    def _alone(self, user_id: int) -> Iterator[None]:
        """One writer per user, also among processes; the lock falls with its process."""
        home = self._home(user_id)
        try:
            home.mkdir(parents=True, exist_ok=True)
            handle = os.open(home / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise CannotKeep(error.errno, error.strerror) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _make_room(self, home: Path, more: int, spare: set[str]) -> None:
        kept = sorted(_files(home), key=_touched)
        used = sum(_size(path) for path in kept) + more
        old = time.time() - FORGOTTEN_SECONDS
        for path in kept:
            if used <= self.most_of_user:
                return
            if path.name not in spare and _touched(path) < old:
                used -= _size(path)
                path.unlink(missing_ok=True)
        if used > self.most_of_user:
            raise NoRoom("too much is waiting for this person")


def _files(home: Path) -> list[Path]:
    return [p for p in home.iterdir() if p.name != LOCK] if home.is_dir() else []


def _state(sha256: str, whole: Path, part: Path) -> PartState:
    # The part is looked at first: it may become the whole between two looks, never the reverse.
    received = _size(part)
    if whole.exists():
        return PartState(sha256, _size(whole), True)
    return PartState(sha256, received, False)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _append(part: Path, here: int, data: bytes) -> None:
    """Add the bytes, on disk before this returns; what fails leaves the file as it was."""
    try:
        # Without a buffer: one that could not be emptied is tried again when the file closes.
        with part.open("ab", buffering=0) as file:
            try:
                left = memoryview(data)
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), here)
                raise
    except OSError as error:
        raise CannotKeep(error.errno, error.strerror) from error


def _finish(part: Path, whole: Path, sha256: str) -> None:
    if _sha256(part) != sha256:
        part.unlink()
        raise HashMismatch(sha256)
    part.replace(whole)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
