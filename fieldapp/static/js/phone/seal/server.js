// The server's side of second copies, asked so that what answers for it (a wifi that wants a log-in) is not believed.

import { sha256 } from "../drafts.js";

const URL_BASE = "/api/v1/sealed";
const TIMEOUT = 60_000;
const MOST_ALIVE = 60_000; // bytes that a browser still sends for a page that is gone

/** One request. {status, json, bytes}; status 0 when no answer came. Never throws. */
async function call(person, path, { method = "GET", body, headers = {}, hiding = false, raw = false } = {}) {
  try {
    const answer = await fetch(path, {
      method, body, cache: "no-store", redirect: "manual", credentials: "same-origin",
      keepalive: hiding && (body?.byteLength ?? 0) < MOST_ALIVE,
      signal: AbortSignal.timeout?.(TIMEOUT),
      headers: { Accept: "application/json", "X-Fieldapp-Client": "phone", "X-Fieldapp-Person": person, ...headers },
    });
    const bytes = await answer.arrayBuffer();
    let json;
    if (!raw || answer.status !== 200) {
      try {
        json = JSON.parse(new TextDecoder().decode(bytes));
      } catch { /* a page of somebody else */ }
    }
    return { status: answer.status, json, bytes };
  } catch {
    return { status: 0 };
  }
}

const BINARY = { "Content-Type": "application/octet-stream" };

/** Every copy of this person, or null when that cannot be known now. */
export async function listCopies(person) {
  const { status, json } = await call(person, URL_BASE);
  return status === 200 && Array.isArray(json?.copies) ? json.copies : null;
}

/** Copies on the server of which there is nothing on this phone; null without signal. */
export async function lostCopies(store) {
  const copies = await listCopies(store.person);
  if (!copies) return null;
  const here = new Set((await store.all("drafts")).map(({ id }) => id));
  const known = await store.setting("sealed", {}); // arrived or thrown away here: still to be taken away there
  return copies.filter(({ draft }) => !here.has(draft) && !known[draft]);
}

/** What came of a request to keep something: "kept", "older" (the server has a newer one), "login", "full", "later". */
const verdict = ({ status, json }, ours) => {
  if (status === 200 && ours(json)) return "kept";
  if (status === 409 && json?.error?.code === "revision") return "older";
  if (status === 401) return "login";
  if (status === 507 || (status === 413 && json?.error)) return "full";
  return "later";
};

export async function putDraft(person, lock, { id, revision }, body, hiding) {
  const headers = { ...BINARY, "Sealed-Lock": lock, "Sealed-Revision": String(revision) };
  const answer = await call(person, `${URL_BASE}/${id}`, { method: "PUT", body, headers, hiding });
  return verdict(answer, (json) => json?.draft === id && json.revision === revision);
}

export async function putFile(person, id, name, body) {
  const hash = await sha256(body);
  const answer = await call(person, `${URL_BASE}/${id}/${name}`, { method: "PUT", body, headers: BINARY });
  return verdict(answer, (json) => json?.name === name && json.sha256 === hash);
}

/** Whether the copy is gone now. */
export async function dropCopy(person, id) {
  return (await call(person, `${URL_BASE}/${id}`, { method: "DELETE" })).status === 204;
}

/** The sealed bytes of a draft or file: {bytes}, {gone: true}, or {} when there is no answer. */
export async function fetchSealed(person, id, name = "") {
  const path = name ? `${URL_BASE}/${id}/${name}` : `${URL_BASE}/${id}`;
  const { status, bytes, json } = await call(person, path, { raw: true });
  if (status === 200) return { bytes };
  return { gone: status === 404 && json?.error?.code === "not_found" };
}

