"""Where photos are kept: files named by the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


class CannotKeep(OSError):
    """The disk took no more, or may not be written. Nothing was kept; trying again may help."""


@dataclass(frozen=True, slots=True)
class MediaStore:
    """A folder of files by content hash. Writing the same bytes twice keeps one file."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where the file with this hash lies."""
        return self.folder / sha256[:2] / sha256

    def write(self, data: bytes) -> str:
        """Keep the bytes, safely on disk before this returns; their SHA-256 as hex.

        Raises CannotKeep, and then leaves nothing behind.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if target.exists():
            os.utime(target)  # in use again: retention leaves young files alone
            return sha256
        try:
            write_file(target, data)
        except OSError as error:
            raise CannotKeep(error.errno, error.strerror) from error
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes; FileNotFoundError when they are not here."""
        return self.path(sha256).read_bytes()


def write_file(target: Path, data: bytes) -> None:
    """Write a file whole or not at all, safely on disk before this returns. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)
