"""People and organisations."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor, Grant
from fieldapp.db.models import Membership, Organisation, User

PASSWORD = "correct horse battery"
# Cheap to compute, verified all the same; the real cost is tested once in test_services_people.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = itertools.count(1)


def make_organisation(session: Session, slug: str = "gemeente") -> Organisation:
    """The organisation with this slug, made when absent."""
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        found = Organisation(slug=slug, name=f"Organisatie {slug}")
        session.add(found)
        session.commit()
    return found


def make_person(
    session: Session,
    email: str = "",
    *roles: str,
    area: str | None = None,
    organisation: str = "gemeente",
) -> User:
    """A person with roles (default: beheerder) who logs in with PASSWORD."""
    person = User(
        organisation_id=make_organisation(session, organisation).id,
        email=email or f"person{next(_numbers)}@example.org",
        name="Kees de Vries",
        password=_HASH,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=datetime.now(UTC),
        memberships=[Membership(role=role, area_code=area) for role in roles or ("beheerder",)],
    )
    session.add(person)
    session.commit()
    return person


def make_actor(person: User) -> Actor:
    """The person as services see them."""
    grants = tuple(Grant(m.role, m.area_code) for m in person.memberships)
    return Actor(person.organisation_id, person.id, person.name, grants)
