// The room on this phone: can it keep anything, is there enough, may the browser clean it up, was it cleaned up.
// What is kept is judged by writing, not by what the browser promises.

import { NoStorage, StorageFull } from "./store.js";

const MB = 1024 * 1024;
export const LITTLE = 50 * MB;
const SHARE = 0.1;
const TRY_BYTES = 6 * MB, TRY_EVERY = 86_400_000;
const ASK_AGAIN = 7 * 86_400_000;
const marker = (store) => `fieldapp-made-${store.person}`;

/** {usage, quota, free} in bytes; null where the browser does not say. */
export async function room() {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    return quota > 0 ? { usage, quota, free: Math.max(0, quota - usage) } : null;
  } catch {
    return null;
  }
}

const isLittle = (found) => found !== null && (found.free < LITTLE || found.free < found.quota * SHARE);

/** Whether the phone can keep what is typed now.
 *  {state: "ok" | "private" (nothing can be kept) | "broken" (not now) | "full" | "low" | "gone" (it was cleaned up),
 *   room, gone: moment (ms) from which things were lost or null}. Never throws. */
export async function checkStorage(store) {
  try {
    if (!store || !globalThis.indexedDB) return { state: "private", room: null, gone: null };
    const gone = await begin(store);
    const found = await room();
    if (await isFull(store, found)) return { state: "full", room: found, gone };
    return { state: gone ? "gone" : isLittle(found) ? "low" : "ok", room: found, gone };
  } catch (error) {
    // What worked here before is not private mode: the system has shut it for a while.
    const never = (error instanceof NoStorage || error?.name === "SecurityError") && !remembered(store);
    const state = error instanceof StorageFull ? "full" : never ? "private" : "broken";
    return { state, room: await room(), gone: null };
  }
}

/** Note when this store was made. A store that is new while this browser had one before was thrown away. */
async function begin(store) {
  const now = Date.now(), before = remembered(store);
  const made = await store.update("settings", "made", (old) => (old ? undefined : { name: "made", value: now }));
  if (made.value === now && before) await store.set("gone", { since: before, at: now });
  remember(store, made.value);
  await store.set("tried", now); // the proof of keeping is in the keeping
  return (await store.setting("gone"))?.since ?? null;
}

function remembered(store) {
  try {
    return Number(localStorage.getItem(marker(store))) || null;
  } catch {
    return null;
  }
}

function remember(store, made) {
  try {
    localStorage.setItem(marker(store), String(made));
  } catch { /* blocked: then a store that vanished cannot be told from a new one */ }
}

/** The person has read that things are gone. */
export const forgetGone = (store) => store.remove("settings", "gone");

/** Browsers round the room off; once a day, or when there seems to be little, a photo's worth is really written. */
async function isFull(store, found) {
  const last = await store.setting("room_tried", { at: 0, fits: true });
  const old = Date.now() - last.at > TRY_EVERY || Date.now() < last.at;
  if (!old && last.fits && !isLittle(found)) return false;
  let fits = true;
  try {
    await store.set("room_probe", noise(TRY_BYTES));
    await store.remove("settings", "room_probe"); // a transaction later, else nothing was ever written
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    fits = false;
  }
  await store.set("room_tried", { at: Date.now(), fits }).catch(() => {});
  return !fits;
}

/** Bytes that do not compress. */
function noise(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

/** true, false, or null where the browser does not say. */
export async function isPersisted() {
  try {
    return await navigator.storage.persisted();
  } catch {
    return null;
  }
}

/** Ask the browser never to clean up, when there is something to keep; the answer is kept. Once a week, or `now`. */
export async function askPersist(store, now = false) {
  if ((await isPersisted()) !== false) return isPersisted();
  const last = await store.setting("persist", { at: 0 });
  if (!now && Date.now() - last.at < ASK_AGAIN) return false;
  await store.set("persist", { at: Date.now(), answer: null });
  const answer = await navigator.storage.persist().catch(() => false);
  await store.set("persist", { at: Date.now(), answer });
  return answer;
}
