"""Organisations, people, what they may do where, and their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fieldapp.db.base import Base
from fieldapp.db.types import Json, UtcDateTime


class Organisation(Base):
    """A gemeente, housing association or foundation that collects and reads."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(12), default="nl")
    theme: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # checked CSS properties
    fictional: Mapped[bool] = mapped_column(default=False)


class RoleName(RoleMixin):
    """A role as Flask-Security wants to see it; roles are data of Membership, not a table."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.permissions: list[str] = []


class User(UserMixin, Base):
    """A person with a log-in. Residents have none."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(12), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    memberships: Mapped[list[Membership]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Membership.id"
    )

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """The names of this person's roles, wherever they hold."""
        return [RoleName(name) for name in sorted({m.role for m in self.memberships})]


class Membership(Base):
    """A role, in one area or (area_code NULL) in the whole organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "area_code"),
        CheckConstraint(
            "role in ('buurtbeheerder', 'gespreksvoerder', 'wijkmanager', 'analist', 'beheerder')",
            name="role",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    area_code: Mapped[str | None] = mapped_column(String(40))


class ApiToken(Base):
    """A personal token: only its hash is kept, it carries one role and always ends."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_user", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
