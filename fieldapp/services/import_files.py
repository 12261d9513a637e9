"""What imports of boundaries and of figures share: years, a file's hash, a run that is done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldapp.core.people import Actor
from fieldapp.db.models import ImportRun
from fieldapp.sources.errors import SourceError

YEARS = range(1995, 2101)  # CBS numbers wijken and buurten since 1995


def check_year(year: int, file: Path) -> None:
    """SourceError for a year that no file can be of."""
    if year not in YEARS:
        params = {"year": year, "first": YEARS[0], "last": YEARS[-1]}
        raise SourceError("year_impossible", file.name, params, "pass_year")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hex; read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def finish(
    run: ImportRun,
    file: Path,
    source: str,
    options: Mapping[str, Any],
    actor: Actor,
    organisation: int | None,
    now: datetime,
) -> None:
    """Note on a run what was imported and that it is done; who asked for it stays."""
    run.organisation_id = run.organisation_id or organisation or actor.organisation_id
    run.actor_id = run.actor_id or actor.user_id
    run.source, run.file_name, run.options = source[:40], file.name[:255], dict(options)
    run.state, run.progress, run.finished_at = "done", 100, now
