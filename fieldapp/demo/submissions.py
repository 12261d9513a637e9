"""What the demo composes: submissions with pictures, and statements about them. Plain values."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldapp.core.answers import Answer


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A drawing to be made for one question: stairwell, bench, lamp, container, ..."""

    question: str
    subject: str
    good: bool


@dataclass(frozen=True, slots=True)
class DemoSubmission:
    """One filled-in form. `language` is that of the words."""

    id: uuid.UUID
    survey: str
    version: str
    language: str
    captured_at: datetime
    lon: float
    lat: float
    accuracy_m: float
    location_source: str
    area_code: str
    portiek: str | None
    captured_by: str | None
    answers: Mapping[str, Answer]
    pictures: tuple[DemoPicture, ...]


@dataclass(frozen=True, slots=True)
class DemoStatement:
    """A coded piece of one answer; `approved`: usable as a quote."""

    submission_id: uuid.UUID
    question: str
    starts: int
    ends: int
    text: str
    code: str
    valence: int
    approved: bool
