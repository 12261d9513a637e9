"""The queue and the worker, with real processes on both engines."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from fieldapp.config import Settings
from fieldapp.core.people import Actor
from fieldapp.db.engine import make_engine
from fieldapp.db.migrate import differences
from fieldapp.db.models import Area, AuditEntry, Draft, ImportRun
from fieldapp.jobs import night_of, worker_is_alive
from fieldapp.services.import_runs import (
    RequestImport,
    progress_file,
    request_import,
    upload_store,
)
from tests.factories import make_person, make_survey

ROOT = Path(__file__).resolve().parent.parent
DEADLINE = 60.0
MANY = 9000


def until(what: Callable[[], object], message: str) -> None:
    """Look again and again until it is so, at most until the deadline."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.02)
    raise AssertionError(f"not within {DEADLINE:.0f} s: {message}")


def environment(settings: Settings) -> dict[str, str]:
    """As a shell would have it."""
    return {
        **os.environ,
        "FIELDAPP_ENV": "test",
        "FIELDAPP_DATABASE_URL": settings.database_url,
        "FIELDAPP_DATA_DIR": str(settings.data_dir),
        "FIELDAPP_SECRET_KEY": settings.secret_key,
        "FIELDAPP_RETENTION": "on" if settings.retention_daily else "off",
    }


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """`fieldapp worker`, killed at the end when it still runs; it tells in worker.log."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "worker.log").open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "fieldapp", "worker"],
            env=environment(settings),
            cwd=ROOT,
            stdout=told,
            stderr=told,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def in_web_process(settings: Settings, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, as the web server is one."""
    program = f"from fieldapp.config import load_settings\nsettings = load_settings()\n{code}"
    return subprocess.run(
        [sys.executable, "-c", program],
        env=environment(settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )


def enqueue(settings: Settings, run: ImportRun) -> None:
    """Put it in the queue from another process than the worker's."""
    code = (
        "from datetime import datetime\n"
        "from fieldapp.jobs import enqueue_import\n"
        f"asked_at = datetime.fromisoformat('{run.created_at.isoformat()}')\n"
        f"enqueue_import(settings, {run.id}, asked_at)"
    )
    told = in_web_process(settings, code)
    assert told.stdout + told.stderr == ""  # quiet


def boundaries(folder: Path, count: int) -> Path:
    """A file of `count` square buurten of one invented gemeente, ten metres or so each."""
    features = []
    for number in range(count):
        west, south = 5.0 + (number % 100) * 2e-4, 52.0 + (number // 100) * 2e-4
        ring = [
            [west, south],
            [west + 1e-4, south],
            [west + 1e-4, south + 1e-4],
            [west, south + 1e-4],
            [west, south],
        ]
        code = f"BU9999{number:04d}"
        properties = {"BU_CODE": code, "BU_NAAM": f"Buurt {number}", "GM_NAAM": "Bestaat niet"}
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    path = folder / "buurten.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def queued(session: Session, settings: Settings, file: Path, year: int = 2024) -> ImportRun:
    """An import that waits."""
    with file.open("rb") as stream:
        upload = upload_store(settings).write(stream, file.name)
    command = RequestImport("areas", upload, year)
    return request_import(session, command, Actor(None), datetime.now(UTC))


def state(engine: Engine, run_id: int) -> str:
    """As another process sees it."""
    with Session(engine) as fresh:
        return fresh.get_one(ImportRun, run_id).state


def count(engine: Engine, what: type[Area] | type[AuditEntry], *where: object) -> int:
    """How many rows there are."""
    with Session(engine) as fresh:
        query = select(func.count()).select_from(what).where(*where)  # type: ignore[arg-type]
        return fresh.scalar(query) or 0


def test_an_import_asked_for_before_there_is_a_worker_is_done_by_it(
    settings: Settings, session: Session, engine: Engine, tmp_path: Path
) -> None:
    run = queued(session, settings, boundaries(tmp_path, 30))
    enqueue(settings, run)
    enqueue(settings, run)
    assert not worker_is_alive(settings, datetime.now(UTC))
    with worker(settings) as process:
        until(lambda: state(engine, run.id) == "done", "the import is done")
        assert worker_is_alive(settings, datetime.now(UTC))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert (settings.data_dir / "worker.log").read_text() == ""  # quiet
    assert count(engine, Area, Area.level == "buurt") == 30
    assert count(engine, AuditEntry, AuditEntry.deed == "areas_imported") == 1
    assert not worker_is_alive(settings, datetime.now(UTC))
    assert differences(engine) == []  # the queue's own tables are not ours


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_finishes_it_once(
    settings: Settings, session: Session, engine: Engine, tmp_path: Path
) -> None:
    run = queued(session, settings, boundaries(tmp_path, MANY))
    enqueue(settings, run)
    halfway = progress_file(settings, run.id)
    with worker(settings) as process:
        until(lambda: halfway.read() is not None, "the import is on its way")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert state(engine, run.id) == "running"
    assert count(engine, Area) == 0
    with worker(settings):
        until(lambda: state(engine, run.id) == "done", "the next worker finished it")
    assert count(engine, Area, Area.level == "buurt") == MANY
    assert count(engine, AuditEntry, AuditEntry.deed == "areas_imported") == 1


def test_a_run_that_never_reached_the_queue_is_found_by_the_worker(
    settings: Settings, session: Session, engine: Engine, tmp_path: Path
) -> None:
    run = queued(session, settings, boundaries(tmp_path, 3))
    with worker(settings):
        until(lambda: state(engine, run.id) == "done", "the import is done")
    assert count(engine, Area, Area.level == "buurt") == 3


def test_a_file_that_cannot_be_used_fails_and_changes_nothing(
    settings: Settings, session: Session, engine: Engine, tmp_path: Path
) -> None:
    broken = tmp_path / "buurten.geojson"
    broken.write_text(boundaries(tmp_path, 3).read_text()[:200])
    run = queued(session, settings, broken)
    enqueue(settings, run)
    with worker(settings):
        until(lambda: state(engine, run.id) == "failed", "the import failed")
    with Session(engine) as fresh:
        error = fresh.get_one(ImportRun, run.id).report["error"]
    assert error["code"] == "json_cut_off"
    assert error["advice"] == "download_again"
    assert count(engine, Area) == 0


def test_the_queue_lives_beside_sqlite_and_in_its_own_schema_of_postgresql(
    settings: Settings, session: Session, engine: Engine, tmp_path: Path
) -> None:
    run = queued(session, settings, boundaries(tmp_path, 3))
    enqueue(settings, run)
    if settings.is_sqlite:
        assert (settings.data_dir / "jobs.sqlite").exists()
        return
    with engine.connect() as connection:
        found = connection.execute(
            text("select count(*) from dbos.workflow_status where workflow_uuid like :job"),
            {"job": f"import-{run.id}-{run.created_at.timestamp():.6f}"},
        )
        assert found.scalar_one() == 1


def test_the_web_process_does_not_load_the_queue_until_it_is_needed(settings: Settings) -> None:
    code = (
        "import sys\n"
        "from fieldapp.app import create_app\n"
        "create_app(settings)\n"
        "print([m for m in ('dbos', 'pandas', 'scipy', 'pyogrio', 'pyproj') if m in sys.modules])"
    )
    assert in_web_process(settings, code).stdout.strip() == "[]"


@pytest.fixture
def nightly(settings: Settings, engine: Engine) -> Settings:
    """Settings of a worker that keeps terms, and a queue that knows of no night yet."""
    if not settings.is_sqlite:
        with engine.begin() as connection:
            there = connection.scalar(text("select to_regclass('dbos.workflow_status')"))
            if there is not None:
                gone = "delete from dbos.workflow_status where workflow_uuid like 'retention-%'"
                connection.execute(text(gone))
    return replace(settings, retention_daily=True)


def nights(settings: Settings) -> list[str]:
    """The days that the queue knows of."""
    engine = make_engine(settings.jobs_url)
    table = "workflow_status" if settings.is_sqlite else "dbos.workflow_status"
    query = f"select workflow_uuid from {table} where workflow_uuid like 'retention-%'"
    with engine.connect() as connection:
        found = sorted(connection.scalars(text(query)))
    engine.dispose()
    return found


RUNS = AuditEntry.deed == "retention_applied"


def test_the_worker_keeps_terms_once_a_day(
    nightly: Settings, session: Session, engine: Engine
) -> None:
    now = datetime.now(UTC)
    for days in (31, 1):
        session.add(
            Draft(
                id=uuid.uuid4(),
                survey_version_id=make_survey(session).id,
                user_id=make_person(session).id,
                language="nl",
                started_at=now - timedelta(days=days),
                updated_at=now - timedelta(days=days),
            )
        )
    session.commit()
    with worker(nightly) as process:
        until(lambda: count(engine, AuditEntry, RUNS) == 1, "terms are kept")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert (nightly.data_dir / "worker.log").read_text() == ""
    session.expire_all()
    assert session.scalars(select(AuditEntry).where(RUNS)).one().detail == {"drafts": 1}
    # A second worker on the same day, of another machine when the queue is shared.
    other = replace(nightly, data_dir=nightly.data_dir / "b") if not nightly.is_sqlite else nightly
    with worker(other):
        run = queued(session, other, boundaries(nightly.data_dir, 3))
        until(lambda: state(engine, run.id) == "done", "the second worker works")
    assert count(engine, AuditEntry, RUNS) == 1
    assert nights(nightly) == [f"retention-{night_of(now)}"]


def test_a_night_that_was_missed_is_one_job_and_the_next_day_another(nightly: Settings) -> None:
    code = (
        "from datetime import datetime\n"
        "from fieldapp.jobs import _Nights\n"
        "days = ('03-01T12:00', '03-01T23:30', '03-04T01:30', '03-04T02:30', '03-04T09:00')\n"
        "for nights in (_Nights(settings), _Nights(settings)):\n"
        "    for day in days:\n"
        "        nights.look(datetime.fromisoformat(f'2031-{day}+00:00'))"
    )
    told = in_web_process(nightly, code)
    assert told.stdout + told.stderr == ""
    # 01:30 in UTC is 02:30 in the Netherlands: still the night of the day before.
    expected = ["retention-2031-03-01", "retention-2031-03-03", "retention-2031-03-04"]
    assert nights(nightly) == expected


def test_a_worker_that_may_not_keeps_no_terms(
    nightly: Settings, session: Session, engine: Engine, tmp_path: Path
) -> None:
    settings = replace(nightly, retention_daily=False)
    run = queued(session, settings, boundaries(tmp_path, 3))
    with worker(settings) as process:
        until(lambda: state(engine, run.id) == "done", "the import is done")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert nights(settings) == []
    assert count(engine, AuditEntry, RUNS) == 0


def alive(pid: int) -> bool:
    """Whether a process still runs (a zombie does not)."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    """Ids of the processes that this one started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in listed.split()]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def house(settings: Settings, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """`fieldapp run`, up and answering; it tells in run.log."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    port = str(free_port())
    command = [sys.executable, "-m", "fieldapp", "run", "--port", port, *options]
    with (settings.data_dir / "run.log").open("wb") as told:
        process = subprocess.Popen(
            command, env=environment(settings), cwd=ROOT, stdout=told, stderr=told
        )
        try:

            def answers() -> bool:
                with suppress(OSError):
                    address = f"http://127.0.0.1:{port}/healthz"
                    return bool(urllib.request.urlopen(address).status == 200)
                return False

            until(answers, "the web server answers")
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_stops_clean_with_its_worker(settings: Settings, number: signal.Signals) -> None:
    with house(settings) as process:
        until(lambda: worker_is_alive(settings, datetime.now(UTC)), "the worker lives")
        until(lambda: len(children(process.pid)) == 3, "two web workers and the worker")
        family = children(process.pid)
        process.send_signal(number)
        assert process.wait(timeout=30) == 0
    until(lambda: not any(alive(pid) for pid in family), "nobody is left")
    told = (settings.data_dir / "run.log").read_text()
    assert "Traceback" not in told
    assert len(told.splitlines()) == 1  # the address


def test_the_worker_dies_with_a_web_server_that_is_killed(settings: Settings) -> None:
    with house(settings) as process:
        until(lambda: worker_is_alive(settings, datetime.now(UTC)), "the worker lives")
        family = children(process.pid)
        process.kill()
        process.wait()
        until(lambda: not any(alive(pid) for pid in family), "nobody is left")


def test_run_without_a_worker_starts_none(settings: Settings) -> None:
    with house(settings, "--no-worker") as process:
        until(lambda: len(children(process.pid)) == 2, "two web workers")
        assert not worker_is_alive(settings, datetime.now(UTC))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_a_second_worker_waits_until_the_first_is_gone(
    settings: Settings, session: Session, engine: Engine, tmp_path: Path
) -> None:
    with worker(settings) as first:
        until(lambda: worker_is_alive(settings, datetime.now(UTC)), "the first lives")
        with worker(settings) as second:
            log = settings.data_dir / "worker.log"
            until(lambda: "another worker" in log.read_text(), "the second waits")
            first.kill()
            first.wait()
            run = queued(session, settings, boundaries(tmp_path, 3))
            until(lambda: state(engine, run.id) == "done", "the second took over")
            assert second.poll() is None


def test_a_port_in_use_is_one_readable_line(tmp_path: Path) -> None:
    env = {**os.environ, "FIELDAPP_DATA_DIR": str(tmp_path), "FIELDAPP_DATABASE_URL": ""}
    command = [sys.executable, "-m", "fieldapp"]
    subprocess.run([*command, "db", "upgrade"], env=env, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*command, "run", "--port", port], env=env, capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f":{port}" in done.stderr
    assert "--port" in done.stderr
