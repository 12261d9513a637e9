// One page of the form at a time. Going on is a step in the history of the browser, so that the phone's back
// button goes a page back; what is not asked is passed over.
import { fill } from "../../point.js";

export class Pages {
  /** `address()`: that of this form; `shown(page)` is called when another page is in view. */
  constructor(form, texts, title, { address, shown }) {
    Object.assign(this, { form, texts, title, address, shown });
    this.sections = [...form.querySelectorAll("section[data-page]")];
    const button = (value) => [...form.querySelectorAll(`button[name="form/step"][value="${value}"]`)].at(-1);
    [this.next, this.back, this.done] = ["next", "back", "done"].map(button);
    this.progress = form.querySelector("[data-progress]");
    this.onPop = ({ state }) => this.popped(state);
    window.addEventListener("popstate", this.onPop);
  }

  stop() {
    window.removeEventListener("popstate", this.onPop);
  }

  /** The names of the pages on which something is asked now. */
  names() {
    return this.sections.filter((section) => section.querySelector("[data-type], [data-repeat]")).map((section) => section.dataset.page);
  }

  section(name = this.page) {
    return this.sections.find((section) => section.dataset.page === name);
  }

  /** Begin at a page; the ones before it lie behind the back button. */
  open(page) {
    const names = this.names();
    const at = Math.max(0, names.indexOf(page ?? history.state?.page));
    if (history.state?.page !== names[at]) {
      history.replaceState({ page: names[0] }, "", this.address());
      for (let i = 1; i <= at; i++) history.pushState({ page: names[i], before: names[i - 1] }, "", this.address());
    }
    this.show(names[at], false);
  }

  around(by) {
    const names = this.names();
    return names[names.indexOf(this.page) + by];
  }

  go(page) {
    if (!page || page === this.page) return;
    history.pushState({ page, before: this.page }, "", this.address());
    this.show(page);
  }

  goBack() {
    const before = this.around(-1);
    if (!before) return;
    if (history.state?.before === before) history.back();
    else {
      history.replaceState({ page: before }, "", this.address());
      this.show(before);
    }
  }

  popped(state) {
    if (!state?.page) return;
    history.replaceState(state, "", this.address()); // older steps may still say #nieuw
    const names = this.names();
    if (names.includes(state.page)) return this.show(state.page);
    const order = this.sections.map((section) => section.dataset.page);
    const earlier = names.filter((name) => order.indexOf(name) < order.indexOf(state.page));
    this.show(earlier.at(-1) ?? names[0]); // not asked any more
  }

  show(page, focus = true) {
    this.page = page;
    for (const section of this.sections) section.hidden = section.dataset.page !== page;
    this.steps();
    const heading = this.section(page).querySelector("h1");
    const words = heading?.cloneNode(true);
    words?.querySelector(".fa-must")?.remove();
    document.title = [words?.textContent.trim(), this.title].filter(Boolean).join(" - ");
    if (focus) {
      heading?.setAttribute("tabindex", "-1");
      heading?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    this.shown(page);
  }

  /** `complete`: nothing is missing or wrong anywhere. */
  mayFinish(complete) {
    this.complete = complete;
    if (this.page) this.steps();
  }

  /** "Stap 2 van 5", and what the buttons say. */
  steps() {
    const names = this.names();
    const at = names.indexOf(this.page);
    const last = at === names.length - 1;
    this.progress.hidden = names.length < 2;
    const words = fill(this.texts.textStep, { current: at + 1, total: names.length });
    const line = this.progress.querySelector(".fa-progress__text");
    if (line.textContent !== words) line.textContent = words;
    const bars = names.map((_, i) => {
      const bar = document.createElement("span");
      bar.className = `fa-progress__step${i < at ? " fa-progress__step--done" : i === at ? " fa-progress__step--now" : ""}`;
      return bar;
    });
    this.progress.querySelector(".fa-progress__steps").replaceChildren(...bars);
    this.next.querySelector(".nl-button__label").textContent = last ? this.texts.textDone : this.texts.textNext;
    this.back.hidden = at <= 0;
    this.done.hidden = last || !this.complete;
    const intro = this.form.querySelector("[data-intro]");
    if (intro) intro.hidden = at > 0;
  }
}
