// Forms on the phone, from the first answer to the receipt. A draft:
//
//   id            uuid, becomes the submission's id; made at the first input, never changed
//   state         "open" | "queued" (finished, waits to be sent) | "refused" (the server says what is wrong)
//   survey, version, language, round, kind, title       what is filled in
//   started_at    ISO with offset: the moment of capture        updated_at   ms since 1970
//   finished_at   ms since 1970, when the person said "done"
//   page          where the person was
//   controls      [[name, value], ...] of every control that holds something, to put the page back
//   location      {lon, lat, accuracy_m, source, taken_at, area_code} or null
//   files         [{path, name, sha256, type, size, taken_at}]; the bytes are in the store `files`
//   finishes      how often the person said "done"; goes along as the document's revision (ADR 33)
//   document      the exact JSON text that is sent, fixed when finished; null while open
//   refusal       {code, message, problems: [{path, message}]} of a refused one
//   attempts, next_try_at (ms), uploaded: {sha256: bytes that the server has}
//   revision      counts every change; sealed: the revision of which the server has a sealed copy
//   tab           the page that wrote it last: without Web Locks two may have the same one open

const OPEN = "open", QUEUED = "queued", REFUSED = "refused";
export const STATES = { OPEN, QUEUED, REFUSED };

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 of bytes or of text (UTF-8), as hex. */
export async function sha256(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

/** A moment with the offset of this phone: 2026-11-21T14:03:00.000+01:00. */
export function isoNow(date = new Date()) {
  const minutes = -date.getTimezoneOffset();
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** A draft that is not stored yet: the first answer does that. */
export function newDraft({ survey, version, language, kind = "", title = "", round = "" }) {
  return {
    id: crypto.randomUUID(), state: OPEN, survey, version, language, kind, title, round,
    started_at: isoNow(), updated_at: Date.now(), finished_at: null, page: "", controls: [], location: null,
    files: [], document: null, refusal: null, attempts: 0, next_try_at: 0, uploaded: {}, revision: 0, sealed: 0, finishes: 0,
  };
}

const TAB = String(Math.random()); // this page, as long as it is open

const touched = (draft, patch) => ({ ...draft, ...patch, tab: TAB, updated_at: Date.now(), revision: draft.revision + 1 });

/** Another tab changed or finished the draft since this one read it: what is here must not go over that. */
export class WrittenElsewhere extends Error {
  name = "WrittenElsewhere";
}

const isFromElsewhere = (stored, draft) => stored.state !== OPEN || (stored.tab !== TAB && stored.revision !== draft.revision);

/** Change what is stored of `draft` in one transaction: `change(stored draft, stores)` gives the patch.
 *  The stored draft; WrittenElsewhere when it is no longer the one that this tab knows. */
async function write(store, draft, change, also = []) {
  let elsewhere = false;
  const saved = await store.run(["drafts", "receipts", ...also], "readwrite", (stores, set) => {
    const asked = stores.drafts.get(draft.id);
    stores.receipts.getKey(draft.id).onsuccess = ({ target }) => { // after the first: they come in order
      const old = asked.result;
      elsewhere = old ? isFromElsewhere(old, draft) : target.result !== undefined; // or sent by another tab
      if (elsewhere) return;
      const next = touched(old ?? draft, change(old ?? draft, stores));
      stores.drafts.put(next);
      set(next);
    };
  });
  if (elsewhere) throw new WrittenElsewhere();
  store.changed("drafts");
  return saved;
}

/** Keep a draft with these changes; only what is open can be changed. The stored draft. */
export const saveDraft = (store, draft, patch = {}) => write(store, draft, () => patch);

/** Keep a file with a draft: bytes and draft in one transaction. The file's line in `draft.files`. */
export async function attach(store, draft, path, blob, { name, taken_at = null } = {}) {
  const bytes = await blob.arrayBuffer(); // as bytes: some browsers give back empty blobs
  if (!bytes.byteLength) throw new TypeError("an empty file is no file");
  const file = { path, name, sha256: await sha256(bytes), type: blob.type, size: bytes.byteLength, taken_at };
  await write(store, draft, (old, { files }) => {
    files.put({ draft: draft.id, sha256: file.sha256, type: file.type, bytes });
    return { files: [...old.files.filter((one) => one.path !== path || one.sha256 !== file.sha256), file] };
  }, ["files"]);
  return file;
}

/** Take a file out of an answer; its bytes go when no other answer names them. */
export const detach = (store, draft, path, hash) => write(store, draft, (old, { files }) => {
  const left = old.files.filter((one) => one.path !== path || one.sha256 !== hash);
  if (!left.some((one) => one.sha256 === hash)) files.delete([draft.id, hash]);
  return { files: left };
}, ["files"]);

/** The same answers once more, with their files, in a draft of their own. */
export async function copied(store, draft) {
  const { started_at, page, controls, location } = draft;
  const copy = touched(newDraft(draft), { started_at, page, controls, location, files: draft.files });
  await store.run(["drafts", "files"], "readwrite", ({ drafts, files }) => {
    drafts.put(copy);
    for (const { sha256 } of draft.files) {
      files.get([draft.id, sha256]).onsuccess = ({ target }) => target.result && files.put({ ...target.result, draft: copy.id });
    }
  });
  store.changed("drafts");
  return copy;
}

/** The bytes of a file, checked against their hash; null when they are not (whole) there. */
export async function readFile(store, id, hash) {
  const found = await store.get("files", [id, hash]);
  return found && (await sha256(found.bytes)) === hash ? new Blob([found.bytes], { type: found.type }) : null;
}

/** The person is done: fix what is sent and put it in the queue. The stored draft. */
export async function finish(store, id, document) {
  const next = await store.update("drafts", id, (old) => {
    if (old?.state !== OPEN) return undefined;
    const finishes = (old.finishes ?? 0) + 1;
    return touched(old, { state: QUEUED, finishes, document: JSON.stringify({ ...document, revision: finishes }),
      finished_at: Date.now(), refusal: null, attempts: 0, next_try_at: 0 });
  });
  store.changed("drafts");
  return next;
}

/** Open a refused or waiting one again, to be corrected; it keeps its id. */
export async function reopen(store, id) {
  const next = await store.update("drafts", id, (old) => (old && old.state !== OPEN
    ? touched(old, { state: OPEN, document: null }) : undefined));
  store.changed("drafts");
  return next;
}

/** Throw a draft away with its files. */
export async function discard(store, id) {
  await store.run(["drafts", "files"], "readwrite", ({ drafts, files }) => {
    drafts.delete(id);
    files.delete(IDBKeyRange.bound([id, ""], [id, "\uffff"]));
  });
  store.changed("drafts");
}

/** All drafts, oldest first. */
export async function allDrafts(store) {
  return (await store.all("drafts")).sort((a, b) => a.started_at.localeCompare(b.started_at));
}

/** Hold a draft for this tab: the function that lets go, or null when another tab has it. Without locks nobody
 *  holds anything: each write then goes by what is stored. */
export function hold(id) {
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    navigator.locks.request(`fieldapp-draft-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((release) => resolve(release)); // held until released or the tab is gone
    }).catch(() => resolve(() => {}));
  });
}
