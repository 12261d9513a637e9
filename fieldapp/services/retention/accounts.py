"""Colleagues who are no longer here: what they did stays, their name and address go.

In two steps, so that nobody is surprised: the page with people warns for WARN_DAYS first. Whoever
logs in meanwhile stays.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.dates import local_day
from fieldapp.core.people import FORMER, FORMER_DOMAIN
from fieldapp.db.models import AuditEntry, User
from fieldapp.db.queries import accounts as queries
from fieldapp.db.queries.accounts import WARNED, Life, account
from fieldapp.db.queries.admin import other_administrators
from fieldapp.services.retention.job import Job, months_before

CLOSED_MONTHS = 6
# Longer than a remembered log-in lasts (30 days): who still comes here logs in before it is over.
WARN_DAYS = 60
LOG_IN_DAYS = 90
AUDIT_YEARS = 5


def accounts(job: Job) -> int:
    """Warn of accounts that are nearly due; take the person out of those that are."""
    done = 0
    for user_id, life in queries.lives(job.session).items():
        soon = job.now + timedelta(days=WARN_DAYS)
        if not _is_due(life, job.settings, soon):
            continue
        person = job.session.get_one(User, user_id)
        if _is_needed(job.session, person):
            continue
        if not _is_warned(life):
            job.session.add(_entry(job.now, WARNED, user_id))
        elif _is_due(life, job.settings, job.now) and _warning_is_over(life, job.now):
            _forget(job, person)
            done += 1
    return done


def leaving(session: Session, settings: Settings, now: datetime) -> dict[int, date]:
    """Account -> the day on which name and address go, of those that were warned of."""
    # No warning stands longer: by then the person is out, or an earlier run did not take place.
    warned = queries.warned_since(session, now - timedelta(days=3 * WARN_DAYS))
    found = queries.lives(session, warned) if warned else {}
    soon = now + timedelta(days=WARN_DAYS)
    return {
        user_id: local_day(life.warned + timedelta(days=WARN_DAYS))
        for user_id, life in found.items()
        if life.warned is not None and _is_warned(life) and _is_due(life, settings, soon)
    }


def log_ins(job: Job) -> int:
    """Log-ins, right and wrong."""
    return queries.delete_log_ins(job.session, job.before(LOG_IN_DAYS))


def audit(job: Job) -> int:
    """Everything else in the audit table."""
    return queries.delete_audit(job.session, job.months_ago(12 * AUDIT_YEARS))


def _is_due(life: Life, settings: Settings, at: datetime) -> bool:
    """Whether the term is over at that moment."""
    if life.closed is not None and life.closed < months_before(at, CLOSED_MONTHS):
        return True
    return life.last < months_before(at, settings.account_months)


def _is_warned(life: Life) -> bool:
    """Whether a warning was given that no sign of life came after."""
    return life.warned is not None and life.warned > max(life.last, life.closed or life.last)


def _warning_is_over(life: Life, now: datetime) -> bool:
    return life.warned is not None and life.warned <= now - timedelta(days=WARN_DAYS)


def _is_needed(session: Session, person: User) -> bool:
    """Whether nobody could let others in without this person."""
    administers = any(m.role == "beheerder" for m in person.memberships)
    others = other_administrators(session, person.organisation_id, person.id)
    return person.active and administers and not others


def _forget(job: Job, person: User) -> None:
    person.name = FORMER
    person.email = f"{person.id}@{FORMER_DOMAIN}"
    person.password = None
    person.active = False
    person.language = ""
    person.fs_uniquifier = uuid.uuid4().hex
    job.session.flush()
    queries.delete_traces(job.session, person.id)
    job.session.expire(person)
    job.session.add(_entry(job.now, "account_forgotten", person.id))


def _entry(now: datetime, deed: str, user_id: int) -> AuditEntry:
    return AuditEntry(at=now, actor_id=None, deed=deed, subject=account(user_id))
