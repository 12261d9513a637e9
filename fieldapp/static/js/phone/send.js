// Sends one finished draft: first its files, in parts that can be taken up again, then the document. Says what
// came of it (judge.js) and changes nothing but `uploaded` on the draft: the outbox does the rest. Works in a worker.

import { canonical } from "./canonical.js";
import { STATES, readFile, sha256 } from "./drafts.js";
import { judge } from "./judge.js";
import { verify } from "./receipts.js";
import { StorageFull } from "./store.js";

export const PART = 256 * 1024, SMALLEST = 32 * 1024;
const TIMEOUT = 30_000;
const STARTS_OVER = 2; // times that a file may begin anew within one try
const SUBMISSIONS = "/api/v1/submissions", FILES = "/api/v1/files/";

/** One request and the facts of its answer, as judge.js wants them. Never throws. */
export async function ask(url, { person, fetch = globalThis.fetch, base = "", timeout = TIMEOUT, headers = {}, ...options } = {}) {
  const control = new AbortController();
  let timedOut = false;
  const stop = () => {
    timedOut = true;
    control.abort();
  };
  let timer = setTimeout(stop, timeout);
  const facts = { failed: null, redirected: false, status: 0, json: undefined, retry_after: null, now: Date.now() };
  try {
    const answer = await fetch(base + url, {
      ...options, cache: "no-store", redirect: "manual", credentials: "same-origin", signal: control.signal,
      headers: { Accept: "application/json", "X-Fieldapp-Client": "phone", "X-Fieldapp-Person": person, ...headers },
    });
    facts.status = answer.status;
    facts.redirected = answer.type === "opaqueredirect" || answer.redirected;
    facts.retry_after = answer.headers.get("Retry-After");
    const more = () => {
      clearTimeout(timer);
      timer = setTimeout(stop, timeout);
    };
    const text = await bodyOf(answer, more);
    try {
      facts.json = JSON.parse(text);
    } catch { /* a page of somebody else, or cut short: json stays undefined */ }
  } catch {
    facts.failed = timedOut ? "timeout" : "network";
  } finally {
    clearTimeout(timer);
  }
  return facts;
}

/** The text of an answer; each piece that comes in is progress. */
async function bodyOf(answer, progress) {
  if (!answer.body) return "";
  const reader = answer.body.getReader(), decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    progress();
    text += decoder.decode(value, { stream: true });
  }
}

const refusedHere = (code, problems = []) => (
  { verdict: "refused", reason: code, refusal: { code, message: "", problems } });

/** What the document says, or null when it cannot be what was finished. */
function readDocument({ id, document }) {
  try {
    const parsed = JSON.parse(document);
    return parsed.id === id && parsed.answers && Array.isArray(parsed.files) ? parsed : null;
  } catch {
    return null;
  }
}

/** Note how much of a file is there; whether this draft is still what we are sending. */
async function note(store, draft, hash, received, robbed) {
  const uploaded = { ...draft.uploaded, [hash]: received };
  const change = (now) => (same(now, draft) ? { ...now, uploaded } : undefined);
  const stored = await store.update("drafts", draft.id, change).catch((error) => {
    if (!(error instanceof StorageFull)) throw error;
    return store.get("drafts", draft.id); // the server knows how far it is
  });
  if (robbed?.aborted || !same(stored, draft)) return false;
  draft.uploaded = uploaded;
  store.changed("progress");
  return true;
}

const same = (now, draft) => now?.state === STATES.QUEUED && now.document === draft.document;
const GONE = new Set(["file_gone", "file_damaged"]);
const STOPPED = { verdict: "stopped", reason: "changed" };

/** The part size of this phone: `most` the server or what lies between took before, `size` what the line can bear. */
class PartSize {
  static async of(store) {
    const kept = await store.setting("part_size");
    return Object.assign(new PartSize(), { store, size: kept?.size ?? PART, most: kept?.most ?? PART });
  }

  get smallest() {
    return this.size <= SMALLEST;
  }

  halve(forGood) {
    this.size = Math.max(SMALLEST, Math.floor(this.size / 2));
    if (forGood) this.most = this.size;
    return this.#keep();
  }

  grow() {
    if (this.size >= this.most) return undefined;
    this.size = Math.min(this.most, this.size * 2);
    return this.#keep();
  }

  #keep() {
    return this.store.set("part_size", { size: this.size, most: this.most }).catch(() => {});
  }
}

/** The bytes of a file, or null when they are gone or damaged on this phone. */
async function bytesHere(store, id, hash) {
  try {
    return await (await readFile(store, id, hash))?.arrayBuffer() ?? null;
  } catch (error) {
    await store.get("drafts", id); // the whole database is away: that is no word about this file
    console.warn("fieldapp: a file cannot be read", error);
    return null;
  }
}

/** Bring one file over. {verdict: "arrived"} or what stands in the way. */
async function sendFile(store, draft, file, ways, robbed) {
  const url = FILES + file.sha256;
  let answer = judge("file", await ask(url, ways), file);
  if (answer.verdict === "smaller" || answer.verdict === "again") return { verdict: "later", reason: "strange" };
  if (answer.verdict !== "arrived") return answer;
  let at = answer.received, done = answer.complete, starts = 0;
  let bytes = null;
  const part = await PartSize.of(store);
  while (!done) {
    bytes ??= await bytesHere(store, draft.id, file.sha256);
    if (!bytes) return refusedHere("file_gone", problemsOf(draft, file.sha256, "file_gone"));
    if (bytes.byteLength !== file.size) return refusedHere("file_damaged", problemsOf(draft, file.sha256, "file_damaged"));
    const body = new Uint8Array(bytes, at, Math.min(part.size, file.size - at));
    const headers = { "Upload-Offset": String(at), "Upload-Length": String(file.size), "Content-Type": "application/octet-stream" };
    const facts = await ask(url, { ...ways, method: "PUT", body, headers });
    answer = judge("file", facts, file);
    if (answer.verdict === "arrived") {
      if (answer.received <= at && !answer.complete) return { verdict: "later", reason: "strange" };
      ({ received: at, complete: done } = answer);
    } else if (answer.verdict === "smaller") {
      if (part.smallest) return { ...answer, verdict: "refused", refusal: withPath(answer.refusal, draft, file.sha256) };
      await part.halve(true);
    } else if (answer.verdict === "again") {
      if ((starts += 1) > STARTS_OVER) return { verdict: "later", reason: answer.reason };
      at = answer.received;
    } else {
      if (facts.failed === "timeout" && !part.smallest) await part.halve(false);
      return answer.verdict === "refused" ? { ...answer, refusal: withPath(answer.refusal, draft, file.sha256) } : answer;
    }
    if (!await note(store, draft, file.sha256, at, robbed)) return STOPPED;
  }
  if (bytes && bytes.byteLength > part.size) await part.grow();
  return { verdict: "arrived" };
}

const pathsOf = (draft, hash) => JSON.parse(draft.document).files
  .filter((one) => one.sha256 === hash).map(({ question, name }) => ({ path: question, name }));
const problemsOf = (draft, hash, code) => pathsOf(draft, hash).map(({ path, name }) => ({ path, name, code, message: "" }));

/** The server's words about a file belong to the question that it answers. */
function withPath(refusal, draft, hash) {
  const problems = pathsOf(draft, hash).map(({ path, name }) => ({ path, name, code: refusal.code, message: refusal.message }));
  return { ...refusal, problems: refusal.problems.length ? refusal.problems : problems };
}

/** Send one draft. `ways` {fetch, base, timeout} for tests and the worker. A verdict of judge.js, "refused" also
 *  for a file that is gone here, or "stopped" when the person took the draft back in the meantime, or another flusher took over. */
export async function send(store, draft, given, robbed) {
  const ways = { ...given, person: store.person };
  const document = readDocument(draft);
  if (!document) return refusedHere("document_damaged");
  const files = new Map(document.files.map((file) => [file.sha256, file]));
  let gone = null;
  for (const file of files.values()) {
    if (draft.uploaded?.[file.sha256] === file.size) continue; // the document's answer tells when it is not so
    const answer = await sendFile(store, draft, file, ways, robbed);
    if (GONE.has(answer.reason)) gone ??= answer;
    else if (answer.verdict !== "arrived") return answer;
    else if (!await note(store, draft, file.sha256, file.size, robbed)) return STOPPED;
  }
  if (robbed?.aborted || !same(await store.get("drafts", draft.id), draft)) return STOPPED;
  const answer = await sendDocument(store, draft, document, ways);
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
