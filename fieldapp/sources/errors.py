"""What a source says when it cannot read a file, and what it reports when it can.

Sources return codes and parameters, never sentences: the edge (cli, web) translates them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class SourceError(Exception):
    """The file as a whole cannot be used; nothing was read from it.

    `code` says what is wrong (`not_json`), `where` in which file, sheet or row, `params` holds
    the values a sentence needs, and `advice` is the code of what the user can do about it.
    """

    def __init__(
        self,
        code: str,
        where: str = "",
        params: Mapping[str, Any] | None = None,
        advice: str = "",
    ) -> None:
        self.code = code
        self.where = where
        self.params: dict[str, Any] = dict(params or {})
        self.advice = advice
        super().__init__(code, where, self.params, advice)

    def __str__(self) -> str:
        """One line for logs and developers; people see the translated text of the code."""
        values = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        parts = [self.where, f"{self.code}({values})", self.advice]
        return ": ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that was left out: `row` counts from 1, `code` is the area code as written."""

    row: int
    code: str
    reason: str
    advice: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repaired:
    """One area whose geometry was mended; `reason` is the finding of the geometry library."""

    row: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something the user should know about the file as a whole."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What happened while reading: `read` rows seen = kept + `water` + refused + `repeated`."""

    read: int = 0
    water: int = 0
    repeated: int = 0
    repaired: tuple[Repaired, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()


def file_bytes(path: Path, limit: int) -> int:
    """Size in bytes of a readable, non-empty file of at most `limit` bytes, else SourceError."""
    if not path.exists():
        raise SourceError("file_missing", path.name, advice="check_path")
    if not path.is_file():
        raise SourceError("not_a_file", path.name, advice="check_path")
    size = path.stat().st_size
    if size == 0:
        raise SourceError("file_empty", path.name, advice="download_again")
    if size > limit:
        raise SourceError(
            "file_too_large", path.name, {"bytes": size, "limit": limit}, advice="split_file"
        )
    return size
