"""Many clients at once: wrk where it is installed, else threads of our own (slower, said so).

Either way the generator shares the cores with the server, so true rates are somewhat higher.
"""

from __future__ import annotations

import http.client
import json
import shutil
import statistics
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

MARK = "00000000-0000-4000-8000-00000000mark"
SCRIPT = Path(__file__).parent / "send.lua"


@dataclass(frozen=True)
class Request:
    """What to send; MARK in a body becomes a fresh UUID. Bodies are taken in turn."""

    path: str
    method: str = "GET"
    headers: dict[str, str] | None = None
    bodies: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Load:
    """Requests a second, and milliseconds at the 50th and 95th percentile."""

    rate: float
    p50: float
    p95: float
    failed: int
    done: int


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "threads of Python"


def load(port: int, request: Request, clients: int, seconds: float, folder: Path) -> Load:
    """Keep `clients` connections busy for `seconds`; RuntimeError when answers are not 2xx."""
    run = with_wrk if shutil.which("wrk") else with_threads
    found = run(port, request, clients, seconds, folder)
    if found.failed:
        raise RuntimeError(f"{found.failed} of {found.done} answers to {request.path} failed")
    return found


def with_wrk(port: int, request: Request, clients: int, seconds: float, folder: Path) -> Load:
    for number, body in enumerate(request.bodies):
        (folder / f"body-{number}").write_bytes(body)
    command = ["wrk", "-t", "1", "-c", str(clients), "-d", f"{max(1, round(seconds))}s"]
    command += ["--timeout", "30s", "-s", str(SCRIPT), f"http://127.0.0.1:{port}{request.path}"]
    given = [request.method, str(folder), str(len(request.bodies)), MARK, uuid.uuid4().hex[:8]]
    given += [f"{name}: {value}" for name, value in (request.headers or {}).items()]
    done = subprocess.run([*command, "--", *given], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return Load(said["rate"], said["p50"], said["p95"], said["failed"], said["done"])


def with_threads(port: int, request: Request, clients: int, seconds: float, _: Path) -> Load:
    took: list[float] = []
    failures: list[int] = []
    end = time.monotonic() + seconds

    def work(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        turn = number
        while time.monotonic() < end:
            body = fresh(request.bodies, turn)
            turn += clients
            began = time.perf_counter()
            connection.request(request.method, request.path, body, request.headers or {})
            answer = connection.getresponse()
            answer.read()
            took.append((time.perf_counter() - began) * 1000)
            if not 200 <= answer.status < 300:
                failures.append(answer.status)
        connection.close()

    at_once(work, clients)
    cuts = statistics.quantiles(took, n=20)
    return Load(len(took) / seconds, statistics.median(took), cuts[18], len(failures), len(took))


def fresh(bodies: Sequence[bytes], turn: int) -> bytes | None:
    if not bodies:
        return None
    return bodies[turn % len(bodies)].replace(MARK.encode(), str(uuid.uuid4()).encode())


def at_once(work: Callable[[int], None], clients: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
