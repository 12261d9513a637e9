"""A private PostgreSQL with PostGIS for one test session, started and stopped by the tests.

Needs the server's programs and PostGIS on the machine, no running service and no rights beyond
your own. It listens on a socket in a folder that only its owner can enter, so no port is taken and
nobody else gets in. Give FIELDAPP_TEST_POSTGRES_URL to use a server of your own instead (a role
that may create databases and extensions).
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

URL_SETTING = "FIELDAPP_TEST_POSTGRES_URL"
BIN_SETTING = "FIELDAPP_TEST_POSTGRES_BIN"
TEMPLATE = "fieldapp_postgis"
ROLE = "postgres"
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes, macOS 103

# Lost after a power cut, and that is fine: nothing here outlives the session.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "shared_buffers": "96MB",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
# What a benchmark must pay for: nothing that was promised is lost after a power cut.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class PostgresMissing(Exception):
    """No usable PostgreSQL with PostGIS here; the message says what is missing."""


@dataclass(frozen=True)
class Cluster:
    """A running server. ``template`` names a database that has PostGIS and nothing else."""

    root_url: str
    template: str = TEMPLATE
    _made: list[str] = field(default_factory=list, repr=False)

    def url(self, dbname: str) -> str:
        """SQLAlchemy address (driver psycopg) of a database in this server."""
        return "postgresql+psycopg" + self._plain_url(dbname).removeprefix("postgresql")

    def create_database(self, template: str | None = None) -> str:
        """Name of a new database, copied from ``template`` (default: empty, with PostGIS).

        Nobody may be connected to the template while it is copied.
        """
        name = f"fieldapp_test_{uuid.uuid4().hex[:12]}"
        source = template or self.template
        self.execute("CREATE DATABASE {} TEMPLATE {}", name, source)
        self._made.append(name)
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, also when someone is still connected to it."""
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        with suppress(ValueError):
            self._made.remove(name)

    def drop_all(self) -> None:
        """Remove every database this object made."""
        for name in tuple(self._made):
            self.drop_database(name)

    def execute(
        self, statement: LiteralString, *names: str, dbname: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        """Run one statement outside a transaction; ``names`` fill its {} as identifiers."""
        query = sql.SQL(statement).format(*map(sql.Identifier, names))
        with psycopg.connect(self._plain_url(dbname), autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def _plain_url(self, dbname: str) -> str:
        parts = urlsplit(self.root_url)
        # The empty host of a socket address needs its slashes kept: postgresql://role@/name
        return urlunsplit(("postgresql", parts.netloc, f"/{dbname}", parts.query, ""))


@contextmanager
def postgres_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A server with PostGIS for as long as the block runs; PostgresMissing when there is none.

    `durable`: write to disk as in production, for benchmarks.
    """
    own_server = os.environ.get(URL_SETTING)
    if own_server:
        with _foreign_cluster(own_server) as cluster:
            yield cluster
        return
    bin_dir = find_bin_dir()
    user = _server_user()
    with _private_folder(user) as folder:
        data = folder / "data"
        _initialise(bin_dir, data, user)
        with _running(bin_dir, data, folder, user, DURABLE if durable else {}):
            cluster = Cluster(f"postgresql://{ROLE}@/postgres?host={folder}")
            _make_template(cluster, TEMPLATE)
            yield cluster


def find_bin_dir() -> Path:
    """Folder with initdb and postgres of the newest server that also has PostGIS."""
    seen: list[str] = []
    for folder in _bin_dirs():
        if not (folder / "initdb").exists() or not (folder / "postgres").exists():
            continue
        if any((share / "extension/postgis.control").exists() for share in _share_dirs(folder)):
            return folder
        seen.append(str(folder))
    if seen:
        raise PostgresMissing(
            f"PostgreSQL is in {', '.join(seen)}, but without PostGIS; "
            "on Debian or Ubuntu: sudo tools/system_packages.sh"
        )
    raise PostgresMissing(
        "no PostgreSQL server programs found; on Debian or Ubuntu: sudo tools/system_packages.sh, "
        f"or set {URL_SETTING} to a server of your own"
    )


def _bin_dirs() -> list[Path]:
    """Places where server programs live, newest version first."""
    given = os.environ.get(BIN_SETTING)
    if given:
        return [Path(given)]
    patterns = (
        (Path("/usr/lib/postgresql"), "*/bin"),  # Debian, Ubuntu
        (Path("/usr"), "pgsql-*/bin"),  # Fedora, RHEL
        (Path("/opt/homebrew/opt"), "postgresql*/bin"),
        (Path("/usr/local/opt"), "postgresql*/bin"),
        (Path("/Applications/Postgres.app/Contents/Versions"), "*/bin"),
    )
    found = [folder for root, pattern in patterns for folder in root.glob(pattern)]
    found.sort(key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], reverse=True)
    on_path = shutil.which("initdb")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def _share_dirs(bin_dir: Path) -> list[Path]:
    """Where this server looks for extensions: as it says itself, else the usual places."""
    dirs = [
        Path("/usr/share/postgresql") / bin_dir.parent.name,
        bin_dir.parent / "share",
        bin_dir.parent / "share/postgresql",
    ]
    tool = bin_dir / "pg_config"
    if tool.exists():
        answer = subprocess.run([tool, "--sharedir"], capture_output=True, text=True, check=False)
        dirs.insert(0, Path(answer.stdout.strip() or "/nonexistent"))
    return dirs


def _server_user() -> str | None:
    """The account to start the server under: PostgreSQL refuses root, so root lends it away."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise PostgresMissing("PostgreSQL refuses to run as root, and there is no account 'postgres'")


@contextmanager
def _private_folder(user: str | None) -> Iterator[Path]:
    base = tempfile.gettempdir()
    if len(base) > SOCKET_PATH_LIMIT - 40:
        base = "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="fieldapp-pg-", dir=base))
    try:
        if user:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": _main_group(user), "extra_groups": []} if user else {}


def _main_group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _initialise(bin_dir: Path, data: Path, user: str | None) -> None:
    locale = "C" if platform.system() == "Darwin" else "C.UTF-8"
    command = [str(bin_dir / "initdb"), "-D", str(data), "-U", ROLE, "--auth=trust", "--no-sync"]
    command += ["--encoding=UTF8", f"--locale={locale}"]
    result = subprocess.run(
        command, cwd=data.parent, capture_output=True, text=True, check=False, **_as_user(user)
    )
    if result.returncode:
        raise PostgresMissing(f"initdb failed: {result.stderr.strip() or result.stdout.strip()}")


@contextmanager
def _running(
    bin_dir: Path, data: Path, folder: Path, user: str | None, extra: dict[str, str]
) -> Iterator[None]:
    settings = {**SERVER_SETTINGS, **extra, "unix_socket_directories": str(folder)}
    command = [str(bin_dir / "postgres"), "-D", str(data)]
    command += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    if setpriv := shutil.which("setpriv"):
        # Killed tests must not leave a server behind: it hears when its parent dies.
        command = [setpriv, "--pdeathsig", "INT", "--", *command]
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, **_as_user(user),
        )  # fmt: skip
    try:
        _wait_until_ready(bin_dir, folder, server, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # "fast": breaks off connections, then shuts down well
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)


def _wait_until_ready(
    bin_dir: Path, folder: Path, server: subprocess.Popen[bytes], log: Path
) -> None:
    """Return once the server answers; PostgresMissing with its own words when it stops or hangs."""
    # pg_ctl's own way of waiting: line 8 of the pid file turns to "ready".
    pid_file = folder / "data/postmaster.pid"
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(FileNotFoundError):
            lines = pid_file.read_text().splitlines()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
        time.sleep(0.02)
    raise PostgresMissing(f"the server did not start: {log.read_text().strip()[-800:]}")


def _make_template(cluster: Cluster, name: str) -> None:
    cluster.execute("CREATE DATABASE {}", name)
    cluster.execute("CREATE EXTENSION postgis", dbname=name)


@contextmanager
def _foreign_cluster(url: str) -> Iterator[Cluster]:
    """A server that was running already: leave nothing behind on it."""
    plain = re.sub(r"^postgres(ql)?(\+\w+)?:", "postgresql:", url)
    name = f"fieldapp_template_{uuid.uuid4().hex[:12]}"
    cluster = Cluster(plain, template=name)
    try:
        _make_template(cluster, name)
    except psycopg.Error as error:
        with suppress(psycopg.Error):
            cluster.drop_database(name)
        raise PostgresMissing(f"{URL_SETTING} cannot be used: {error}") from error
    try:
        yield cluster
    finally:
        cluster.drop_all()
        cluster.drop_database(name)
