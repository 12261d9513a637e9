"""Submissions with their history, files, conflicts, and the drafts they grow from."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from shapely.geometry import Point
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fieldapp.db.base import Base
from fieldapp.db.geometry import Geom
from fieldapp.db.models.survey import SurveyVersion
from fieldapp.db.types import Json, UtcDateTime

STATES = "('received', 'accepted', 'returned', 'rejected')"


class Submission(Base):
    """One filled-in form, by the id that the phone made.

    `answers` maps question name to {"v": typed value, "l": label as shown} (l only where a
    choice was made); one document instead of a row per answer keeps a submission small.
    """

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(
            "area_status in ('found', 'chosen', 'outside', 'none')", name="area_status"
        ),
        # The promise behind a public survey: a resident's answers never name a user.
        CheckConstraint("kind <> 'enquete' or user_id is null", name="enquete_anonymous"),
        # Nor does the place where a resident stood stay: only the buurt (docs/privacy.md).
        CheckConstraint("kind <> 'enquete' or lon is null", name="enquete_no_point"),
        CheckConstraint("(lon is null) = (lat is null)", name="lonlat"),
        # Holds all that counting voices per area reads, so that the rows themselves stay unread.
        Index(
            "ix_submission_area",
            "organisation_id",
            "area_code",
            "captured_at",
            "state",
            "kind",
            "received_at",
        ),
        Index("ix_submission_organisation", "organisation_id", "received_at"),
        Index("ix_submission_user", "user_id", "received_at"),
        Index("ix_submission_user_state", "user_id", "state", "received_at"),
        # The inbox looks at one state at a time.
        Index("ix_submission_state", "organisation_id", "state", "received_at"),
        Index(
            "ix_submission_round",
            "round_id",
            "state",
            postgresql_where=text("round_id is not null"),
            sqlite_where=text("round_id is not null"),
        ),
        # Stairwells visited last.
        Index(
            "ix_submission_visited",
            "organisation_id",
            "captured_at",
            postgresql_where=text("portiek is not null"),
            sqlite_where=text("portiek is not null"),
        ),
        # The analyst's queue: only what is still to be read.
        Index(
            "ix_submission_to_code",
            "organisation_id",
            "captured_at",
            postgresql_where=text("coded_at is null"),
            sqlite_where=text("coded_at is null"),
        ),
        Index(
            "ix_submission_coded",
            "organisation_id",
            "captured_at",
            postgresql_where=text("coded_at is not null"),
            sqlite_where=text("coded_at is not null"),
        ),
        Index("ix_submission_geom", "geom", postgresql_using="gist").ddl_if(dialect="postgresql"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    survey_version_id: Mapped[int] = mapped_column(ForeignKey("survey_version.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))  # api, form, demo
    language: Mapped[str] = mapped_column(String(12))
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    location_source: Mapped[str] = mapped_column(String(10), default="none")
    # What somebody should look at: "far", "jump", "old", "mock", "clock" (core/place_marks.py).
    marks: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    geom: Mapped[Point | None] = mapped_column(Geom("POINT"))
    area_code: Mapped[str | None] = mapped_column(String(40))
    boundary_year: Mapped[int | None]
    area_status: Mapped[str] = mapped_column(String(8))
    portiek: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    content_sha256: Mapped[str] = mapped_column(String(64))
    # How often the form was finished on the phone; a higher one may take its place (ADR 33).
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    coded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # an analyst called it done

    version: Mapped[SurveyVersion] = relationship()


class SubmissionEvent(Base):
    """History of a submission's states; rows are only ever added."""

    __tablename__ = "submission_event"
    __table_args__ = (
        CheckConstraint(f"state in {STATES}", name="state"),
        Index("ix_submission_event_submission", "submission_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey("submission.id", ondelete="CASCADE")
    )
    state: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")


class SubmissionConflict(Base):
    """Other content under an id that was taken: kept whole, for a person to look at.

    `superseded`: an older version by the same person, in whose place a newer one came (ADR 33).
    Nobody has to look at it; it is settled from the beginning.
    """

    __tablename__ = "submission_conflict"
    __table_args__ = (Index("ix_submission_conflict_submission", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey("submission.id", ondelete="CASCADE")
    )
    content_sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    superseded: Mapped[bool] = mapped_column(default=False, server_default=false())
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attachment(Base):
    """A photo of a submission. The file is named by `sha256`; `sent_sha256` is what was sent."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_submission", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey("submission.id", ondelete="CASCADE")
    )
    question: Mapped[str] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(String(120))
    sent_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Draft(Base):
    """A form that is being filled in page by page, without or with scripts.

    `raw` maps question name to the text(s) as typed, so that nothing typed is ever lost, right
    or wrong. `files` lists {question, file_name, sent_sha256, sha256, ...} already stored.
    """

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_user", "user_id", "updated_at"),
        Index("ix_draft_updated_at", "updated_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    survey_version_id: Mapped[int] = mapped_column(ForeignKey("survey_version.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(12))
    raw: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    files: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    location: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
