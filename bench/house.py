"""A database with people and areas in it, and the real server in front, for one engine."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.migrate import upgrade
from fieldapp.services.people import add_token
from tests.factories import make_area, make_person, make_round, make_survey
from tests.support.postgres import postgres_cluster

SURVEY = Path(__file__).parent / "survey.yaml"
SIDE = 10  # the fictional gemeente is SIDE x SIDE square buurten of 0.01 degree
WEST, SOUTH = 5.0, 52.0
SLUG = "meting"
EMAIL = "kees@example.org"


@dataclass(frozen=True)
class House:
    """One engine's database, its settings, and a token to send with."""

    kind: str
    url: str
    data: Path
    engine: Engine
    token: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "FIELDAPP_DATABASE_URL": self.url,
            "FIELDAPP_DATA_DIR": str(self.data),
            "FIELDAPP_SECRET_KEY": "only-for-the-bench-" + "x" * 32,
            "FIELDAPP_ENV": "development",
        }

    def bytes_used(self) -> int:
        """The database on disk, free space given back first, indexes included."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self.kind == "sqlite":
                connection.execute(text("vacuum"))
                connection.execute(text("pragma wal_checkpoint(truncate)"))
                return (self.data / "bench.sqlite").stat().st_size
            connection.execute(text("vacuum full"))
            connection.execute(text("checkpoint"))
            size = connection.scalar(text("select pg_database_size(current_database())"))
            return int(size or 0)


@contextmanager
def open_house(kind: str, fill: Callable[[Session], str] | None = None) -> Iterator[House]:
    """A fresh database at head with 100 buurten, a caretaker with a token, a public round.

    `fill` puts something else in it, and gives a token or "".
    """
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fieldapp-bench-")))
        url = f"sqlite:///{data / 'bench.sqlite'}"
        if kind == "postgis":
            # Durable: a receipt means that it is on disk, as in production.
            cluster = stack.enter_context(postgres_cluster(durable=True))
            url = cluster.url(cluster.create_database())
        engine = make_engine(url)
        stack.callback(engine.dispose)
        upgrade(engine)
        with make_session_factory(engine)() as session:
            token = (fill or furnish)(session)
        yield House(kind, url, data, engine, token)


def furnish(session: Session) -> str:
    """Areas, surveys, people; the token of a caretaker."""
    for number in range(SIDE * SIDE):
        west, south = WEST + number % SIDE / 100, SOUTH + number // SIDE / 100
        bounds = (west, south, west + 0.01, south + 0.01)
        make_area(session, f"BU9999{number:04}", f"Buurt {number}", bounds=bounds)
    make_survey(session, yaml.safe_load(SURVEY.read_text(encoding="utf-8")))
    make_round(session, make_survey(session, "bewonersenquete"), "BU99990000", slug=SLUG)
    make_person(session, EMAIL, "buurtbeheerder", "wijkmanager", "analist", "beheerder")
    _, secret = add_token(session, EMAIL, "buurtbeheerder", 2, "bench", SYSTEM)
    session.commit()
    return secret


@dataclass(frozen=True)
class Running:
    """A server that answers on this port."""

    process: subprocess.Popen[bytes]
    port: int


@contextmanager
def server(house: House, *, worker: bool) -> Iterator[Running]:
    """`fieldapp run`, with or without its worker; stopped at the end."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "fieldapp", "run", "--port", str(port)]
    process = subprocess.Popen(
        command if worker else [*command, "--no-worker"],
        env=house.environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_healthy(process, port)
        yield Running(process, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when /healthz answers 200; RuntimeError when the server stops or stays silent."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError("fieldapp run did not become healthy")
