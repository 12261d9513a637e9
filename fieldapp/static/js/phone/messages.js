// Messages of colleagues on the start page, from the pack. "Gelezen" counts at once and is told when there is signal.

import { pack } from "./pack.js";
import { moment } from "./queue/receipts.js";
import { Rows, filled, say } from "./rows.js";
import { ask } from "./queue/ask.js";
import { storeOf } from "./store.js";

const READ = "messages_read"; // {id: is it told}

export default class Messages {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.store = storeOf();
    this.rows = new Rows(element.querySelector("[data-list]"), (row, message) => this.fill(row, message));
    element.addEventListener("click", ({ target }) => this.read(Number(target.closest("[data-read]")?.dataset.read)));
    this.store.watch((what) => what === "pack" && this.start());
    addEventListener("online", () => this.tell());
    this.start();
  }

  async start() {
    await this.draw().catch((error) => console.warn("fieldapp: no messages", error));
    await this.tell().catch(() => {});
  }

  async draw() {
    const all = (await pack(this.store))?.messages ?? [];
    const read = await this.store.setting(READ, {});
    const unread = all.filter((message) => !message.read && !(message.id in read));
    this.rows.show(unread);
    this.element.hidden = !unread.length;
  }

  fill(row, { id, text, from, sent_at }) {
    const { day, time } = moment(sent_at, document.documentElement.lang);
    say(row, "text", text);
    say(row, "from", filled(this.element.dataset.textFrom, { from, moment: `${day}, ${time}` }));
    row.querySelector("[data-read]").dataset.read = id;
  }

  async read(id) {
    if (!id) return;
    await this.mark((read) => ({ ...read, [id]: false }));
    await this.draw();
    await this.tell();
  }

  mark(change) {
    return this.store.update("settings", READ, (old) => ({ name: READ, value: change(old?.value ?? {}) }));
  }

  /** Tell the server what was read; what no longer comes along is forgotten here. */
  async tell() {
    const here = new Set(((await pack(this.store))?.messages ?? []).map(({ id }) => String(id)));
    const { value: read } = await this.mark((old) => (
      Object.fromEntries(Object.entries(old).filter(([id, done]) => !done || here.has(id)))));
    for (const [id, done] of Object.entries(read)) {
      if (done) continue;
      const { status } = await ask(`/api/v1/messages/${id}/read`, { person: this.store.person, method: "POST" });
      if (![200, 404].includes(status)) return;
      await this.mark((old) => ({ ...old, [id]: true }));
    }
  }
}
