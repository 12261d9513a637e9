// One flusher over all tabs and the worker, and who may have a form open while it is sent: Web Locks.

import { hold } from "./drafts.js";

const BEAT = 20_000, DEAD = 180_000, PATIENCE = 30_000, HOLD_WAIT = 3000, LOOK = 250;

/** Run `work` under this lock; nothing when another tab or the worker has it, unless a person asked: then after it.
 *  `beat` {last() -> ms, now()}: one that was put to sleep in the middle (a tab on an iPhone) keeps the lock but not
 *  the beat, and is taken over. Where there are no locks everybody may: a race is harmless, only wasteful. */
export async function asOnlyOne(name, work, beat, asked) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return work();
  const busy = {};
  const run = (lock) => (lock ? beating(work, beat) : busy);
  const came = await locks.request(name, { ifAvailable: true }, run);
  if (came !== busy) return came;
  if (Math.abs(Date.now() - await beat.last()) >= DEAD) return locks.request(name, { steal: true }, run);
  if (!asked || !AbortSignal.timeout) return undefined;
  return locks.request(name, { signal: AbortSignal.timeout(PATIENCE) }, run).catch((error) => {
    if (error?.name !== "TimeoutError") throw error;
  });
}

async function beating(work, beat) {
  await beat.now();
  const timer = setInterval(beat.now, BEAT);
  try {
    return await work();
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
