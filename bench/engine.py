"""The form engine: a key press on the phone, a submission on the server, reading a definition.

    .venv/bin/python -m bench.engine [worktree of an older commit]

With an older worktree (its own `fieldapp`) the server's walk is measured there too, in turn.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure, table
from fieldapp.core.survey import load_survey
from fieldapp.core.survey.engine_json import engine_json
from tests.support.chromium import ChromiumMissing, launch_options

ROOT = Path(__file__).resolve().parents[1]
MIN = ROOT / "fieldapp" / "static" / "js" / "engine" / "min"
FRAME_MS, CPU_SLOWER = 1000 / 60, 4
QUESTIONS, RELEVANTS, ROWS, PRESSES = 250, 40, 1_000, 60
LOAD_SECONDS = 2.0
ADDRESS = "http://engine.test/"
PRESS = """async ([engine, presses]) => {
  const { prepare, createForm } = await import("./form.js");
  await prepare(engine);
  const form = createForm(engine, {}, { now: "2026-03-02T18:00:00", seed: 1 });
  const took = [];
  for (let at = 0; at < presses; at += 1) {
    const start = performance.now();
    form.set("v0", String(at % 7));
    for (let name = 0; name < 250; name += 1) form.relevant(`v${name}`);
    form.problems();
    took.push(performance.now() - start);
  }
  return took;
}"""
WALK = """
import json, sys, time
from datetime import datetime
from fieldapp.core.answers import parse_answers
from fieldapp.core.survey import read_survey
from fieldapp.core.validate import examine
from pathlib import Path
survey = read_survey(Path(sys.argv[1]))
raw = {q.name: q.choices[0].name for q in survey.questions if q.type == "select_one"}
raw |= {q.name: "een zin" for q in survey.questions if q.type == "text"}
now, best = datetime(2026, 3, 2), 9.0
for _ in range(7):
    start = time.perf_counter()
    for _ in range(300):
        examine(survey, parse_answers(survey, raw).answers, now=now)
    best = min(best, (time.perf_counter() - start) / 300)
print(best)
"""


def definition(questions: int, relevants: int) -> dict[str, Any]:
    """Pages of ten questions; every one that has a relevant looks at the first question."""
    rows: list[dict[str, Any]] = []
    every = questions // relevants
    for number in range(questions):
        row = {"type": "integer", "name": f"v{number}", "label": f"Vraag {number}"}
        row |= {"required": "yes", "constraint": ". < 1000"}
        if number and number % every == 0 and number // every <= relevants:
            row["relevant"] = f"${{v0}} > {number % 5} and ${{v{number - 1}}} != 3"
        rows.append(row)
    pages = [
        {"type": "group", "name": f"p{at}", "children": rows[at : at + 10]}
        for at in range(0, questions, 10)
    ]
    settings = {"form_id": "meting", "version": "1", "kind": "enquete"}
    return {"settings": settings, "title": "Meting", "survey": pages}


def measure_press() -> Iterator[Figure]:
    """Set the answer that all conditions read, ask what is shown and what is wrong."""
    from playwright.sync_api import Route, sync_playwright

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        kind = "text/javascript" if name else "text/html"
        route.fulfill(content_type=kind, body=(MIN / name).read_text() if name else "<title>.")

    engine = engine_json(load_survey(definition(QUESTIONS, RELEVANTS)), "nl")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page()
        page.route(f"{ADDRESS}**", answer)
        page.goto(ADDRESS)
        slow = page.context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
        took = page.evaluate(PRESS, [engine, PRESSES])
        browser.close()
    what = f"key press, {QUESTIONS} questions, {RELEVANTS} relevants, CPU / {CPU_SLOWER}"
    yield Figure("phone", f"{what}: median", statistics.median(took), "ms", FRAME_MS)
    yield Figure("phone", f"{what}: 95 in 100", sorted(took)[PRESSES * 95 // 100], "ms", FRAME_MS)


def walk_in(tree: Path, survey: Path) -> float:
    """Seconds to read and examine one submission with the code of that tree."""
    command = [sys.executable, "-c", WALK, str(survey)]
    out = subprocess.run(command, cwd=tree, check=True, capture_output=True, text=True)
    return float(out.stdout)


def measure_walk(old: Path | None) -> Iterator[Figure]:
    """One shipped survey (that of the older tree, so that both can read it)."""
    survey = (old or ROOT) / "surveys" / "observatie" / "survey.yaml"
    new_ms = min(walk_in(ROOT, survey) for _ in range(3)) * 1000
    yield Figure("server", "reading and examining one observatie", new_ms, "ms")
    if old is not None:
        old_ms = min(walk_in(old, survey) for _ in range(3)) * 1000
        yield Figure("server", "the same, beside the older commit", new_ms / old_ms, "times")
        # a submission costs milliseconds in all; what the walk may add to that
        yield Figure("server", "the same, more than the older commit", new_ms - old_ms, "ms", 0.1)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure_load() -> Iterator[Figure]:
    """A definition with a thousand rows, a sixth of which have a condition."""
    data = json.loads(json.dumps(definition(ROWS, ROWS // 6)))
    seconds = min(timed(lambda: load_survey(data)) for _ in range(3))
    yield Figure("server", f"load_survey of {ROWS} rows", seconds, "s", LOAD_SECONDS)


def measure_engine(old: Path | None = None) -> Iterator[Figure]:
    """The phone (where there is a Chromium), the server's walk, and reading a definition."""
    try:
        yield from measure_press()
    except ChromiumMissing as missing:
        print(f"key press not measured: {missing}", file=sys.stderr)
    yield from measure_walk(old)
    yield from measure_load()


def main() -> None:
    """Print the table."""
    old = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    print(f"{datetime.now():%Y-%m-%d %H:%M}")
    for line in table(measure_engine(old)):
        print(line)


if __name__ == "__main__":
    main()
