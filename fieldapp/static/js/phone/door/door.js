// "Bij deze deur": while a form asks which stairwell it is, the names to choose from and what is known of it.

import { dayWords, doorsAt, fillIn, namesOf, withMark } from "./memory.js";
import { keepSending, marksOf, markPromise, sendFollowUps } from "./follow_ups.js";
import { pack } from "../pack.js";
import { storeOf } from "../store.js";

const PAUSE = 150; // ms after a key

export default class Door {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.store = storeOf();
    this.texts = JSON.parse(element.querySelector("[data-texts]").textContent);
    this.round = new URLSearchParams(location.hash.slice(1)).get("ronde") ?? "";
    new MutationObserver(() => this.find()).observe(element.parentElement, { childList: true });
    this.store.watch((what) => ["pack", "follow_ups"].includes(what) && this.read());
    element.addEventListener("click", (event) => this.pressed(event));
    keepSending(this.store);
    this.read().then(() => this.find());
  }

  async read() {
    [this.data, this.marks] = await Promise.all([pack(this.store), marksOf(this.store)]);
    this.draw();
  }

  /** The form comes later than this module, and anew when it is thrown away. */
  find() {
    const input = this.element.parentElement.querySelector('form [data-role="portiek"] input:not([type="hidden"])');
    if (!input || input === this.input) return;
    this.input = input;
    input.setAttribute("list", this.list().id);
    input.setAttribute("autocomplete", "off");
    (input.closest(".fa-control") ?? input).after(this.element);
    const soon = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.draw(), PAUSE);
    };
    input.addEventListener("input", soon);
    input.addEventListener("change", () => this.draw());
    // answers are put back without events; the form says on itself when that is done
    new MutationObserver(() => this.draw()).observe(input.form, { attributes: true });
    this.draw();
  }

  list() {
    return this.element.querySelector("datalist");
  }

  draw() {
    if (!this.input) return;
    const options = namesOf(this.data, this.round).map((name) => new Option("", name));
    this.list().replaceChildren(...options);
    const doors = doorsAt(this.data, this.input.value);
    const shown = JSON.stringify([doors, this.marks]);
    if (shown === this.shown) return;
    this.shown = shown;
    const several = doors.length > 1;
    this.element.querySelector("[data-doors]").replaceChildren(...doors.map((door) => this.door(door, several)));
    this.element.hidden = !doors.length;
  }

  door(door, several) {
    const part = this.copy("door");
    const say = (name, words) => {
      const place = part.querySelector(`[data-${name}]`);
      place.textContent = words;
      place.hidden = !words;
    };
    const area = (this.data.areas ?? []).find(({ code }) => code === door.a);
    say("area", several ? area?.name ?? "" : "");
    part.querySelector("[data-visits]").replaceChildren(...(door.v ?? []).map((visit) => this.visit(visit)));
    say("never", door.v?.length ? "" : this.texts.never);
    const [tried, opened, spoken, on] = door.c ?? [];
    say("counts", door.c ? fillIn(this.texts.counts, { tried: tried ?? "?", opened: opened ?? "?", spoken: spoken ?? "?", day: dayWords(on) }) : "");
    say("back", door.r ? fillIn(door.r[0] ? this.texts.back : this.texts.stay, { day: dayWords(door.r[1]) }) : "");
    const promises = (door.p ?? []).map((one) => withMark(one, this.marks));
    const list = (name, rows) => {
      part.querySelector(`[data-${name}]`).replaceChildren(...rows.map((one) => this.promise(one, door)));
      part.querySelector(`[data-part-${name}]`).hidden = !rows.length;
    };
    list("open", promises.filter((one) => !one.done));
    list("kept", promises.filter((one) => one.done));
    return part;
  }

  visit([on, kind, who, mine]) {
    const line = document.createElement("li");
    const by = mine ? this.texts.you : who || this.texts.colleague;
    line.textContent = fillIn(this.texts.visit, { day: dayWords(on), kind: this.texts.kinds[kind] ?? kind, who: by });
    return line;
  }

  promise(one, door) {
    const row = this.copy("promise");
    row.dataset.promise = one.id;
    row.querySelector("[data-text]").textContent = one.t;
    const by = one.me ? this.texts.by_you : one.by || this.texts.colleague;
    const parts = [fillIn(this.texts.promised, { day: dayWords(one.on), who: by })];
    const [last] = door.v ?? [];
    if (one.done) parts.push(fillIn(this.texts.done, { day: dayWords(one.done) }));
    else if (one.due) parts.push(fillIn(this.texts.due, { day: dayWords(one.due) }));
    if (!one.done && last && last[0] > one.on) parts.push(fillIn(this.texts.since, { day: dayWords(last[0]) }));
    if (one.waiting) parts.push(this.texts.waiting);
    if (one.refused) parts.push(one.refused);
    row.querySelector("[data-quiet]").textContent = parts.join(" · ");
    const button = row.querySelector("button");
    button.hidden = !one.may;
    button.dataset.settle = one.done ? "open" : "done";
    button.querySelector("[data-words]").textContent = one.done ? this.texts.reopen : this.texts.settle;
    button.querySelector("[data-of]").textContent = `: ${one.t.slice(0, 60)}`;
    return row;
  }

  copy(name) {
    return document.importNode(this.element.querySelector(`template[data-${name}]`).content, true).firstElementChild;
  }

  async pressed(event) {
    const button = event.target.closest("[data-settle]");
    if (!button) return;
    const id = button.closest("[data-promise]").dataset.promise;
    await markPromise(this.store, id, button.dataset.settle === "done"); // drawn anew by the watch
    await this.read();
    this.element.querySelector(`[data-promise="${id}"] button`)?.focus();
    sendFollowUps(this.store);
  }
}
