"""Many runs on one engine, a line for each, and their figures.

python -m tests.browser.faults.run --engine sqlite --count 50 --seed 1
FAULT_SEED=123 python -m tests.browser.faults.run        repeats one run, with its plan
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.faults.drive import Bench, Result
from tests.browser.faults.photos import make_pool
from tests.browser.faults.plan import Plan, draw_plan
from tests.browser.faults.proxy import Proxy
from tests.browser.faults.server import Server, free_port, world
from tests.support.chromium import launch_options

ENGINES = ("sqlite", "postgis")
ELSEWHERE = 1_000_000  # seeds of runs in the place of others


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


def _verdict(bench: Bench, plan: Plan, figures: Figures) -> Result | None:
    """What came of a plan. A run in which the driver itself broke off says nothing about the
    product: another is driven in its place, and counted; None when that breaks off too."""
    other = draw_plan(plan.seed + ELSEWHERE, plan.engine, plan.level)
    for attempt, driven in enumerate((plan, other), start=1):
        try:
            return bench.drive(driven)
        except Exception:  # whatever it is, the plan must be printed and the others go on
            figures.counts.update(again=2 - attempt)
            print(f"{driven.engine} seed {driven.seed} BROKE OFF\n{driven}", file=sys.stderr)
            traceback.print_exc()
    return None


def one(bench: Bench, plan: Plan, figures: Figures, *, loud: bool = False) -> None:
    """Drive a plan and say what came of it; a failing one says its whole plan."""
    result = _verdict(bench, plan, figures)
    if result is None:
        figures.failed.append(f"{plan.engine} {plan.seed}")
        figures.counts.update(runs=1, broken=1)
        return
    figures.add(result)
    print(result.line(), flush=True)
    if not result.verdict.good:
        figures.failed.append(f"{plan.engine} {plan.seed}")
    if loud or not result.verdict.good:
        print(plan, *result.notes, f"repeat: FAULT_SEED={plan.seed}", sep="\n", flush=True)


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
        with (
            tempfile.TemporaryDirectory(prefix="faults-") as folder,
            bench(engine, Path(folder)) as b,
        ):
            for seed in seeds:
                one(b, draw_plan(seed, engine, given.level), figures, loud=bool(asked))
    print(report(figures.counts, figures.faults, time.monotonic() - began))
    if given.figures:
        given.figures.write_text(json.dumps(figures.as_json()))
    return 1 if figures.failed else 0


if __name__ == "__main__":
    sys.exit(main())
