// The one moment at which the phone's copy goes: the receipt in, the form and its files out.

import { receiptOf } from "./receipts.js";
import { StorageFull } from "../store.js";

const filesOf = (id) => IDBKeyRange.bound([id, ""], [id, "\uffff"]);

/** One transaction. A form that was taken back while it was under way keeps what it has, without a receipt: that is
 *  of what it was, and would say of what is finished next that it has arrived. */
function exchange(store, draft, kept) {
  return store.run(["drafts", "files", "receipts"], "readwrite", ({ drafts, files, receipts }) => {
    const asked = drafts.get(draft.id);
    asked.onsuccess = () => {
      if (asked.result && asked.result.document !== draft.document) return;
      receipts.put(kept);
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

/** No room for the receipt: the files make room, the server signed for them. Nothing is written, since nothing can
 *  be. Killed right after this the form is still in the queue: send.js then asks the server for the receipt. */
function makeRoom(store, draft) {
  return store.run(["drafts", "files"], "readwrite", ({ drafts, files }) => {
    const asked = drafts.get(draft.id);
    asked.onsuccess = () => {
      if (asked.result?.document === draft.document) files.delete(filesOf(draft.id));
    };
  });
}
