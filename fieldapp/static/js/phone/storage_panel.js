// "Opslag" on the page about this phone: how it keeps things, and what makes that surer. Words from the template.

import { deviceName, needsHomeScreen } from "./device.js";
import { moment } from "./queue/receipts.js";
import { filled } from "./rows.js";
import { askPersist, checkStorage, isPersisted } from "./storage.js";
import { storeOf } from "./store.js";

const UNITS = [["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3]];
const CLOCK_TOLD = 60; // seconds

let offer = null; // the browser's own offer to install, kept until the person wants it
globalThis.addEventListener?.("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  document.dispatchEvent(new CustomEvent("fa:installable"));
});

export default class StoragePanel {
  static supported() {
    return Boolean(storeOf());
  }

  constructor(element) {
    this.element = element;
    this.store = storeOf();
    this.language = document.documentElement.lang;
    this.words = JSON.parse(element.querySelector("[data-words]").textContent);
    this.find("ask").addEventListener("click", () => this.ask());
    this.find("install").addEventListener("click", () => this.install());
    document.addEventListener("fa:installable", () => this.draw());
    this.store.watch((what) => ["told", "state", "drafts", "receipts"].includes(what) && this.draw());
    this.store.events.addEventListener("reopened", () => this.draw());
    this.draw().catch((error) => console.warn("fieldapp: storage not shown", error));
  }

  find(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  async draw() {
    const found = await checkStorage(this.store);
    const able = !["private", "broken"].includes(found.state);
    const read = (name) => (able ? this.store.setting(name).catch(() => null) : null);
    const persisted = await isPersisted();
    this.find("plain").hidden = true;
    this.find("ready").hidden = false;
    this.element.dataset.state = found.state;
    this.find("state-words").textContent = this.words[found.state];
    for (const icon of this.element.querySelectorAll("[data-icon]")) {
      icon.hidden = icon.dataset.icon !== (found.state === "ok" ? "check" : "warning");
    }
    this.say("persisted", this.words[{ true: "kept", false: "mayGo", null: "unknown" }[persisted]]);
    this.say("room", this.room(found.room));
    this.say("installed", this.words[installed() ? "yes" : "no"]);
    this.say("name", deviceName());
    const clock = Math.abs((await read("clock")) ?? 0);
    this.say("clock", clock < CLOCK_TOLD ? "" : filled(this.words.clock, { amount: this.unit("minute", clock / 60) }));
    const { count: n, at } = (await read("reopened")) ?? {};
    this.say("reopened", n ? filled(this.words.reopened, { n, day: this.moment(at) }) : "");
    const told = await read("device_told");
    this.say("told", told ? this.moment(told.at) : this.words.never);
    this.offers(persisted, able, Boolean(await read("seal")));
  }

  offers(persisted, able, sealed) {
    this.find("ask").hidden = !able || persisted !== false;
    this.find("install").hidden = !offer;
    this.find("ios").hidden = !needsHomeScreen();
    if (able && persisted === false && !sealed && !this.refused) this.advise("fragile");
    else if (!this.refused) this.advise("");
  }

  advise(name) {
    const line = this.find("advice");
    line.textContent = this.words[name] ?? "";
    line.hidden = !line.textContent;
  }

  /** Words of a fact; its row is hidden when there are none. */
  say(name, words) {
    const place = this.find(name);
    place.textContent = words;
    place.closest(".fa-facts__row").hidden = !words;
  }

  async ask() {
    this.refused = (await askPersist(this.store, true)) === false;
    if (this.refused) this.advise("refused");
    this.store.changed("device");
    await this.draw();
  }

  async install() {
    await offer?.prompt();
    offer = null;
    await this.draw();
  }

  room(found) {
    if (!found) return this.words.unknown;
    return filled(this.words.room, { used: this.size(found.usage), free: this.size(found.free) });
  }

  size(bytes) {
    const [unit, size] = UNITS.find(([, one]) => bytes >= one) ?? UNITS.at(-1);
    return this.unit(unit, bytes / size, "short");
  }

  unit(unit, value, unitDisplay = "long") {
    const maximumFractionDigits = value < 10 && unit.endsWith("byte") ? 1 : 0;
    return new Intl.NumberFormat(this.language, { style: "unit", unit, unitDisplay, maximumFractionDigits }).format(value);
  }

  moment(ms) {
    const { day, time } = moment(ms, this.language);
    return `${day}, ${time}`;
  }
}

const installed = () => navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;
