// On every page of /veld/: the worker, what goes along, what waits to be sent, who is logged in.
import { watchDevice } from "./device.js";
import { allDrafts } from "./drafts.js";
import { askedAnew } from "./fresh.js";
import { outbox } from "./queue/outbox.js";
import { pagesOf, refreshPack } from "./pack.js";
import { storeOf } from "./store.js";
import { ask, loggedIn } from "./worker_talk.js";

const START = "/veld/";
const A_BREATH = 1000; // who opened the app taps now: that goes first
const SETTLE = 500; // more may arrive at the same time
const LOOK_AGAIN = 5000; // a form is open somewhere: ask again whether the newer version may take over
const REACHED = ["receipts", "follow_ups"]; // what the server heard of this phone stands on its pages
const later = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 200));
const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

export default class App {
  constructor(element) {
    this.element = element;
    this.version = element.dataset.version;
    this.store = storeOf();
    this.worker = navigator.serviceWorker;
    this.controlled = Boolean(this.worker?.controller); // else the first worker of all is coming
    document.addEventListener("submit", (event) => this.freshToken(event));
    this.listen();
    this.open().catch((error) => console.warn("fieldapp: the app did not start", error));
  }

  listen() {
    this.worker?.addEventListener("message", (event) => this.heard(event));
    this.worker?.startMessages();
    document.addEventListener("fa:flush", () => this.outbox?.flush());
    addEventListener("online", () => this.askNow());
  }

  async open() {
    if (!this.store) return;
    this.store.watch((what) => this.changed(what));
    this.hint((await this.store.setting("outbox").catch(() => null))?.login);
    await this.part("device", () => watchDevice(this.store, this.element.querySelector("[data-warnings]")));
    this.outbox = outbox(this.store);
    await this.part("outbox", () => this.outbox.start());
    const seal = await this.store.setting("seal").catch(() => null);
    if (seal) this.part("second copy", async () => (await import("./seal/seal.js")).startSealing(this.store));
    const now = loggedIn() || askedAnew();
    await this.renew({ now, given: !this.worker?.controller });
    later(() => this.register(now).catch((error) => console.warn("fieldapp: no worker", error)));
  }

  /** Start a part that may fail without the others. */
  async part(name, start) {
    try {
      await start();
    } catch (error) {
      console.warn(`fieldapp: ${name} did not start`, error);
    }
  }

  changed(what) {
    if (what === "outbox") this.store.setting("outbox").then((outbox) => this.hint(outbox?.login));
    if (!REACHED.includes(what)) return;
    clearTimeout(this.reached);
    this.reached = setTimeout(() => this.askNow(), SETTLE);
  }

  /** What was asked before counts no more: there is signal again, or something reached the server. */
  async askNow() {
    await ask({ type: "changed" });
    await this.renew({ now: true });
    await this.goAlong(true);
  }

  /** Ask whether this page changed, and tell start.js and others how that went. `now`: also when it was asked a
   *  moment ago; `given`: it came from the server just now. */
  async renew({ now = false, given = false } = {}) {
    const path = location.pathname;
    let state = given || location.search ? "same" : ((await ask({ type: "check", path, now })) ?? "unknown");
    if (state === "fresh" && !navigator.onLine) state = "offline";
    if (state === "person") return location.replace(START);
    if (state === "same" || state === "renewed") await this.store.set("seen", Date.now()).catch(() => {});
    if (state === "login") this.hint(true);
    this.element.dataset.renewed = state;
    return say("fa:renewed", { state });
  }

  async register(now) {
    if (!this.worker || !(await this.canStore())) return;
    this.registration = (await this.worker.getRegistration(START)) ?? (await this.install(this.version));
    await this.worker.ready;
    await this.update();
    await this.newVersion();
    await this.goAlong(now);
  }

  /** The worker of a version. Its address says which, so that no cache has to be asked whether it is the newest:
   *  a newer one is heard of in the server's answers. */
  install(version) {
    const wakes = "SyncManager" in window; // such a browser wakes the worker to send without a page
    const address = `${this.element.dataset.worker}?v=${version}${wakes ? "&wekt" : ""}`;
    const how = { scope: START, updateViaCache: "all", type: wakes ? "module" : "classic" };
    return this.worker.register(address, how);
  }

  /** The server turned out to be of another version than the worker: fetch the worker of that one. */
  async newVersion() {
    const { registration, wanted } = this;
    if (!wanted || !registration || registration.installing || registration.waiting) return;
    await this.install(wanted).catch(() => {}); // no signal any more: it is heard of again
  }

  async goAlong(now = false) {
    const { state, data } = await refreshPack(this.store, { now });
    if (state === "login") this.hint(true);
    const version = ["new", "same"].includes(state) ? data.version : ""; // what the server is now
    if (data && this.registration) await this.takeAlong(data, version);
  }

  /** A newer worker takes over at the start page, when no form is open anywhere. */
  async update() {
    const look = () => {
      const { waiting } = this.registration;
      if (!waiting || location.pathname !== START) return;
      this.newer(true);
      ask({ type: "take over" }, waiting).then((taken) => taken || setTimeout(look, LOOK_AGAIN));
    };
    const watch = () => this.registration.installing?.addEventListener("statechange", look);
    this.registration.addEventListener("updatefound", watch);
    watch(); // it may have been found already
    if (this.controlled) this.worker.addEventListener("controllerchange", () => this.newer(true));
    look();
  }

  newer(ready) {
    if (!ready || !this.controlled) return;
    this.element.dataset.newer = "yes";
    say("fa:version", { ready });
  }

  /** First what it takes to start and to fill in forms, then the pages beside that. */
  async takeAlong(data, version) {
    this.element.dataset.forms = (await this.keep(data, { forms: true, version })) ? "yes" : "no";
    await new Promise((done) => setTimeout(done, A_BREATH));
    const done = await this.keep(data);
    await this.store.set("along", { done, at: Date.now(), version: data.version });
    this.element.dataset.along = done ? "yes" : "no";
    say("fa:along", { done });
    ask({ type: "sweep" }, this.registration.active);
    const paths = (data.earlier ?? []).map(({ url }) => url);
    if (!done || navigator.connection?.saveData) return;
    this.element.dataset.pictures = (await ask({ type: "pictures", paths }, this.newest())) ? "yes" : "no";
  }

  /** The worker that keeps pages: one that waits is of the version that the server has now, and an older one that
   *  has work under way would hold it up. */
  newest() {
    return this.registration.waiting ?? this.registration.active;
  }

  async keep(data, { version, ...how } = {}) {
    const drafts = await allDrafts(this.store);
    const more = await this.store.setting("languages", []);
    return ask({ type: "keep", pages: pagesOf(data, drafts, more, how), version }, this.newest());
  }

  async canStore() {
    try {
      await this.store.open();
      return true;
    } catch {
      return false;
    }
  }

  heard({ data, ports }) {
    if (data.type === "version?") ports[0]?.postMessage(this.version);
    if (data.type === "version") {
      this.wanted = data.version;
      this.newVersion();
    }
    if (data.type === "person") location.replace(START);
    if (data.type === "flush") this.outbox?.flush("sync");
  }

  hint(needed) {
    const line = this.element.querySelector("[data-log-in]");
    if (line) line.hidden = !needed;
  }

  /** A page that the phone kept carries the token of an older log-in. */
  async freshToken(event) {
    const form = event.target;
    const field = form.elements?.csrf_token;
    if (!field || form.dataset.fresh || form.dataset.token || event.defaultPrevented) return;
    event.preventDefault();
    try {
      const answer = await fetch(this.element.dataset.token, { redirect: "manual", cache: "no-store" });
      if (answer.ok) field.value = (await answer.json()).csrf_token;
    } catch {
      // no signal: the form will not arrive either, and the browser says so
    }
    form.dataset.fresh = "yes";
    form.requestSubmit(event.submitter);
    delete form.dataset.fresh;
  }
}
