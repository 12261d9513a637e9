"""Alembic's entry: one engine, handed over by fieldapp.db.migrate; always online."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

import fieldapp.db.models  # noqa: F401  (fills the metadata)
from fieldapp.db.base import Base
from fieldapp.db.migration_rules import context_options

LOCK = 7_203_114  # one migration at a time, whoever starts it

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    dialect = connection.dialect.name
    context.configure(
        connection=connection, target_metadata=Base.metadata, **context_options(dialect)
    )
    with context.begin_transaction():
        if dialect == "postgresql":
            connection.execute(text("set local lock_timeout = '10s'"))
            connection.execute(text(f"select pg_advisory_xact_lock({LOCK})"))
            connection.execute(text("create extension if not exists postgis"))
        context.run_migrations()
    connection.commit()
