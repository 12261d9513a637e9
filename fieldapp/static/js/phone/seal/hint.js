// On the start page: forms that stand sealed on the server and not on this phone; else, once in a while, that there
// is such a thing as a second copy. Says nothing when it is on.

import { isToday } from "../fresh.js";
import { lostCopies } from "./server.js";
import { storeOf } from "../store.js";

const LATER = 14 * 86_400_000;

export default class SealHint {
  static supported() {
    return "indexedDB" in window && Boolean(globalThis.crypto?.subtle && storeOf());
  }

  constructor(element) {
    this.element = element;
    this.store = storeOf();
    element.querySelector("[data-later]").addEventListener("click", () => this.later());
    this.look().catch(() => {});
  }

  async look() {
    if (await this.store.setting("seal")) return;
    const lost = await this.lost();
    if (lost) return this.show("lost", lost);
    const since = Date.now() - (await this.store.setting("seal_later", 0));
    const used = (await this.store.all("drafts")).length || (await this.store.all("receipts")).length;
    if (used && since > LATER) this.show("off");
  }

  /** How many stand there: asked once a day when there was none. */
  async lost() {
    if (isToday(await this.store.setting("seal_none", 0))) return 0;
    const copies = await lostCopies(this.store);
    if (copies?.length === 0) await this.store.set("seal_none", Date.now());
    return copies?.length ?? 0;
  }

  show(name, number = 0) {
    const { textOne, textMany } = this.element.dataset;
    this.element.querySelector("[data-words]").textContent = number === 1 ? textOne : textMany.replace("{n}", number);
    for (const part of this.element.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
    this.element.hidden = false;
  }

  async later() {
    await this.store.set("seal_later", Date.now());
    this.element.hidden = true;
  }
}
