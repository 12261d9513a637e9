"""One sending of a submission: what came, from whom, when, and where its files go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from fieldapp.core.people import Actor
from fieldapp.core.submission import Incoming, SentFile, content_sha256
from fieldapp.services.intake.files import Intake, StoredFile


@dataclass(frozen=True, slots=True)
class Sending:
    """All that taking in one submission needs; `sha256` is of its content.

    `stored` are files that a plain form has kept already, page by page.
    """

    incoming: Incoming
    actor: Actor | None
    now: datetime
    intake: Intake
    stored: tuple[StoredFile, ...]
    sha256: str

    @classmethod
    def of(
        cls,
        incoming: Incoming,
        actor: Actor | None,
        now: datetime,
        intake: Intake,
        stored: tuple[StoredFile, ...] = (),
    ) -> Sending:
        """With the hash of what came, files of a plain form as if they had been sent along."""
        sha256 = content_sha256(_with_stored(incoming, stored))
        return cls(incoming, actor, now, intake, stored, sha256)

    @property
    def user_id(self) -> int | None:
        """Who sends; None for a resident and for who has no account."""
        return None if self.actor is None else self.actor.user_id


def _with_stored(incoming: Incoming, stored: tuple[StoredFile, ...]) -> Incoming:
    if not stored:
        return incoming
    sent = tuple(SentFile(f.question, f.file_name, b"", f.sent_sha256) for f in stored)
    return replace(incoming, files=incoming.files + sent)
