// The queue of finished forms, which sends itself. One flusher for all tabs and the worker (a Web Lock), one form
// at a time. The truth stands in the store, so that a kill at any instruction loses nothing: what was sent but not
// noted is sent again, and the server gives the same receipt again.
//
// On a draft: attempts, next_try_at, trouble (why it waits: a reason of judge.js). Setting "outbox": see NOTHING.

import { STATES } from "./drafts.js";
import { sendFollowUps } from "./follow_ups.js";
import { handOver } from "./handover.js";
import { asOnlyOne, askSync, holdFor } from "./one_flusher.js";
import { tidyReceipts } from "./receipts.js";
import { LONGEST, backOff, isLine, mustBeQuiet, nextMoment, nextOne, rank } from "./schedule.js";
import { send } from "./send.js";
import { StorageFull, Store } from "./store.js";
import { thrown } from "./undo.js";

const SOONEST = 250, LOOK_AGAIN = 2000, SETTLE = 50;
const AGAIN = 2; // times that one form is sent at once again within one pass
const ENOUGH = 4; // tries after which a file that the server keeps missing is called wrong
const NOTHING = {
  login: false, portal: false, // the person must log in; somebody else answers for the server
  not_before: 0, quiet_until: 0, // the line does not work; the server asks for quiet
  sending: null, beat: 0, last_try: 0, last_ok: 0,
};

class Outbox {
  #running = null;
  #timer = null;
  #go = null;
  #calm = 0; // the phone's own storage failed: not before this moment
  #synced = false; // the browser was asked to wake the worker
  #line = 0; // passes in a row in which the line did not work
  #listeners = new Set();

  constructor(store, ways = {}) {
    this.store = store;
    this.ways = ways;
    this.lock = `fieldapp-outbox-${store.person}`;
    this.state = { waiting: 0, refused: 0, sending: null, login: false, portal: false, next_try_at: 0, last_ok: 0, oldest: 0 };
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
      this.#rest();
      throw error;
    }).finally(() => {
      this.#running = null;
      this.#plan();
    });
    return running.promise;
  }

  #rest() {
    this.#calm = Date.now() + backOff((this.#line += 1));
  }

  async #rounds(why, running) {
    const promises = sendFollowUps(this.store); // ticked off on this phone; never throws
    for (let next = why; next; next = running.more) {
      running.more = null;
      await this.#alone((robbed) => this.#pass(next, robbed), rank(next) === 2);
      await this.#refresh();
    }
    await promises;
    return this.state;
  }

  /** Run `work` as the one flusher of all tabs and the worker. */
  #alone(work, asked) {
    const beat = {
      last: async () => (await this.#setting()).beat,
      now: () => this.#note({ beat: Date.now() }),
      claim: (seen) => this.#note({ beat: Date.now() }, ({ beat }) => beat === seen),
    };
    return asOnlyOne(this.lock, work, beat, asked);
  }

  async #pass(why, robbed) {
    if (mustBeQuiet(await this.#setting(), why, Date.now())) return;
    const tried = new Set();
    for (let inARow = 0; !robbed.aborted;) {
      const draft = nextOne(await this.#queued(), tried, why, Date.now());
      if (!draft) break;
      tried.add(draft.id);
      const answer = await this.#one(draft, robbed);
      if (answer.verdict === "login") return;
      if (answer.wait) {
        await this.#note({ quiet_until: Date.now() + Math.min(answer.wait, LONGEST) });
        return;
      }
      inARow = isLine(answer) ? inARow + 1 : 0;
      if (inARow === 0) this.#line = 0;
      if (inARow === 2) { // two different forms: it is the line; the others keep their turn
        await this.#note({ not_before: Date.now() + backOff((this.#line += 1)) });
        return;
      }
    }
    if (tried.size) await tidyReceipts(this.store).catch(() => {});
  }

  /** Send one form and write down what came of it. */
  async #one(draft, robbed) {
    const release = await holdFor(draft.id);
    let answer;
    try {
      await this.#note({ sending: draft.id, last_try: Date.now() });
      this.#show({ sending: draft.id });
      for (let again = 0; again <= AGAIN; again += 1) {
        answer = await send(this.store, draft, this.ways, robbed);
        if (answer.verdict !== "again") break;
        draft = await this.#change(draft, { uploaded: {} }) ?? draft;
      }
      // What is missing every time is not lost on the way: the form itself is wrong.
      if (answer.verdict === "again" && answer.refusal && (draft.attempts ?? 0) >= ENOUGH) answer.verdict = "refused";
      await this.#act(draft, answer);
    } catch (error) {
      // The phone's own storage failed in the middle: the form is as it was.
      console.warn("fieldapp: sending was broken off", error);
      answer = { verdict: "later", reason: error instanceof StorageFull ? "phone_full" : "broken" };
      await this.#later(draft, answer).catch(() => this.#rest()); // not even that can be written down
    } finally {
      if (!robbed.aborted) await this.#note({ sending: null });
      release?.();
    }
    this.store.changed("drafts");
    return answer;
  }

  #act(draft, answer) {
    const how = {
      arrived: () => this.#arrived(draft, answer.receipt),
      refused: () => this.#refused(draft, answer.refusal),
      login: () => this.#note({ login: true, portal: false, not_before: Date.now() + backOff((this.#line += 1)) }),
      stopped: () => undefined,
    };
    return (how[answer.verdict] ?? (() => this.#later(draft, answer)))();
  }

  async #arrived(draft, receipt) {
    await handOver(this.store, draft, receipt);
    this.#line = 0;
    await this.#note({ login: false, portal: false, not_before: 0, quiet_until: 0, last_ok: Date.now() });
  }

  async #refused(draft, refusal) {
    await this.#change(draft, { state: STATES.REFUSED, refusal, trouble: null });
    await this.#note({ login: false, portal: false });
  }

  async #later(draft, answer) {
    const attempts = (draft.attempts ?? 0) + 1;
    const next_try_at = Date.now() + Math.min(LONGEST, Math.max(answer.wait ?? 0, backOff(attempts)));
    const trouble = answer.portal ? "portal" : answer.reason;
    await this.#change(draft, { attempts, next_try_at, trouble });
    await this.#note({ portal: Boolean(answer.portal), ...(isLine(answer) ? {} : { login: false }) });
  }

  /** Change a draft as long as it is the one that we are sending; the stored one, or null when it is not. */
  async #change(draft, patch) {
    const mine = (now) => now?.state === STATES.QUEUED && now.document === draft.document;
    const stored = await this.store.update("drafts", draft.id, (now) => (mine(now) ? { ...now, ...patch } : undefined));
    return stored?.document === draft.document ? stored : null;
  }

  async #queued() {
    return (await this.store.all("drafts")).filter(({ state }) => state === STATES.QUEUED);
  }

  async #setting() {
    return { ...NOTHING, ...await this.store.setting("outbox") };
  }

  /** A full phone must not keep anything from being sent: what cannot be noted is not noted. Whether what stood
   *  there was as it should be: `when(old)`. */
  async #note(patch, when = () => true) {
    let old = NOTHING;
    const change = (kept) => {
      old = { ...NOTHING, ...kept?.value };
      return when(old) ? { name: "outbox", value: { ...old, ...patch } } : undefined;
    };
    await this.store.update("settings", "outbox", change)
      .catch((error) => console.warn("fieldapp: the outbox cannot note anything", error));
    const told = ["login", "portal", "sending"].some((name) => name in patch && patch[name] !== old[name]);
    if (told) this.store.changed("outbox");
    return when(old);
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
    this.#listeners.add(listener);
    this.#refresh().catch(() => {});
    return () => this.#listeners.delete(listener);
  }

  #show(patch) {
    this.state = { ...this.state, ...patch };
    for (const listener of this.#listeners) listener(this.state);
  }

  async #refresh() {
    const drafts = await this.store.all("drafts");
    const queue = drafts.filter(({ state }) => state === STATES.QUEUED);
    const settings = await this.#setting();
    const busy = queue.some(({ id }) => id === settings.sending) && (this.#running || await this.#elsewhere());
    this.#show({
      waiting: queue.length,
      refused: drafts.filter(({ state }) => state === STATES.REFUSED).length,
      sending: busy ? settings.sending : null,
      login: settings.login && queue.length > 0,
      portal: settings.portal && queue.length > 0,
      next_try_at: nextMoment(queue, settings, Date.now()),
      last_ok: settings.last_ok,
      oldest: queue.length ? Math.min(...queue.map(({ finished_at }) => finished_at)) : 0,
    });
  }

  async #elsewhere() {
    const held = (await globalThis.navigator?.locks?.query())?.held ?? [];
    return held.some(({ name }) => name === this.lock);
  }

  /** Send by itself from now on, as long as this page lives. */
  start() {
    if (this.#go) return this;
    this.#go = (why) => this.flush(why).catch((error) => console.warn("fieldapp: the queue waits", error));
    addEventListener("pageshow", () => this.#go("pageshow"));
    addEventListener("online", () => this.#go("online"));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#go("visible");
      else if (this.state.waiting) askSync(); // the system may stop this page from now on
    });
    let soon = null;
    this.store.watch(() => {
      soon ??= setTimeout(() => {
        soon = null;
        this.#refresh().then(() => this.#plan(), () => {});
      }, SETTLE);
    });
    this.#go("load");
    thrown(this.store).catch(() => {}); // what was thrown away an hour ago goes
    return this;
  }

  /** The timer of the next try; the moment itself stands in the store, so that a reload plans it again. */
  #plan() {
    clearTimeout(this.#timer);
    if (!this.state.waiting) this.#synced = false;
    if (!this.#go || !this.state.waiting || this.#running) return;
    // Once for all that waits: with signal the browser answers at once, and asking again would go round and round.
    if (!this.#synced) askSync();
    this.#synced = true;
    const moment = Math.max(this.state.next_try_at, this.#calm);
    const wait = this.state.sending ? LOOK_AGAIN : moment - Date.now();
    this.#timer = setTimeout(() => this.#go("timer"), Math.min(LONGEST, Math.max(SOONEST, wait)));
  }
}

const boxes = new WeakMap();

/** The outbox of a store; one per page. `ways` {fetch, base, timeout} of send.js. */
export function outbox(store, ways = {}) {
  if (!boxes.has(store)) boxes.set(store, new Outbox(store, ways));
  return boxes.get(store);
}

/** For the service worker's `sync` event: send what waits. Rejects while something still waits, so that the
 *  browser wakes us again. `config`: ways of send.js. */
export async function flushFromWorker(person, config = {}) {
  const { waiting, login } = await new Outbox(new Store(person), config).flush("sync");
  if (waiting && !login) throw new Error(`${waiting} still waiting`);
}
