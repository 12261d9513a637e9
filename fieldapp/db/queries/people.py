"""People, organisations, tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.db.models import ApiToken, Membership, Organisation, User


def all_people(session: Session, organisation_id: int | None = None) -> Sequence[User]:
    """Everybody with a log-in, of one organisation or of all, by e-mail address."""
    query = select(User).order_by(User.email)
    if organisation_id is not None:
        query = query.where(User.organisation_id == organisation_id)
    return session.scalars(query).unique().all()


def person_by_email(session: Session, email: str) -> User | None:
    """The person with this address, whatever the case it is written in."""
    return session.scalar(select(User).where(func.lower(User.email) == email.lower()))


def organisation_by_slug(session: Session, slug: str) -> Organisation | None:
    """The organisation with this slug."""
    return session.scalar(select(Organisation).where(Organisation.slug == slug))


def only_organisation(session: Session) -> Organisation | None:
    """The organisation, where there is just one."""
    found = session.scalars(select(Organisation).limit(2)).all()
    return found[0] if len(found) == 1 else None


def organisation_count(session: Session) -> int:
    """How many organisations there are."""
    return session.scalar(select(func.count()).select_from(Organisation)) or 0


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """The person behind a token, and where they hold the role that it carries."""

    user_id: int
    organisation_id: int
    name: str
    role: str
    areas: tuple[str | None, ...]  # None: the whole organisation


def token_holder(session: Session, token_sha256: str, now: datetime) -> TokenHolder | None:
    """Who holds the token with this hash; None when it ended, or the person or role is gone.

    One query, no objects: it runs at every call of the API.
    """
    rows = session.execute(
        select(
            User.id,
            User.organisation_id,
            User.name,
            User.email,
            ApiToken.role,
            Membership.area_code,
        )
        .select_from(ApiToken)
        .join(User, User.id == ApiToken.user_id)
        .join(Membership, (Membership.user_id == User.id) & (Membership.role == ApiToken.role))
        .where(
            ApiToken.token_sha256 == token_sha256,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.active,
        )
        .order_by(Membership.id)
    ).all()
    if not rows:
        return None
    first = rows[0]
    return TokenHolder(
        first.id,
        first.organisation_id,
        first.name or first.email,
        first.role,
        tuple(row.area_code for row in rows),
    )
