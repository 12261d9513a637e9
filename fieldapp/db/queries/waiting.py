"""What the worker asks every other second: which imports wait or run.

Apart from the models, so that a worker with nothing to do need not hold them (and Flask-Security,
which the table of people is built on) in memory: some 35 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, Integer, String, column, select, table

from fieldapp.db.types import UtcDateTime

_RUN = table(
    "import_run",
    column("id", Integer),
    column("state", String),
    column("created_at", UtcDateTime),
)


def unfinished(engine: Engine) -> Sequence[tuple[int, datetime]]:
    """Id and moment of asking of the imports that wait or run, oldest first."""
    query = (
        select(_RUN.c.id, _RUN.c.created_at)
        .where(_RUN.c.state.in_(("queued", "running")))
        .order_by(_RUN.c.id)
    )
    with engine.connect() as connection:
        return [(row.id, row.created_at) for row in connection.execute(query)]
