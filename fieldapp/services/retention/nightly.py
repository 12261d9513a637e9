"""A run of the worker: with a connection of its own, by nobody in particular."""

from __future__ import annotations

from datetime import UTC, datetime

from fieldapp.config import Settings
from fieldapp.core.people import SYSTEM
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.services.retention.service import apply_retention


def keep_terms(settings: Settings) -> None:
    """Keep every rule now. Done twice it finds nothing to do."""
    engine = make_engine(settings.database_url, pool_size=1)
    try:
        with make_session_factory(engine)() as session:
            apply_retention(session, settings, SYSTEM, datetime.now(UTC), dry_run=False)
    finally:
        engine.dispose()
