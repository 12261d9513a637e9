// "Vandaag" on the start page: the next stairwell and the promises, with what is still on this phone.

import { allDrafts } from "./drafts.js";
import { fillIn, openPromises, walkNow } from "./door/memory.js";
import { keepSending, marksOf } from "./door/follow_ups.js";
import { pack } from "./pack.js";
import { storeOf } from "./store.js";

export default class Today {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.store = storeOf();
    this.store.watch((what) => ["pack", "drafts", "follow_ups"].includes(what) && this.draw());
    document.addEventListener("fa:swapped", () => this.draw());
    keepSending(this.store);
    this.draw();
  }

  async draw() {
    try {
      const [data, drafts, marks] = await Promise.all([pack(this.store), allDrafts(this.store), marksOf(this.store)]);
      if (data) this.show(data, drafts, marks);
    } catch (error) {
      console.warn("fieldapp: today stays as it was", error);
    }
  }

  show(data, drafts, marks) {
    for (const row of this.element.querySelectorAll("[data-walk]")) {
      const walk = (data.walks ?? []).find(({ slug }) => slug === row.dataset.walk);
      if (!walk) continue;
      const doors = walkNow(walk, drafts);
      const next = doors.find(({ s }) => s !== "done");
      const line = row.querySelector("[data-done-of]");
      const done = doors.filter(({ s }) => s === "done").length;
      row.hidden = !next;
      if (next) row.querySelector("[data-next]").textContent = next.n;
      line.textContent = fillIn(line.dataset.text, { done, all: doors.length });
    }
    const open = openPromises(data, marks);
    const count = this.element.querySelector("[data-count]");
    if (count) count.textContent = fillIn(this.element.dataset.textPromises, { n: open.length });
    for (const line of this.element.querySelectorAll("[data-promise]")) line.hidden = Boolean(marks[line.dataset.promise]?.done);
  }
}
