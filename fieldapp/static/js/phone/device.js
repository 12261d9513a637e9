// How this phone is doing: warns the person, and tells the server for the board of phones. Texts stand in
// <template data-warning="..."> of field/_warnings.html.

import { STATES } from "./drafts.js";
import { freshFor } from "./fresh.js";
import { moment } from "./queue/receipts.js";
import { filled } from "./rows.js";
import { ask } from "./queue/ask.js";
import { askPersist, checkStorage, forgetGone, isPersisted } from "./storage.js";

export { checkStorage } from "./storage.js";

const MINUTE = 60_000, DAY = 86_400_000;
const CLOCK_OFF = 600; // seconds
const MOST_SHOWN = 2;
const AGAIN = 3_000; // after storage did not work
const CUT_OFF = 10_000; // a report without an answer (who looked went on to another page) is tried again after so long
const LATER = 30 * DAY; // how long "not now" holds
// Of the report: what the board hears of at once. Its clock and its room are never the same twice.
const FACTS = ["name", "app_version", "drafts", "unsent", "refused", "oldest_unsent_at", "persisted", "sealed"];

/** Begin watching on a page; `element` is where warnings go. */
export function watchDevice(store, element) {
  const watch = new DeviceWatch(store, element);
  watch.start().catch((error) => console.warn("fieldapp: the phone is not watched", error));
  return watch;
}

/** "Chrome · Android": which browser and what it runs on, for colleagues who know whose phone it is. */
export function deviceName({ userAgent = "", platform = "", maxTouchPoints = 0 } = navigator) {
  const first = (pairs) => pairs.find(([, pattern]) => pattern.test(userAgent))?.[0];
  const browser = first([["Edge", /Edg/], ["Samsung Internet", /SamsungBrowser/], ["Opera", /OPR\//],
    ["Firefox", /Firefox|FxiOS/], ["Chrome", /Chrome|CriOS|Chromium/], ["Safari", /Safari/]]) ?? "?";
  const iPad = /Mac/.test(platform) && maxTouchPoints > 1;
  const system = iPad ? "iPad" : first([["iPhone", /iPhone/], ["iPad", /iPad/], ["Android", /Android/],
    ["Windows", /Windows/], ["macOS", /Mac OS/], ["Linux", /Linux/]]) ?? "?";
  return `${browser} · ${system}`;
}

/** Safari on iPhone or iPad, not yet on the home screen: there only that keeps what is stored. */
export const needsHomeScreen = () => navigator.standalone === false;

/** What waits: {drafts, unsent, refused, oldest: ms or null}. */
export function counts(drafts) {
  const waiting = drafts.filter(({ state }) => state !== STATES.OPEN);
  const oldest = Math.min(...waiting.map(({ finished_at }) => finished_at ?? Date.now()));
  return {
    drafts: drafts.length - waiting.length,
    unsent: waiting.length,
    refused: waiting.filter(({ state }) => state === STATES.REFUSED).length,
    oldest: waiting.length ? oldest : null,
  };
}

/** Which warnings hold, the worst first. Pure. */
export function warnings({ storage, waiting, clock, install, now }) {
  const age = waiting.oldest === null ? 0 : now - waiting.oldest;
  return [
    [["private", "broken", "full"].includes(storage.state), storage.state],
    [storage.gone !== null, "gone"],
    [age > 5 * DAY, "days"],
    [storage.state === "low", "low"],
    [age > DAY && age <= 5 * DAY, "day"],
    [clock > CLOCK_OFF, "ahead"],
    [clock < -CLOCK_OFF, "behind"],
    [install, "install"],
  ].filter(([holds]) => holds).map(([, code]) => code);
}

class DeviceWatch {
  #timer;
  #reopened = 0; // times that are not noted yet

  constructor(store, element) {
    this.store = store;
    this.element = element;
    this.version = element?.closest("[data-version]")?.dataset.version ?? "";
    this.language = document.documentElement.lang;
    element?.addEventListener("click", (event) => this.#answer(event));
  }

  async start() {
    await this.look();
    if (!this.store) return;
    this.store.watch((what) => {
      if (what === "drafts") this.#persist();
      if (["drafts", "outbox", "receipts", "device"].includes(what)) this.#soon();
    });
    this.store.events.addEventListener("reopened", () => {
      this.#reopened += 1;
      this.#soon();
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#soon());
    addEventListener("online", () => this.#soon());
    await this.#persist();
    await this.tell();
  }

  /** Look again after things calmed down. */
  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      await this.look();
      await this.tell();
    }, 500);
  }

  /** Asked when there is something to keep: before, a browser says no to a page that nobody used. */
  async #persist() {
    try {
      if ((await this.store.all("drafts")).length) await askPersist(this.store);
    } catch { /* the warnings tell */ }
  }

  /** Note how often the system closed the storage and it was opened again. */
  async #noteReopened() {
    const more = this.#reopened;
    this.#reopened = 0;
    await this.store.update("settings", "reopened", (old) => (
      { name: "reopened", value: { count: (old?.value.count ?? 0) + more, at: Date.now() } }));
    this.store.changed("state");
  }

  /** Judge the phone and show what is the matter. */
  async look() {
    const storage = await checkStorage(this.store);
    const able = !["private", "broken"].includes(storage.state);
    const read = (name, otherwise) => (able ? this.store.setting(name, otherwise).catch(() => otherwise) : otherwise);
    const waiting = counts(able ? await this.store.all("drafts").catch(() => []) : []);
    const clock = await read("clock", 0);
    const now = Date.now();
    const install = needsHomeScreen() && location.pathname === "/veld/" && now - (await read("install_later", 0)) > LATER;
    if (!able && this.store) setTimeout(() => this.look().catch(() => {}), AGAIN);
    else if (this.storage && this.storage.state !== storage.state) this.store.changed("state");
    if (able && this.#reopened) await this.#noteReopened().catch(() => {});
    this.storage = storage;
    this.waiting = waiting;
    this.#show(warnings({ storage, waiting, clock, install, now }), { clock, waiting, storage });
    this.#badge(waiting, now);
    return storage;
  }

  #badge({ unsent, oldest }, now) {
    const old = oldest !== null && now - oldest > DAY;
    (old ? navigator.setAppBadge?.(unsent) : navigator.clearAppBadge?.())?.catch(() => {});
  }

  #show(codes, { clock, waiting, storage }) {
    if (!this.element) return;
    const shown = codes.slice(0, MOST_SHOWN);
    for (const old of this.element.querySelectorAll("[data-shown]")) {
      if (!shown.includes(old.dataset.shown)) old.remove();
    }
    const values = { n: waiting.unsent, amount: this.#span(Math.abs(clock)), day: this.#day(storage.gone) };
    for (const code of shown) this.#put(code, values);
  }

  #put(code, values) {
    const pattern = this.element.querySelector(`template[data-warning="${code}"]`);
    if (!pattern) return;
    const box = pattern.content.firstElementChild.cloneNode(true);
    box.dataset.shown = code;
    for (const part of box.querySelectorAll("[data-fill]")) part.textContent = filled(part.textContent, values);
    const old = this.element.querySelector(`[data-shown="${code}"]`);
    if (old?.textContent === box.textContent) return; // said already: a reader aloud would say it again
    if (old) old.replaceWith(box);
    else this.element.append(box);
  }

  #span(seconds) {
    const [unit, size] = [["day", 86_400], ["hour", 3_600], ["minute", 60]].find(([, one]) => seconds >= 2 * one) ?? ["minute", 60];
    const style = { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 };
    return new Intl.NumberFormat(this.language, style).format(seconds / size);
  }

  #day(at) {
    return at ? moment(at, this.language).day : "";
  }

  async #answer({ target }) {
    const button = target.closest("[data-answer]");
    if (!button) return;
    if (button.dataset.answer === "gone") await forgetGone(this.store);
    if (button.dataset.answer === "install") await this.store.set("install_later", Date.now());
    if (button.dataset.answer === "send") document.dispatchEvent(new CustomEvent("fa:flush"));
    else await this.look();
  }

  /** Tell the server how this phone is: at most once a minute, and the same only after some minutes (fresh.js).
   *  What it says back is kept. */
  async tell() {
    if (!this.store || !this.storage || ["private", "broken"].includes(this.storage.state)) return;
    const report = await this.report();
    const facts = JSON.stringify(FACTS.map((name) => report[name]));
    const before = await this.store.setting("device_told");
    const same = before?.facts === facts ? freshFor(before.at) : 0;
    const often = (await this.store.setting("told", 0)) + MINUTE - Date.now();
    const wait = Math.max(same, often > MINUTE ? 0 : often); // a clock that was put back holds nothing up
    if (wait > 0) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.tell().catch(() => {}), wait);
      return;
    }
    await this.store.set("told", Date.now() - MINUTE + CUT_OFF);
    const answer = await this.#send(report);
    if (answer.status) await this.store.set("told", Date.now());
    if (answer.status !== 200 || typeof answer.json?.newest_version !== "string") return;
    const { clock_off_s: off, newest_version: newest } = answer.json;
    await this.store.set("clock", off ?? 0);
    await this.store.set("device_told", { at: Date.now(), newest, facts });
    this.store.changed("told");
    await this.look();
  }

  async #send(report) {
    const device = await deviceId(this.store);
    return ask(`/api/v1/devices/${device}`, {
      person: this.store.person, method: "PUT", body: JSON.stringify(report), timeout: 15_000,
      headers: { "Content-Type": "application/json" },
    });
  }

  /** What is told; see PUT /api/v1/devices in openapi.yaml. */
  async report() {
    const { drafts, unsent, refused, oldest } = this.waiting;
    return {
      name: deviceName(), app_version: this.version, drafts, unsent, refused,
      oldest_unsent_at: oldest === null ? null : new Date(oldest).toISOString(),
      persisted: await isPersisted(), sealed: Boolean(await this.store.setting("seal")),
      free_bytes: whole(this.storage.room?.free), used_bytes: whole(this.storage.room?.usage),
      clock: new Date().toISOString(),
    };
  }
}

const whole = (number) => (Number.isFinite(number) ? Math.round(number) : null);

/** The name of this phone: made once. */
export async function deviceId(store) {
  const kept = await store.update("settings", "device", (old) => (
    old ? undefined : { name: "device", value: crypto.randomUUID() }));
  return kept.value;
}
