// A whole form on the phone: every answer is in the phone's own store before anybody asks, with or without
// signal. The page is the same for every draft; which one it is stands behind the # of the address:
// #nieuw, #nieuw&ronde=<slug>&portiek=<name>, or #<id of a draft>.
import { rawOf } from "../controls.js";
import Live from "../live.js";
import { start } from "../main.js";
import { merged, rawTree, unseen } from "./form/answers.js";
import { boxAt, find, living, put, readControls, writeControls } from "./form/controls.js";
import { throwAway } from "./form/discarding.js";
import { complete } from "./form/ending.js";
import { Files } from "./form/files.js";
import { pageOf, problemsOf, sayMust, sentence, tell, tellRefusal } from "./form/judging.js";
import { mixChoices } from "./form/mixed.js";
import { followInPage, hush } from "./form/notices.js";
import { openDraft } from "./form/opening.js";
import { Pages } from "./form/pages.js";
import { Place } from "./form/place.js";
import { takeOut } from "./form/rounds_out.js";
import { Saver } from "./form/saver.js";
import { Telling } from "./form/telling.js";
import { saveDraft } from "./drafts.js";
import { storeOf } from "./store.js";

const POINT = 1000; // ms between writes while a position improves
const LONGEST = 60_000; // ms that a photo or recording under way may hold up a step
const UNSEEN = "form/unseen"; // in draft.controls: answers without a control, as JSON
const FILES = new Set(["image", "audio", "video", "file"]);
const isBox = (element) => element.dataset?.type && element.localName !== "template";

/** The moment on Dutch clocks, as the engine wants it. */
function dutchClock(iso) {
  const moment = new Date(iso);
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Amsterdam", dateStyle: "short", timeStyle: "medium" });
  return `${parts.format(moment).replace(" ", "T")}.${String(moment.getMilliseconds()).padStart(3, "0")}`;
}

/** What makes chance the same for a draft, here and on the server (services/filled.py seed_of). */
const seedOf = (id) => Number(BigInt(`0x${id.replaceAll("-", "")}`) % 2n ** 31n);

export default class PhoneForm {
  constructor(root) {
    this.root = root;
    this.texts = root.dataset;
    this.settings = JSON.parse(root.querySelector("[data-form-settings]").textContent);
    this.told = new Telling(() => this.form, this.texts);
    this.saver = new Saver(() => this.write(), (state, error) => this.heardOfSaving(state, error));
    window.addEventListener("hashchange", () => this.hashChanged());
    document.addEventListener("click", (event) => followInPage(event, this.draft));
    document.addEventListener("visibilitychange", () => document.hidden && this.saver.due && this.saver.run());
    window.addEventListener("pagehide", () => this.saver.due && this.saver.run());
    this.open().catch((error) => this.broken(error));
  }

  async open() {
    this.store = storeOf();
    const found = await openDraft(this);
    if (!found) return;
    Object.assign(this, found); // draft, isNew, portiek, letGo
    await this.build(this.draft.controls, this.isNew || !this.draft.controls.length);
    this.pages.open(this.draft.page || undefined);
    this.root.querySelector("[data-waiting]").hidden = true;
    this.form.hidden = false;
    if (!this.isNew) this.told.say("saved");
    if (this.draft.refusal) tellRefusal(this);
  }

  /** Draw the form with these controls; `first`: with its first values. */
  async build(controls, first = false) {
    this.pages?.stop();
    this.form?.remove();
    hush(this);
    this.form = document.importNode(this.root.querySelector("template[data-form]").content, true).querySelector("form");
    this.form.hidden = true; // until it is whole
    this.place = new Place(this.settings, this.settings.rounds?.[this.draft.round], this.draft.location);
    mixChoices(living(this.form), seedOf(this.draft.id));
    if (!first) writeControls(this.form, controls);
    this.root.append(this.form);
    this.pages = new Pages(this.form, this.texts, this.settings.title, {
      address: () => (this.isNew ? location.hash || "#nieuw" : `#${this.draft.id}`), shown: () => this.paged(),
    });
    this.files = new Files(this.store, this.texts, {
      draft: () => this.draft, begun: () => this.told.say("saving"),
      changed: (path) => this.filesChanged(path), failed: (name, error) => this.told.file(name, error),
    });
    this.live = new Live(this.form, this.ways(controls, first));
    await this.live.ready;
    if (this.live.aside) throw new Error("the engine did not start");
    await start(this.form);
    await this.files.show(this.form);
    this.listen();
    this.live.refresh();
  }

  /** How live.js works on a whole form. */
  ways(controls, first) {
    const raw = (box) => this.rawOf(box);
    const before = JSON.parse(new Map(controls).get(UNSEEN) ?? "{}");
    const { engine, language } = this.settings;
    return {
      given: {
        engine, language, fresh: first, answers: first ? {} : merged(rawTree(this.form, raw), before),
        now: dutchClock(this.draft.started_at), seed: seedOf(this.draft.id),
      },
      raw,
      begun: () => first && this.firstValues(),
      asks: (path) => (path === this.settings.area.name ? this.place.asksArea : undefined),
      words: (problem) => sentence(this, problem),
      came: (boxes) => this.came(boxes),
      takeOut: (round) => takeOut(this, round),
      refreshed: () => this.refreshed(),
      failed: (error) => this.broken(error),
    };
  }

  rawOf(box) {
    const { path, type } = box.dataset;
    if (FILES.has(type)) return this.draft.files.filter((file) => file.path === path).map((file) => file.name);
    const raw = rawOf(box);
    // Of a resident's own survey no position is known to the rules (services/place_question.py).
    return path === this.settings.point && this.settings.kind === "enquete" && raw ? "0 0" : raw;
  }

  /** Defaults that are worked out here, and what the address says. */
  firstValues() {
    for (const box of living(this.form)) if (isBox(box)) this.worth(box);
    const box = this.portiek && find(this.form, (element) => element.dataset.role === "portiek");
    if (!box) return;
    put(box, this.portiek);
    this.live.take(box);
  }

  /** Show in a blank box what the engine holds for it. */
  worth(box) {
    const value = this.live.engine.value(box.dataset.path);
    if (value === null || FILES.has(box.dataset.type)) return;
    const drawn = this.rawOf(box);
    if (drawn === "" || (Array.isArray(drawn) && !drawn.length)) put(box, value);
  }

  // what happens on the page

  listen() {
    const on = (name, act, early = false) => this.form.addEventListener(name, act, early);
    for (const name of ["input", "change"]) on(name, (event) => this.answered(event));
    on("fa:point", (event) => this.pointed(event), true); // it does not bubble
    on("fa:round-added", (event) => this.roundAdded(event));
    on("fa:round-removed", () => this.saver.soon());
    this.files.listen(this.form);
    on("submit", (event) => {
      event.preventDefault();
      this.step(event.submitter?.value ?? "next");
    });
    on("click", (event) => this.clicked(event));
    on("fa:go", ({ target }) => this.pages.go(target.closest("section[data-page]")?.dataset.page));
    on("fa:finish-go", () => complete(this));
  }

  answered(event) {
    if (event.target.type === "file") return;
    this.place.heard(event);
    this.saver.soon();
  }

  pointed(event) {
    this.place.heard(event);
    this.live.changed(event.target);
    // A position that is measured while nobody said anything is no answer yet.
    if (!this.isNew || event.detail?.source !== "gps") this.saver.soon(POINT);
  }

  roundAdded({ target, detail }) {
    const round = find(target, (one) => one.dataset.path === `${detail.path}/${detail.index}`);
    for (const box of round ? living(round) : []) if (isBox(box)) this.worth(box);
    this.saver.soon();
  }

  clicked(event) {
    const pressed = (what) => event.target.closest(what);
    // The second click of a double one would pass over the page that the first one led to.
    if (event.detail > 1 && pressed('button[name="form/step"]')) event.preventDefault();
    else if (pressed('button[value="back"]')) this.pages.goBack();
    if (pressed("[data-discard]")) throwAway(this);
    const language = pressed("a[data-language]");
    if (language) this.speak(event, language);
  }

  came(boxes) {
    for (const box of boxes.filter(isBox)) {
      if (FILES.has(box.dataset.type)) this.files.show(this.form, box.dataset.path);
      else this.worth(box);
    }
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
    if (this.pages.page) this.pages.steps(!problems.length);
  }

  /** Another page is in view. */
  paged() {
    this.clearRemoved?.();
    this.told.calm();
    tell(this, []);
    if (!this.isNew && this.draft.page !== this.pages.page) this.saver.soon();
  }

  // keeping

  /** Everything as it stands now, in one write. */
  async write() {
    const patch = {
      page: this.pages.page ?? this.draft.page, language: this.settings.language,
      location: this.place.location(this.form), controls: [...readControls(this.form), ...this.unseenNow()],
    };
    this.draft = await saveDraft(this.store, this.draft, patch);
    this.born();
    if (this.draft.state !== "open") throw new Error("finished elsewhere");
  }

  unseenNow() {
    const found = unseen(this.settings.engine.rows, this.live.engine.store());
    return Object.keys(found).length ? [[UNSEEN, JSON.stringify(found)]] : [];
  }

  /** The draft is on the phone: from now on the address says which one it is. */
  born() {
    if (!this.isNew) return;
    this.isNew = false;
    history.replaceState(history.state, "", `#${this.draft.id}`);
  }

  /** Files of the answer at `path` came or went; null while more are under way. */
  async filesChanged(path) {
    this.draft = (await this.store.get("drafts", this.draft.id)) ?? this.draft;
    if (this.draft.files.length) this.born();
    if (path === null) return;
    const box = boxAt(this.form, path);
    if (box) this.live.changed(box);
    await this.files.show(this.form, path);
    if (!this.isNew) this.saver.soon();
    else this.told.say("nothing");
  }

  /** What is typed may be kept while a photo is not yet: then not all is. */
  heardOfSaving(state, error) {
    this.told.say(state === "saved" && this.files.busy ? "saving" : state, error);
  }

  /** Photos and recordings that are still being made or kept count too. */
  async settled() {
    const waits = [];
    this.form.dispatchEvent(new CustomEvent("fa:settle", { detail: { waits } }));
    if (waits.length) await Promise.race([Promise.allSettled(waits), new Promise((go) => setTimeout(go, LONGEST))]);
    await this.files.work;
  }

  // going on

  async step(value) {
    await this.settled();
    this.live.refresh();
    const all = problemsOf(this);
    const on = (page) => all.filter((problem) => pageOf(this, problem) === page);
    const here = on(this.pages.page);
    if (here.length) return tell(this, here);
    tell(this, []);
    const following = this.pages.around(1);
    if (value !== "done" && following) return this.pages.go(following);
    if (all.length) {
      const page = pageOf(this, all[0]);
      this.pages.go(page);
      return tell(this, on(page));
    }
    const go = this.form.dispatchEvent(new CustomEvent("fa:finish", { bubbles: true, cancelable: true }));
    return go ? complete(this) : undefined;
  }

  /** The same draft in another language: first everything is kept. */
  async speak(event, { href }) {
    event.preventDefault();
    if (this.isNew) return location.assign(href + location.hash);
    this.saver.soon();
    if (await this.saver.finish()) location.assign(`${href}#${this.draft.id}`);
    return undefined;
  }

  hashChanged() {
    const asked = location.hash.slice(1);
    if (asked !== this.draft?.id && /^(nieuw|[0-9a-f-]{36}$)/.test(asked)) location.reload();
  }

  broken(error) {
    console.warn("fieldapp: form", error);
    const line = this.root.querySelector("[data-said]");
    line.closest("[data-waiting]").hidden = false;
    line.textContent = error?.name === "NoStorage" ? this.texts.textNoStorage : this.texts.textBroken;
  }
}
