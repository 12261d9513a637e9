"""Computed profiles, kept as long as nothing under them changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.db.base import Base
from fieldapp.db.types import Json, UtcDateTime


class ProfileCache(Base):
    """A profile as computed; `fingerprint` names the rows and versions it was made from."""

    __tablename__ = "profile_cache"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id",
            "area_code",
            "period_from",
            "period_to",
            name="uq_profile_cache_area_period",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int]
    area_code: Mapped[str] = mapped_column(String(40))
    period_from: Mapped[date]
    period_to: Mapped[date]
    fingerprint: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    profile: Mapped[dict[str, Any]] = mapped_column(Json)
