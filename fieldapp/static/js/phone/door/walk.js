// The walking list of a round: what the server knew, with what is still on this phone; buttons lead to the
// phone's own form with the stairwell filled in. Works on the page as it was kept, from the pack.

import { allDrafts } from "../drafts.js";
import { dayWords, fillIn, walkNow } from "./memory.js";
import { pack } from "../pack.js";
import { storeOf } from "../store.js";

export default class Walk {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.texts = element.dataset;
    this.store = storeOf();
    this.works = this.store.open().then(() => true, () => false);
    this.page = JSON.parse(element.querySelector("[data-walk]").textContent);
    element.addEventListener("submit", (event) => this.begin(event));
    this.store.watch((what) => ["pack", "drafts", "receipts"].includes(what) && this.draw());
    addEventListener("pageshow", () => this.draw());
    this.draw();
  }

  /** To the phone's form when the phone can keep it; the plain form else. */
  begin(event) {
    const { target } = event;
    if (!target.matches("[data-begin]") || !this.texts.form || target.dataset.plain) return;
    event.preventDefault();
    event.stopPropagation();
    const { slug, form } = this.texts;
    const portiek = new FormData(target).get("portiek");
    this.works.then((works) => {
      if (works) return location.assign(`${form}#nieuw&ronde=${encodeURIComponent(slug)}&portiek=${encodeURIComponent(portiek)}`);
      target.dataset.plain = "yes";
      return target.requestSubmit();
    });
  }

  async draw() {
    try {
      const [data, drafts] = await Promise.all([pack(this.store), allDrafts(this.store)]);
      const packed = (data?.walks ?? []).find(({ slug }) => slug === this.texts.slug);
      this.show(walkNow({ ...this.page, doors: furthest(this.page.doors, packed?.doors ?? []) }, drafts));
    } catch (error) {
      console.warn("fieldapp: the walking list stays as it was", error);
    }
  }

  show(doors) {
    const list = this.element.querySelector("[data-doors]");
    const known = new Map([...list.children].map((row) => [name(row.dataset.key, row.dataset.area), row]));
    const rows = doors.map((door) => this.row(known.get(name(door.k, door.a)) ?? this.newRow(door), door));
    rows.forEach((row, place) => (row.querySelector("[data-next]").hidden = place > 0 || doors[0].s === "done"));
    if (rows.some((row, place) => list.children[place] !== row)) list.replaceChildren(...rows);
    list.hidden = !rows.length;
    const done = doors.filter(({ s }) => s === "done").length;
    const line = this.element.querySelector("[data-done-of]");
    if (line) line.textContent = fillIn(this.texts.textDoneOf, { done, all: doors.length });
  }

  newRow(door) {
    const row = document.importNode(this.element.querySelector("template[data-row]").content, true).firstElementChild;
    row.dataset.key = door.k;
    row.dataset.area = door.a ?? "";
    row.querySelector("[data-name]").textContent = door.n;
    const field = row.querySelector('input[name="portiek"]');
    if (field) field.value = door.n;
    row.querySelector("button bdi")?.replaceChildren(door.n);
    return row;
  }

  row(row, door) {
    const { d: doors, c: [tried, opened, spoken, visits], s: state } = door;
    const { texts } = this;
    row.dataset.state = state;
    const words = { new: texts.textNew, done: texts.textDone }[state]
      ?? (doors ? fillIn(texts.textOpen, { opened, doors }) : texts.textBegun);
    row.querySelector("[data-words] > *").textContent = words;
    const facts = [];
    if (doors) facts.push(fillIn(texts.textDoors, { doors }));
    if (visits) facts.push(fillIn(texts.textCounts, { tried, opened, spoken }));
    if (door.on) facts.push(fillIn(texts.textLast, { day: dayWords(door.on) }));
    row.querySelector("[data-facts]").textContent = facts.join(" · ");
    const here = row.querySelector("[data-phone]");
    here.textContent = door.queued ? texts.textQueued : door.draft ? texts.textDraft : "";
    here.hidden = !here.textContent;
    return row;
  }
}

const name = (key, area) => `${key}\n${area ?? ""}`;

/** Of each stairwell what knows the most visits: the page may be older than the pack, or newer. */
function furthest(page, packed) {
  const found = new Map(page.map((door) => [name(door.k, door.a), door]));
  for (const door of packed) {
    const here = found.get(name(door.k, door.a));
    if (!here || (door.c?.[3] ?? 0) > (here.c?.[3] ?? 0)) found.set(name(door.k, door.a), door);
  }
  return [...found.values()];
}
