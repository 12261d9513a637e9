// What the server signed for: kept on the phone, shown, and checked again whenever somebody wants to.
//
// A kept receipt: {id, number, survey, title, kind, received_at, files, photos, document, signature,
// key, kept_at}

export const MOST = 200, DAYS = 90;
const KEYS_URL = "/api/v1/receipts/keys";
const TIMEOUT = 15_000;

const bytesOf = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
};

/** The keys that this phone knows: id -> public key (base64url). */
async function knownKeys(store) {
  const lists = [await store.setting("keys", []), (await store.setting("pack"))?.keys ?? []];
  return new Map(lists.flat().map(({ id, public_key }) => [id, public_key]));
}

async function askKeys(store, { fetch = globalThis.fetch, base = "" } = {}) {
  const options = { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout?.(TIMEOUT) };
  const answer = await fetch(base + KEYS_URL, options);
  const keys = answer.status === 200 ? (await answer.json()).keys : null;
  if (!Array.isArray(keys)) throw new TypeError("no keys");
  const all = await knownKeys(store); // a key that was known stays known: old receipts need it
  for (const { id, public_key } of keys) all.set(id, public_key);
  const kept = [...all].map(([id, public_key]) => ({ id, public_key }));
  await store.set("keys", kept).catch((error) => console.warn("fieldapp: keys cannot be kept", error));
  return all;
}

let known; // whether this browser knows Ed25519: asked once

const knowsEd25519 = () => (known ??= crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
  .then(() => true, () => false));

/** Whether `signature` stands under `text`. */
async function signed(publicKey, signature, text) {
  try {
    const key = await crypto.subtle.importKey("raw", bytesOf(publicKey), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, bytesOf(signature), new TextEncoder().encode(text));
  } catch {
    return false;
  }
}

/** Whether a receipt is signed by the server: true, false, or null when it cannot be told here.
 *  An unknown key is asked for once; throws when that does not work out (no signal). */
export async function verify(store, { document, signature, key }, ways = {}) {
  if (typeof document !== "string" || typeof signature !== "string" || typeof key !== "string") return false;
  if (!await knowsEd25519()) return null;
  const publicKey = (await knownKeys(store)).get(key) ?? (await askKeys(store, ways)).get(key);
  return publicKey === undefined ? false : signed(publicKey, signature, document);
}

/** A receipt as the phone keeps it, from what the server gave and the draft that it is of. */
export function receiptOf(draft, { document, signature, key }) {
  const { number, received_at, files } = JSON.parse(document);
  const photos = (draft.files ?? []).filter(({ type }) => type?.startsWith("image/")).length;
  return {
    id: draft.id, number, received_at: received_at ?? new Date().toISOString(), files, photos, document, signature, key,
    survey: draft.survey, title: draft.title, kind: draft.kind, kept_at: Date.now(),
  };
}

/** All receipts, latest first. */
export async function listReceipts(store) {
  return (await store.all("receipts")).sort((a, b) => b.received_at.localeCompare(a.received_at) || b.kept_at - a.kept_at);
}

/** Let go of receipts that are neither among the latest 200 nor of the last 90 days. */
export async function tidyReceipts(store, now = Date.now()) {
  const old = (await listReceipts(store)).slice(MOST).filter(({ kept_at }) => now - kept_at > DAYS * 86_400_000);
  if (!old.length) return 0;
  await store.run("receipts", "readwrite", ({ receipts }) => {
    for (const { id } of old) receipts.delete(id);
  });
  store.changed("receipts");
  return old.length;
}

const HERE = "Europe/Amsterdam";

/** A moment as people read it, in Dutch time: {day: "vr 20 november 2026", time: "14:03"}. */
export function moment(value, language) {
  const date = new Date(value);
  const options = { timeZone: HERE, numberingSystem: "latn" };
  const day = new Intl.DateTimeFormat(language, { ...options, weekday: "short", day: "numeric", month: "long", year: "numeric" });
  const time = new Intl.DateTimeFormat("nl", { ...options, hour: "2-digit", minute: "2-digit" });
  return { day: day.format(date), time: time.format(date) };
}

/** "Aangekomen om 14:03, met 2 foto's"; `texts` {arrived, arrivedPhoto, arrivedPhotos, arrivedOne, arrivedMore}
 *  with {time} and {files}; the last two for other files than photos. */
export function arrival({ received_at, files, photos }, texts, language) {
  const [one, more] = photos === files.length ? [texts.arrivedPhoto, texts.arrivedPhotos] : [texts.arrivedOne, texts.arrivedMore];
  const text = [texts.arrived, one][files.length] ?? more;
  return text.replace("{time}", moment(received_at, language).time).replace("{files}", files.length);
}
