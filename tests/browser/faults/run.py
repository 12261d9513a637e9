"""Many runs on one engine, a line for each, and their figures.

python -m tests.browser.faults.run --engine sqlite --count 50 --seed 1
FAULT_SEED=123 python -m tests.browser.faults.run        repeats one run, with its plan
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from tests.browser.faults.drive import Bench, Result
from tests.browser.faults.photos import make_pool
from tests.browser.faults.plan import Plan, draw_plan
from tests.browser.faults.proxy import Proxy
from tests.browser.faults.server import Server, free_port, world
from tests.support.chromium import launch_options

ENGINES = ("sqlite", "postgis")
ELSEWHERE = 1_000_000  # seeds of runs in the place of others
LONGEST = 240.0  # seconds that a run may take


@contextmanager
def bench(engine: str, folder: Path) -> Iterator[Bench]:
    """One engine, ready for runs."""
    with world(engine, folder / "world") as made, Proxy(free_port()) as proxy:
        server = Server(made.folder, made.database_url, proxy.url, port=proxy.upstream)
        try:
            server.start()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(**launch_options())
                pool = make_pool(folder / "photos")
                yield Bench(made, server, proxy, playwright, pool, folder, browser)
                browser.close()
        finally:
            server.kill()


class Figures:
    """What all runs together came to."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.seconds = 0.0
        self.failed: list[str] = []

    def add(self, result: Result) -> None:
        verdict = result.verdict
        self.counts.update(
            runs=1,
            forms=len(result.plan.forms),
            finished=sum(form.finished for form in result.plan.forms),
            arrived=verdict.arrived,
            kept=verdict.kept,
            files=result.files,
            bytes=result.size,
            requests=result.requests,
            lost=len(verdict.lost),
            doubled=len(verdict.doubled),
            cut_short=len(verdict.cut_short),
            stuck=len(verdict.stuck),
        )
        self.faults.update(result.faults)
        self.seconds += result.seconds

    def take(self, result: Result, *, loud: bool = False) -> None:
        """Count a run and say what came of it; a failing one says its whole plan."""
        self.add(result)
        plan = result.plan
        print(result.line(), flush=True)
        if not result.verdict.good:
            self.failed.append(f"{plan.engine} {plan.seed}")
        if loud or not result.verdict.good:
            print(plan, *result.notes, f"repeat: FAULT_SEED={plan.seed}", sep="\n", flush=True)

    def as_json(self) -> dict[str, object]:
        """For who adds figures up."""
        return {
            "counts": dict(self.counts),
            "faults": dict(self.faults),
            "seconds": round(self.seconds, 1),
            "failed": self.failed,
        }


def report(counts: Counter[str], faults: Counter[str], seconds: float) -> str:
    """The figures in words."""
    kinds = ", ".join(f"{name} {count}" for name, count in faults.most_common())
    return (
        f"{counts['runs']} runs, {counts['forms']} forms ({counts['finished']} finished, "
        f"{counts['arrived']} arrived), {counts['files']} files "
        f"({counts['bytes'] / 1e6:.0f} MB), {counts['requests']} requests, "
        f"{faults.total()} faults ({kinds}); lost {counts['lost']}, doubled {counts['doubled']}, "
        f"cut short {counts['cut_short']}, stuck {counts['stuck']}; "
        f"driven again {counts['again']}; {seconds:.0f} s"
    )


class Hangs:
    """Ends Playwright's own process when a run takes longer than one ever does.

    Asked something of a browser that is killed at that very moment, Playwright may wait for ever.
    """

    def __init__(self) -> None:
        self.hung = False

    @contextmanager
    def watched(self, seconds: float) -> Iterator[None]:
        """What hangs inside ends with an error; a new Playwright is needed then."""
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self) -> None:
        self.hung = True
        for pid in _children():
            words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            if any("playwright" in word and "driver" in word for word in words):
                os.kill(pid, signal.SIGKILL)


def _children() -> list[int]:
    """Processes that any thread of this one began."""
    lists = Path("/proc/self/task").glob("*/children")
    return [int(pid) for found in lists for pid in found.read_text().split()]


def runs(engine: str, plans: Iterable[Plan], figures: Figures, *, loud: bool = False) -> None:
    """Drive all plans. A run in which the driver itself breaks off says nothing about the product:
    another is driven in its place, and counted; when that breaks off too, the plan has failed."""
    left = deque(plans)
    while left:
        hangs = Hangs()
        with (
            tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder,
            suppress(PlaywrightError),  # a Playwright that was ended cannot be closed
            bench(engine, Path(folder)) as made,
        ):
            while left and not hangs.hung:
                plan = left.popleft()
                result = _driven(made, plan, hangs)
                if result is not None:
                    figures.take(result, loud=loud)
                elif plan.seed < ELSEWHERE:
                    figures.counts.update(again=1)
                    left.appendleft(draw_plan(plan.seed + ELSEWHERE, engine, plan.level))
                else:
                    figures.failed.append(f"{engine} {plan.seed - ELSEWHERE}")
                    figures.counts.update(runs=1, broken=1)


def _driven(bench: Bench, plan: Plan, hangs: Hangs) -> Result | None:
    try:
        with hangs.watched(LONGEST):
            return bench.drive(plan)
    except Exception:  # whatever it is, the plan must be printed and the others go on
        print(f"{plan.engine} seed {plan.seed} BROKE OFF\n{plan}", file=sys.stderr)
        traceback.print_exc()
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--level", default="", help="store or form; drawn when absent")
    parser.add_argument("--figures", type=Path, help="write the figures here as JSON")
    given = parser.parse_args()
    asked = os.environ.get("FAULT_SEED")
    seeds = [int(asked)] if asked else range(given.seed, given.seed + given.count)
    figures = Figures()
    began = time.monotonic()
    for engine in given.engine or ENGINES:
        plans = [draw_plan(seed, engine, given.level) for seed in seeds]
        runs(engine, plans, figures, loud=bool(asked))
    print(report(figures.counts, figures.faults, time.monotonic() - began))
    if given.figures:
        given.figures.write_text(json.dumps(figures.as_json()))
    return 1 if figures.failed else 0


if __name__ == "__main__":
    sys.exit(main())
