"""The real app on a fixed port, that can be killed and started again on what it had."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

import fieldapp
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.migrate import upgrade
from fieldapp.db.models import User
from tests.factories import make_area, make_person, make_round, make_survey
from tests.support.postgres import postgres_cluster

PROCESS = Path(__file__).parent / "app_process.py"
BESIDE = ("surveys", "migrations", "translations")  # what the package looks for next to itself
AREA = "BU99990101"
BOUNDS = (5.10, 52.08, 5.12, 52.10)  # west, south, east, north of that buurt
INSIDE = (5.11, 52.09)
SURVEYS = ("observatie", "bewonersgesprek")
ROUND = "ronde-fout"
READY = 60  # seconds; a start takes 1.5 on an idle machine
SECRET = "only-for-tests-" + "x" * 32


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """The app in processes of its own. `release` names the copy of the package in use."""

    folder: Path
    database_url: str
    public_url: str
    port: int = field(default_factory=free_port)
    release: str = "first"
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def start(self) -> None:
        """Return when it listens; nothing happens when it runs already."""
        with self._lock:
            if self.process is not None:
                return
            command = [sys.executable, "-P", str(PROCESS), str(self.port)]
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    command,
                    env=self._environment(),
                    stdin=subprocess.PIPE,  # its end is the sign that the test is over
                    stdout=subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,  # so that one signal reaches every process of it
                )
            self.starts += 1
            self._wait_until_ready(self.process)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        guard = threading.Timer(READY, process.kill)
        guard.start()
        line = process.stdout.readline()
        guard.cancel()
        if line.strip() != b"ready":
            self.kill()
            raise RuntimeError(f"the app did not start: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """SIGKILL to all its processes, as a power cut would; on return the port is free."""
        with self._lock:
            if self.process is None:
                return
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.close()
            # The workers hold the other end: its end is theirs.
            self.process.stdout.read()
            self.process.stdout.close()
            self.process = None

    def restart(self, release: str | None = None) -> None:
        """Kill, and start on the same data; with another `release`: an update of the app."""
        with self._lock:
            self.kill()
            self.release = release or self.release
            self.start()

    @property
    def log(self) -> Path:
        """What the app said on stderr."""
        return self.folder / "server.log"

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FIELDAPP_")}
        return {
            **kept,
            "PYTHONPATH": str(self.folder / "releases" / self.release),
            "FIELDAPP_DATABASE_URL": self.database_url,
            "FIELDAPP_DATA_DIR": str(self.folder / "data"),
            "FIELDAPP_SECRET_KEY": SECRET,
            "FIELDAPP_BASE_URL": self.public_url,
        }


@dataclass
class World:
    """One engine: a database with a place and surveys in it, and the folder of everything."""

    engine_name: str
    folder: Path
    database_url: str
    engine: Engine
    sessions: sessionmaker[Session]
    versions: dict[str, str]

    @property
    def media(self) -> Path:
        """Where the server keeps photos."""
        return self.folder / "data" / "media"

    def person(self, email: str) -> int:
        """A new buurtbeheerder of the area; the row's id."""
        with self.sessions() as session:
            person: User = make_person(session, email, "buurtbeheerder", area=AREA)
            return person.id

    def release(self, name: str, edit: Callable[[Path], None]) -> str:
        """A version of the app: a copy of the first, its static files changed by `edit`."""
        target = self.folder / "releases" / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder / "releases" / "first", target, symlinks=True)
        edit(target / "fieldapp" / "static")
        return name


def _next_release(folder: Path) -> None:
    """Other bytes in every module of the phone: all of it has to be fetched anew."""
    for path in folder.glob("js/**/*.js"):
        path.write_text(path.read_text() + "\n// the next release\n")


@contextmanager
def world(engine_name: str, folder: Path) -> Iterator[World]:
    """A database at head with one organisation, one buurt, the surveys and one round in it."""
    if engine_name == "sqlite":
        (folder / "data").mkdir(parents=True)
        with _seeded(engine_name, folder, f"sqlite:///{folder / 'data' / 'fieldapp.sqlite'}") as w:
            yield w
        return
    with postgres_cluster() as cluster:
        name = cluster.create_database()
        with _seeded(engine_name, folder, cluster.url(name)) as made:
            yield made


def _copy_package(target: Path) -> None:
    package = Path(fieldapp.__file__).parent
    shutil.copytree(
        package, target / "fieldapp", ignore=shutil.ignore_patterns("__pycache__", "making")
    )
    for name in BESIDE:
        (target / name).symlink_to(package.parent / name)


@contextmanager
def _seeded(engine_name: str, folder: Path, url: str) -> Iterator[World]:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    _copy_package(folder / "releases" / "first")  # others may be writing in it while this runs
    engine = make_engine(url)
    try:
        upgrade(engine)
        sessions = make_session_factory(engine)
        with sessions() as session:
            make_area(session, AREA, bounds=BOUNDS, year=2024)
            versions = {name: make_survey(session, name) for name in SURVEYS}
            make_round(session, versions["observatie"], AREA, slug=ROUND, public=False)
            names = {name: row.version for name, row in versions.items()}
        made = World(engine_name, folder, url, engine, sessions, names)
        made.release("next", _next_release)
        yield made
    finally:
        engine.dispose()
