// "Tweede kopie" on the page about this phone: make a code, show it once, bring forms back with it.

import { filled, say } from "../rows.js";
import { startSealing, useKeys } from "./seal.js";
import { bringBack } from "./back.js";
import { newCode, readCode, shownCode } from "./code.js";
import { canSeal, keysOf } from "./keys.js";
import { dropCopy, lostCopies } from "./server.js";
import { storeOf } from "../store.js";

const PATIENCE = 2500; // a server that does not answer does not keep the rest from being shown

export default class CopyPanel {
  #pending = null; // a new code that was not written down yet
  #lost = [];

  static supported() {
    return "indexedDB" in window && canSeal() && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.store = storeOf();
    this.language = document.documentElement.lang;
    this.texts = JSON.parse(element.querySelector("[data-words]").textContent);
    element.addEventListener("click", ({ target }) => {
      const button = target.closest("button[data-do]");
      if (button) this.run(button, () => this[button.dataset.do]());
    });
    for (const form of element.querySelectorAll("form[data-enter]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.run(form.querySelector("button"), () => this.enter(form));
      });
    }
    this.store.watch((what) => ["drafts", "sealed", "seal"].includes(what) && this.draw().catch(() => {}));
    addEventListener("online", () => this.look().catch(() => {}));
    const slow = new Promise((go) => setTimeout(go, PATIENCE)).then(() => this.draw());
    Promise.race([this.look(), slow]).catch(() => {}).finally(() => {
      element.hidden = false;
      if (location.hash === `#${element.id}`) element.scrollIntoView(); // it was not there when the page was opened
    });
  }

  part(name) {
    return this.element.querySelector(`[data-part=${name}]`);
  }

  /** One thing at a time; what fails is said. */
  async run(button, work) {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    this.tell("");
    try {
      await work();
    } catch (error) {
      console.warn("fieldapp: second copy", error);
      this.tell(this.texts.failed);
    } finally {
      button.ariaBusy = null;
    }
  }

  tell(words) {
    say(this.element, "said", words);
  }

  /** Ask the server what stands there, then draw. */
  async look() {
    this.#lost = (await lostCopies(this.store)) ?? this.#lost;
    await this.draw();
  }

  async draw() {
    const keys = await this.store.setting("seal");
    const here = new Set((await this.store.all("drafts")).map(({ id }) => id));
    this.#lost = this.#lost.filter(({ draft }) => !here.has(draft));
    const lost = this.#lost.length > 0;
    const shown = this.#pending ? ["code"] : [lost && "lost", keys ? "on" : !lost && "off"];
    for (const part of this.element.querySelectorAll("[data-part]")) part.hidden = !shown.includes(part.dataset.part);
    if (lost) this.#drawLost(keys);
    if (keys) await this.#drawOn([...here]);
  }

  #drawLost(keys) {
    const { texts } = this, number = this.#lost.length;
    const opens = this.#lost.some(({ lock }) => lock === keys?.lock);
    const part = this.part("lost");
    say(part, "lost-words", number === 1 ? texts.lostOne : filled(texts.lostMany, { n: number }));
    const latest = new Date(Math.max(...this.#lost.map(({ updated_at }) => Date.parse(updated_at))));
    const moment = latest.toLocaleString(this.language, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    say(part, "lost-when", filled(texts.latest, { moment }));
    part.querySelector("form").hidden = opens;
    part.querySelector("[data-do=fetch]").hidden = !opens;
  }

  async #drawOn(here) {
    const { texts } = this;
    const sealed = await this.store.setting("sealed", {});
    const { trouble } = await this.store.setting("seal_state", {});
    const safe = here.filter((id) => sealed[id]?.revision >= 0).length;
    const words = !here.length ? texts.nothing : safe === here.length ? texts.all : texts.safe;
    say(this.part("on"), "on-words", filled(words, { n: safe, all: here.length }));
    say(this.part("on"), "trouble", trouble === "full" ? texts.full : trouble === "login" ? texts.login : "");
  }

  /** A new code: shown until the person says it is written down; only then it counts. */
  async make() {
    this.#pending = newCode();
    const box = this.part("code").querySelector("[data-code]");
    box.replaceChildren(...shownCode(this.#pending).match(/[^-]+-?/g).map((group) => {
      const span = document.createElement("span");
      span.textContent = group;
      return span;
    }));
    await this.draw();
    this.part("code").querySelector("h3").focus();
  }

  async copy() {
    await navigator.clipboard.writeText(shownCode(this.#pending));
    this.tell(this.texts.copied);
  }

  print() {
    document.body.classList.add("fa-printing-code");
    addEventListener("afterprint", () => document.body.classList.remove("fa-printing-code"), { once: true });
    window.print();
  }

  async written() {
    await useKeys(this.store, await keysOf(this.#pending, this.store.person));
    this.#forget();
    await this.draw();
    this.tell(this.texts.started);
  }

  async cancel() {
    this.#forget();
    await this.draw();
  }

  #forget() {
    this.#pending = null;
    this.part("code").querySelector("[data-code]").replaceChildren();
  }

  /** The code of another phone, or of this one from before. */
  async enter(form) {
    const field = form.elements.code;
    const { signs, problem, at } = readCode(field.value);
    if (!signs) return this.#wrong(form, filled(this.texts.problem[problem], { sign: at, n: at }));
    const keys = await keysOf(signs, this.store.person);
    await this.look();
    if (this.#lost.length && !this.#lost.some(({ lock }) => lock === keys.lock)) {
      return this.#wrong(form, this.texts.problem.other);
    }
    this.#wrong(form, "");
    field.value = "";
    await useKeys(this.store, keys);
    if (this.#lost.length) return this.fetch(keys);
    await this.draw();
    return this.tell(this.texts.started);
  }

  #wrong(form, words) {
    const field = form.elements.code;
    say(form, "wrong", words);
    field.setAttribute("aria-invalid", String(Boolean(words)));
    if (words) field.focus();
  }

  async fetch(keys) {
    this.tell(this.texts.busy);
    keys ??= await this.store.setting("seal");
    const count = await bringBack(this.store, keys, this.#lost);
    startSealing(this.store);
    await this.look();
    this.tell(this.#report(count));
  }

  #report(count) {
    const said = Object.entries(count).filter(([, number]) => number > 0).map(([name, number]) => (
      number === 1 ? this.texts.came[name].one : filled(this.texts.came[name].many, { n: number })));
    return said.join(" ") || this.texts.nothingBack;
  }

  /** Copies of which nobody has the code any more. */
  async throw() {
    for (const { draft } of this.#lost) await dropCopy(this.store.person, draft);
    await this.look();
    this.tell(this.#lost.length ? this.texts.failed : this.texts.thrown);
  }
}
