"""Long work that survives a kill: DBOS runs it, one piece at a time, in the worker process.

The web process only puts work in the queue (`enqueue_import`); it imports DBOS at the first upload,
not before. Each job is one step that can be done again without harm: an import is one transaction
and the same file twice changes nothing. What counts is the row in import_run: the worker puts a
queued run that the queue does not know back in it, so a web process that died in between loses
nothing.

Once a day the worker keeps the terms of docs/retention.md. The job is named after the day, so that
several workers do it once; a worker that was off does it as soon as it is back.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldapp.config import Settings
from fieldapp.core.dates import local_day

if TYPE_CHECKING:
    from sqlalchemy import Engine

QUEUE = "imports"  # one piece of work at a time, retention too
WORKFLOW = "run_import"
NIGHTLY = "keep_terms"
NIGHT_HOUR = 3  # Dutch time; a worker that was off then does it as soon as it is back
# Also the "application version": fixed, so that a new release takes over what an older one left.
NAME = "fieldapp"
SCHEMA = "dbos"  # PostgreSQL; Alembic looks at our own schema only

HEARTBEAT_SECONDS = 2.0
# A worker that was not heard of for this long is not there; its start alone takes some seconds.
SILENT_SECONDS = 20.0
# An import that killed its worker this often (out of memory) is given up, not tried for ever.
ATTEMPTS = 3
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

log = logging.getLogger("fieldapp.worker")


def night_of(now: datetime) -> date:
    """The Dutch day whose nightly work should have been done by now."""
    return local_day(now - timedelta(hours=NIGHT_HOUR))


def enqueue_import(settings: Settings, run_id: int, asked_at: datetime) -> None:
    """Put an import in the queue; the same run (`asked_at`: its created_at) twice is one job.

    Raises what the database driver raises when the queue cannot be reached; the run is not lost
    then, the worker finds it.
    """
    _enqueue(settings, WORKFLOW, _job(run_id, asked_at), run_id)


def _enqueue(settings: Settings, workflow: str, job: str, *given: Any) -> None:
    with _client(settings) as client:
        client.enqueue(
            {
                "queue_name": QUEUE,
                "workflow_name": workflow,
                "workflow_id": job,
                "app_version": NAME,
            },
            *given,
        )


class _Nights:
    """Puts the work of a day in the queue, once; the queue knows which days it had."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.asked: date | None = None

    def look(self, now: datetime) -> None:
        """Ask for the day that is due, unless this worker did so already."""
        day = night_of(now)
        if self.settings.retention_daily and day != self.asked:
            _enqueue(self.settings, NIGHTLY, f"retention-{day}")
            self.asked = day


def worker_seen(settings: Settings) -> datetime | None:
    """When the worker last showed that it lives, UTC; None when it never did."""
    try:
        return datetime.fromtimestamp(_heartbeat(settings).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def worker_is_alive(settings: Settings, now: datetime) -> bool:
    """Whether a worker was heard of just now."""
    seen = worker_seen(settings)
    return seen is not None and (now - seen).total_seconds() < SILENT_SECONDS


def run_worker(settings: Settings, *, parent: int | None = None) -> None:
    """Work until SIGTERM or Ctrl+C, or until the process `parent` is gone."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with _only_worker(settings, stop, parent) as is_mine:
        if is_mine:
            _work(settings, stop, parent)
    logging.shutdown()
    # An import that still runs would keep this process: it is one transaction, the next worker
    # begins it again.
    os._exit(0)


def _work(settings: Settings, stop: threading.Event, parent: int | None) -> None:
    from fieldapp.db.engine import make_engine

    dbos = _start_dbos(settings)
    engine = make_engine(settings.database_url, pool_size=1)
    nights = _Nights(settings)
    try:
        while not stop.is_set() and not _orphaned(parent):
            _heartbeat(settings).touch()
            try:
                _adopt(settings, engine)
                nights.look(datetime.now(UTC))
            except Exception:
                log.exception("cannot look for waiting work; trying again")
            stop.wait(HEARTBEAT_SECONDS)
    finally:
        _heartbeat(settings).unlink(missing_ok=True)
        engine.dispose()
        dbos.destroy(workflow_completion_timeout_sec=5)


def _start_dbos(settings: Settings) -> Any:
    """Start DBOS in this process with our workflow; nothing outside this machine is called."""
    from dbos import DBOS

    DBOS(
        config={
            "name": NAME,
            "system_database_url": settings.jobs_url,
            "dbos_system_schema": SCHEMA,
            "application_version": NAME,
            "executor_id": "worker",  # fixed: the next worker takes over what this one left
            "log_level": "WARNING",
            "console_log_level": "WARNING",
            "enable_otlp": False,
            "sys_db_pool_size": 3,
            "max_executor_threads": 4,
        }
    )

    # Only a database that does not answer makes it raise; that may pass.
    @DBOS.step(name="do_import", retries_allowed=True, max_attempts=5, interval_seconds=2.0)
    def do_import(run_id: int) -> None:
        from fieldapp.services.import_runs import perform

        perform(settings, run_id)

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=ATTEMPTS)
    def run_import(run_id: int) -> None:
        do_import(run_id)

    @DBOS.step(name="do_keep_terms", retries_allowed=True, max_attempts=5, interval_seconds=2.0)
    def do_keep_terms() -> None:
        from fieldapp.services.retention.nightly import keep_terms

        keep_terms(settings)

    @DBOS.workflow(name=NIGHTLY, max_recovery_attempts=ATTEMPTS)
    def run_keep_terms() -> None:
        do_keep_terms()

    DBOS.launch()
    DBOS.register_queue(QUEUE, global_concurrency=1)
    return DBOS


def _adopt(settings: Settings, engine: Engine) -> None:
    """Put waiting runs that the queue does not know in it; give up runs that the queue gave up."""
    from dbos import DBOS

    from fieldapp.db.queries.waiting import unfinished

    for run_id, asked_at in unfinished(engine):
        status = DBOS.get_workflow_status(_job(run_id, asked_at))
        if status is None:
            enqueue_import(settings, run_id, asked_at)
        elif status.status in ENDED:
            # Ended, yet the run is not: `give_up` looks again, it may have finished meanwhile.
            from fieldapp.services.import_runs import give_up

            give_up(engine, run_id, datetime.now(UTC))


@contextlib.contextmanager
def _client(settings: Settings) -> Iterator[Any]:
    from dbos import DBOS, DBOSClient

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    logging.getLogger("dbos").setLevel(logging.WARNING)
    # A client makes no tables, and the first upload may come before the first worker.
    DBOS.migrate(settings.jobs_url, schema=SCHEMA)
    client = DBOSClient(
        system_database_url=settings.jobs_url,
        dbos_system_schema=SCHEMA,
        application_name=NAME,
        system_database_pool_size=1,
        # An answer within the request: the worker finds the run when the queue cannot be reached.
        retry_connection_errors=False,
    )
    try:
        yield client
    finally:
        client.destroy()


@contextlib.contextmanager
def _only_worker(settings: Settings, stop: threading.Event, parent: int | None) -> Iterator[bool]:
    """Wait until no other worker works on this data folder; False when told to stop before."""
    import fcntl

    with (settings.data_dir / "worker.lock").open("w") as lock:
        told = False
        while not stop.is_set() and not _orphaned(parent):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not told:
                    log.warning("another worker is at work here; waiting until it stops")
                    told = True
                stop.wait(HEARTBEAT_SECONDS)
            else:
                yield True
                return
        yield False


def _orphaned(parent: int | None) -> bool:
    return parent is not None and os.getppid() != parent


def _heartbeat(settings: Settings) -> Path:
    return settings.data_dir / "worker.seen"


def _job(run_id: int, asked_at: datetime) -> str:
    # With the moment: after a restored backup the next import may get a number that was used.
    return f"import-{run_id}-{asked_at.timestamp():.6f}"
