"""One stretch of text that may lead to a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters ``start`` up to ``end`` are personal data of this ``kind``.

    ``certain``: a check digit, a fixed shape or a clear trigger says so; otherwise it is a guess
    that a person should look at.
    """

    start: int
    end: int
    kind: str
    certain: bool
