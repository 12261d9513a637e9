// "Wat nog weg moet": the queue on the page about this phone. All words come from the template.

import { STATES, reopen } from "../drafts.js";
import { download, exportQueue } from "./export.js";
import { handOver } from "./handover.js";
import { outbox } from "./outbox.js";
import { moment, verify } from "./receipts.js";
import { Rows, filled, say } from "../rows.js";
import { storeOf } from "../store.js";
import { putBack, throwAway, thrown } from "./undo.js";

const NO_RECEIPT = new Set(["other_id", "other_answers", "other_files", "no_receipt", "bad_signature"]);
const BESIDE = new Set(["conflict", "seen", "older"]); // kept on the server, beside what counts
const LARGE = 300_000; // from so many bytes on it is worth to show how far they are
const camel = (code) => code.replace(/_(\w)/g, (_all, letter) => letter.toUpperCase());

export default class QueueList {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.texts = JSON.parse(element.querySelector("[data-words]").textContent);
    this.language = document.documentElement.lang;
    this.store = storeOf();
    this.box = outbox(this.store);
    this.rows = new Rows(this.find("list"), (row, draft) => this.fill(row, draft));
    element.addEventListener("click", (event) => this.click(event));
    this.box.start();
    this.box.watch(() => this.draw());
    this.store.watch(() => this.draw());
    this.find("ready").hidden = false;
    this.find("plain").hidden = true;
    this.draw();
  }

  find(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  /** One drawing at a time; what changes meanwhile is drawn after it. */
  async draw() {
    this.again = true;
    if (this.drawing) return;
    this.drawing = true;
    try {
      while (this.again) {
        this.again = false;
        await this.#draw();
      }
    } catch (error) {
      console.warn("fieldapp: the queue cannot be shown", error);
      this.say(this.texts.unreadable, "warning");
    } finally {
      this.drawing = false;
    }
  }

  async #draw() {
    const drafts = (await this.store.all("drafts")).filter(({ state }) => state !== STATES.OPEN);
    drafts.sort((one, other) => (one.state === STATES.REFUSED ? 0 : 1) - (other.state === STATES.REFUSED ? 0 : 1)
      || one.finished_at - other.finished_at);
    this.rows.show(drafts);
    this.state(this.box.state, drafts);
    const taken = await thrown(this.store);
    const undo = this.find("undo");
    undo.hidden = !taken;
    if (taken) say(undo, "undo-words", filled(this.texts.thrown, { title: taken.title || taken.survey }));
  }

  /** The line above the list: how many there are, what must be looked at, and what happens with the others. */
  state({ login, portal, sending, next_try_at }, drafts) {
    const { texts } = this;
    const refused = drafts.filter(({ state }) => state === STATES.REFUSED).length, waiting = drafts.length - refused;
    const counted = (name, n) => (n === 1 ? texts[`${name}One`] : filled(texts[`${name}Many`], { n }));
    let words = refused ? counted("refused", refused) : texts.nothing;
    if (waiting) {
      const aside = refused ? counted("aside", refused) : "";
      const more = login ? texts.login : portal ? texts.portal : sending ? texts.busy : this.next(next_try_at);
      words = [counted("here", drafts.length), aside, more].filter(Boolean).join(" ");
    }
    this.say(words, waiting ? "waiting" : refused ? "warning" : "done");
    this.find("now").hidden = !waiting;
    this.find("save").hidden = !drafts.length;
  }

  /** When it will be tried; nothing when that is any moment now. */
  next(at) {
    if (at < Date.now() + 5000) return "";
    return filled(this.texts.next, { time: moment(at, this.language).time });
  }

  say(words, icon) {
    say(this.element, "state-words", words);
    for (const drawn of this.element.querySelectorAll("[data-icon]")) drawn.hidden = drawn.dataset.icon !== icon;
  }

  fill(row, draft) {
    const { texts } = this;
    const { files = [] } = this.document(draft);
    const { day, time } = moment(draft.finished_at, this.language);
    const photos = files.length ? ` · ${files.length === 1 ? texts.file : filled(texts.files, { n: files.length })}` : "";
    const refused = draft.state === STATES.REFUSED;
    say(row, "title", draft.title || draft.survey);
    say(row, "when", filled(texts.done, { day, time }) + photos);
    say(row, "reason", refused ? this.refusal(draft) : this.trouble(draft));
    this.problems(row, refused ? draft.refusal?.problems ?? [] : []);
    this.progress(row, refused ? [] : files, draft);
    row.classList.toggle("fa-queue__row--refused", refused);
    row.querySelector("[data-do]").hidden = !refused;
    const lost = BESIDE.has(draft.refusal?.code); // whatever is changed, the server has another one
    row.querySelector("[data-mend]").hidden = row.querySelector("[data-retry]").hidden = lost;
    row.querySelector("[data-agree]").hidden = !draft.refusal?.receipt;
    row.querySelector("[data-throw]").hidden = Boolean(draft.refusal?.receipt); // all of it is on the server
    row.querySelector("[data-mend]").href = this.address(draft);
    for (const button of row.querySelectorAll("[data-do] > *")) {
      button.setAttribute("aria-describedby", row.querySelector("[data-title]").id ||= `q-${draft.id}`);
    }
  }

  document({ document }) {
    try {
      return JSON.parse(document) ?? {};
    } catch {
      return {};
    }
  }

  trouble({ id, trouble }) {
    if (this.box.state.sending === id) return this.texts.sending;
    if (!trouble) return this.texts.waits;
    const known = NO_RECEIPT.has(trouble) ? "noReceipt" : camel(trouble);
    return this.texts.trouble[known] ?? this.texts.trouble.strange;
  }

  refusal({ refusal }) {
    return this.texts.refusal[camel(refusal?.code ?? "")] ?? (refusal?.message || this.texts.refusal.other);
  }

  /** What is wrong, one line each; what the line above says already is not said again. */
  problems(row, problems) {
    const words = problems.map(({ message, code, name }) => message || filled(this.texts.problem[camel(code ?? "")], { name: name ?? "" }));
    const lines = [...new Set(words)].filter(Boolean).map((line) => {
      const item = document.createElement("li"), text = document.createElement("span");
      text.dir = "auto";
      text.textContent = line;
      item.append(text); // the bullet stands where the page begins its lines, whatever the words are
      return item;
    });
    const list = row.querySelector("[data-problems]");
    list.replaceChildren(...lines);
    list.hidden = !lines.length;
  }

  progress(row, files, { uploaded = {} }) {
    const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
    const each = [...new Map(files.map((file) => [file.sha256, file])).values()];
    const all = sum(each.map(({ size }) => size)), there = sum(each.map((file) => uploaded[file.sha256] ?? 0));
    const box = row.querySelector("[data-progress]");
    box.hidden = all < LARGE || there === 0;
    if (box.hidden) return;
    const percent = Math.floor((100 * there) / all);
    box.querySelector("progress").value = percent;
    say(box, "percent", filled(this.texts.percent, { n: percent }));
  }

  address({ survey, version, language, id }) {
    const values = { survey, version, language };
    const path = this.element.dataset.form.replace(/%7B(\w+)%7D/g, (_all, name) => encodeURIComponent(values[name]));
    return `${path}#${id}`;
  }

  click(event) {
    const control = event.target.closest("button, a");
    const id = control?.closest("[data-id]")?.dataset.id;
    const deeds = {
      now: () => this.box.flush("now"),
      save: () => this.save(),
      mend: () => this.mend(id, control.href),
      retry: () => this.box.retry(id),
      agree: () => this.agree(id),
      throw: () => this.throw(id),
      putBack: () => this.putBack(),
    };
    const name = Object.keys(deeds).find((one) => one in (control?.dataset ?? {}));
    if (!name) return;
    if (name === "mend") event.preventDefault(); // the link leads there once it is open again
    this.run(control, deeds[name]);
  }

  /** A press that has not had its effect yet is not taken twice. */
  async run(control, work) {
    if (control.ariaBusy === "true") return;
    control.ariaBusy = "true";
    try {
      await work();
    } catch (error) {
      console.warn("fieldapp: that did not work", error);
      this.say(this.texts.failed, "warning");
    } finally {
      control.ariaBusy = null;
      await this.draw();
    }
  }

  async mend(id, address) {
    await reopen(this.store, id);
    location.assign(address);
  }

  /** Both versions are on the server: let go of this one, and keep the receipt of the one that counts. */
  async agree(id) {
    const draft = await this.store.get("drafts", id);
    const { receipt } = draft.refusal;
    if ((await verify(this.store, receipt)) === false) throw new Error("not signed by the server");
    await handOver(this.store, draft, receipt);
    this.store.changed("drafts");
  }

  async throw(id) {
    await throwAway(this.store, id);
    await this.#draw();
    this.find("put-back").focus();
  }

  async putBack() {
    const draft = await putBack(this.store);
    await this.#draw();
    this.rows.get(draft?.id)?.querySelector("[data-mend]")?.focus();
  }

  async save() {
    const { blob, forms, missing, damaged } = await exportQueue(this.store, this.texts.readme);
    download(blob, `${this.texts.file_name}-${new Date().toISOString().slice(0, 10)}.zip`);
    const words = forms === 1 ? this.texts.savedOne : filled(this.texts.saved, { n: forms });
    const lost = missing + damaged;
    say(this.element, "saved", lost ? `${words} ${filled(this.texts.savedShort, { n: lost })}` : words);
  }
}
