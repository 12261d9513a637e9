// The queue of finished forms, which sends itself. One flusher for all tabs and the worker (one_flusher.js), one form
// at a time (queue_pass.js), set going by the page (triggers.js). The truth stands in the store, so that a kill at any
// instruction loses nothing: what was sent but not noted is sent again, and the server gives the same receipt again.

import { STATES } from "../drafts.js";
import { sendFollowUps } from "../door/follow_ups.js";
import { asOnlyOne } from "./one_flusher.js";
import { beatOf } from "./notes.js";
import { QueuePass } from "./pass.js";
import { QueueState } from "./state.js";
import { Line, rank } from "./schedule.js";
import { Store } from "../store.js";
import { NextTry, listen } from "./triggers.js";
import { thrown } from "./undo.js";

class Outbox {
  #running = null; // {promise, more: what set it going meanwhile}
  #go = null; // flush, since `start`
  #next = new NextTry();

  constructor(store, ways = {}) {
    this.store = store;
    this.ways = ways;
    this.lock = `fieldapp-outbox-${store.person}`;
    this.shown = new QueueState(store, this.lock);
    this.line = new Line();
  }

  get state() {
    return this.shown.now;
  }

  /** Send what is due; see schedule.js for what `why` means. Resolves with the state when there is nothing more to
   *  do at this moment. Rejects only when the phone's own storage fails. */
  flush(why = "now") {
    if (this.#running) {
      const { more } = this.#running;
      this.#running.more = more && rank(more) >= rank(why) ? more : why;
      return this.#running.promise;
    }
    const running = { more: null };
    this.#running = running;
    running.promise = this.#rounds(why, running).catch((error) => {
      this.line.rest();
      throw error;
    }).finally(() => {
      this.#running = null;
      this.#plan();
    });
    return running.promise;
  }

  async #rounds(why, running) {
    const promises = sendFollowUps(this.store); // ticked off on this phone; never throws
    for (let next = why; next; next = running.more) {
      running.more = null;
      const pass = (robbed) => new QueuePass(this, robbed).run(next);
      await asOnlyOne(this.lock, pass, beatOf(this.store), rank(next) === 2);
      await this.#refresh();
    }
    await promises;
    return this.state;
  }

  /** Try a refused one again as it is: the reason may have lain elsewhere. */
  async retry(id) {
    await this.store.update("drafts", id, (old) => (old?.state === STATES.REFUSED && old.document
      ? { ...old, state: STATES.QUEUED, refusal: null, attempts: 0, next_try_at: 0, uploaded: {} } : undefined));
    this.store.changed("drafts");
    return this.flush("now");
  }

  /** Call back with the state, now and at each change; gives the function that stops it. */
  watch(listener) {
    const stop = this.shown.watch(listener);
    this.#refresh().catch(() => {});
    return stop;
  }

  #refresh() {
    return this.shown.refresh(Boolean(this.#running));
  }

  /** Send by itself from now on, as long as this page lives. */
  start() {
    if (this.#go) return this;
    this.#go = (why) => this.flush(why).catch((error) => console.warn("fieldapp: the queue waits", error));
    const look = () => this.#refresh().then(() => this.#plan(), () => {});
    listen(this.store, this.#go, look, () => this.state.waiting);
    this.#go("load");
    thrown(this.store).catch(() => {}); // what was thrown away an hour ago goes
    return this;
  }

  #plan() {
    if (!this.#go) return;
    if (this.#running) this.#next.stop();
    else this.#next.plan(this.state, this.line.calm, this.#go);
  }
}

const boxes = new WeakMap();

/** The outbox of a store; one per page. `ways` {fetch, base, timeout} of ask.js. */
export function outbox(store, ways = {}) {
  if (!boxes.has(store)) boxes.set(store, new Outbox(store, ways));
  return boxes.get(store);
}

/** For the service worker's `sync` event: send what waits. Rejects while something still waits, so that the
 *  browser wakes us again. `config`: ways of ask.js. */
export async function flushFromWorker(person, config = {}) {
  const { waiting, login } = await new Outbox(new Store(person), config).flush("sync");
  if (waiting && !login) throw new Error(`${waiting} still waiting`);
}
