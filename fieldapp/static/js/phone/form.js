// A whole form on the phone: every answer is in the phone's own store before anybody asks, with or without
// signal. The page is the same for every draft; which one it is stands behind the # of the address:
// #nieuw, #nieuw&ronde=<slug>&portiek=<name>, or #<id of a draft>.
import { rawOf } from "../controls.js";
import Live from "../live.js";
import { start } from "../main.js";
import { fill } from "../point.js";
import { merged, rawTree, sentAnswers, unseen } from "./form/answers.js";
import { arrivedWords, refusedWords, watchArrival } from "./form/closing.js";
import { boxAt, find, living, put, readControls, writeControls } from "./form/controls.js";
import { Files } from "./form/files.js";
import { mixChoices } from "./form/mixed.js";
import { Pages } from "./form/pages.js";
import { Place } from "./form/place.js";
import { showProblems, wordsOf } from "./form/problems.js";
import { takeOut } from "./form/rounds_out.js";
import { Saver } from "./form/saver.js";
import { discard, finish, hold, newDraft, reopen, saveDraft } from "./drafts.js";
import { storeOf } from "./store.js";

const UNDO = 10_000; // ms in which a form that was thrown away can be taken back
const POINT = 1000; // ms between writes while a position improves
const UNSEEN = "form/unseen"; // in draft.controls: answers without a control, as JSON
const FILES = new Set(["image", "audio", "video", "file"]);

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
    this.template = root.querySelector("template[data-form]");
    this.waiting = root.querySelector("[data-waiting]");
    this.notice = root.querySelector("[data-notice]");
    window.addEventListener("hashchange", () => this.hashChanged());
    document.addEventListener("click", (event) => this.anchor(event));
    this.open().catch((error) => this.broken(error));
  }

  async open() {
    const asked = location.hash.slice(1);
    this.store = storeOf();
    this.draft = asked.startsWith("nieuw") || !asked ? this.fresh(new URLSearchParams(asked)) : await this.kept(asked);
    if (!this.draft) return;
    this.letGo = await this.held(this.draft.id);
    if (!this.letGo) return this.busy();
    if (this.draft.state !== "open") this.draft = await reopen(this.store, this.draft.id);
    await this.build(this.draft.controls, this.isNew || !this.draft.controls.length);
    this.pages.open(this.draft.page || undefined);
    this.waiting.hidden = true;
    this.form.hidden = false;
    if (this.draft.refusal) this.showRefusal();
  }

  fresh(asked) {
    this.isNew = true;
    this.portiek = asked.get("portiek") ?? "";
    const { survey, version, language, kind, title } = this.settings;
    return newDraft({ survey, version, language, kind, title, round: asked.get("ronde") ?? "" });
  }

  /** A draft of this phone; null when there is something else to be said first. */
  async kept(id) {
    const draft = await this.store.get("drafts", id);
    if (!draft) {
      if (!(await this.arrived(id))) this.say("gone");
      return null;
    }
    const { survey, version } = this.settings;
    if (draft.survey !== survey || draft.version !== version) { // the page for what this draft was begun with
      location.replace(fill(decodeURIComponent(this.texts.formUrl), draft) + `#${id}`);
      return null;
    }
    if (draft.state === "queued") {
      const stop = this.store.watch(() => this.arrived(id));
      this.say("queued").querySelector("[data-reopen]").addEventListener("click", async () => {
        stop();
        await reopen(this.store, id);
        location.reload();
      });
      return null;
    }
    return draft;
  }

  /** Say that a form has arrived; false when it has not. */
  async arrived(id) {
    const receipt = await this.store.get("receipts", id);
    if (receipt) this.say("done").querySelector("[data-state]").textContent = arrivedWords(receipt, this.texts);
    return Boolean(receipt);
  }

  /** The lock on a draft; whoever is just letting go gets a moment. */
  async held(id) {
    try {
      return await hold(id);
    } catch {
      return () => {}; // no locks here: the revision of the draft still counts
    }
  }

  busy() {
    const notice = this.say("busy");
    notice.querySelector("[data-again]").addEventListener("click", () => location.reload());
  }

  // the form itself

  /** Draw the form with these controls; `isNew`: with its first values. */
  async build(controls, isNew = false) {
    this.pages?.stop();
    this.form?.remove();
    this.notice.hidden = true;
    this.form = document.importNode(this.template.content, true).querySelector("form");
    this.form.hidden = true; // until it is whole
    this.place = new Place(this.settings, this.settings.rounds?.[this.draft.round], this.draft.location);
    mixChoices(living(this.form), seedOf(this.draft.id));
    if (!isNew) writeControls(this.form, controls);
    this.root.append(this.form);
    this.pages = new Pages(this.form, this.texts, this.settings.title, {
      address: () => (this.isNew ? location.hash || "#nieuw" : `#${this.draft.id}`), shown: () => this.paged(),
    });
    this.files = new Files(this.store, this.texts, {
      draft: () => this.draft, changed: (path) => this.filesChanged(path), failed: (name, error) => this.fileFailed(name, error),
    });
    this.live = new Live(this.form, this.ways(controls, isNew));
    await this.live.ready;
    if (this.live.aside) throw new Error("the engine did not start");
    await start(this.form);
    await this.files.show(this.form);
    this.listen();
    this.live.refresh();
  }

  /** How live.js works on a whole form. */
  ways(controls, isNew) {
    const unseenBefore = JSON.parse(new Map(controls).get(UNSEEN) ?? "{}");
    const raw = (box) => this.rawOf(box);
    const answers = isNew ? {} : merged(rawTree(this.form, raw), unseenBefore);
    const { engine, language } = this.settings;
    return {
      given: { engine, answers, language, now: dutchClock(this.draft.started_at), seed: seedOf(this.draft.id), fresh: isNew },
      begun: () => isNew && this.firstValues(),
      raw,
      asks: (path) => (path === this.settings.area.name ? this.place.asksArea : undefined),
      words: (problem) => this.words(problem),
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
    return path === this.settings.point && this.settings.kind === "enquete" && raw ? "0 0" : raw;
  }

  /** Defaults that are worked out here, and what the address says. */
  firstValues() {
    for (const box of living(this.form)) {
      if (box.dataset?.type && box.localName !== "template") this.worth(box);
    }
    const box = this.portiek && find(this.form, (element) => element.dataset.role === "portiek");
    if (box) {
      put(box, this.portiek);
      this.live.take(box);
    }
  }

  /** Show in a box what the engine holds for it. */
  worth(box) {
    const value = this.live.engine.value(box.dataset.path);
    if (value === null || FILES.has(box.dataset.type)) return;
    const drawn = this.rawOf(box);
    if (drawn === "" || (Array.isArray(drawn) && !drawn.length)) put(box, value);
  }

  listen() {
    const { form } = this;
    const on = (name, act) => form.addEventListener(name, act);
    const answered = (event) => {
      if (event.target.type === "file") return;
      this.place.heard(event);
      this.changed();
    };
    on("input", answered);
    on("change", answered);
    form.addEventListener("fa:point", (event) => {
      this.place.heard(event);
      this.live.changed(event.target);
      // A position that is measured while nobody said anything is no answer yet.
      if (!this.isNew || event.detail?.source !== "gps") this.changed(POINT);
    }, true); // it does not bubble
    on("fa:round-added", ({ target, detail }) => {
      const round = find(target, (one) => one.dataset.path === `${detail.path}/${detail.index}`);
      if (round) for (const box of living(round)) if (box.dataset.type && box.localName !== "template") this.worth(box);
      this.changed();
    });
    on("fa:round-removed", () => this.changed());
    this.files.listen(form);
    on("submit", (event) => {
      event.preventDefault();
      this.step(event.submitter?.value ?? "next");
    });
    on("click", (event) => {
      if (event.target.closest('button[value="back"]')) this.pages.goBack();
      if (event.target.closest("[data-discard]")) this.throwAway();
      const language = event.target.closest("a[data-language]");
      if (language) this.speak(event, language);
    });
    on("fa:go", ({ target }) => this.pages.go(target.closest("section[data-page]")?.dataset.page));
    on("fa:finish-go", () => this.complete());
    if (this.listening) return;
    this.listening = true;
    this.saver = new Saver(() => this.write(), (state, error) => this.told(state, error));
    document.addEventListener("visibilitychange", () => document.hidden && this.saver.due && this.saver.run());
    window.addEventListener("pagehide", () => this.saver.due && this.saver.run());
  }

  came(boxes) {
    for (const box of boxes) {
      if (box.localName !== "template" && FILES.has(box.dataset.type)) this.files.show(this.form, box.dataset.path);
      else if (box.localName !== "template" && box.dataset.type) this.worth(box);
    }
  }

  refreshed() {
    const { engine } = this.live;
    for (const line of this.form.querySelectorAll("[data-value]")) {
      const path = line.dataset.value;
      const worth = engine.value(path) !== null;
      line.hidden = !worth;
      if (worth) line.firstElementChild.textContent = engine.fill(`\${${path.split("/").at(-1)}}`, path);
    }
    const problems = this.problems();
    this.sayMust(new Set(problems.filter(({ code }) => code === "required").map(({ where }) => where)));
    if (this.pages.page) this.pages.steps(!problems.length);
  }

  /** Say "verplicht" where an answer is needed that was not needed from the start. */
  sayMust(paths) {
    for (const box of this.form.querySelectorAll("[data-type][data-path]")) {
      const said = box.querySelector(".fa-must");
      const wanted = paths.has(box.dataset.path);
      if (wanted && !said) {
        const must = Object.assign(document.createElement("span"), { className: "fa-must fa-must--now", textContent: this.texts.textMust });
        (box.querySelector("legend h1, legend, label") ?? box).append(" ", must);
      } else if (!wanted && said?.classList.contains("fa-must--now") && !this.live.engine.value(box.dataset.path)) said.remove();
    }
  }

  paged() {
    this.clearRemoved?.();
    this.form.querySelector("[data-file-wrong]").hidden = true;
    showProblems(this.root, this.form, [], this.live);
    if (!this.isNew && this.saver && this.draft.page !== this.pages.page) this.saver.soon();
  }

  // keeping

  changed(wait = 0) {
    this.saver.soon(wait);
  }

  /** Everything as it stands now, in one write. */
  async write() {
    const patch = {
      page: this.pages.page, language: this.settings.language, location: this.place.location(this.form),
      controls: [...readControls(this.form), ...this.unseenNow()],
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

  told(state, error) {
    const line = this.form.querySelector("[data-saved-line]");
    const wrong = this.form.querySelector("[data-not-saved]");
    const words = { saving: this.texts.textSaving, saved: this.texts.textSaved, failed: "" }[state];
    if (line.textContent !== words) line.textContent = words;
    this.form.dataset.saved = state;
    if (state === "saving") return;
    if (state === "failed") console.warn("fieldapp: not kept", error);
    const trouble = state === "failed" ? this.trouble(error) : "";
    wrong.hidden = !trouble;
    if (wrong.textContent !== trouble) wrong.textContent = trouble;
  }

  trouble({ name }) {
    return { StorageFull: this.texts.textFull, NoStorage: this.texts.textNoStorage }[name] ?? this.texts.textNotSaved;
  }

  async filesChanged(path) {
    this.draft = (await this.store.get("drafts", this.draft.id)) ?? this.draft;
    if (this.draft.files.length) this.born();
    if (path === null) return;
    const box = boxAt(this.form, path);
    if (box) this.live.changed(box);
    await this.files.show(this.form, path);
    if (!this.isNew) this.saver.soon();
  }

  fileFailed(name, error) {
    console.warn("fieldapp: file not kept", error);
    const wrong = this.form.querySelector("[data-file-wrong]");
    const said = ["StorageFull", "NoStorage"].includes(error?.name) ? this.trouble(error) : fill(this.texts.textFileFailed, { name });
    wrong.hidden = false;
    wrong.textContent = said;
    wrong.scrollIntoView({ block: "center" });
  }

  // going on

  words(problem) {
    const row = this.rowOf(problem.where);
    const box = boxAt(this.form, problem.where);
    const typed = box ? [rawOf(box) ?? ""].flat().join(" ") : "";
    return wordsOf({ ...problem, row }, this.settings.problems, typed);
  }

  rowOf(path) {
    const name = path.split("/").at(-1);
    const seek = (rows) => rows.map((row) => (row.name === name ? row : row.rows && seek(row.rows))).find(Boolean);
    return seek(this.settings.engine.rows);
  }

  /** All that is wrong anywhere, in the order of the form. */
  problems() {
    const unkept = new Set(this.settings.unkept);
    const found = this.live.engine.problems().filter(({ where }) => !unkept.has(where.split("/").at(-1)));
    return [...found, ...this.place.problems(this.form)];
  }

  pageOf({ where }) {
    const box = boxAt(this.form, where);
    return box?.closest("section[data-page]")?.dataset.page ?? this.pages.page;
  }

  async step(value) {
    await this.settled();
    this.live.refresh();
    const all = this.problems();
    const here = all.filter((problem) => this.pageOf(problem) === this.pages.page);
    const following = this.pages.around(1);
    if (here.length) return this.show(here);
    showProblems(this.root, this.form, [], this.live);
    if (value !== "done" && following) return this.pages.go(following);
    if (all.length) {
      const page = this.pageOf(all[0]);
      this.pages.go(page);
      return this.show(all.filter((problem) => this.pageOf(problem) === page));
    }
    const go = this.form.dispatchEvent(new CustomEvent("fa:finish", { bubbles: true, cancelable: true }));
    return go ? this.complete() : undefined;
  }

  /** Photos and recordings that are still being made or kept count too. */
  async settled() {
    const waits = [];
    this.form.dispatchEvent(new CustomEvent("fa:settle", { detail: { waits } }));
    await Promise.allSettled(waits);
    await this.files.work;
  }

  show(problems) {
    showProblems(this.root, this.form, problems.map((problem) => ({
      box: boxAt(this.form, problem.where), words: this.words(problem),
    })), this.live);
  }

  /** What the server said of a form that it did not take, at its questions. */
  showRefusal() {
    const { problems = [] } = this.draft.refusal;
    const found = problems.map(({ path = "", message }) => {
      const where = path.replace(/^answers\./, "").replace(/^(location|files)\b.*$/, this.settings.point || this.settings.area.name);
      return { box: boxAt(this.form, where), words: message };
    });
    const page = found.find(({ box }) => box)?.box.closest("section[data-page]")?.dataset.page;
    if (page) this.pages.go(page);
    const said = found.length ? found : [{ box: null, words: refusedWords(this.draft, this.texts) }];
    showProblems(this.root, this.form, said, this.live);
  }

  // the end

  document() {
    const { id, survey, version, language, started_at, round, files } = this.draft;
    const { engine, point, unkept } = this.settings;
    const answers = sentAnswers(engine.rows, this.live.engine.answers(), new Set([point, ...unkept]));
    const asked = files.filter(({ path }) => this.live.engine.relevant(path));
    return {
      id, survey, version, language, captured_at: started_at, round, location: this.place.location(this.form), answers,
      files: asked.map(({ path, name, sha256, size, taken_at }) => ({ question: path, name, sha256, size, taken_at })),
    };
  }

  async complete() {
    if (this.finishing) return;
    this.finishing = true;
    try {
      await this.settled();
      if (!(await this.files.whole())) return;
      this.saver.soon();
      if (!(await this.saver.finish())) return;
      const done = await finish(this.store, this.draft.id, this.document());
      if (done?.state !== "queued") throw new Error("not queued");
      this.draft = done;
    } catch (error) {
      this.saver.stopped = false;
      this.told("failed", error);
      return;
    } finally {
      this.finishing = false;
    }
    this.close();
  }

  close() {
    this.letGo();
    this.pages.stop();
    window.addEventListener("popstate", () => location.replace(this.texts.home)); // back from here leads out
    this.form.remove();
    const notice = this.say("done");
    watchArrival(this.store, this.draft.id, notice.querySelector("[data-state]"), this.texts);
    import("./outbox.js").then(({ outbox }) => outbox(this.store).flush("finish")).catch((error) => console.warn("fieldapp: outbox", error));
  }

  /** Thrown away, but for ten seconds not really: nothing is removed before they are over. */
  throwAway() {
    this.saver.stop();
    this.form.hidden = true;
    const notice = this.say("discarded");
    const remove = () => {
      clearTimeout(timer);
      this.gone = true;
      this.letGo();
      return discard(this.store, this.draft.id);
    };
    const timer = setTimeout(() => remove().then(() => location.assign(this.texts.home)), UNDO);
    const leave = (event) => { // by a link: first it is gone
      const link = event.target.closest?.("a[href]");
      if (!link || this.gone) return;
      event.preventDefault();
      remove().finally(() => location.assign(link.href));
    };
    document.addEventListener("click", leave);
    notice.querySelector("[data-undo]").addEventListener("click", () => {
      clearTimeout(timer);
      document.removeEventListener("click", leave);
      this.saver.stopped = false;
      this.notice.hidden = true;
      this.form.hidden = false;
      this.pages.show(this.pages.page);
    });
  }

  /** The same draft in another language: first everything is kept. */
  async speak(event, { href }) {
    event.preventDefault();
    if (this.isNew) return location.assign(href + location.hash);
    this.saver.soon();
    if (await this.saver.finish()) location.assign(`${href}#${this.draft.id}`);
    return undefined;
  }

  // around it

  /** Words in the place of the form: a template of the page by name. */
  say(name) {
    const words = this.root.querySelector(`template[data-notice-${name}]`).content.cloneNode(true);
    this.notice.replaceChildren(words);
    this.waiting.hidden = true;
    this.notice.hidden = false;
    const heading = this.notice.querySelector("h1");
    document.title = `${heading.textContent} - ${this.settings.title}`;
    heading.focus();
    window.scrollTo(0, 0);
    return this.notice;
  }

  broken(error) {
    console.warn("fieldapp: form", error);
    this.waiting.hidden = false;
    this.waiting.querySelector("[data-said]").textContent =
      error?.name === "NoStorage" ? this.texts.textNoStorage : this.texts.textBroken;
  }

  /** Links within the page never change the address: it says which draft this is. */
  anchor(event) {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    if ("another" in link.dataset) {
      history.replaceState(null, "", `#nieuw${this.draft?.round ? `&ronde=${encodeURIComponent(this.draft.round)}` : ""}`);
      location.reload();
      return;
    }
    const target = document.getElementById(link.hash.slice(1));
    target?.focus();
    target?.scrollIntoView();
  }

  hashChanged() {
    const asked = location.hash.slice(1);
    if (asked !== this.draft?.id && /^(nieuw|[0-9a-f-]{36}$)/.test(asked)) location.reload();
  }
}

