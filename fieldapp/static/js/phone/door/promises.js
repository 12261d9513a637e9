// Beloftes: a tap ticks a promise off on the phone at once, with or without signal; a tap takes it back.

import { keepSending, marksOf, markPromise, sendFollowUps } from "./follow_ups.js";
import { storeOf } from "../store.js";

export default class Promises {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.texts = element.dataset;
    this.store = storeOf();
    element.addEventListener("submit", (event) => this.settle(event));
    this.store.watch((what) => what === "follow_ups" && this.draw());
    keepSending(this.store);
    this.draw();
  }

  settle(event) {
    const { submitter, target } = event;
    const id = target.dataset.settle, { value } = submitter ?? {};
    if (!id || !["ja", "nee"].includes(value) || target.dataset.plain) return;
    event.preventDefault();
    event.stopPropagation();
    const note = new FormData(target).get("note") ?? "";
    markPromise(this.store, id, value === "ja", String(note)).then(
      () => sendFollowUps(this.store),
      () => { // the phone keeps nothing: the plain way
        target.dataset.plain = "yes";
        target.requestSubmit(submitter);
      },
    );
  }

  async draw() {
    const marks = await marksOf(this.store).catch(() => ({}));
    for (const row of this.element.querySelectorAll("[data-promise]")) {
      const mark = marks[row.dataset.promise];
      if (mark) this.mark(row, mark);
    }
  }

  mark(row, { done, sent, refused }) {
    const line = row.querySelector("[data-said]");
    line.textContent = refused ?? (sent ? "" : done ? this.texts.textDone : this.texts.textOpen);
    line.hidden = !line.textContent;
    if (refused) return;
    row.classList.toggle("fa-promises__item--done", done);
    const button = row.querySelector('button[name="done"]:not([value="dag"])');
    button.value = done ? "nee" : "ja";
    button.querySelector("[data-words]").textContent = done ? this.texts.textButtonOpen : this.texts.textButtonDone;
    row.querySelector("details")?.toggleAttribute("hidden", done);
  }
}
