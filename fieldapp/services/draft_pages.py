"""Storing one page of a draft: first what was typed and the good photos, then the verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fieldapp.core.submission import SentFile
from fieldapp.core.survey import Problem
from fieldapp.db.models import Draft
from fieldapp.services.drafts import AREA_PAGE, DraftState, as_raw, changed_place
from fieldapp.services.intake import Intake, StoredFile
from fieldapp.services.intake.files import MOST_FILES, keep_photo
from fieldapp.services.media import CannotKeep
from fieldapp.services.photos import PhotoError, prepare_photo

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class PageInput:
    """What one page sent. `removed` names photos as `photo_key` writes them.

    `place` None: the page has no question about the place.
    """

    page: str
    values: Mapping[str, list[str]] = field(default_factory=dict)
    files: tuple[SentFile, ...] = ()
    removed: frozenset[str] = frozenset()
    place: Mapping[str, str] | None = None


def photo_key(question: str, sent_sha256: str) -> str:
    """How a page names one stored photo of a draft."""
    return f"{question}:{sent_sha256}"


def save_page(
    session: Session, state: DraftState, sent: PageInput, now: datetime, intake: Intake
) -> tuple[Problem, ...]:
    """Store a page: one commit. What could not be kept (wrong photos) comes back as problems."""
    draft = state.draft
    # New objects: a change inside a JSON column goes unseen.
    draft.raw = {**draft.raw, **_typed(state, sent)}
    if sent.place is not None:
        draft.location = _place(draft, sent)
    kept = [
        f for f in draft.files if photo_key(f["question"], f["sent_sha256"]) not in sent.removed
    ]
    problems: list[Problem] = []
    for file in sent.files:
        stored = _keep(file, kept, problems, intake)
        if stored is not None:
            kept.append(stored.as_json())
    draft.files = kept
    # A draft counts as touched when this is later than its start.
    draft.updated_at = max(now, draft.started_at + timedelta(microseconds=1))
    session.commit()
    return tuple(problems)


def _place(draft: Draft, sent: PageInput) -> dict[str, str]:
    place = dict(sent.place or {})
    if sent.page == AREA_PAGE:  # "I don't know" is an answer too, and is shown again
        return {**changed_place({}, place), "said": place.get("said", "")}
    return changed_place(draft.location, place)


def _typed(state: DraftState, sent: PageInput) -> dict[str, object]:
    """Raw values of the page's questions; one that was shown and not sent was left blank."""
    if sent.page == AREA_PAGE:
        return {}
    return {
        question.name: as_raw(question, sent.values.get(question.name, []))
        for question in state.survey.page(sent.page).questions
        if question.type not in ("image", "geopoint", "note", "calculate", "hidden")
        if question.name in sent.values or question.name in state.relevant
    }


def _keep(
    file: SentFile, kept: list[dict[str, object]], problems: list[Problem], intake: Intake
) -> StoredFile | None:
    sent = file.sent_sha256
    if any(k["question"] == file.question and k["sent_sha256"] == sent for k in kept):
        return None  # the browser sent its choice once more
    if len(kept) >= MOST_FILES:
        problems.append(Problem("too_many_files", file.question, {"most": MOST_FILES}))
        return None
    try:
        photo = prepare_photo(file.data, max_bytes=intake.max_photo_bytes)
    except PhotoError as error:
        params = {**error.params, "file": file.file_name}
        problems.append(Problem(error.code, file.question, params))
        return None
    taken = {str(k["file_name"]) for k in kept if k["question"] == file.question}
    named = SentFile(file.question, free_name(file.file_name, taken), file.data, sent)
    try:
        return keep_photo(named, photo, intake.media)
    except CannotKeep:
        problems.append(Problem("photo_not_kept", file.question, {"file": file.file_name}))
        return None


def free_name(name: str, taken: set[str]) -> str:
    """A plain file name that is not in use: phones call every photo image.jpg."""
    base = re.split(r"[\\/]", name)[-1].replace("\n", " ").replace("\0", "").strip(". ")
    stem, dot, ending = (base or "foto.jpg").rpartition(".")
    if not dot:
        stem, ending = ending, "jpg"
    stem, ending = stem[:LONGEST_NAME], ending[:8]
    candidate, number = f"{stem}.{ending}", 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}.{ending}"
    return candidate
