"""Migrations run up, down and up with data in them, and end where the models are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from fieldapp.db.base import Base
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.migrate import alembic_config, differences, downgrade, upgrade
from fieldapp.db.models import Area, Submission
from fieldapp.db.revision import current, head
from tests.factories import make_area, make_person, make_submission


@pytest.fixture(params=["sqlite", "postgis"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database without any table."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    else:
        postgres = request.getfixturevalue("postgres")
        engine = make_engine(postgres.url(postgres.create_database()))
    yield engine
    engine.dispose()


def fill(engine: Engine) -> None:
    with make_session_factory(engine)() as session:
        make_area(session, "BU99990101")
        make_person(session, "kees@example.org", "analist")
        make_submission(session, {"verhaal": "Het is hier fijn."})


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(text(f'select count(*) from "{table.name}"')) or 0
            for table in Base.metadata.sorted_tables
        }


def ours(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) & set(Base.metadata.tables)


def test_models_and_migrations_agree(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    assert current(empty_engine) == head()
    assert differences(empty_engine) == []


def test_up_down_one_and_up_again_keeps_every_row(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    fill(empty_engine)
    before = rows(empty_engine)
    assert sum(before.values()) > 5
    downgrade(empty_engine, "-1")
    assert current(empty_engine) != head()
    upgrade(empty_engine)
    assert rows(empty_engine) == before
    with Session(empty_engine) as session:
        area = session.scalars(select(Area)).one()
        submission = session.scalars(select(Submission)).one()
    assert area.geom is not None
    assert area.geom.bounds == (5.10, 52.08, 5.12, 52.10)
    assert submission.captured_at < datetime.now(UTC)
    assert differences(empty_engine) == []


def test_down_to_nothing_and_up_again(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    fill(empty_engine)
    downgrade(empty_engine, "base")
    assert ours(empty_engine) == set()
    upgrade(empty_engine)
    assert differences(empty_engine) == []
    fill(empty_engine)


def test_the_newest_revision_is_the_one_alembic_names(empty_engine: Engine) -> None:
    script = ScriptDirectory.from_config(alembic_config(empty_engine))
    assert head() == script.get_current_head()
    assert current(empty_engine) is None
