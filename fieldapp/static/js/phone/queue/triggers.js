// What sets the outbox of a page going: the page itself, the system, a change in the store, the timer of the next try.

import { askSync } from "./one_flusher.js";
import { LONGEST } from "./schedule.js";

const SOONEST = 250, LOOK_AGAIN = 2000, SETTLE = 50;

/** `go(why)`: flush. `look()`: look in the store what changed. `waiting()`: whether anything waits. */
export function listen(store, go, look, waiting) {
  addEventListener("pageshow", () => go("pageshow"));
  addEventListener("online", () => go("online"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") go("visible");
    else if (waiting()) askSync(); // the system may stop this page from now on
  });
  let soon = null;
  store.watch(() => {
    soon ??= setTimeout(() => {
      soon = null;
      look();
    }, SETTLE);
  });
}

/** The next try. The moment itself stands in the store, so that a reload plans it again. */
export class NextTry {
  #timer = null;
  #synced = false; // the browser was asked to wake the worker

  /** `state` of queue_state.js; `calm`: not before this moment. */
  plan({ waiting, sending, next_try_at }, calm, go) {
    this.stop();
    // Once for all that waits: with signal the browser answers at once, and asking again would go round and round.
    if (waiting && !this.#synced) askSync();
    this.#synced = waiting > 0;
    if (!waiting) return;
    const wait = sending ? LOOK_AGAIN : Math.max(next_try_at, calm) - Date.now();
    this.#timer = setTimeout(() => go("timer"), Math.min(LONGEST, Math.max(SOONEST, wait)));
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
