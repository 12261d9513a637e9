"""Files of a submission: checked, re-encoded and safely on disk before any row names them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldapp.core.submission import SentFile
from fieldapp.core.survey import Problem, Survey
from fieldapp.db.models import Attachment
from fieldapp.services.intake.receipt import Refused
from fieldapp.services.media import MediaStore
from fieldapp.services.photos import Photo, PhotoError, prepare_photo

MOST_FILES = 40
MAX_PHOTO_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is safely kept."""

    question: str
    file_name: str
    sent_sha256: str
    sha256: str
    size: int
    width: int
    height: int
    taken_at: datetime | None = None
    media_type: str = "image/jpeg"

    def as_json(self) -> dict[str, Any]:
        """As a draft keeps it."""
        taken_at = self.taken_at.isoformat() if self.taken_at else None
        return {
            "question": self.question,
            "file_name": self.file_name,
            "sent_sha256": self.sent_sha256,
            "sha256": self.sha256,
            "size": self.size,
            "width": self.width,
            "height": self.height,
            "taken_at": taken_at,
            "media_type": self.media_type,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> StoredFile:
        """The file that `as_json` wrote."""
        taken_at = data.get("taken_at")
        return cls(**{**data, "taken_at": datetime.fromisoformat(taken_at) if taken_at else None})


@dataclass(frozen=True, slots=True)
class Intake:
    """Where files go and how large one may be; made once per process."""

    media: MediaStore
    max_photo_bytes: int = MAX_PHOTO_BYTES


def file_problems(survey: Survey, files: tuple[SentFile, ...]) -> list[Problem]:
    """Files that belong to no photo question, or too many of them."""
    if len(files) > MOST_FILES:
        return [Problem("too_many_files", "files", {"most": MOST_FILES})]
    problems = []
    for file in files:
        question = survey.by_name.get(file.question)
        if question is None or question.type != "image":
            params = {"question": file.question[:80]}
            problems.append(Problem("file_for_no_question", file.file_name[:80], params))
    return problems


def keep_files(files: tuple[SentFile, ...], intake: Intake) -> tuple[StoredFile, ...]:
    """Check all files first, so that one bad photo leaves nothing half done."""
    photos: list[tuple[SentFile, Photo]] = []
    problems = []
    for file in files:
        try:
            photos.append((file, prepare_photo(file.data, max_bytes=intake.max_photo_bytes)))
        except PhotoError as error:
            params = {**error.params, "file": file.file_name}
            problems.append(Problem(error.code, file.question, params))
    if problems:
        raise Refused(*problems)
    return tuple(keep_photo(file, photo, intake.media) for file, photo in photos)


def keep_photo(file: SentFile, photo: Photo, media: MediaStore) -> StoredFile:
    """Write a prepared photo to the store."""
    return StoredFile(
        question=file.question,
        file_name=file.file_name,
        sent_sha256=file.sent_sha256,
        sha256=media.write(photo.data),
        size=len(photo.data),
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at,
        media_type=photo.media_type,
    )


def attachment(submission_id: uuid.UUID, file: StoredFile) -> Attachment:
    """The row that names a kept file."""
    return Attachment(
        submission_id=submission_id,
        question=file.question,
        file_name=file.file_name[:120],
        sent_sha256=file.sent_sha256,
        sha256=file.sha256,
        media_type=file.media_type,
        size=file.size,
        width=file.width,
        height=file.height,
        taken_at=file.taken_at,
    )
