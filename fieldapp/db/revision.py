"""At which migration the database is, and which is the newest.

Asked at every start and health check, so without Alembic: the web process and the worker need not
hold it (with Mako and Pygments, some 15 MB) in memory.
"""

from __future__ import annotations

import re

from sqlalchemy import Engine, column, inspect, select, table

from fieldapp.paths import MIGRATIONS

_VERSION = table("alembic_version", column("version_num"))
_NAMED = re.compile(r'^(down_)?revision = "(\w+)"', re.MULTILINE)


def head() -> str | None:
    """The newest revision there is: the one that no other stands on."""
    texts = (path.read_text(encoding="utf-8") for path in (MIGRATIONS / "versions").glob("*.py"))
    named = [match for text in texts for match in _NAMED.findall(text)]
    below = {name for down, name in named if down}
    return next((name for down, name in named if not down and name not in below), None)


def current(engine: Engine) -> str | None:
    """The revision the database is at; None when it has none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return None
        found = connection.scalar(select(_VERSION.c.version_num))
        return None if found is None else str(found)
