// Sends one finished draft: first its files, in parts that can be taken up again, then the document. Says what came
// of it (judge.js) and changes nothing on the draft but `uploaded` and `posted` (its document went out, so that the
// server may have it): the outbox does the rest. Works in a worker.

import { ask } from "./ask.js";
import { canonical } from "../canonical.js";
import { sha256 } from "../drafts.js";
import { FileSender } from "./file_sender.js";
import { judge } from "./judge.js";
import { verify } from "./receipts.js";
import { STOPPED, UnderWay, refusedHere } from "./under_way.js";

export { ask }; // device.js still asks for it here

const SUBMISSIONS = "/api/v1/submissions";
const GONE = new Set(["file_gone", "file_damaged"]);

/** Send one draft. `given` {fetch, base, timeout}: other ways than usual. A verdict of judge.js, "refused" also for a
 *  file that is gone here, or "stopped" when the person took the draft back meanwhile or another flusher took over. */
export async function send(store, draft, given, robbed) {
  const ways = { ...given, person: store.person };
  const errand = new UnderWay(store, draft, robbed);
  const { document } = errand;
  if (!document) return refusedHere("document_damaged");
  const files = new Map(document.files.map((file) => [file.sha256, file]));
  let gone = null;
  for (const file of files.values()) {
    if (draft.uploaded?.[file.sha256] === file.size) continue; // the document's answer tells when it is not so
    const answer = await new FileSender(errand, file, ways).send();
    if (GONE.has(answer.reason)) gone ??= answer;
    else if (answer.verdict !== "arrived") return answer;
    else if (!await errand.progress(file.sha256, file.size)) return STOPPED;
  }
  if (!await errand.note({ posted: true })) return STOPPED;
  const answer = await sendDocument(store, draft, document, ways);
  if (answer.verdict === "again") await errand.note({ uploaded: {} });
  // Of a form that arrived before, with all its files, the receipt comes once more. Of any other the server says
  // that a file is missing, as it must: then it is refused here for the reason that the person can do something about.
  return gone && (answer.verdict === "again" || answer.verdict === "refused") ? gone : answer;
}

async function sendDocument(store, draft, document, ways) {
  const expected = { id: draft.id, files: document.files, answers_sha256: await sha256(canonical(document.answers)) };
  const headers = { "Content-Type": "application/json" };
  const facts = await ask(SUBMISSIONS, { ...ways, method: "POST", body: draft.document, headers });
  const first = judge("document", facts, expected);
  if (first.verdict !== "arrived") return first;
  let signature;
  try {
    signature = await verify(store, first.receipt, ways);
  } catch {
    return { verdict: "later", reason: "network" }; // its key cannot be fetched now
  }
  return judge("document", facts, expected, signature);
}
