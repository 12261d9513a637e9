// Sealing: AES-GCM-256 with a key that comes from the recovery code and never leaves the phone. The server gets
// nothing from which the code or the key can be worked out.
//
// A sealed thing: one byte 1, twelve random bytes, what AES-GCM gives. Its associated data name the person, the
// draft and what it is, so that one sealed thing cannot be taken for another.

const MARK = 1, NONCE = 12;
const BLOCK = 1024; // drafts are filled up with spaces to whole blocks: their length says little
const text = new TextEncoder();
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whether this browser can seal: only on a safe connection. */
export const canSeal = () => Boolean(globalThis.crypto?.subtle && globalThis.isSecureContext !== false);

/** {lock, key, names} of a code, for a person: what it is called, what seals, what makes names of files. */
export async function keysOf(signs, person) {
  const base = await crypto.subtle.importKey("raw", text.encode(signs), "HKDF", false, ["deriveBits", "deriveKey"]);
  const from = (info) => ({ name: "HKDF", hash: "SHA-256", salt: text.encode(`fieldapp-seal-1 ${person}`), info: text.encode(info) });
  const [lock, key, names] = await Promise.all([
    crypto.subtle.deriveBits(from("lock"), base, 128),
    crypto.subtle.deriveKey(from("key"), base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    crypto.subtle.deriveKey(from("names"), base, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]),
  ]);
  return { lock: hex(lock), key, names };
}

const bound = (person, id, what) => text.encode(`fieldapp-seal-1|${person}|${id}|${what}`);

async function seal(key, data, about) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, key, data);
  const sealed = new Uint8Array(1 + NONCE + closed.byteLength);
  sealed[0] = MARK;
  sealed.set(iv, 1);
  sealed.set(new Uint8Array(closed), 1 + NONCE);
  return sealed;
}

/** The bytes again; rejects when anything is not as it was sealed. */
async function open(key, sealed, about) {
  const bytes = new Uint8Array(sealed);
  if (bytes[0] !== MARK) throw new DOMException("not sealed by this version", "OperationError");
  const iv = bytes.subarray(1, 1 + NONCE);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: about }, key, bytes.subarray(1 + NONCE));
}

/** A draft, sealed, as of its revision. */
export function sealDraft({ key }, person, draft) {
  const plain = text.encode(JSON.stringify(draft));
  const filled = new Uint8Array(Math.ceil(plain.length / BLOCK) * BLOCK).fill(32); // spaces after JSON say nothing
  filled.set(plain);
  return seal(key, filled, bound(person, draft.id, draft.revision));
}

/** The draft in a sealed copy. */
export async function openDraft({ key }, person, id, revision, sealed) {
  const draft = JSON.parse(new TextDecoder().decode(await open(key, sealed, bound(person, id, revision))));
  if (draft.id !== id || draft.revision !== revision) throw new DOMException("another draft", "OperationError");
  return draft;
}

/** The name under which the server keeps a file: it says nothing about the file. */
export async function nameOf({ names }, id, hash) {
  return hex(await crypto.subtle.sign("HMAC", names, text.encode(`${id}|${hash}`)));
}

/** A file of a draft, sealed. */
export const sealFile = ({ key }, person, id, name, bytes) => seal(key, bytes, bound(person, id, name));

/** The bytes of a sealed file. */
export const openFile = ({ key }, person, id, name, sealed) => open(key, sealed, bound(person, id, name));
