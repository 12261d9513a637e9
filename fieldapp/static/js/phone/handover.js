// The one moment at which the phone's copy goes: the receipt in, the form and its files out.

import { receiptOf } from "./receipts.js";
import { StorageFull } from "./store.js";

const filesOf = (id) => IDBKeyRange.bound([id, ""], [id, "\uffff"]);
const complete = ({ document }) => Object.fromEntries(JSON.parse(document).files.map(({ sha256, size }) => [sha256, size]));

/** One transaction. A form that was taken back while it was under way keeps what it has. */
function exchange(store, draft, kept) {
  return store.run(["drafts", "files", "receipts"], "readwrite", ({ drafts, files, receipts }) => {
    const asked = drafts.get(draft.id);
    asked.onsuccess = () => {
      receipts.put(kept);
      if (asked.result?.document !== draft.document) return;
      drafts.delete(draft.id);
      files.delete(filesOf(draft.id));
    };
  });
}

/** Keep the receipt of a draft and let the draft go. */
export async function handOver(store, draft, receipt) {
  const kept = receiptOf(draft, receipt);
  try {
    await exchange(store, draft, kept);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    await makeRoom(store, draft);
    await exchange(store, draft, kept);
  }
  store.changed("receipts");
}

/** No room for the receipt: the files make room, the server signed for them. Killed right after this the form is
 *  still in the queue, and is sent once more for the same receipt. */
async function makeRoom(store, draft) {
  await store.run(["drafts", "files"], "readwrite", ({ drafts, files }) => {
    const asked = drafts.get(draft.id);
    asked.onsuccess = () => {
      if (asked.result?.document !== draft.document) return;
      files.delete(filesOf(draft.id));
      drafts.put({ ...asked.result, uploaded: complete(draft) });
    };
  });
}
