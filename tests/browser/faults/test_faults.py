"""Broken on purpose: each fault by itself, random runs, and proof that a loss would be seen."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.faults.drive import Bench, Result
from tests.browser.faults.drive_form import FormRun
from tests.browser.faults.phone import QUEUE
from tests.browser.faults.plan import DAY, Plan, Step, acts, conversation, observation
from tests.browser.faults.proxy import Fault
from tests.browser.faults.run import ENGINES, bench, report
from tests.support.chromium import ChromiumMissing, find_chromium
from tests.support.postgres import PostgresMissing, find_bin_dir

ROOT = Path(__file__).resolve().parents[3]
RUNS = 50  # on each engine, every time
EACH = 25  # seconds that a run may take on a machine that does other things as well


@pytest.fixture(scope="module", params=ENGINES)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """A server on each engine, a network, a browser."""
    _need(request.param)
    with bench(request.param, tmp_path_factory.mktemp("faults")) as made:
        yield made


def _need(engine: str) -> None:
    try:
        find_chromium()
        if engine == "postgis":
            find_bin_dir()
    except (ChromiumMissing, PostgresMissing) as missing:
        pytest.skip(str(missing))


@dataclass(frozen=True)
class Case:
    """One fault by itself: what is filled in, what happens, and what must have been seen."""

    steps: Callable[[list[Step]], list[Step]] = list
    weather: Mapping[str, tuple[Fault, ...]] | None = None
    seen: str = ""
    level: str = "store"
    mortal: bool = False
    clock_off: int = 0


def _before_end(*more: Step) -> Callable[[list[Step]], list[Step]]:
    """Before the last form is finished."""
    return lambda steps: [*steps[:-1], *more, steps[-1]]


def _after(*more: Step) -> Callable[[list[Step]], list[Step]]:
    """After all is finished."""
    return lambda steps: [*steps, *more]


def _on_part(*faults: Fault) -> dict[str, tuple[Fault, ...]]:
    return {"part": faults}


def _on_document(*faults: Fault) -> dict[str, tuple[Fault, ...]]:
    return {"document": faults}


NOW = Step("send_now")
# The server has it, and the phone hears an error of a gateway, for longer than a slow user needs.
UNHEARD = (Fault("broken_after", 504),) * 12
CASES: dict[str, Case] = {
    "tab killed while typing": Case(
        _before_end(Step("kill_tab")), None, "kill_tab", "form", mortal=True
    ),
    "browser killed while typing": Case(
        _before_end(Step("kill_browser")), None, "kill_browser", "form", mortal=True
    ),
    "tab killed at a part": Case(
        _after(NOW), _on_part(Fault("kill_tab_during", 0.01)), "kill_tab_during", mortal=True
    ),
    "browser killed after the commit": Case(
        _after(NOW), _on_document(Fault("kill_browser_after")), "kill_browser_after", mortal=True
    ),
    "browser killed before the document": Case(
        _after(NOW), _on_document(Fault("kill_browser_before")), "kill_browser_before", mortal=True
    ),
    "cut before the server": Case(weather=_on_document(Fault("cut_before")), seen="cut_before"),
    "cut within a part": Case(
        weather=_on_part(Fault("cut_body"), Fault("cut_body")), seen="cut_body"
    ),
    "cut within the document": Case(weather=_on_document(Fault("cut_body")), seen="cut_body"),
    "cut after the commit, twice": Case(
        _after(NOW), _on_document(Fault("cut_after"), Fault("cut_after")), "cut_after"
    ),
    "cut after a part": Case(weather=_on_part(Fault("cut_after")), seen="cut_after"),
    "cut within the answer": Case(weather=_on_document(Fault("cut_answer")), seen="cut_answer"),
    "server killed at its commit": Case(
        _after(NOW, NOW), _on_document(Fault("kill_server_during", 0.01)), "kill_server_during"
    ),
    "server killed after its commit": Case(
        _after(NOW, NOW), _on_document(Fault("kill_server_after")), "kill_server_after"
    ),
    "server restarted": Case(_before_end(Step("restart_server")), seen="restart_server"),
    "captive portal": Case(_before_end(Step("portal")), seen="portal"),
    "captive portal that says it is JSON": Case(
        weather=_on_document(Fault("portal_json"), Fault("portal_json")), seen="portal_json"
    ),
    "parts too large": Case(weather=_on_part(*[Fault("too_large", 100_000)] * 4), seen="too_large"),
    "too many requests": Case(weather=_on_document(Fault("busy", 1)), seen="busy"),
    "errors of a gateway": Case(
        weather=_on_document(Fault("broken", 500), Fault("broken", 502), Fault("broken", 503)),
        seen="broken",
    ),
    "answer lost by a gateway": Case(
        weather=_on_document(Fault("broken_after", 504)), seen="broken_after"
    ),
    "taken back and changed after the commit": Case(
        _after(NOW, Step("correct", number=1), NOW), _on_document(*UNHEARD), "corrected"
    ),
    "taken back and changed after the commit, on the page": Case(
        _after(NOW, Step("correct", number=1), NOW), _on_document(*UNHEARD), "corrected", "form"
    ),
    "taken back and changed twice, killed after the commit": Case(
        _after(NOW, Step("correct", number=1), NOW, Step("correct", number=1), NOW),
        _on_document(Fault("kill_browser_after"), *UNHEARD),
        "corrected",
        mortal=True,
    ),
    "slow": Case(weather=_on_part(Fault("slow", 1), Fault("slow", 1)), seen="slow"),
    "answers out of order": Case(
        weather={"part": (Fault("held"),), "document": (Fault("held"),)}, seen="held"
    ),
    "clock a day ahead": Case(level="form", clock_off=DAY),
    "clock a day behind": Case(level="form", clock_off=-DAY),
    "two tabs": Case(_before_end(Step("second_tab"), Step("second_tab")), None, "second_tab"),
    "storage full": Case(
        lambda steps: [steps[0], Step("full", number=20_000), *steps[1:]],
        None,
        "full",
        "form",
        mortal=True,
    ),
    "database closed by the system": Case(
        _before_end(Step("close_database")), None, "close_database", "form"
    ),
    "emptied while drafts are escrowed": Case(
        _before_end(Step("clear")), None, "clear", "form", mortal=True
    ),
    "app updated in between": Case(_before_end(Step("update_app")), None, "update_app", "form"),
    "log-in expired": Case(_before_end(Step("expire_login")), None, "expire_login", "form"),
    "log-in not known for a moment": Case(
        weather=_on_document(Fault("logged_out")), seen="logged_out"
    ),
    "no signal": Case(_before_end(Step("offline"), NOW), None, "offline", "form"),
    "no server": Case(_before_end(Step("no_server")), None, "no_server", "form"),
}


def _plan(case: Case, engine: str, number: int) -> Plan:
    draw = random.Random(f"{engine} {number}")
    sizes = (50_000, 250_000) if case.level == "form" else (700_000, 5_000_000)
    forms = (observation(draw, 2, sizes=sizes), conversation(draw))
    # The conversation first, so that the last thing done is the form with photos.
    steps = [*acts(1, forms[1]), *acts(0, forms[0])]
    return Plan(
        seed=number,
        engine=engine,
        level=case.level,
        forms=forms,
        steps=tuple(case.steps(steps)),
        weather=case.weather or {},
        clock_off=case.clock_off,
        mortal=case.mortal,
    )


# What only the phone sees is shown on one engine.
SINGLE = [
    (engine, name)
    for engine in ENGINES
    for name in CASES
    if engine == "sqlite" or CASES[name].weather
]


@pytest.mark.browser
@pytest.mark.parametrize(("place", "name"), SINGLE, indirect=["place"])
def test_one_fault(place: Bench, name: str) -> None:
    """Nothing lost, nothing doubled, nothing cut short; and the fault did happen."""
    case = CASES[name]
    result = place.drive(_plan(case, place.world.engine_name, list(CASES).index(name)))
    print(result.line())
    assert result.verdict.good, _told(result)
    assert result.verdict.arrived == 2, _told(result)
    if case.seen:
        assert result.faults[case.seen] >= 1, f"{case.seen} never happened: {dict(result.faults)}"
    if case.seen == "full":
        assert "told: no room" in result.notes, "the phone never said that it was full"


def _told(result: Result) -> str:
    return "\n".join([*result.verdict.lines(), str(result.plan), *result.notes])


@pytest.mark.browser
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_form_is_open_in_one_tab(place: Bench) -> None:
    """The second tab is told, and the first goes on."""
    draw = random.Random(7)
    form = observation(draw, 0)
    plan = Plan(7, place.world.engine_name, "form", (form,), (), {})
    run = FormRun(place, plan)
    run.phone.start()
    try:
        run.phone.log_in()
        run.do_begin(Step("begin", 0))
        first = run.page
        second = run.phone.second_tab(
            f"/veld/app/formulier/observatie/"
            f"{place.world.versions['observatie']}/nl#{run.entries[0].id}"
        )
        second.locator("[data-notice] [data-again]").wait_for()
        assert first.locator("form[data-phone]").count() == 1
        run.do_finish(Step("finish", 0))
        run.calm_down()
        assert run.verdict().arrived == 1
    finally:
        run.phone.stop()


@pytest.mark.browser
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_refused_form_is_shown_and_stops_nobody(place: Bench) -> None:
    """413 for one document: it stays on "Deze telefoon" with words, the other one arrives."""
    draw = random.Random(8)
    forms = (observation(draw, 1, sizes=(50_000,)), observation(draw, 0))
    run = FormRun(place, Plan(8, place.world.engine_name, "form", forms, (), {}))
    run.proxy.new_log()
    run.phone.start()
    try:
        run.phone.log_in()
        run.proxy.plan(_on_document(Fault("too_large", 1)))
        for number, form in enumerate(forms):
            for step in acts(number, form):
                run.step(step)
        run.calm_down()
        verdict = run.verdict()
        assert (verdict.arrived, verdict.kept) == (1, 1)
        run.phone.goto(QUEUE)
        row = run.page.locator("#wachtrij .fa-queue__row")
        row.locator("[data-do]").wait_for()
        assert row.count() == 1
        assert row.locator("[data-reason]").inner_text()
        row.locator("[data-retry]").click()
        assert run.phone.call("settled", seconds=30)
        again = run.verdict()
        assert again.good, again
        assert again.arrived == 2
    finally:
        run.proxy.calm()
        run.phone.stop()


@dataclass(frozen=True)
class Planted:
    """A line of the phone broken on purpose: `right` becomes `wrong`.

    `kinds`: what the verdict may call it, any one of them. One broken line can end in several ways:
    Chromium, for one, sends a POST again by itself when its connection was cut.
    """

    file: str
    right: str
    wrong: str
    kinds: tuple[str, ...]
    weather: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)
    steps: tuple[Step, ...] = (NOW,)  # after the form is finished


PLANTED: dict[str, Planted] = {
    "a portal counts as sent": Planted(
        "queue/pass.js",
        "async #later(draft, answer) {",
        "async #later(draft, answer) { "
        "if (answer.portal) return this.#store.remove('drafts', draft.id);",
        ("lost",),
        _on_document(Fault("portal")),
    ),
    "the form goes before its receipt": Planted(
        "queue/send.js",
        "async function sendDocument(store, draft, document, ways) {",
        "async function sendDocument(store, draft, document, ways) { "
        "await store.remove('drafts', draft.id);",
        ("lost", "cut_short"),
        _on_document(Fault("cut_before")),
    ),
    "a new id at each try": Planted(
        "queue/send.js",
        "body: draft.document, headers });",
        "body: draft.document.replace(draft.id, crypto.randomUUID()), headers });",
        ("doubled",),
    ),
    "a file is left out": Planted(
        "queue/send.js",
        "body: draft.document, headers });",
        "body: JSON.stringify({ ...document, files: document.files.slice(1) }), headers });",
        ("cut_short",),
    ),
    "a file is never sent": Planted(
        "queue/send.js",
        "for (const file of files.values()) {",
        "for (const file of [...files.values()].slice(1)) {",
        ("stuck",),
    ),
    "half of each photo is kept": Planted(
        "drafts.js",
        "sha256: file.sha256, type: file.type, bytes });",
        "sha256: file.sha256, type: file.type, bytes: bytes.slice(9) });",
        ("lost",),
    ),
    "a change is not counted": Planted(
        "drafts.js",
        "revision: finishes })",
        "revision: 1 })",
        ("doubled",),
        _on_document(*UNHEARD),
        (NOW, Step("correct", number=1), NOW),
    ),
}


@pytest.mark.browser
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)  # the phone is the same on both
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(place: Bench, name: str) -> None:
    """The suite fails when a line of the phone is broken: else it would prove nothing."""
    planted = PLANTED[name]

    def plant(folder: Path) -> None:
        path = folder / "js" / "phone" / planted.file
        text = path.read_text()
        found = text.count(planted.right)
        assert found == 1, f"{planted.file} no longer has the line: {planted.right}"
        path.write_text(text.replace(planted.right, planted.wrong))

    draw = random.Random(name)
    form = observation(draw, 2, sizes=(50_000, 50_000))
    plan = Plan(1, "sqlite", "store", (form,), (*acts(0, form), *planted.steps), planted.weather)
    place.server.restart(place.world.release("planted", plant))
    try:
        place.patience = 5
        result = place.drive(plan)
    finally:
        place.patience = 45
        place.server.restart("first")
    seen = any(getattr(result.verdict, kind) for kind in planted.kinds)
    assert seen, f"{name} was not seen: {result.verdict}\n{_told(result)}"


@pytest.mark.browser
def test_random_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So many runs from seeds on each engine, the engines beside each other; prints the figures."""
    for engine in ENGINES:
        _need(engine)
    count, first = int(os.environ.get("COUNT", RUNS)), int(os.environ.get("SEED", 1))
    running = []
    for engine in ENGINES:
        figures = tmp_path / f"{engine}.json"
        command = [sys.executable, "-m", "tests.browser.faults.run", "--engine", engine]
        command += ["--count", str(count), "--seed", str(first), "--figures", str(figures)]
        with (tmp_path / f"{engine}.log").open("w") as log:
            running.append(
                (engine, figures, subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
            )
    counts: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    failed: list[str] = []
    seconds = 0.0
    try:
        for engine, figures, process in running:
            process.wait(timeout=120 + EACH * count)
            told: dict[str, Any] = (
                json.loads(figures.read_text()) if figures.exists() else {"failed": [engine]}
            )
            counts.update(told.get("counts", {}))
            faults.update(told.get("faults", {}))
            failed += told["failed"]
            seconds = max(seconds, told.get("seconds", 0.0))
    finally:
        for _engine, _figures, process in running:
            process.kill()
            process.wait()
    with capsys.disabled():
        print(f"\nfaults: {report(counts, faults, seconds)}")
    logs = "\n".join((tmp_path / f"{engine}.log").read_text() for engine in ENGINES)
    assert not failed, f"{failed}\n{logs}"
    assert counts["runs"] == count * len(ENGINES), logs
    assert counts["arrived"] == counts["finished"], logs
