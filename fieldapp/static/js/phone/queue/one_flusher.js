// One flusher over all tabs and the worker, and who may have a form open while it is sent: Web Locks.

import { hold } from "../drafts.js";

const BEAT = 20_000, DEAD = 180_000; // how often who flushes notes a beat; without one for so long it sleeps
const LOOK_TWICE = 5000; // one that has just begun has noted no beat yet: it gets so long for that
const PATIENCE = 30_000, HOLD_WAIT = 3000, LOOK = 250;

/** Run `work(robbed)` under this lock; nothing when another tab or the worker has it, unless a person asked: then
 *  after it. One that was put to sleep in the middle (a tab on an iPhone) keeps the lock but not the beat, and is
 *  taken over; `robbed` (an AbortSignal) tells it when it wakes up. Where there are no locks everybody may: a race is
 *  harmless, only wasteful. `beat` {last() -> ms; now(); claim(seen) -> whether that was still the last, and now we}. */
export async function asOnlyOne(name, work, beat, asked) {
  if (!globalThis.navigator?.locks) return work(new AbortController().signal);
  const turn = (options) => underLock(name, options, (robbed) => beating(() => work(robbed), beat));
  if (await turn({ ifAvailable: true })) return undefined;
  const seen = await beat.last();
  if (Math.abs(Date.now() - seen) >= DEAD) {
    if (await inLine(turn, LOOK_TWICE)) return undefined;
    if (await beat.claim(seen)) return turn({ steal: true });
  }
  return asked ? inLine(turn, PATIENCE) : undefined;
}

/** Wait for one's turn, so many ms at most. Whether it came. */
async function inLine(turn, patience) {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), patience);
  try {
    return await turn({ signal: waiting.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Do `work` under the lock, to its end, also when the lock is taken from it in the middle. Whether it came to that. */
async function underLock(name, options, work) {
  const robbed = new AbortController();
  let working = null;
  try {
    await navigator.locks.request(name, options, (lock) => lock && (working = work(robbed.signal)));
  } catch (error) {
    if (!working && !options.signal?.aborted) throw error;
    robbed.abort();
    await working; // an error of its own comes out of it again
  }
  return Boolean(working);
}

async function beating(work, beat) {
  await beat.now();
  const timer = setInterval(beat.now, BEAT);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** Keep a form tab from opening what is being sent; a tab that already has it gets a moment to let go. The function
 *  that lets go, or null when that tab keeps it: sending goes on without. */
export async function holdFor(id) {
  for (const until = Date.now() + HOLD_WAIT; ;) {
    const release = await hold(id).catch(() => () => {});
    if (release || Date.now() >= until) return release;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/** Ask the browser to wake the worker when there is signal, where it can. */
export async function askSync() {
  const registration = await globalThis.navigator?.serviceWorker?.getRegistration?.().catch(() => null);
  await registration?.sync?.register("outbox").catch(() => {});
}
