// The second copy: drafts go to the server, sealed, whenever there is signal, and leave it when they arrived or were
// thrown away. Quiet: what fails is tried again later and stops nothing.
//
// Settings: "seal" {lock, key, names, made_at}; "sealed" {draft id: {lock, revision, files: [hash]}}, what the server was
// given (noted before it is sent, so that it is always taken away again); "seal_state" {last_ok, trouble}.

import { STATES, readFile } from "../drafts.js";
import { canSeal, nameOf, sealDraft, sealFile } from "./keys.js";
import { dropCopy, putDraft, putFile } from "./server.js";

const EVERY = 5000; // at most one copy per draft in so many ms
const SOON = 300, AGAIN = 30_000, SELDOM = 300_000;
const LOCAL = ["uploaded", "attempts", "next_try_at", "trouble", "sealed"]; // of no use on another phone

/** A draft as it is sealed: all but what belongs to this phone. */
export const portable = (draft) => Object.fromEntries(Object.entries(draft).filter(([name]) => !LOCAL.includes(name)));

class Busy extends Error {} // the server or the line is not there: try later

class Sealer {
  #last = new Map(); // draft id -> when its copy was sent
  #timer = null;
  #due = Infinity;
  #running = null;
  #again = null; // asked for while at it: "now" when the page is about to go
  #wait = AGAIN;

  constructor(store) {
    this.store = store;
    this.person = store.person;
  }

  /** Work by itself from now on. */
  start() {
    this.store.watch((what) => ["drafts", "receipts", "seal"].includes(what) && this.#plan(SOON));
    addEventListener("online", () => this.#plan(SOON));
    addEventListener("pageshow", () => this.#plan(SOON));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.seal(true));
    this.#plan(SOON);
    return this;
  }

  #plan(wait) {
    const due = Date.now() + wait;
    if (this.#timer && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.seal();
    }, wait);
  }

  /** Bring the server up to date; `hiding`: the page is about to go, do not wait for the turn of a draft. */
  async seal(hiding = false) {
    if (this.#running) {
      this.#again = hiding ? "now" : this.#again ?? "soon";
      return this.#running;
    }
    const running = this.#alone(() => this.#pass(hiding)).catch((error) => {
      if (!(error instanceof Busy)) console.warn("fieldapp: no second copy now", error);
      this.#plan(this.#wait);
      this.#wait = Math.min(SELDOM, this.#wait * 2);
    }).finally(() => {
      this.#running = null;
      const again = this.#again;
      this.#again = null;
      if (again === "now") this.seal(true);
      else if (again) this.#plan(SOON);
    });
    this.#running = running;
    return running;
  }

  /** One tab at a time; another that is at it hears of our change as well, so look again later. */
  #alone(work) {
    if (!navigator.locks) return work();
    return navigator.locks.request(`fieldapp-seal-${this.person}`, { ifAvailable: true }, (lock) => (
      lock ? work() : this.#plan(EVERY)));
  }

  async #pass(hiding) {
    const keys = await this.store.setting("seal");
    if (!keys?.key || navigator.onLine === false) return;
    const drafts = await this.store.all("drafts");
    const sealed = await this.store.setting("sealed", {});
    for (const draft of drafts) await this.#one(keys, draft, sealed[draft.id], hiding);
    const here = new Set(drafts.map(({ id }) => id));
    for (const id of Object.keys(sealed)) if (!here.has(id)) await this.#drop(id);
    this.#wait = AGAIN;
    if (Object.keys(sealed).length || drafts.length) await this.#say({ last_ok: Date.now(), trouble: "" });
  }

  async #one(keys, draft, known, hiding) {
    if (known && known.lock !== keys.lock) { // a new code: what the old one opens goes first
      await this.#drop(draft.id);
      known = undefined;
    }
    if (!known || known.revision < draft.revision) {
      const rest = (this.#last.get(draft.id) ?? 0) + EVERY - Date.now();
      if (rest > 0 && !hiding && draft.state === STATES.OPEN) return void this.#plan(rest);
      await this.#draft(keys, draft, hiding);
    }
    // A finished form is on its way already: its photos are not sent twice unless that does not work out.
    if (hiding || (draft.state === STATES.QUEUED && !draft.attempts)) return undefined;
    const done = new Set(known?.files);
    for (const hash of new Set(draft.files.map(({ sha256 }) => sha256))) {
      if (!done.has(hash)) await this.#file(keys, draft.id, hash);
    }
    return undefined;
  }

  async #draft(keys, draft, hiding) {
    this.#last.set(draft.id, Date.now());
    const body = await sealDraft(keys, this.person, portable(draft));
    await this.#note(draft.id, { lock: keys.lock });
    await this.#check(await putDraft(this.person, keys.lock, draft, body, hiding));
    await this.#note(draft.id, { revision: draft.revision });
    await this.store.update("drafts", draft.id, (now) => (now ? { ...now, sealed: draft.revision } : undefined));
    this.store.changed("sealed");
  }

  async #file(keys, id, hash) {
    const blob = await readFile(this.store, id, hash);
    if (!blob) return;
    const name = await nameOf(keys, id, hash);
    const body = await sealFile(keys, this.person, id, name, await blob.arrayBuffer());
    await this.#note(id, { lock: keys.lock });
    await this.#check(await putFile(this.person, id, name, body));
    await this.#note(id, {}, hash);
    this.store.changed("sealed");
  }

  async #check(came) {
    if (came === "kept" || came === "older") return; // older: this revision is there, or a newer of another phone
    await this.#say({ trouble: came });
    throw new Busy(came);
  }

  async #drop(id) {
    if (!(await dropCopy(this.person, id))) throw new Busy("not dropped");
    await this.store.update("settings", "sealed", (kept) => {
      const { [id]: _gone, ...value } = kept?.value ?? {};
      return { name: "sealed", value };
    });
    this.#last.delete(id);
    this.store.changed("sealed");
  }

  #note(id, patch, hash) {
    return this.store.update("settings", "sealed", (kept) => {
      const old = kept?.value?.[id] ?? { revision: -1, files: [] };
      const files = hash ? [...new Set([...old.files, hash])] : old.files;
      return { name: "sealed", value: { ...kept?.value, [id]: { ...old, ...patch, files } } };
    });
  }

  async #say(patch) {
    const old = await this.store.setting("seal_state", {});
    if (Object.entries(patch).every(([name, value]) => name !== "trouble" || old[name] === value) && !patch.last_ok) return;
    await this.store.set("seal_state", { ...old, ...patch });
    if (patch.trouble !== old.trouble) this.store.changed("sealed");
  }
}

/** Seal with these keys from now on; what was sealed with others is sealed again. */
export async function useKeys(store, keys) {
  await store.set("seal", { ...keys, made_at: Date.now() });
  store.changed("seal");
  return startSealing(store);
}

const sealers = new WeakMap();

/** The sealer of a store, working by itself; null where the browser cannot. */
export function startSealing(store) {
  if (!canSeal()) return null;
  if (!sealers.has(store)) sealers.set(store, new Sealer(store).start());
  return sealers.get(store);
}
