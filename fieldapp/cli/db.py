"""fieldapp db: bring the database to the newest form, or look where it is."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from fieldapp.cli.base import CommandFailed, json_option, say, workbench
from fieldapp.core.people import SYSTEM


@click.group()
def db() -> None:
    """Create or upgrade the database."""


@db.command()
@click.option("--revision", default="head", show_default=True)
def upgrade(revision: str) -> None:
    """Create the tables, or bring them to the newest form, and publish the shipped surveys.

    Safe to run again.
    """
    from fieldapp.db import migrate
    from fieldapp.db.revision import current, head

    with workbench(check_head=False) as bench:
        migrate.upgrade(bench.engine, revision)
        if current(bench.engine) == head():
            _ship(bench.session)
        click.echo(f"database at {current(bench.engine)}")


def _ship(session: Session) -> None:
    from fieldapp.paths import SURVEYS
    from fieldapp.services.publish_survey import PublishError, ship_surveys

    try:
        ship_surveys(session, SURVEYS, SYSTEM, datetime.now(UTC))
    except PublishError as error:
        raise CommandFailed(str(error)) from error


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Bring the tables back to REVISION ("base" empties the database)."""
    from fieldapp.db import migrate
    from fieldapp.db.revision import current

    with workbench(check_head=False) as bench:
        migrate.downgrade(bench.engine, revision)
        click.echo(f"database at {current(bench.engine) or 'base'}")


@db.command()
@json_option
def check(as_json: bool) -> None:
    """Compare tables and models; exit status 1 when they differ."""
    from fieldapp.db import migrate

    with workbench() as bench:
        found = [str(item) for item in migrate.differences(bench.engine)]
        say({"differences": found}, as_json, found or ["models and tables are the same"])
        if found:
            raise CommandFailed("models and tables differ; make a migration")
