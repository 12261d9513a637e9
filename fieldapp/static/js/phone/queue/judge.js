// What an answer of the server means for what we sent. Pure: facts in, verdict out, so that the whole
// judgement can be tested as a table. Only what is proven to be our receipt lets go of the phone's copy.
//
// facts     {failed: "network" | "timeout" | null, redirected: bool, status, json: value | undefined (not JSON),
//            retry_after: text | null, now: ms}
// verdicts  arrived   it is on the server, whole
//           login     the whole queue waits for a log-in
//           refused   the server says what is wrong with this one
//           later     nothing can be concluded: try again after a while (wait: ms at least)
//           again     try again now, knowing more (received: where a file goes on; file_missing: the server lost one)
//           smaller   the part was too large
// portal: somebody between us and the server answered (a log-in page of a Wi-Fi, a filter).

const LATER = new Set([404, 405, 408, 421, 423, 425, 429]);
const SERVER_BUSY = (status) => status >= 500 && status !== 511;

const later = (reason, more = {}) => ({ verdict: "later", reason, ...more });
const portal = (reason) => later(reason, { portal: true });

/** Retry-After as ms from now; 0 when absent or unreadable. */
export function retryAfter(text, now) {
  if (!text) return 0;
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - now;
  return wait > 0 ? wait : 0;
}

const ourError = (json) => (typeof json?.error?.code === "string" ? json.error : null);

/** What is wrong, in the shape a draft keeps. */
function refusal(error, status) {
  const problems = Array.isArray(error?.problems) ? error.problems : [];
  return {
    code: error?.code ?? `http_${status}`,
    message: String(error?.message ?? ""),
    problems: problems.map(({ where, message, code }) => (
      { path: String(where ?? ""), message: String(message ?? ""), code: String(code ?? "") })),
  };
}

const refused = (error, status) => ({ verdict: "refused", reason: error?.code ?? `http_${status}`, refusal: refusal(error, status) });

/** With a form that came beside what counts (409): the receipt of what counts, not verified yet. */
const besides = (answer, receipt) => (typeof receipt?.document === "string"
  ? { ...answer, refusal: { ...answer.refusal, receipt } } : answer);

/** What every answer has in common; null when it is a success that must be looked into. */
function common({ failed, redirected, status, json, retry_after, now }) {
  if (failed) return later(failed);
  if (redirected || (status >= 300 && status < 400 && status !== 304)) return portal("redirected");
  if (status === 511) return portal("portal");
  const wait = retryAfter(retry_after, now);
  if (status === 429 || SERVER_BUSY(status)) return later(status === 507 ? "server_full" : "busy", { wait });
  if (status === 401) return ourError(json) ? { verdict: "login", reason: "login" } : portal("portal");
  if (LATER.has(status)) return later("strange", { wait });
  if (status === 200 || status === 201) return json === undefined ? portal("portal") : null;
  if (status < 400) return later("strange");
  return undefined; // 4xx that speaks about this very thing
}

const fileKeys = (files) => files.map(({ name, sha256 }) => JSON.stringify([name, sha256])).sort();

/** Whether two lists hold the same files by name and hash, in whatever order. */
export function sameFiles(one, other) {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  const [left, right] = [fileKeys(one), fileKeys(other)];
  return left.every((key, index) => key === right[index]);
}

/** Why an answer is not our receipt; "" when it is. `expected` {id, answers_sha256, files}. */
export function notOurs(json, expected) {
  if (json?.id !== expected.id) return "other_id";
  let receipt;
  try {
    receipt = JSON.parse(json.receipt.document);
  } catch {
    return "no_receipt";
  }
  if (receipt?.id !== expected.id) return "other_id";
  if (receipt.answers_sha256 !== expected.answers_sha256) return "other_answers";
  if (!sameFiles(receipt.files, expected.files)) return "other_files";
  return "";
}

/** The answer to a document. `signature`: true verified, false wrong or by nobody we know, null cannot be told here. */
export function judgeDocument(facts, expected, signature) {
  const known = common(facts);
  if (known) return known;
  const { status, json } = facts;
  if (known === null) {
    const why = notOurs(json, expected);
    if (why) return later(why, { portal: typeof json?.id !== "string" });
    if (signature === false) return later("bad_signature");
    return { verdict: "arrived", reason: "receipt", receipt: json.receipt };
  }
  if (status === 413) return refused(ourError(json) ?? { code: "too_large" }, status);
  const error = ourError(json);
  if (!error) return portal("portal");
  const problems = Array.isArray(error.problems) ? error.problems : [];
  if (problems.length && problems.every(({ code }) => code === "file_missing")) {
    return { ...refused(error, status), verdict: "again", reason: "file_missing" };
  }
  return besides(refused(error, status), json.receipt);
}

/** The answer to a question about a file or to a part of it. `expected` {sha256, size}. */
export function judgeFile(facts, { sha256, size }) {
  const known = common(facts);
  if (known) return known;
  const { status, json } = facts;
  const inside = (count) => Number.isInteger(count) && count >= 0 && count <= size;
  if (known === null) {
    if (json?.sha256 !== sha256 || !inside(json.received)) return portal("other_file");
    const complete = json.complete === true;
    if (complete && json.received !== size) return later("other_file");
    return { verdict: "arrived", reason: "part", received: json.received, complete };
  }
  const error = ourError(json);
  if (status === 413 && error?.code !== "file_too_large") {
    return { ...refused(error ?? { code: "too_large" }, status), verdict: "smaller" };
  }
  if (!error) return portal("portal");
  if (status === 409) {
    const received = [error.received, json.received].find(inside);
    return received === undefined ? later("strange") : { verdict: "again", reason: "offset", received };
  }
  if (error.code === "hash_mismatch") return { verdict: "again", reason: "hash_mismatch", received: 0 };
  return refused(error, status);
}

/** The judgement by kind: "document" or "file". */
export function judge(kind, facts, expected, signature = null) {
  return kind === "document" ? judgeDocument(facts, expected, signature) : judgeFile(facts, expected);
}
