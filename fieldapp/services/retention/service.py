"""A run of all rules, and the document about them.

Everything in the database is one transaction; files go after its commit, so that a crash leaves a
file too many, never a row that misses its file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import Actor
from fieldapp.db.models import AuditEntry
from fieldapp.db.queries.retention import last_run
from fieldapp.services.retention.job import Job
from fieldapp.services.retention.rules import RULES

APPLIED = "retention_applied"

BEFORE = """# How long fieldapp keeps what

Made from the table `RULES` in `fieldapp/services/retention/`; a test compares them.

The worker keeps these rules once a day, after 3 at night or as soon as it runs again, and counts
what went in the audit table; the page *Beheer* says when that last happened.
`FIELDAPP_RETENTION=off` switches it off. By hand: `fieldapp retention --dry-run` shows what would
go, `fieldapp retention --apply` lets it go.

| rule | what | term | why |
| --- | --- | --- | --- |
"""
AFTER = """
Settings: `FIELDAPP_DRAFT_DAYS`, `FIELDAPP_SUBMISSION_MONTHS`, `FIELDAPP_ACCOUNT_MONTHS` and
`FIELDAPP_POINT_MONTHS`. Points that were less exact than a cell stay as they are.

A receipt (`signed_receipt`) stays with its submission: it holds hashes, and who sent the form can
show with it that it arrived. What was published keeps its snapshot.
"""


@dataclass(frozen=True, slots=True)
class Removed:
    """What one rule removed, or would remove."""

    code: str
    what: str
    term: str
    count: int


def apply_retention(
    session: Session, settings: Settings, actor: Actor, now: datetime, *, dry_run: bool
) -> list[Removed]:
    """Keep every rule: one commit with an audit entry, then the files. `dry_run` only counts."""
    job = Job(session, settings, now)
    done = [Removed(rule.code, rule.what, rule.term(settings), rule.run(job)) for rule in RULES]
    if dry_run:
        session.rollback()
        return done
    counts = {item.code: item.count for item in done if item.count}
    # Also when nothing went: it says that somebody looked.
    entry = AuditEntry(at=now, actor_id=actor.user_id, deed=APPLIED, subject="retention")
    entry.detail = counts
    session.add(entry)
    session.commit()
    for path in job.files:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return done


@dataclass(frozen=True, slots=True)
class LastRun:
    """When rules were last kept, and how much went, over all rules."""

    at: datetime
    count: int


def last_applied(session: Session) -> LastRun | None:
    """The newest run that was no dry run."""
    entry = last_run(session, APPLIED)
    return LastRun(entry.at, sum(entry.detail.values())) if entry is not None else None


def document(settings: Settings) -> Iterator[str]:
    """docs/retention.md, line by line; a test compares them."""
    yield from BEFORE.splitlines()
    for rule in RULES:
        yield f"| `{rule.code}` | {rule.what} | {rule.term(settings)} | {rule.reason} |"
    yield from AFTER.splitlines()
