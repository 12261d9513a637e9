// Promises that were ticked off on this phone: kept here first, told to the server as soon as it answers.
// Setting "follow_ups": {id: {done, at, note, sent (ms, 0: not yet), refused (words of the server)}}.

import { isoNow } from "../drafts.js";
import { ask } from "../queue/ask.js";

const NAME = "follow_ups";
const REMEMBERED = 7 * 24 * 3600_000; // after that the pack has known it for long
const FINAL = new Set([403, 404, 422]);

const all = (store) => store.setting(NAME, {});

/** What was done to promises here and is not in the pack yet: id -> mark. */
export async function marksOf(store) {
  const [marks, pack] = await Promise.all([all(store), store.setting("pack")]);
  return Object.fromEntries(Object.entries(marks).filter(([, { sent }]) => !sent || sent > (pack?.at ?? 0)));
}

const waits = ({ sent, refused }) => !sent && !refused;
const change = (store, work) => store.update("settings", NAME, (old) => ({ name: NAME, value: work({ ...old?.value }) }));

/** Call a promise kept, or open again; it is on disk when this resolves. */
export async function markPromise(store, id, done, note = "") {
  await change(store, (marks) => ({ ...marks, [id]: { done, at: isoNow(), note, sent: 0 } }));
  store.changed(NAME);
}

/** Tell the server what waits. Never throws; one at a time over all tabs and the worker. */
export async function sendFollowUps(store) {
  try {
    if (!Object.values(await all(store)).some(waits)) return;
    const locks = globalThis.navigator?.locks;
    const work = () => sendAll(store);
    if (!locks) await work();
    else await locks.request(`fieldapp-follow-ups-${store.person}`, { ifAvailable: true }, (lock) => lock && work());
  } catch (error) {
    console.warn("fieldapp: promises wait", error);
  }
}

async function sendAll(store) {
  let told = false;
  for (const [id, mark] of Object.entries(await all(store))) {
    if (!waits(mark)) continue;
    const facts = await ask(`/api/v1/follow-ups/${id}/${mark.done ? "done" : "open"}`, {
      person: store.person, method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ at: mark.at, note: mark.note }),
    });
    const arrived = facts.status === 200 && facts.json?.id === Number(id) && facts.json.done === mark.done;
    const refused = FINAL.has(facts.status) && facts.json?.error;
    if (!arrived && !refused) break; // no signal, log in first, a portal: later
    told = true;
    await settled(store, id, mark, arrived ? { sent: Date.now() } : { refused: facts.json.error.message });
  }
  await change(store, forget);
  if (told) store.changed(NAME);
}

/** Note what came of it, unless the person changed their mind meanwhile. */
function settled(store, id, { at, done }, outcome) {
  return change(store, (marks) => {
    if (marks[id]?.at === at && marks[id].done === done) marks[id] = { ...marks[id], ...outcome };
    return marks;
  });
}

/** What was told long ago goes; what still waits stays. */
function forget(marks) {
  const old = Date.now() - REMEMBERED;
  return Object.fromEntries(Object.entries(marks).filter(([, mark]) => waits(mark) || (mark.sent || Date.parse(mark.at)) > old));
}

let watching = false;

/** Send now, and again whenever there may be signal. */
export function keepSending(store) {
  sendFollowUps(store);
  if (watching) return;
  watching = true;
  const again = () => sendFollowUps(store);
  addEventListener("online", again);
  addEventListener("pageshow", again);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  document.addEventListener("fa:flush", again);
}
