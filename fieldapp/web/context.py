"""What one request carries: settings, its database session, who acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import Flask, current_app, g
from flask_security import current_user
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from fieldapp.config import Settings
from fieldapp.core.people import Actor, Grant
from fieldapp.db.models import User
from fieldapp.services.intake import Intake
from fieldapp.services.media import MediaStore
from fieldapp.services.parts import PartStore
from fieldapp.services.receipts import signer_for


@dataclass(frozen=True, slots=True)
class House:
    """What lives as long as the process."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    media: MediaStore
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def house() -> House:
    """The process's settings, engine and stores."""
    return cast("House", current_app.extensions["fieldapp"])


def settings() -> Settings:
    """The settings in force."""
    return house().settings


def db_session() -> Session:
    """This request's database session; closed when the request ends."""
    if "db_session" not in g:
        g.db_session = house().sessions()
    return cast("Session", g.db_session)


def intake() -> Intake:
    """Where photos go, how large one may be, and who signs receipts."""
    found = house()
    return Intake(
        found.media,
        found.settings.max_photo_mb * 1024 * 1024,
        signer=signer_for(found.settings.receipt_key_path),
    )


def parts() -> PartStore:
    """Where files grow that a phone sends in parts; one may be as large as the intake takes."""
    found = intake()
    most = max(found.max_photo_bytes, found.max_file_bytes)
    return PartStore(settings().data_dir / "parts", most)


def now() -> datetime:
    """The present moment, UTC."""
    return house().clock()


def actor_of(user: User) -> Actor:
    """The person as services see them."""
    grants = tuple(Grant(m.role, m.area_code) for m in user.memberships)
    return Actor(
        organisation_id=user.organisation_id,
        user_id=user.id,
        name=user.name or user.email,
        grants=grants,
    )


def current_actor() -> Actor | None:
    """Who is logged in, or None."""
    if not current_user.is_authenticated:
        return None
    return actor_of(cast("User", current_user))


def required_actor() -> Actor:
    """Who is logged in; only for views behind a policy that asks for a log-in."""
    actor = current_actor()
    if actor is None:
        raise RuntimeError("this view stands open: its policy must ask for a log-in")
    return actor


def init_context(app: Flask, value: House) -> None:
    """Hang the house in the app and close sessions after each request."""
    app.extensions["fieldapp"] = value

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        # Not taken out of g: an answer written while it is read ends here twice, and reads between.
        session = g.get("db_session")
        if session is not None:
            session.close()
