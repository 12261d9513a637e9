// Getting drafts back from their sealed copies: on another phone, or after this one lost them.

import { sha256 } from "../drafts.js";
import { nameOf, openDraft, openFile } from "./keys.js";
import { onServer } from "../queue/on_server.js";
import { dropCopy, fetchSealed } from "./server.js";

/** Bring back what `keys` open; {back, arrived, newer, other, broken, waiting, files}: how many came back, had arrived
 *  already, are newer here, belong to another code, cannot be opened, must wait for signal; files that are missing. */
export async function bringBack(store, keys, copies) {
  const count = { back: 0, arrived: 0, newer: 0, other: 0, broken: 0, waiting: 0, files: 0 };
  for (const copy of copies) {
    const came = copy.lock === keys.lock ? await one(store, keys, copy, count) : "other";
    count[came] += 1;
  }
  if (count.back) store.changed("drafts");
  return count;
}

async function one(store, keys, { draft: id, revision }, count) {
  if ((await store.get("drafts", id))?.revision >= revision) return "newer";
  const drop = async () => ((await dropCopy(store.person, id)) ? "arrived" : "waiting");
  if (await store.get("receipts", id)) return drop();
  const { bytes } = await fetchSealed(store.person, id);
  if (!bytes) return "waiting";
  let draft;
  try {
    draft = await openDraft(keys, store.person, id, revision, bytes);
  } catch {
    return "broken";
  }
  const there = await onServer(store, draft);
  if (!there) return "waiting";
  if (hasArrived(draft, there)) return drop();
  const files = await filesOf(store, keys, draft);
  if (!files) return "waiting";
  count.files += new Set(draft.files.map(({ sha256: hash }) => hash)).size - files.length;
  return put(store, draft, files, keys.lock);
}

/** Whether what the server has is this form, or a later version of it. One that was finished, arrived and then taken
 *  back has not: what was changed since is in this copy only. */
function hasArrived({ state, finishes = 0 }, { revision, receipt }) {
  if (revision < 0) return false;
  if (revision > finishes) return true;
  return state === "open" ? finishes === 0 : receipt !== null;
}

/** The files that are there and whole; null when the line broke. */
async function filesOf(store, keys, { id, files }) {
  const found = [];
  const types = new Map(files.map(({ sha256: hash, type }) => [hash, type]));
  for (const [hash, type] of types) {
    const name = await nameOf(keys, id, hash);
    const { bytes: sealed, gone } = await fetchSealed(store.person, id, name);
    if (!sealed && !gone) return null;
    const bytes = sealed && await openFile(keys, store.person, id, name, sealed).catch(() => null);
    if (bytes && (await sha256(bytes)) === hash) found.push({ draft: id, sha256: hash, type, bytes });
  }
  return found;
}

/** Everything of one draft in one transaction, unless this phone has it newer by now. */
async function put(store, draft, files, lock) {
  const whole = new Set(files.map(({ sha256: hash }) => hash));
  const open = draft.state === "open";
  const restored = {
    ...draft, uploaded: {}, attempts: 0, next_try_at: 0, sealed: draft.revision,
    // A finished document names its files for good: there the outbox says which is missing.
    files: open ? draft.files.filter(({ sha256: hash }) => whole.has(hash)) : draft.files,
  };
  return store.run(["drafts", "files", "settings"], "readwrite", (stores, set) => {
    const asked = stores.drafts.get(draft.id), noted = stores.settings.get("sealed");
    noted.onsuccess = () => {
      if (asked.result?.revision >= draft.revision) return set("newer");
      stores.drafts.put(restored);
      for (const file of files) stores.files.put(file);
      const known = { lock, revision: draft.revision, files: [...whole] };
      stores.settings.put({ name: "sealed", value: { ...noted.result?.value, [draft.id]: known } });
      return set("back");
    };
  });
}
