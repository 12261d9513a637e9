// What the server has of a form of this phone: asked before the form is taken back, or brought back from its copy.

import { ask } from "./ask.js";
import { canonical } from "../canonical.js";
import { sha256 } from "../drafts.js";
import { handOver } from "./handover.js";
import { judge } from "./judge.js";
import { verify } from "./receipts.js";

const PATIENCE = 4000; // ms; somebody stands waiting
const filesOf = (id) => IDBKeyRange.bound([id, ""], [id, "\uffff"]);

/** {revision, correctable, receipt}: how often the form was finished in the version that is there (-1: nothing is
 *  there), whether a newer one may take its place, and the receipt when it is of this very document. null: no answer. */
export async function onServer(store, draft, timeout) {
  const facts = await ask(`/api/v1/submissions/${draft.id}/receipt`, { person: store.person, timeout });
  const { status, json } = facts;
  if (status === 404 && json?.error?.code === "not_found") return { revision: -1, correctable: true, receipt: null };
  if (facts.redirected || status !== 200 || json?.id !== draft.id) return null;
  const { revision = 0, correctable = false } = json;
  return { revision, correctable, receipt: await ours(store, draft, facts) };
}

async function ours(store, draft, facts) {
  const document = draft.document && JSON.parse(draft.document);
  if (!document) return null;
  const expected = { id: draft.id, files: document.files, answers_sha256: await sha256(canonical(document.answers)) };
  const { verdict, receipt } = judge("document", facts, expected);
  return verdict === "arrived" && (await verify(store, receipt)) !== false ? receipt : null;
}

/** Before a form in the queue is taken back: when it has arrived after all, its receipt is kept and the form let go.
 *  null: it has not, or nobody knows; else {putBack}, which opens it again, null when nothing may take its place. */
export async function arrivedAfterAll(store, draft, patience = PATIENCE) {
  if (!draft.posted && !draft.attempts) return null; // it never went out
  const late = new Promise((resolve) => setTimeout(resolve, patience, null));
  const there = await Promise.race([onServer(store, draft, patience), late]).catch(() => null);
  if (!there?.receipt) return null;
  const files = await store.all("files", filesOf(draft.id));
  await handOver(store, draft, there.receipt);
  store.changed("drafts");
  return { putBack: there.correctable ? () => putBack(store, draft, files) : null };
}

/** Open it again, as it was sent; what is finished next takes the place of what is there. One transaction. */
async function putBack(store, draft, files) {
  await store.run(["drafts", "files", "receipts"], "readwrite", (stores) => {
    for (const file of files) stores.files.put(file);
    stores.drafts.put({ ...draft, state: "open", document: null, updated_at: Date.now(), revision: draft.revision + 1 });
    stores.receipts.delete(draft.id); // it is of what was, and would say that all has arrived
  });
  store.changed("drafts");
  store.changed("receipts");
}
