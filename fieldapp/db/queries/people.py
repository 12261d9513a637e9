"""People, organisations, tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from fieldapp.db.models import ApiToken, Membership, Organisation, User
from fieldapp.db.queries.accounts import is_former


def all_people(session: Session, organisation_id: int | None = None) -> Sequence[User]:
    """Everybody with a log-in, of one organisation or of all, by e-mail address."""
    query = select(User).where(~is_former()).order_by(User.email)
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


# Statements of the intake are made once, of plain columns: making one costs more than running it.
_USER, _TOKEN, _MEMBERSHIP = (model.__table__.c for model in (User, ApiToken, Membership))
_TOKEN_HOLDER = (
    select(
        _USER.id,
        _USER.organisation_id,
        _USER.name,
        _USER.email,
        _TOKEN.role,
        _MEMBERSHIP.area_code,
    )
    .where(
        _TOKEN.token_sha256 == bindparam("token_sha256"),
        _TOKEN.revoked_at.is_(None),
        _TOKEN.expires_at > bindparam("now"),
        _USER.id == _TOKEN.user_id,
        _USER.active,
        _MEMBERSHIP.user_id == _USER.id,
        _MEMBERSHIP.role == _TOKEN.role,
    )
    .order_by(_MEMBERSHIP.id)
)


def token_holder(session: Session, token_sha256: str, now: datetime) -> TokenHolder | None:
    """Who holds the token with this hash; None when it ended, or the person or role is gone.

    One query, no objects: it runs at every call of the API.
    """
    given = {"token_sha256": token_sha256, "now": now}
    rows = session.connection().execute(_TOKEN_HOLDER, given).all()
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
