"""Long work that survives a kill: DBOS runs it, one piece at a time, in the worker process.

The web process only puts work in the queue (`enqueue_import`); it never imports DBOS until then.
Each job is one step that can be done again without harm: an import is one transaction and the same
file twice changes nothing.
"""

from __future__ import annotations

import signal
import threading
from typing import Any

from fieldapp.config import Settings

QUEUE = "imports"
WORKFLOW = "run_import"
NAME = "fieldapp"


def enqueue_import(settings: Settings, run_id: int) -> None:
    """Put an import in the queue; the same run twice is one job."""
    from dbos import DBOSClient

    _prepare(settings)
    client = DBOSClient(system_database_url=settings.jobs_url, application_name=NAME)
    try:
        client.enqueue(
            {
                "queue_name": QUEUE,
                "workflow_name": WORKFLOW,
                "workflow_id": f"import-{run_id}",
                "app_version": NAME,
            },
            run_id,
        )
    finally:
        client.destroy()


def _prepare(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)


def start_dbos(settings: Settings) -> Any:
    """Start DBOS in this process with our workflows registered."""
    from dbos import DBOS

    _prepare(settings)
    DBOS(
        config={
            "name": NAME,
            "system_database_url": settings.jobs_url,
            # Fixed, so that a new release takes over what an older one left in the queue.
            "application_version": NAME,
            "log_level": "WARNING",
            "console_log_level": "WARNING",
            "max_executor_threads": 2,
        }
    )
    _register(settings)
    DBOS.launch()
    DBOS.register_queue(QUEUE, concurrency=1)
    return DBOS


def _register(settings: Settings) -> None:
    from dbos import DBOS

    @DBOS.step()
    def do_import(run_id: int) -> None:
        from fieldapp.services.import_runs import perform

        perform(settings, run_id)

    @DBOS.workflow(name=WORKFLOW)
    def run_import(run_id: int) -> None:
        do_import(run_id)


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl+C."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    dbos = start_dbos(settings)
    stop.wait()
    dbos.destroy(workflow_completion_timeout_sec=10)


