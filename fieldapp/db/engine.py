"""Engines and sessions; with geo.py and upsert below, the only home of engine-specific SQL."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Engine, Insert, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker

SQLITE_PRAGMAS = (
    "journal_mode=wal",
    # FULL: a receipt promises that the submission survives a power cut.
    "synchronous=full",
    "foreign_keys=on",
    "busy_timeout=10000",
    # LIKE compares case like PostgreSQL does.
    "case_sensitive_like=on",
)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite folds ASCII only; with these, lower() and ilike equal PostgreSQL.
    connection.create_function("lower", 1, lambda s: s.lower() if isinstance(s, str) else s)
    connection.create_function("upper", 1, lambda s: s.upper() if isinstance(s, str) else s)


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for `url` (sqlite:///... or postgresql+psycopg://...)."""
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=pool_size, connect_args={"timeout": 10})
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=utc -c lock_timeout=10s"},
    )


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after commit (pages render after the commit)."""
    return sessionmaker(engine, expire_on_commit=False)


_INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_if_absent(session: Session, table: Table, keys: list[str], row: dict[str, Any]) -> bool:
    """Insert `row` unless one with the same `keys` exists. True when it was inserted."""
    statement = _insert_if_absent(session.get_bind().dialect.name, table, tuple(keys))
    # Not rowcount: psycopg leaves it at -1 here. A row comes back only when one went in.
    return session.execute(statement, row).first() is not None


@cache
def _insert_if_absent(dialect: str, table: Table, keys: tuple[str, ...]) -> Any:
    """Made once: building a statement of many columns costs more than running it."""
    insert: Any = _INSERTS[dialect](table)
    statement = insert.on_conflict_do_nothing(index_elements=list(keys))
    return statement.returning(table.c[keys[0]])


def upsert(table: Table, dialect: str, keys: list[str], changed: list[str]) -> Insert:
    """An INSERT that overwrites the `changed` columns of a row with the same `keys`."""
    insert: Any = _INSERTS[dialect](table)
    update = {name: insert.excluded[name] for name in changed}
    statement: Insert = insert.on_conflict_do_update(index_elements=keys, set_=update)
    return statement
