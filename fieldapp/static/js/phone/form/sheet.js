// The form as it is drawn: its controls, its pages, the rules that run on them, and what is kept of them.
import { rawOf } from "../../controls.js";
import Live from "../../live.js";
import { start } from "../../main.js";
import { merged, rawTree, unseen } from "./answers.js";
import { dutchTime } from "./clock.js";
import { boxAt, find, living, put, readControls, writeControls } from "./controls.js";
import { FILES, Files } from "./files.js";
import { problemsOf, sayMust, sentence, tell } from "./judging.js";
import { mixChoices } from "./mixed.js";
import { broken, hush } from "./notices.js";
import { Pages } from "./pages.js";
import { Place } from "./place.js";
import { takeOut } from "./rounds_out.js";

const LONGEST = 60_000; // ms that a photo or recording under way may hold up a step
const UNSEEN = "form/unseen"; // in draft.controls: answers without a control, as JSON
const isBox = (element) => element.dataset?.type && element.localName !== "template";

/** What makes chance the same for a draft, here and on the server (services/filled.py seed_of). */
const seedOf = (id) => Number(BigInt(`0x${id.replaceAll("-", "")}`) % 2n ** 31n);

export class Sheet {
  /** `listen()`: called with each form that is drawn. */
  constructor(frame, keeping, listen) {
    Object.assign(this, { frame, keeping, listen, settings: frame.settings });
    this.files = new Files(frame, keeping, (path) => this.filesChanged(path));
  }

  /** Draw it with these controls; or with its first values, and this `portiek`. */
  async draw(controls, { first = false, portiek = "" } = {}) {
    const { frame: { root, texts }, settings, keeping: { draft } } = this;
    this.pages?.stop();
    this.form?.remove();
    hush(this.frame);
    this.form = document.importNode(root.querySelector("template[data-form]").content, true).querySelector("form");
    this.form.hidden = true; // until it is whole
    this.place = new Place(settings, settings.rounds?.[draft.round], draft.location);
    mixChoices(living(this.form), seedOf(draft.id));
    if (!first) writeControls(this.form, controls);
    root.append(this.form);
    this.pages = new Pages(this.form, texts, settings.title, { address: () => this.keeping.address, shown: () => this.paged() });
    this.live = new Live(this.form, {
      given: this.given(controls, first),
      raw: (box) => this.rawOf(box),
      begun: () => first && this.firstValues(portiek),
      asks: (path) => (path === settings.area.name ? this.place.asksArea : undefined),
      words: (problem) => sentence(this, problem),
      came: (boxes) => this.came(boxes),
      takeOut: (round) => takeOut(this, round),
      refreshed: () => this.refreshed(),
      failed: (error) => broken(this.frame, error),
    });
    await this.live.ready;
    if (this.live.aside) throw new Error("the engine did not start");
    await start(this.form);
    await this.files.show(this.form);
    this.files.listen(this.form);
    this.listen();
    this.live.refresh();
  }

  /** What the engine starts with. */
  given(controls, first) {
    const { id, started_at } = this.keeping.draft;
    const { engine, language, clock } = this.settings;
    const before = JSON.parse(new Map(controls).get(UNSEEN) ?? "{}");
    const answers = first ? {} : merged(rawTree(this.form, (box) => this.rawOf(box)), before);
    return { engine, language, fresh: first, answers, now: dutchTime(started_at, clock), seed: seedOf(id) };
  }

  rawOf(box) {
    const { path, type } = box.dataset;
    if (FILES.has(type)) return this.files.names(path);
    const raw = rawOf(box);
    // Of a resident's own survey no position is known to the rules (services/place_question.py).
    return path === this.settings.point && this.settings.kind === "enquete" && raw ? "0 0" : raw;
  }

  // what comes into view

  /** Defaults that are worked out here, and what the address says. */
  firstValues(portiek) {
    this.worth(living(this.form));
    const box = portiek && find(this.form, (element) => element.dataset.role === "portiek");
    if (!box) return;
    put(box, portiek);
    this.live.take(box);
  }

  /** Show in blank boxes what the engine holds for them. */
  worth(elements) {
    for (const box of elements) {
      if (!isBox(box) || FILES.has(box.dataset.type)) continue;
      const value = this.live.engine.value(box.dataset.path);
      if (value === null) continue;
      const drawn = this.rawOf(box);
      if (drawn === "" || (Array.isArray(drawn) && !drawn.length)) put(box, value);
    }
  }

  came(boxes) {
    this.worth(boxes);
    for (const box of boxes) if (isBox(box) && FILES.has(box.dataset.type)) this.files.show(this.form, box.dataset.path);
  }

  roundAdded({ target, detail }) {
    const round = find(target, (one) => one.dataset.path === `${detail.path}/${detail.index}`);
    if (round) this.worth(living(round));
  }

  refreshed() {
    const { engine } = this.live;
    for (const line of this.form.querySelectorAll("[data-value]")) { // what is worked out and only read
      const path = line.dataset.value;
      line.hidden = engine.value(path) === null;
      if (!line.hidden) line.firstElementChild.textContent = engine.fill(`\${${path.split("/").at(-1)}}`, path);
    }
    const problems = problemsOf(this);
    sayMust(this, problems);
    this.pages.mayFinish(!problems.length);
  }

  /** Another page is in view. */
  paged() {
    this.clearRemoved?.();
    this.keeping.told.calm();
    tell(this, []);
    if (!this.keeping.isNew && this.keeping.draft.page !== this.pages.page) this.keeping.soon();
  }

  async filesChanged(path) {
    const box = boxAt(this.form, path);
    if (box) this.live.changed(box);
    await this.files.show(this.form, path);
    if (this.keeping.isNew) this.keeping.told.say("nothing");
    else this.keeping.soon();
  }

  // what is kept of it

  /** Resolves when photos and recordings that are being made or kept are there too. */
  async settled() {
    const waits = [];
    this.form.dispatchEvent(new CustomEvent("fa:settle", { detail: { waits } }));
    if (waits.length) await Promise.race([Promise.allSettled(waits), new Promise((go) => setTimeout(go, LONGEST))]);
    await this.keeping.work;
  }

  /** Every control, and what the engine knows that has none. */
  controls() {
    const found = unseen(this.settings.engine.rows, this.live.engine.store());
    const extra = Object.keys(found).length ? [[UNSEEN, JSON.stringify(found)]] : [];
    return [...readControls(this.form), ...extra];
  }

  /** All that was answered, as a patch of the draft. */
  answered() {
    return {
      page: this.pages.page ?? this.keeping.draft.page, language: this.settings.language,
      location: this.place.location(this.form), controls: this.controls(),
    };
  }
}
