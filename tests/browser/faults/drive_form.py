"""Drives a plan through the real pages: taps, types, chooses photos, presses Opslaan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.faults.drive import Run
from tests.browser.faults.ledger import Entry
from tests.browser.faults.phone import Full, Gone, gone
from tests.browser.faults.plan import Form, Step

FORM = "form[data-phone]"
STEP = ".fa-nextback button[name='form/step'][value='{}']:visible"
MOST_PAGES = 16
SOON = 10_000  # ms for a page to react

# Where a question stands: visible now, on a page before the one in view (-1) or after it (1).
WHERE = """path => {
  const form = document.querySelector("form[data-phone]");
  const pages = [...form.querySelectorAll("section[data-page]")];
  const now = pages.findIndex(page => !page.hidden);
  const box = form.querySelector(`[data-path="${path}"]`);
  const at = pages.findIndex(page => page.contains(box));
  return box && at >= 0 ? Math.sign(at - now) : null;
}"""
PAGE = """() =>
  document.querySelector("form[data-phone] section[data-page]:not([hidden])")?.dataset.page"""
# The form stands open, or the page says what else there is to say.
READY = """() => {
  const seen = element => element && element.getClientRects().length > 0;
  return seen(document.querySelector("form[data-phone] section[data-page]:not([hidden])"))
    || seen(document.querySelector("[data-notice] h1"))
    || seen(document.querySelector("input[name=email]"));
}"""
# The form stands open again, or the page says that it has arrived.
TAKEN_BACK = """() => {
  const seen = element => element && element.getClientRects().length > 0;
  if (seen(document.querySelector("form[data-phone] section[data-page]:not([hidden])"))) {
    return "open";
  }
  return seen(document.querySelector("[data-notice] [data-state]")) && "arrived";
}"""
# Nothing is said before the first change after a page was opened: then all is kept already.
SAVED = """() => {
  const form = document.querySelector("form[data-phone]");
  const said = form?.dataset.saved ?? "saved";
  return ["saved", "failed"].includes(said) && said;
}"""


class FormRun(Run):
    """The same user, on the pages."""

    @property
    def page(self) -> Page:
        return self.phone.here()

    # Deeds.

    def do_begin(self, step: Step) -> None:
        form, entry = self.plan.forms[step.form], self.entries[step.form]
        if not entry.begun:
            entry.id = ""  # the phone makes it
            entry.begun = True
        self.open(form, entry)
        with gone():
            if form.survey == "observatie":
                self.choose("wat", form.answers["wat"])
                self.choose("niveau_schoon", form.answers["niveau_schoon"])
            else:
                self.type("verhaal", form.answers["verhaal"])
            self.saved()
            self.born(entry)
        if form.survey == "observatie":
            entry.controls = [[name, form.answers[name]] for name in ("wat", "niveau_schoon")]
        else:
            entry.controls = [["verhaal", form.answers["verhaal"]]]

    def do_attach(self, step: Step) -> None:
        form, entry = self.plan.forms[step.form], self.entries[step.form]
        photo = form.photos[step.number]
        if self.note_files(entry, photo.path):
            return  # the try before this one had done it after all
        path = self.bench.pool.fresh(photo.name, photo.size, f"{self.user_id} {photo}")
        self.open(form, entry)
        with gone():
            if photo.path == "foto_na":
                self.choose("meer", "ja")
            self.show(photo.path)
            before = len(self.files(entry))
            box = self.page.locator(f"{FORM} [data-path='{photo.path}']")
            box.locator("input[type=file]").first.set_input_files(str(path))
        if self.phone.call("files", id=entry.id, more=before, seconds=SOON / 1000) is None:
            if self.told_wrong():
                raise Full("the photo was not kept, and the form says so")
            raise Gone("no photo was kept")
        self.note_files(entry, photo.path)

    def note_files(self, entry: Entry, path: str) -> bool:
        """Write down what is kept since the last time for this question; whether there is any.

        What was written down before stays, whether it is still there or not.
        """
        fresh = [
            line
            for line in self.files(entry)
            if line["path"] == path and (path, line["sha256"]) not in entry.files
        ]
        entry.files += [(path, line["sha256"]) for line in fresh]
        self.size += sum(line["size"] for line in fresh)
        return bool(fresh)

    def do_finish(self, step: Step) -> None:
        form, entry = self.plan.forms[step.form], self.entries[step.form]
        state = self.state(entry)
        if state == "open":
            self.open(form, entry)
            with gone():
                self.answer_the_rest(form)
                self.press_save()
                self.page.locator("[data-notice] [data-state]").wait_for(timeout=SOON)
        entry.finished = True  # the page said so, or the try before this one had done it

    def reopen_and_finish(self, number: int) -> None:
        form, entry = self.plan.forms[number], self.entries[number]
        if self.state(entry) == "queued":
            with gone():
                self.page.goto(self.address(form) + f"#{entry.id}")
                self.page.reload()
                self.page.wait_for_function(READY)
                if not self.open_again():
                    return  # it had just arrived
        self.do_finish(Step("finish", number))

    def take_back(self, number: int) -> bool:
        form, entry = self.plan.forms[number], self.entries[number]
        with gone():
            self.visit(self.address(form) + f"#{entry.id}")
            if self.page.locator("input[name=email]").count():
                raise Gone("not logged in")
            if not self.phone.alive():
                self.phone.harness()
            return bool(self.page.locator(FORM).count()) or self.open_again()

    def open_again(self) -> bool:
        """Press what opens it again; when it says first that it has arrived, press that too."""
        again = self.page.locator("[data-reopen]")
        if not again.count():
            return False
        again.click(timeout=SOON)
        asked = self.page.wait_for_function(TAKEN_BACK, timeout=SOON).json_value()
        if asked == "arrived":
            more = self.page.locator("[data-notice] [data-change]:visible")
            if not more.count():
                return False
            more.click(timeout=SOON)
            self.page.locator(f"{FORM} section[data-page]:visible").first.wait_for(timeout=SOON)
        if not self.phone.alive():
            self.phone.harness()
        return True

    def change(self, number: int, wanted: Mapping[str, Any]) -> None:
        form, entry = self.plan.forms[number], self.entries[number]
        self.open(form, entry)
        with gone():
            if form.survey == "observatie":
                self.choose("niveau_schoon", wanted["niveau_schoon"])
            else:
                self.type("verhaal", wanted["verhaal"])
            self.saved()
            self.press_save()
            self.page.locator("[data-notice] [data-state]").wait_for(timeout=SOON)

    # The page.

    def address(self, form: Form) -> str:
        version = self.bench.world.versions[form.survey]
        return f"{self.proxy.url}/veld/app/formulier/{form.survey}/{version}/nl"

    def open(self, form: Form, entry: Entry) -> None:
        """The form stands open on the page, where it was left."""
        if not entry.id:
            self.adopt(form, entry)
        wanted = f"#{entry.id}" if entry.id else "#nieuw"
        with gone():
            here = self.page.url.split("#")
            same = here[0] == self.address(form) and f"#{here[-1]}" == wanted
            if not (same and entry.id and self.page.locator(FORM).count()):
                self.visit(self.address(form) + wanted)
                if self.page.locator("input[name=email]").count():
                    self.phone.log_in()
                    self.visit(self.address(form) + wanted)
            if not self.phone.alive():
                self.phone.harness()
            if not self.page.locator(FORM).count():
                words = self.page.locator("[data-notice]").inner_text()
                raise Gone(f"no form: {words[:80]}")

    def visit(self, url: str) -> None:
        """A whole new page: another # alone would not be one."""
        self.page.goto("about:blank")
        self.page.goto(url, wait_until="load")
        self.page.wait_for_function(READY, timeout=SOON)

    def adopt(self, form: Form, entry: Entry) -> None:
        """The phone died before it told the id: an open form that nobody knows is ours."""
        known = {one.id for one in self.entries}
        for draft in self.phone.call("drafts"):
            if draft["id"] not in known and draft["survey"] == form.survey:
                entry.id = draft["id"]

    def born(self, entry: Entry) -> None:
        """The address tells the id once the form is on the phone."""
        if not entry.id:
            pattern = "() => /^#[0-9a-f-]{36}$/.test(location.hash) && location.hash.slice(1)"
            entry.id = self.page.wait_for_function(pattern, timeout=SOON).json_value()

    def state(self, entry: Entry) -> str:
        """As the store has it; "" when it is not there (any more)."""
        found = {draft["id"]: draft["state"] for draft in self.phone.call("drafts")}
        return str(found.get(entry.id, ""))

    def files(self, entry: Entry) -> list[Any]:
        found = {draft["id"]: draft for draft in self.phone.call("drafts")}
        return list(found[entry.id]["files"]) if entry.id in found else []

    def show(self, path: str) -> None:
        """Leaf through the pages until the question is in view."""
        for _ in range(MOST_PAGES):
            where = self.page.evaluate(WHERE, path)
            if where == 0:
                return
            if where is None:
                raise Gone(f"{path} is not asked")
            here = self.page.evaluate(PAGE)
            self.page.locator(STEP.format("next" if where > 0 else "back")).click(timeout=SOON)
            # Back goes by the browser's own history, which takes a moment.
            self.page.wait_for_function(f"before => ({PAGE})() !== before", arg=here, timeout=SOON)
        raise AssertionError(f"{path} cannot be reached")

    def choose(self, path: str, value: str) -> None:
        self.show(path)
        self.page.locator(f"{FORM} input[name='{path}'][value='{value}']").check(
            force=True, timeout=SOON
        )

    def type(self, path: str, text: str) -> None:
        self.show(path)
        self.page.locator(f"{FORM} [name='{path}']").fill(text, timeout=SOON)

    def press_save(self) -> None:
        """Opslaan: its own button, or on the last page the large one."""
        for _ in range(MOST_PAGES):
            done, following = (self.page.locator(STEP.format(step)) for step in ("done", "next"))
            if done.count():
                done.click(timeout=SOON)
                return
            words = following.inner_text(timeout=SOON).strip()
            here = self.page.evaluate(PAGE)
            following.click(timeout=SOON)
            if words == "Opslaan":
                return
            self.page.wait_for_function(f"before => ({PAGE})() !== before", arg=here, timeout=SOON)

    def saved(self) -> None:
        """The line under the form says that it is kept; Full when it says that there is no room."""
        try:
            said = self.page.wait_for_function(SAVED, timeout=SOON).json_value()
        except PlaywrightTimeout:
            state = self.page.evaluate("document.querySelector('form[data-phone]')?.dataset.saved")
            raise Gone(f"the form says {state!r} about keeping") from None
        if said == "failed":
            raise Full("the form says that it is not kept")

    def told_wrong(self) -> bool:
        return self.page.locator(f"{FORM} [data-not-saved]:visible").count() > 0

    def answer_the_rest(self, form: Form) -> None:
        """What `begin` left, on the pages where it is asked."""
        for name, value in form.answers.items():
            if name in ("meer",):
                self.choose(name, value)
            elif name == "themas":
                self.show(name)
                for one in value:
                    self.choose(name, one)
            elif name not in ("wat", "niveau_schoon", "verhaal"):
                self.type(name, value)
        self.saved()
