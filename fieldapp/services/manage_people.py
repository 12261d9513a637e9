"""What a beheerder does with people, and a person with their own account. Each is one commit."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.core.people import ROLES, Actor
from fieldapp.db.models import ApiToken, AuditEntry, Membership, User
from fieldapp.db.queries.admin import other_administrators
from fieldapp.db.queries.people import person_by_email
from fieldapp.services.people import PeopleError, hash_password, revoke_token

# Without letters and figures that look alike, so that it can be read aloud.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class ManageRefused(ValueError):
    """What was asked cannot be done; `code` says why: email_taken, last_administrator, role."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to add to the actor's own organisation. `email` is checked and normal."""

    email: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    password: str


def make_password() -> str:
    """A password to hand over: four groups of four signs, 79 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def add_new_person(session: Session, command: NewPerson, actor: Actor, now: datetime) -> User:
    """Add a person; never touches one that exists (services/people.add_person would)."""
    _check_roles(command.roles)
    if person_by_email(session, command.email) is not None:
        raise ManageRefused("email_taken")
    if actor.organisation_id is None:
        raise ManageRefused("organisation")
    person = User(
        organisation_id=actor.organisation_id,
        email=command.email,
        name=command.name,
        password=hash_password(command.password),
        fs_uniquifier=uuid.uuid4().hex,
        created_at=now,
        memberships=_memberships(command.roles, command.areas),
    )
    session.add(person)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()  # somebody else was faster
        raise ManageRefused("email_taken") from error
    detail = {"roles": list(command.roles), "areas": list(command.areas)}
    _note(session, actor, now, "person_added", person, **detail)
    session.commit()
    return person


def change_person(
    session: Session,
    person: User,
    name: str,
    roles: Collection[str],
    areas: Collection[str],
    actor: Actor,
    now: datetime,
) -> None:
    """Give a person another name, other roles and other areas."""
    _check_roles(roles)
    loses = "beheerder" not in roles and any(m.role == "beheerder" for m in person.memberships)
    if loses:
        _keep_an_administrator(session, person)
    person.name = name
    wanted = {(role, area) for role in roles for area in (areas or (None,))}
    held = {(m.role, m.area_code): m for m in person.memberships}
    for key, membership in held.items():
        if key not in wanted:
            person.memberships.remove(membership)
    for role, area in sorted(wanted - set(held), key=str):
        person.memberships.append(Membership(role=role, area_code=area))
    _note(session, actor, now, "person_changed", person, roles=sorted(roles), areas=sorted(areas))
    session.commit()


def set_active(session: Session, person: User, active: bool, actor: Actor, now: datetime) -> None:
    """Close or open an account; closing ends every session and every token at once."""
    if not active:
        _keep_an_administrator(session, person)
        person.fs_uniquifier = uuid.uuid4().hex
    person.active = active
    _note(session, actor, now, "person_opened" if active else "person_closed", person)
    session.commit()


def new_password(
    session: Session, person: User, password: str, actor: Actor, now: datetime
) -> None:
    """Another password; every session of the old one ends."""
    person.password = hash_password(password)
    person.fs_uniquifier = uuid.uuid4().hex
    _note(session, actor, now, "password_renewed", person)
    session.commit()


def choose_language(session: Session, person: User, language: str) -> None:
    """The language of a person's own pages."""
    person.language = language
    session.commit()


def revoke_own_token(session: Session, token_id: int, actor: Actor) -> None:
    """End one of the actor's own tokens. PeopleError when it is somebody else's."""
    token = session.get(ApiToken, token_id)
    if token is None or token.user_id != actor.user_id:
        raise PeopleError(f"there is no token {token_id}")
    revoke_token(session, token_id, actor)


def _check_roles(roles: Collection[str]) -> None:
    if not roles or any(role not in ROLES for role in roles):
        raise ManageRefused("role")


def _keep_an_administrator(session: Session, person: User) -> None:
    is_one = any(m.role == "beheerder" for m in person.memberships)
    if is_one and not other_administrators(session, person.organisation_id, person.id):
        raise ManageRefused("last_administrator")


def _memberships(roles: Collection[str], areas: Collection[str]) -> list[Membership]:
    return [Membership(role=role, area_code=area) for role in roles for area in (areas or (None,))]


def _note(
    session: Session, actor: Actor, now: datetime, deed: str, person: User, **detail: Any
) -> None:
    subject = f"user {person.id}"
    entry = AuditEntry(at=now, actor_id=actor.user_id, deed=deed, subject=subject, detail=detail)
    session.add(entry)
