"""Counters that rise when something under a computed result changed."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.db.base import Base


class Revision(Base):
    """One counter: "voices:3" rises with each review or coding in organisation 3."""

    __tablename__ = "revision"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
