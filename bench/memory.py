"""Memory of the server's processes as the kernel shares it out (PSS)."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.house import SLUG, House, Running

MOST_MB = 220
SETTLE_SECONDS = 4


def family(pid: int) -> Iterator[int]:
    """A process and everything it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def pss_mb(pid: int) -> float:
    """Proportional set size in MB: shared pages count once over all who share them."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kilobytes = next(line.split()[1] for line in text.splitlines() if line.startswith("Pss:"))
    return int(kilobytes) / 1024


def measure_memory(house: House, running: Running) -> Iterator[Figure]:
    """Web and worker together: just started, and idle again after pages were asked for."""
    time.sleep(SETTLE_SECONDS)  # the worker loads its libraries after the web answers
    processes = list(family(running.process.pid))
    name = f"idle memory, just started ({len(processes)} processes)"
    yield Figure(house.kind, name, sum(map(pss_mb, processes)), "MB", MOST_MB)
    for number in range(60):
        path = ("/", f"/v/{SLUG}", "/inloggen")[number % 3]
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        connection.request("GET", path)
        connection.getresponse().read()
        connection.close()
    time.sleep(1)
    total = sum(map(pss_mb, family(running.process.pid)))
    yield Figure(house.kind, "idle memory, after 60 pages", total, "MB", MOST_MB)
