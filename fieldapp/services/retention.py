"""What may no longer be kept: each rule a row in a table, with its term and the reason for it.

Everything in the database is one transaction; files go after its commit, so that a crash leaves a
file too many, never a row that misses its file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from shapely.geometry import Point
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import Actor
from fieldapp.db.geo import cell_100m
from fieldapp.db.models import AuditEntry
from fieldapp.db.queries import phones
from fieldapp.db.queries import retention as queries
from fieldapp.db.queries.definitions import published_hashes
from fieldapp.db.queries.drafts import delete_drafts_before, delete_trials_before
from fieldapp.db.queries.follow_ups import delete_follow_ups
from fieldapp.db.queries.imports import files_in_use
from fieldapp.services.import_runs import upload_store
from fieldapp.services.intake.answers import coarse, placeless
from fieldapp.services.media_named import survey_media
from fieldapp.services.parts import PartStore
from fieldapp.services.place_question import asks_other_places
from fieldapp.services.sealed import Vault
from fieldapp.services.survey_versions import surveys_of
from fieldapp.services.try_survey import KEPT

TOKEN_DAYS = 90
UPLOAD_DAYS = 30
# A photo is written before the draft or submission that names it is committed.
ORPHAN_DAYS = 1
PART_DAYS = 30
SEALED_DAYS = 60
DEVICE_DAYS = 180
MESSAGE_DAYS = 90
PROMISE_KEPT_MONTHS = 12
PROMISE_MONTHS = 24
# Half the diagonal of a 100 m cell, rounded up: how far off the cell's centre can be.
CELL_ACCURACY_M = 71.0


@dataclass(slots=True)
class Job:
    """One run: what the rules need, and the files that go when it is committed."""

    session: Session
    settings: Settings
    now: datetime
    files: list[Path] = field(default_factory=list)

    def before(self, days: int) -> datetime:
        """The moment so many days ago."""
        return self.now - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes, after how long, why, and how; `run` counts what it removed or changed."""

    code: str
    what: str
    term: Callable[[Settings], str]
    reason: str
    run: Callable[[Job], int]


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier; the last day of a shorter month."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(count, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue  # the 31st of a month of 30 days
    return moment.replace(year=year, month=month + 1)


def _trials(job: Job) -> int:
    return delete_trials_before(job.session, job.before(KEPT.days))


def _drafts(job: Job) -> int:
    return delete_drafts_before(job.session, job.before(job.settings.draft_days))


def _media(job: Job) -> int:
    used = queries.media_in_use(job.session) | survey_media(job.session)
    old = job.before(ORPHAN_DAYS).timestamp()
    found = [
        path
        for path in job.settings.media_dir.glob("??/*")
        if path.name not in used and path.stat().st_mtime < old
    ]
    job.files += found
    return len(found)


def _tokens(job: Job) -> int:
    return queries.delete_tokens_ended_before(job.session, job.before(TOKEN_DAYS))


def _uploads(job: Job) -> int:
    used = files_in_use(job.session)
    old = job.before(UPLOAD_DAYS).timestamp()
    folder = upload_store(job.settings).folder
    found = [
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.name not in used and path.stat().st_mtime < old
    ]
    job.files += found
    return len(found)


def _promises(job: Job) -> int:
    return delete_follow_ups(
        job.session,
        months_before(job.now, PROMISE_KEPT_MONTHS),
        months_before(job.now, PROMISE_MONTHS),
    )


def _points(job: Job) -> int:
    moment = months_before(job.now, job.settings.point_months)
    done = 0
    for batch in queries.exact_points(job.session, moment, CELL_ACCURACY_M):
        for submission in batch:
            if submission.lon is None or submission.lat is None:
                continue
            lon, lat = cell_100m(submission.lon, submission.lat)
            submission.lon, submission.lat, submission.geom = lon, lat, Point(lon, lat)
            submission.accuracy_m = CELL_ACCURACY_M
            done += 1
        job.session.flush()
    return done + _points_in_answers(job, moment) + _points_of_conflicts(job, moment)


def _points_in_answers(job: Job, moment: datetime) -> int:
    """Other points, lines and areas that were asked for: only surveys that have such questions."""
    done = 0
    published = published_hashes(job.session)
    for version_id, survey in surveys_of(job.session, published).items():
        if not asks_other_places(survey):
            continue
        for batch in queries.captured_before(job.session, version_id, moment):
            for submission in batch:
                rounded = coarse(survey, submission.answers)
                if rounded != submission.answers:
                    submission.answers = rounded
                    done += 1
            job.session.flush()
        for conflict in queries.conflicts_before(job.session, moment, version_id):
            answers = placeless(survey, conflict.content.get("answers") or {})
            if answers != conflict.content.get("answers"):
                conflict.content = {**conflict.content, "answers": answers}
                done += 1
    return done


def _points_of_conflicts(job: Job, moment: datetime) -> int:
    done = 0
    for conflict in queries.conflicts_before(job.session, moment):
        place = conflict.content.get("location") or {}
        if place.get("lon") is None or (place.get("accuracy_m") or 0) >= CELL_ACCURACY_M:
            continue
        lon, lat = cell_100m(place["lon"], place["lat"])
        cell = {**place, "lon": lon, "lat": lat, "accuracy_m": CELL_ACCURACY_M}
        conflict.content = {**conflict.content, "location": cell}
        done += 1
    return done


def _parts(job: Job) -> int:
    store = PartStore(job.settings.data_dir / "parts")
    found = list(store.left_over(job.before(PART_DAYS).timestamp()))
    job.files += found
    return len(found)


def _sealed(job: Job) -> int:
    """Rows first; then every folder without a row that is older than a file on its way."""
    vault = Vault(job.settings.data_dir / "sealed")
    old = phones.drafts_untouched_since(job.session, job.before(SEALED_DAYS))
    for row in old:
        phones.remove_sealed(job.session, row.user_id, row.draft_id)
        job.files.append(vault.home(row.user_id, row.draft_id))
    kept = {vault.home(*key) for key in phones.sealed_drafts(job.session)} | set(job.files)
    young = job.before(ORPHAN_DAYS).timestamp()
    for home in vault.folder.glob("*/*"):
        if home not in kept and home.stat().st_mtime < young:
            job.files.append(home)
    return len(old)


def _devices(job: Job) -> int:
    return phones.delete_devices_before(job.session, job.before(DEVICE_DAYS))


def _messages(job: Job) -> int:
    return phones.delete_messages_before(job.session, job.before(MESSAGE_DAYS))


RULES: tuple[Rule, ...] = (
    Rule(
        "drafts",
        "Drafts that nobody touched",
        lambda settings: f"{settings.draft_days} days",
        "Somebody stopped halfway and never chose to send it.",
        _drafts,
    ),
    Rule(
        "trials",
        "What was typed while somebody tried a draft of a survey",
        lambda _: f"{KEPT.days} day",
        "Nothing of a trial is sent; a day lets somebody go on after lunch.",
        _trials,
    ),
    Rule(
        "media",
        "Photos that no submission, draft or conflict refers to",
        lambda _: f"{ORPHAN_DAYS} day",
        "They were taken out of a form, or belonged to a draft that is gone.",
        _media,
    ),
    Rule(
        "tokens",
        "API tokens that have ended",
        lambda _: f"{TOKEN_DAYS} days after their end",
        "Long enough to find out who used one; after that they only name people.",
        _tokens,
    ),
    Rule(
        "uploads",
        "Files that were uploaded for an import",
        lambda _: f"{UPLOAD_DAYS} days",
        "The figures are in the database and the report stays; the file is at its publisher.",
        _uploads,
    ),
    Rule(
        "promises",
        "What was promised at a door, as a line of its own on *Beloftes*",
        lambda _: (
            f"{PROMISE_KEPT_MONTHS} months after it was kept, {PROMISE_MONTHS} after it was made"
        ),
        "A year of memory serves the next visit; the answer stays with its conversation.",
        _promises,
    ),
    Rule(
        "parts",
        "Files that a phone sent in parts, without the submission that names them",
        lambda _: f"{PART_DAYS} days",
        "The phone has them still; it sends them again when it finds the way back.",
        _parts,
    ),
    Rule(
        "sealed",
        "Sealed second copies of drafts on phones",
        lambda _: f"{SEALED_DAYS} days after their last change",
        "A lost phone is missed sooner. The server could never read them.",
        _sealed,
    ),
    Rule(
        "devices",
        "Phones on the device board",
        lambda _: f"{DEVICE_DAYS} days after they were last seen",
        "Somebody has another phone, or no longer works here.",
        _devices,
    ),
    Rule(
        "messages",
        "Short messages between colleagues",
        lambda _: f"{MESSAGE_DAYS} days",
        "They are about the work of that week.",
        _messages,
    ),
    Rule(
        "points",
        "Exact points of submissions, rounded to the centre of their 100 m cell",
        lambda settings: f"{settings.point_months} months after capture",
        "A mended lamp needs its exact place, a trend needs the buurt. The buurt stays as it was.",
        _points,
    ),
)


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
    if counts:
        session.add(
            AuditEntry(
                at=now,
                actor_id=actor.user_id,
                deed="retention_applied",
                subject="retention",
                detail=counts,
            )
        )
    session.commit()
    for path in job.files:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return done


def document(settings: Settings) -> Iterator[str]:
    """docs/retention.md, line by line; a test compares them."""
    yield "# How long fieldapp keeps what"
    yield ""
    yield "Made from the table `RULES` in `fieldapp/services/retention.py`; a test compares them."
    yield ""
    yield "Run `fieldapp retention --dry-run` to see what would go and `fieldapp retention --apply`"
    yield "to let it go, once a day for example. What went is counted in the audit table."
    yield ""
    yield "| rule | what | term | why |"
    yield "| --- | --- | --- | --- |"
    for rule in RULES:
        yield f"| `{rule.code}` | {rule.what} | {rule.term(settings)} | {rule.reason} |"
    yield ""
    yield "The terms of `drafts` and `points` are settings: `FIELDAPP_DRAFT_DAYS` and"
    yield "`FIELDAPP_POINT_MONTHS`. Points that were less exact than a cell stay as they are."
