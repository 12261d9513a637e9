"""Drives one plan: a user who wants the form sent, a world that does not."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright

from tests.browser.faults.ledger import Entry, Verdict, judge, says
from tests.browser.faults.phone import QUEUE, START, Full, Gone, Phone
from tests.browser.faults.photos import Pool
from tests.browser.faults.plan import Form, Plan, Step, changed
from tests.browser.faults.proxy import Fault, Proxy
from tests.browser.faults.server import INSIDE, Server, World

PATIENCE = 45.0  # seconds for the queue to empty once all is well
QUIET = 35.0  # seconds for requests that were in trouble to end
INSTALLED = 30.0  # seconds for the worker to have all that it takes along
STORM = 10.0  # seconds at the end in which the weather that is left may come down
MOMENT = 1.0  # seconds that a blow waits for the traffic it is meant for
COMMITTED = 8.0  # seconds for a form to be on the server
ESCROW = 15.0  # seconds for the sealed copies to be there
CODE = "0123456789ABCDEFGHJK"
TRIES = 5  # of the user, for one thing


@dataclass
class Result:
    """How a run ended."""

    plan: Plan
    verdict: Verdict
    faults: Counter[str]
    files: int
    size: int
    seconds: float
    requests: int
    notes: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One line for a report."""
        plan, verdict = self.plan, self.verdict
        faults = " ".join(f"{name}x{count}" for name, count in sorted(self.faults.items()))
        end = "ok" if verdict.good else "; ".join(verdict.lines())
        return (
            f"{plan.engine} seed {plan.seed} {plan.level}: {len(plan.forms)} forms, "
            f"{self.files} files, {self.size // 1000} kB, {self.requests} requests, "
            f"{self.seconds:.1f} s [{faults}] {end}"
        )


@dataclass
class Bench:
    """What many runs share: one engine with its server and network, and one quick browser."""

    world: World
    server: Server
    proxy: Proxy
    playwright: Playwright
    pool: Pool
    folder: Path
    browser: Browser
    runs: int = 0
    patience: float = PATIENCE

    def drive(self, plan: Plan) -> Result:
        """One run, begun with an empty phone of a new person."""
        self.proxy.calm()
        self.server.start()
        from tests.browser.faults.drive_form import FormRun

        return {"store": Run, "form": FormRun}[plan.level](self, plan).drive()


class Run:
    """One plan being driven."""

    def __init__(self, bench: Bench, plan: Plan) -> None:
        self.bench, self.plan = bench, plan
        self.proxy, self.server = bench.proxy, bench.server
        bench.runs += 1
        email = f"run{bench.runs}@example.org"
        self.user_id = bench.world.person(email)
        self.entries = [Entry(form.id, form.answers) for form in plan.forms]
        self.faults: Counter[str] = Counter()
        self.size = 0
        self.notes: list[str] = []
        self.phone = Phone(
            bench.playwright,
            bench.proxy.url,
            email,
            bench.folder / f"profile-{bench.runs}",
            browser=None if plan.mortal else bench.browser,
            clock_off=plan.clock_off,
        )
        self.offline = False
        self.began = time.monotonic()

    def drive(self) -> Result:
        """Every step, then calm, then the verdict."""
        self.proxy.new_log()
        self.proxy.deeds.update(
            kill_server=self.server.kill,
            kill_browser=self.phone.kill,
            kill_tab=self.phone.kill_tabs,
        )
        try:
            self.phone.start()
            self.phone.log_in()
            with suppress(Gone):
                self.phone.wait_until_installed(INSTALLED)
            self.proxy.plan(self.plan.weather)
            for step in self.plan.steps:
                self.step(step)
            self.use_up()
            self.calm_down()
            verdict = self.verdict()
        finally:
            self.proxy.calm()
            self.phone.stop()
        self.faults.update(self.proxy.used)
        return Result(
            plan=self.plan,
            verdict=verdict,
            faults=self.faults,
            files=sum(len(entry.files) for entry in self.entries),
            size=self.size,
            seconds=time.monotonic() - self.began,
            requests=len(self.proxy.passed),
            notes=self.notes + self.phone.messages[-20:],
        )

    # Steps.

    def step(self, step: Step) -> None:
        """One step; what fails because something died is tried again, as a user does."""
        if "FAULT_SEED" in os.environ:
            print(f"{time.monotonic() - self.began:6.1f} s  {step}", flush=True)
        if step.after is not None:
            kind, count, pause = step.after
            if self.traffic():
                self.proxy.wait_for(kind, self.proxy.arrived[kind] + count, MOMENT)
            threading.Event().wait(pause / 1000)  # a moment drawn from the seed
        if self.server.process is None and step.deed != "kill_server":
            self.server.start()  # somebody at the data centre wakes up
        deed: Callable[[Step], None] = getattr(self, f"do_{step.deed}")
        if step.deed in ("begin", "attach", "finish"):
            self.persist(lambda: deed(step))
            return
        if step.deed not in ("send_now", "calm"):
            self.faults[step.deed] += 1
        with suppress(Gone):
            deed(step)

    def traffic(self) -> bool:
        """Whether the phone may be sending: something is finished and was not taken yet."""
        taken = sum(one.kind == "document" and one.shown in (200, 201) for one in self.proxy.passed)
        return sum(entry.finished for entry in self.entries) > taken

    def persist(self, act: Callable[[], None]) -> None:
        """Until it is done: a form is not given up because the phone fell over."""
        for tried in range(1, TRIES + 1):
            try:
                self.ready()
                act()
                return
            except Full:
                self.notes.append("told: no room")
                with suppress(Gone):
                    self.phone.room(None)  # the user throws away a film
                    if tried > 1:  # the browser remembers how much room it once found
                        self.phone.restart()
                        self.phone.goto()
            except Gone as gone:
                self.notes.append(f"try {tried}: {gone}; {self.phone.looks()}")
                if tried >= 2:  # without worker a page cannot come from nowhere
                    self.weather_breaks()
                self.recover()
        raise AssertionError(f"the phone could not be used any more: {self.notes[-TRIES:]}")

    def ready(self) -> None:
        """A page with our functions stands open."""
        page = self.phone.page
        if page is None:
            raise Gone("no page")
        if not self.phone.alive():
            self.phone.goto()

    def recover(self) -> None:
        """A new tab or a new life of the phone, logged in."""
        self.phone.recover()
        with suppress(Gone):
            self.phone.offline(self.offline)
            self.phone.goto()
            return
        with suppress(Gone):
            self.phone.log_in()

    def weather_breaks(self) -> None:
        """The signal is back, for now."""
        self.proxy.also = None
        self.server.start()
        self.do_calm(Step("calm"))

    # What the user does.

    def do_begin(self, step: Step) -> None:
        form, entry = self.plan.forms[step.form], self.entries[step.form]
        controls = [[name, str(value)] for name, value in form.answers.items()]
        version = self.bench.world.versions[form.survey]
        entry.begun = True
        self.phone.call("begin", id=form.id, survey=form.survey, version=version, controls=controls)
        entry.controls = controls

    def do_attach(self, step: Step) -> None:
        form, entry = self.plan.forms[step.form], self.entries[step.form]
        photo = form.photos[step.number]
        path = self.bench.pool.fresh(photo.name, photo.size, f"{self.user_id} {form.id} {photo}")
        self.phone.give_file(path)
        line = self.phone.call("attach", id=form.id, path=photo.path, name=photo.name)
        if (line["path"], line["sha256"]) not in entry.files:
            entry.files.append((line["path"], line["sha256"]))
            self.size += line["size"]

    def do_finish(self, step: Step) -> None:
        form, entry = self.plan.forms[step.form], self.entries[step.form]
        known = {draft["id"]: draft for draft in self.phone.call("drafts")}
        if form.id in known and known[form.id]["state"] == "open":
            self.phone.call("finish", id=form.id, answers=entry.answers, location=_place(form))
        # Gone from the phone, or in the queue: the try before this one had done it after all.
        entry.finished = True
        with suppress(Gone):
            self.phone.call("flush", why="finish")

    def do_send_now(self, _step: Step) -> None:
        self.phone.call("flush", why="now")

    def do_take_back(self, _step: Step) -> None:
        """The user opens what waits once more, looks, and says again that it is done."""
        number = self.waiting_form()
        if number is not None:
            self.persist(lambda: self.reopen_and_finish(number))

    def do_correct(self, step: Step) -> None:
        """The user takes back what waits, changes an answer, and says again that it is done.

        `number` 1: not before the server has it.
        """
        if step.number:
            self.proxy.wait_until_taken(COMMITTED)
        number = self.waiting_form()
        if number is None:
            return
        entry = self.entries[number]
        entry.taken_back = False
        wanted = changed(self.plan.forms[number], entry.changes + 1)
        self.persist(lambda: self.correct(number, wanted))
        if entry.answers == wanted:
            entry.changes += 1
            self.faults["corrected"] += 1

    def correct(self, number: int, wanted: Mapping[str, Any]) -> None:
        """As far as it still has to be done: the try before this one may have done some of it.

        What was taken back leaves the phone only when it was finished anew.
        """
        entry = self.entries[number]
        draft = next((one for one in self.phone.call("drafts") if one["id"] == entry.id), None)
        if draft is not None and draft["state"] != "open" and not says(draft, wanted):
            if not self.take_back(number):
                return  # it had just arrived
            draft = {"state": "open"}
        entry.taken_back |= draft is not None
        if draft is not None and draft["state"] == "open":
            self.change(number, wanted)
        if entry.taken_back:
            entry.answers = wanted
            with suppress(Gone):
                self.phone.call("flush", why="finish")

    def take_back(self, number: int) -> bool:
        """Back to open; False when it is on the phone no more."""
        return self.phone.call("reopen", id=self.entries[number].id) is not None

    def change(self, number: int, wanted: Mapping[str, Any]) -> None:
        """Other answers in an open form, and done."""
        form, entry = self.plan.forms[number], self.entries[number]
        controls = [[name, str(value)] for name, value in wanted.items()]
        version = self.bench.world.versions[form.survey]
        self.phone.call("begin", id=form.id, survey=form.survey, version=version, controls=controls)
        entry.controls = controls
        self.phone.call("finish", id=form.id, answers=wanted, location=_place(form))

    def waiting_form(self) -> int | None:
        """The form that waits longest, if any."""
        waiting = {one["id"] for one in self.phone.call("drafts") if one["state"] == "queued"}
        return next((n for n, entry in enumerate(self.entries) if entry.id in waiting), None)

    def reopen_and_finish(self, number: int) -> None:
        """Back to open, and done once more."""
        self.phone.call("reopen", id=self.plan.forms[number].id)
        self.do_finish(Step("finish", number))

    # What happens to the user.

    def do_kill_browser(self, _step: Step) -> None:
        self.phone.kill()
        self.recover()

    def do_kill_tab(self, _step: Step) -> None:
        self.phone.kill_tabs()
        self.recover()

    def do_reload(self, _step: Step) -> None:
        self.phone.goto(QUEUE)

    def do_restart_server(self, _step: Step) -> None:
        self.server.restart()

    def do_kill_server(self, _step: Step) -> None:
        self.server.kill()

    def do_update_app(self, _step: Step) -> None:
        self.server.restart("next" if self.server.release == "first" else "first")
        self.phone.goto()
        self.phone.ask_anew()

    def do_expire_login(self, _step: Step) -> None:
        self.phone.forget_login()

    def do_portal(self, _step: Step) -> None:
        self.proxy.also = Fault("portal")

    def do_portal_json(self, _step: Step) -> None:
        self.proxy.also = Fault("portal_json")

    def do_no_server(self, _step: Step) -> None:
        self.proxy.also = Fault("cut_before")

    def do_offline(self, _step: Step) -> None:
        self.offline = True
        assert self.phone.context is not None
        self.phone.offline(True)

    def do_calm(self, _step: Step) -> None:
        self.proxy.also = None
        self.offline = False  # also for the next life of a phone that is dead now
        with suppress(Gone):
            self.phone.offline(False)

    def do_close_database(self, _step: Step) -> None:
        self.phone.call("close")

    def do_full(self, step: Step) -> None:
        # Chromium looks at the room when it opens a database: hence a new life.
        used = self.phone.used()
        self.phone.restart()
        self.phone.room(used + step.number)
        self.phone.goto()

    def do_seal(self, _step: Step) -> None:
        """The user turns on the second copy, at installation."""
        self.phone.call("seal", code=CODE)

    def do_clear(self, _step: Step) -> None:
        """The browser cleans up while all is on the server, sealed; the code brings it back."""
        self.ready()
        self.phone.goto()
        self.phone.call("seal", code=CODE)
        if not self.phone.call("escrowed", seconds=ESCROW):
            self.notes.append("not sealed in time: nothing was cleared")
            self.faults["clear"] -= 1
            return
        for entry in self.entries:
            entry.cleared = True
        self.phone.clear_storage()
        self.persist(self.bring_back)

    def bring_back(self) -> None:
        """Log in on the empty phone and type the code."""
        self.phone.log_in()
        count = self.phone.call("bringBack", code=CODE)
        self.notes.append(f"brought back: {count}")
        if not count or count["waiting"]:
            raise Gone(f"not all came back: {count}")
        self.phone.call("seal", code=CODE)

    def do_second_tab(self, _step: Step) -> None:
        self.phone.second_tab(START)

    # The end.

    def use_up(self) -> None:
        """Let the weather that was planned come down on what still waits, for a while."""
        until = time.monotonic() + STORM
        while self.traffic() and self.proxy.left("part", "document") and time.monotonic() < until:
            self.step(Step("calm"))
            self.step(Step("send_now"))
            count = self.proxy.arrived["document"] + 1
            self.proxy.wait_for("document", count, MOMENT)
            if not self.phone.alive():
                self.recover()

    def calm_down(self) -> None:
        """All is well from here on: what waits must go."""
        self.proxy.calm()
        self.proxy.quiet(QUIET)  # a kill that was under way has come down
        self.server.start()
        self.do_calm(Step("calm"))
        for _ in range(TRIES):
            try:
                self.phone.offline(False)
                self.phone.room(None)
                self.ready()
                self.phone.log_in()  # only when the session was lost
                self.phone.call("flush", why="now")
                if self.phone.call("settled", seconds=self.bench.patience):
                    return
                self.notes.append(f"not settled: {self.phone.call('drafts')}")
                return
            except Gone as gone:
                self.notes.append(f"at the end: {gone}")
                self.recover()

    def verdict(self) -> Verdict:
        """Of what the user was told, what is true."""
        for _ in range(TRIES):
            try:
                self.ready()
                kept, receipts = self.phone.call("kept"), self.phone.call("receipts")
                return judge(self.bench.world, self.user_id, self.entries, kept, receipts)
            except Gone as gone:  # such as a page that just took a newer version of itself
                self.notes.append(f"at the verdict: {gone}")
                self.recover()
        raise AssertionError(f"the phone cannot be read: {self.notes[-TRIES:]}")


def _place(form: Form) -> Mapping[str, Any] | None:
    if not form.located:
        return None
    lon, lat = INSIDE
    return {"lon": lon, "lat": lat, "accuracy_m": 9, "source": "gps"}
