"""Add people and tokens. Passwords are hashed with argon2; tokens are kept as a hash only."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from fieldapp.core.people import ROLES, Actor
from fieldapp.db.models import ApiToken, AuditEntry, Membership, Organisation, User
from fieldapp.db.queries import people as queries

PASSWORD_MIN = 10
TOKEN_PREFIX = "fa_"  # noqa: S105  (recognisable in a leaked log, no secret)
DEFAULT_ORGANISATION = "Mijn organisatie"


class PeopleError(ValueError):
    """What was asked cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class AddPerson:
    """A new person. `areas` empty: the roles hold in the whole organisation."""

    email: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    organisation: str
    password: str


def _organisation(session: Session, slug: str) -> Organisation:
    if slug:
        found = queries.organisation_by_slug(session, slug)
        if found is None:
            raise PeopleError(f"there is no organisation {slug!r}")
        return found
    only = queries.only_organisation(session)
    if only is not None:
        return only
    if queries.organisation_count(session):
        raise PeopleError("there are several organisations; name one with --organisation")
    first = Organisation(slug="organisatie", name=DEFAULT_ORGANISATION)
    session.add(first)
    session.flush()
    return first


def make_organisation(session: Session, name: str, *, fictional: bool = False) -> Organisation:
    """A new organisation with a slug from its name; the caller commits."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "organisatie"
    if queries.organisation_by_slug(session, slug) is not None:
        raise PeopleError(f"there is an organisation {slug!r} already")
    made = Organisation(slug=slug, name=name, fictional=fictional)
    session.add(made)
    session.flush()
    return made


def _checked_email(email: str) -> str:
    try:
        return validate_email(
            email, check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError as error:
        raise PeopleError(f"{email!r} is not an e-mail address: {error}") from error


def hash_password(password: str) -> str:
    """An argon2 hash that Flask-Security verifies."""
    if len(password) < PASSWORD_MIN:
        raise PeopleError(f"the password is too short: use at least {PASSWORD_MIN} characters")
    return PasswordHasher().hash(password)


def add_person(session: Session, command: AddPerson, actor: Actor) -> User:
    """Add a person, or give the one with this address more roles. One commit."""
    unknown = [role for role in command.roles if role not in ROLES]
    if unknown:
        raise PeopleError(f"unknown role {unknown[0]!r}; choose from {', '.join(ROLES)}")
    email = _checked_email(command.email)
    person = queries.person_by_email(session, email)
    if person is None:
        organisation = _organisation(session, command.organisation)
        person = User(
            organisation_id=organisation.id,
            email=email,
            name=command.name,
            password=hash_password(command.password),
            fs_uniquifier=uuid.uuid4().hex,
            created_at=datetime.now(UTC),
            memberships=[],
        )
        session.add(person)
    elif command.password:
        person.password = hash_password(command.password)
        person.fs_uniquifier = uuid.uuid4().hex  # ends every session of the old password
    held = {(m.role, m.area_code) for m in person.memberships}
    for role in command.roles:
        for area in command.areas or (None,):
            if (role, area) not in held:
                person.memberships.append(Membership(role=role, area_code=area))
    session.flush()
    session.add(
        AuditEntry(
            at=datetime.now(UTC),
            actor_id=actor.user_id,
            deed="person_added",
            subject=f"user {person.id}",
            detail={"roles": list(command.roles), "areas": list(command.areas)},
        )
    )
    session.commit()
    return person


def token_hash(secret: str) -> str:
    """How a token is kept and looked up."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add_token(
    session: Session, email: str, role: str, days: int, name: str, actor: Actor
) -> tuple[ApiToken, str]:
    """A token for a person with one of that person's roles; the secret is returned once."""
    person = queries.person_by_email(session, email)
    if person is None:
        raise PeopleError(f"there is nobody with the address {email!r}")
    if not person.has_role(role):
        raise PeopleError(f"{email} is not a {role}; a token carries a role its owner has")
    now = datetime.now(UTC)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=person.id,
        name=name,
        role=role,
        token_sha256=token_hash(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    detail = {"role": role, "days": days}
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.user_id,
            deed="token_added",
            subject=f"user {person.id}",
            detail=detail,
        )
    )
    session.commit()
    return token, secret


def revoke_token(session: Session, token_id: int, actor: Actor) -> None:
    """End a token now."""
    token = session.get(ApiToken, token_id)
    if token is None:
        raise PeopleError(f"there is no token {token_id}")
    now = datetime.now(UTC)
    token.revoked_at = token.revoked_at or now
    session.add(
        AuditEntry(
            at=now, actor_id=actor.user_id, deed="token_revoked", subject=f"token {token_id}"
        )
    )
    session.commit()
