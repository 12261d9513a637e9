"""Do models and migrations describe the same tables, on both engines? Exit status 1 when not."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import fieldapp.db.models  # noqa: F401  (fills the metadata)
from fieldapp.db.engine import make_engine
from fieldapp.db.migrate import differences, upgrade
from tests.support.postgres import PostgresMissing, postgres_cluster


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/check.sqlite"


@contextmanager
def _postgres() -> Iterator[str]:
    with postgres_cluster() as cluster:
        yield cluster.url(cluster.create_database())


def main() -> int:
    """Compare, print what differs, return the exit status."""
    status = 0
    for name, database in {"SQLite": _sqlite, "PostGIS": _postgres}.items():
        try:
            with database() as url:
                engine = make_engine(url)
                upgrade(engine)
                found = differences(engine)
                engine.dispose()
        except PostgresMissing as missing:
            print(f"models on {name}: NOT CHECKED, {missing}", file=sys.stderr)
            status = 1
            continue
        print(f"models on {name}: {'equal to the migrations' if not found else 'differ'}")
        for difference in found:
            print(f"  {difference}", file=sys.stderr)
            status = 1
    if status:
        print("make a migration for what differs, see CONTRIBUTING.md", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
