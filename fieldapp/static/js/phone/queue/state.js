// The state of the outbox for who shows it: how much waits, and why.

import { STATES } from "../drafts.js";
import { NOTHING, noted } from "./notes.js";
import { nextMoment } from "./schedule.js";

/** All that is told about the queue. `drafts`: all of the phone; `notes`: setting "outbox"; `sending`: an id or null. */
function stateOf(drafts, notes, sending) {
  const queue = drafts.filter(({ state }) => state === STATES.QUEUED), waiting = queue.length;
  return {
    waiting, sending, refused: drafts.filter(({ state }) => state === STATES.REFUSED).length,
    login: notes.login && waiting > 0, portal: notes.portal && waiting > 0, last_ok: notes.last_ok,
    next_try_at: nextMoment(queue, notes, Date.now()),
    oldest: waiting ? Math.min(...queue.map(({ finished_at }) => finished_at)) : 0,
  };
}

export class QueueState {
  #listeners = new Set();
  #store;
  #lock;
  now = stateOf([], NOTHING, null);

  constructor(store, lock) {
    this.#store = store;
    this.#lock = lock;
  }

  /** Call back with the state at each change; gives the function that stops it. */
  watch(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sending(id) {
    this.#show({ ...this.now, sending: id });
  }

  #show(state) {
    this.now = state;
    for (const listener of this.#listeners) listener(state);
  }

  /** Look in the store. `running`: this page is flushing. */
  async refresh(running) {
    const drafts = await this.#store.all("drafts");
    const notes = await noted(this.#store);
    const busy = drafts.some(({ id, state }) => id === notes.sending && state === STATES.QUEUED)
      && (running || await this.#isHeld());
    this.#show(stateOf(drafts, notes, busy ? notes.sending : null));
  }

  /** Whether somebody is flushing. */
  async #isHeld() {
    const held = (await globalThis.navigator?.locks?.query())?.held ?? [];
    return held.some(({ name }) => name === this.#lock);
  }
}
