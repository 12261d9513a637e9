// When what is sent: back-off, and which form of the queue has its turn. Pure, but for the count that Line keeps.

export const LONGEST = 5 * 60_000;
const FIRST = 1000;
const LINE = new Set(["network", "timeout", "portal", "redirected"]);

// What set the outbox going. A person's "now" waits for nothing. Something that may mean that the line is back
// (a page opened, signal, the browser's sync) waits only for who asked for quiet: the server.
const ASKED = new Set(["now"]);
const WAKE = new Set(["load", "pageshow", "visible", "online", "sync", "finish"]);
export const rank = (why) => (ASKED.has(why) ? 2 : WAKE.has(why) ? 1 : 0);

/** Whether a verdict is about the line and not about this one form. */
export const isLine = ({ reason, portal }) => Boolean(portal) || LINE.has(reason);

/** How long to wait after this many failed tries: 1 s doubling to 5 min, with jitter so that phones spread. */
export function backOff(attempts, random = Math.random()) {
  return Math.min(LONGEST, FIRST * 2 ** Math.min(Math.max(attempts, 1) - 1, 20)) * (0.5 + random / 2);
}

/** A moment that was planned; one that no plan of ours can be (the clock jumped) counts as now. */
export const planned = (moment, now) => (moment > now + LONGEST ? now : moment || 0);

/** Fewest tries first, then the oldest: one that fails never stands before the others. */
const inOrder = (one, other) => ((one.attempts ?? 0) - (other.attempts ?? 0))
  || ((one.finished_at ?? 0) - (other.finished_at ?? 0)) || one.id.localeCompare(other.id);

/** Whether this form may be tried at this moment. */
function isDue({ next_try_at, trouble }, why, now) {
  const level = rank(why);
  if (level === 2 || planned(next_try_at, now) <= now) return true;
  return level === 1 && LINE.has(trouble);
}

/** The form whose turn it is, or undefined. `tried`: ids that had theirs. */
export const nextOne = (queue, tried, why, now) => queue
  .filter((draft) => !tried.has(draft.id) && isDue(draft, why, now)).sort(inOrder)[0];

/** Whether the whole queue must keep still for now. `settings`: setting "outbox". */
export function mustBeQuiet({ quiet_until, not_before }, why, now) {
  const level = rank(why);
  if (level < 2 && planned(quiet_until, now) > now) return true;
  return level < 1 && planned(not_before, now) > now;
}

/** When the first of the queue may be tried by the timer; 0 for an empty queue. */
export function nextMoment(queue, { quiet_until, not_before }, now) {
  if (!queue.length) return 0;
  const first = Math.min(...queue.map(({ next_try_at }) => planned(next_try_at, now)));
  return Math.max(first, planned(quiet_until, now), planned(not_before, now));
}

/** How often in a row the line, or the phone's own storage, did not work: each time the next try is later. */
export class Line {
  #failed = 0;
  calm = 0; // the phone's own storage failed: nothing before this moment

  works() {
    this.#failed = 0;
  }

  /** It did not work; when it may be tried again. */
  next() {
    return Date.now() + backOff((this.#failed += 1));
  }

  rest() {
    this.calm = this.next();
  }
}
