"""fieldapp retention: remove what may no longer be kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from fieldapp.cli.base import json_option, say, workbench
from fieldapp.core.people import SYSTEM


@click.command()
@click.option("--dry-run/--apply", "dry_run", default=None, help="Only count, or really remove.")
@json_option
def retention(dry_run: bool | None, as_json: bool) -> None:
    """Remove what may no longer be kept (docs/retention.md). Choose --dry-run or --apply."""
    from fieldapp.services.retention import apply_retention

    if dry_run is None:
        raise click.UsageError("choose --dry-run to look, or --apply to remove")
    with workbench() as bench:
        done = apply_retention(
            bench.session, bench.settings, SYSTEM, datetime.now(UTC), dry_run=dry_run
        )
    verb = "would go" if dry_run else "gone"
    lines = [f"{item.count:>7}  {verb}  {item.what} ({item.term})" for item in done]
    rules = [asdict(item) for item in done]
    say({"dry_run": dry_run, "rules": rules}, as_json, lines)
