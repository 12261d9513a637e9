"""Surveys, their frozen versions, and the rounds that open them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fieldapp.db.base import Base
from fieldapp.db.types import Json, UtcDateTime


class Survey(Base):
    """A vragenlijst by its form_id; organisation_id NULL means that it ships with fieldapp."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint(
            "kind in ('bewonersgesprek', 'portiekgesprek', 'observatie', 'enquete', "
            "'professional')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    versions: Mapped[list[SurveyVersion]] = relationship(
        back_populates="survey", order_by="SurveyVersion.id"
    )


class SurveyVersion(Base):
    """A definition. Once published it is frozen: no code path writes `definition` again.

    Whoever has the link with `trial_token` can try it; nothing of a trial is kept.
    """

    __tablename__ = "survey_version"
    __table_args__ = (
        UniqueConstraint("survey_id", "version"),
        CheckConstraint("state in ('draft', 'published', 'withdrawn')", name="state"),
        CheckConstraint("state = 'draft' or published_at is not null", name="published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    version: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    definition_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The version that this one was made from, of the same survey or of a shipped one. No foreign
    # key: it was published, so it is never deleted, and SQLite cannot add one to this table.
    based_on_id: Mapped[int | None]
    trial_token: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)

    survey: Mapped[Survey] = relationship(back_populates="versions", lazy="joined")


class Round(Base):
    """A collection period: one survey, some areas, some dates. A public one has a link."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("closes_on is null or closes_on >= opens_on", name="dates"),
        Index("ix_round_organisation", "organisation_id", "opens_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    area_codes: Mapped[list[str]] = mapped_column(Json, default=list)
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    target: Mapped[int | None]

    survey: Mapped[Survey] = relationship(lazy="joined")
