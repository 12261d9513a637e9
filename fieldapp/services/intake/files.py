"""Files of a submission: checked and safely on disk before any row names them.

Photos are re-encoded, which takes out what they tell about the phone and the place; sound, film
and other files are kept as they are.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldapp.core.submission import SentFile
from fieldapp.core.survey import Problem, Survey
from fieldapp.core.survey.vocabulary import FILE_TYPES
from fieldapp.db.models import Attachment
from fieldapp.services.intake.receipt import Refused
from fieldapp.services.media import MediaStore
from fieldapp.services.photos import prepare_photo
from fieldapp.services.receipts.sign import Signer
from fieldapp.services.rounds import leaf
from fieldapp.services.uploads import WrongFile, prepare_upload

MOST_FILES = 40
LONGEST_QUESTION, LONGEST_NAME = 80, 120  # of what a row of the database takes
MAX_PHOTO_BYTES = 20 * 1024 * 1024
MAX_FILE_BYTES = 50 * 1024 * 1024
USUAL_NAMES = {
    "image": "foto.jpg",
    "audio": "geluid.m4a",
    "video": "film.mp4",
    "file": "bestand.pdf",
}


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
    max_file_bytes: int = MAX_FILE_BYTES
    signer: Signer | None = None  # None: receipts are not signed


@dataclass(frozen=True, slots=True)
class Checked:
    """A file fit to keep. Width and height in pixels, 0 for what is no photo."""

    data: bytes
    media_type: str
    usual_name: str
    width: int = 0
    height: int = 0
    taken_at: datetime | None = None


def check_file(kind: str, data: bytes, intake: Intake) -> Checked:
    """Check a file for a question of this type. Raises WrongFile."""
    usual = USUAL_NAMES[kind]
    if kind == "image":
        photo = prepare_photo(data, max_bytes=intake.max_photo_bytes)
        return Checked(
            photo.data, photo.media_type, usual, photo.width, photo.height, photo.taken_at
        )
    upload = prepare_upload(kind, data, max_bytes=intake.max_file_bytes)
    return Checked(upload.data, upload.media_type, usual)


def file_problems(survey: Survey, files: tuple[SentFile, ...]) -> list[Problem]:
    """Files that belong to no question that takes them, or too many of them."""
    if len(files) > MOST_FILES:
        return [Problem("too_many_files", "files", {"most": MOST_FILES})]
    problems = []
    for file in files:
        question = survey.by_name.get(file.question)
        if question is None or question.type not in FILE_TYPES:
            params = {"question": file.question[:80]}
            problems.append(Problem("file_for_no_question", file.file_name[:80], params))
    return problems


def keep_files(
    survey: Survey, files: tuple[SentFile, ...], intake: Intake
) -> tuple[StoredFile, ...]:
    """Check all files first, so that one bad file leaves nothing half done.

    Of those that came in parts one at a time is in memory: each is written when it is found good.
    Should a later one be refused, retention removes what no row names.
    """
    good: list[tuple[SentFile, Checked] | StoredFile] = []
    problems = []
    for file in files:
        question = survey.by_name.get(file.question)
        kind = question.type if question and question.type in FILE_TYPES else "image"
        try:
            checked = check_file(kind, file.content(), intake)
        except WrongFile as error:
            params = {**error.params, "file": file.file_name}
            problems.append(Problem(error.code, file.question, params))
        except FileNotFoundError:
            params = {"file": file.file_name[:120]}
            problems.append(Problem("file_missing", file.question, params))
        else:
            if file.load is None:
                good.append((file, checked))
            elif not problems:
                good.append(keep_file(file, checked, intake.media))
    if problems:
        raise Refused(*problems)
    return tuple(
        one if isinstance(one, StoredFile) else keep_file(*one, intake.media) for one in good
    )


def keep_file(file: SentFile, checked: Checked, media: MediaStore) -> StoredFile:
    """Write a checked file to the store."""
    return StoredFile(
        question=leaf(file.question),
        file_name=file.file_name,
        sent_sha256=file.sent_sha256,
        sha256=media.write(checked.data),
        size=len(checked.data),
        width=checked.width,
        height=checked.height,
        taken_at=checked.taken_at or file.taken_at,
        media_type=checked.media_type,
    )


def attachment(submission_id: uuid.UUID, file: StoredFile) -> Attachment:
    """The row that names a kept file."""
    return Attachment(
        submission_id=submission_id,
        question=file.question[:LONGEST_QUESTION],
        file_name=file.file_name[:LONGEST_NAME],
        sent_sha256=file.sent_sha256,
        sha256=file.sha256,
        media_type=file.media_type,
        size=file.size,
        width=file.width,
        height=file.height,
        taken_at=file.taken_at,
    )
