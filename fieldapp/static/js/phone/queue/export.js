// The whole queue in one file, for when the phone itself cannot send it: the import page takes it.
//
//   inzendingen/<id>.json     the exact text that would have been sent
//   bestanden/<sha256>        photos and recordings
//   beschadigd/<sha256>       bytes that are no longer what they were
//   lees-mij.txt              what this is and where to bring it

import { STATES, sha256 } from "../drafts.js";
import { Zip } from "./zip.js";

/** The queue, finished and refused, as a zip. {blob, forms, files, damaged, missing}. */
export async function exportQueue(store, readme) {
  const zip = new Zip();
  const drafts = (await store.all("drafts")).filter(({ state, document }) => state !== STATES.OPEN && document);
  const names = new Set();
  const found = { forms: 0, files: 0, damaged: 0, missing: 0 };
  zip.add("lees-mij.txt", readme);
  for (const draft of drafts) {
    zip.add(`inzendingen/${draft.id}.json`, draft.document);
    found.forms += 1;
    for (const { sha256: hash } of JSON.parse(draft.document).files) {
      found[await addFile(zip, store, draft.id, hash, names)] += 1;
    }
  }
  return { ...found, blob: zip.finish() };
}

async function addFile(zip, store, id, hash, names) {
  const kept = await store.get("files", [id, hash]).catch(() => null); // one that cannot be read costs only itself
  if (!kept) return "missing";
  const whole = (await sha256(kept.bytes)) === hash;
  const name = `${whole ? "bestanden" : "beschadigd"}/${hash}`;
  if (!names.has(name)) zip.add(name, kept.bytes);
  names.add(name);
  return whole ? "files" : "damaged";
}

/** Hand a file to the person: into the downloads of this phone. */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
