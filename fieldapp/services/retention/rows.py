"""Rows that go whole."""

from __future__ import annotations

from fieldapp.db.queries import phones
from fieldapp.db.queries import retention as queries
from fieldapp.db.queries.drafts import delete_drafts_before, delete_trials_before
from fieldapp.db.queries.follow_ups import delete_follow_ups
from fieldapp.services.retention.job import Job
from fieldapp.services.try_survey import KEPT

TOKEN_DAYS = 90
DEVICE_DAYS = 180
MESSAGE_DAYS = 90
PROMISE_KEPT_MONTHS = 12
PROMISE_MONTHS = 24


def trials(job: Job) -> int:
    """Answers of somebody who tried a draft of a survey."""
    return delete_trials_before(job.session, job.before(KEPT.days))


def drafts(job: Job) -> int:
    """Forms that were begun."""
    return delete_drafts_before(job.session, job.before(job.settings.draft_days))


def tokens(job: Job) -> int:
    """Tokens that no longer work."""
    return queries.delete_tokens_ended_before(job.session, job.before(TOKEN_DAYS))


def promises(job: Job) -> int:
    """Promises as lines of their own."""
    kept, made = job.months_ago(PROMISE_KEPT_MONTHS), job.months_ago(PROMISE_MONTHS)
    return delete_follow_ups(job.session, kept, made)


def devices(job: Job) -> int:
    """Phones on the board."""
    return phones.delete_devices_before(job.session, job.before(DEVICE_DAYS))


def messages(job: Job) -> int:
    """Short messages."""
    return phones.delete_messages_before(job.session, job.before(MESSAGE_DAYS))
