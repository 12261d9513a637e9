"""Opvolging: what was promised at a door, and whether it was kept."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.db.base import Base
from fieldapp.db.types import UtcDateTime


class FollowUp(Base):
    """A promise that a colleague made. Its area and state are those of its submission."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("submission_id", "question"),
        CheckConstraint("done_at is not null or done_by_id is null", name="done"),
        # Few are open at a time; of what was kept only the last weeks are shown.
        Index(
            "ix_follow_up_open",
            "organisation_id",
            "made_at",
            postgresql_where=text("done_at is null"),
            sqlite_where=text("done_at is null"),
        ),
        Index(
            "ix_follow_up_done",
            "organisation_id",
            "done_at",
            postgresql_where=text("done_at is not null"),
            sqlite_where=text("done_at is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey("submission.id", ondelete="CASCADE")
    )
    question: Mapped[str] = mapped_column(String(80))
    portiek: Mapped[str | None] = mapped_column(String(120))  # as it was typed
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")  # how it went
