"""What a draft of a survey was before each change: the steps that can be undone and redone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.db.base import Base
from fieldapp.db.types import Json, UtcDateTime


class SurveyEdit(Base):
    """One state of a draft. The newest `undo` is the one before the last change."""

    __tablename__ = "survey_edit"
    __table_args__ = (
        CheckConstraint("stack in ('undo', 'redo')", name="stack"),
        Index("ix_survey_edit_version", "version_id", "stack", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_version.id", ondelete="CASCADE"))
    stack: Mapped[str] = mapped_column(String(4))
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    deed: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
