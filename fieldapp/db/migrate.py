"""Run and ask migrations, without an ini file."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from fieldapp.db.base import Base
from fieldapp.paths import MIGRATIONS


def alembic_config(engine: Engine) -> Config:
    """Alembic's configuration for this engine."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`."""
    command.upgrade(alembic_config(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the database back to `revision` ("base": empty)."""
    command.downgrade(alembic_config(engine), revision)


def differences(engine: Engine) -> list[object]:
    """What the models have that the database has not, or the other way round; empty is good."""
    from fieldapp.db.migration_rules import context_options

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts=context_options(connection.dialect.name)
        )
        return list(compare_metadata(context, Base.metadata))
