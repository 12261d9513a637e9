"""What an analyst marked in the open answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fieldapp.db.base import Base
from fieldapp.db.types import UtcDateTime


class Statement(Base):
    """An uitspraak: a span of one open answer, with codes, a valence and its way to a quote."""

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint("valence between -2 and 2", name="valence"),
        CheckConstraint("starts >= 0 and ends > starts", name="span"),
        CheckConstraint("quote_state in ('none', 'approved', 'refused')", name="quote_state"),
        # A quote is usable only after a person approved it, with the text as it may be shown.
        CheckConstraint(
            "quote_state <> 'approved' or (approved_at is not null and quote_text <> '')",
            name="quote_approved",
        ),
        Index("ix_statement_submission", "submission_id"),
        Index("ix_statement_quote", "quote_state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey("submission.id", ondelete="CASCADE")
    )
    question: Mapped[str] = mapped_column(String(80))
    starts: Mapped[int]
    ends: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    valence: Mapped[int]
    frame_version: Mapped[str] = mapped_column(String(40))
    coder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    quote_state: Mapped[str] = mapped_column(String(10), default="none")
    quote_text: Mapped[str] = mapped_column(Text, default="")
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    codes: Mapped[list[StatementCode]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="StatementCode.code"
    )


class StatementCode(Base):
    """One sub-code of the frame on a statement; its theme is the part before the dot."""

    __tablename__ = "statement_code"
    __table_args__ = (UniqueConstraint("statement_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
