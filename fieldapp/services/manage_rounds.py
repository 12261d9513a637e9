"""Close a round; change what an organisation is called and looks like. Each is one commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fieldapp.core.people import Actor
from fieldapp.db.models import AuditEntry, Organisation, Round


def close_round(session: Session, found: Round, today: date, actor: Actor, now: datetime) -> None:
    """Yesterday becomes the last day; a round that had yet to begin ends on its first day."""
    found.closes_on = max(found.opens_on, today - timedelta(days=1))
    session.add(AuditEntry(at=now, actor_id=actor.user_id, deed="round_closed", subject=found.slug))
    session.commit()


def change_organisation(
    session: Session,
    organisation: Organisation,
    name: str,
    language: str,
    theme: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> None:
    """Another name, language or theme (checked by the caller: web/theme.check_theme)."""
    organisation.name, organisation.language = name, language
    organisation.theme = dict(theme)
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.user_id,
            deed="organisation_changed",
            subject=f"organisation {organisation.slug}",
            detail={"name": name, "language": language, "theme": dict(theme)},
        )
    )
    session.commit()
