// One request to the server, and the facts of its answer as judge.js wants them. Works in a worker.

const TIMEOUT = 30_000;

/** Ask; never throws. `timeout`: ms without any progress. The facts of the answer, see judge.js. */
export async function ask(url, { person, fetch = globalThis.fetch, base = "", timeout = TIMEOUT, headers = {}, ...options } = {}) {
  const control = new AbortController(), { signal } = control;
  let timer;
  const patience = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(), timeout);
  };
  patience();
  const facts = { failed: null, redirected: false, status: 0, json: undefined, retry_after: null, now: Date.now() };
  try {
    const answer = await fetch(base + url, {
      ...options, cache: "no-store", redirect: "manual", credentials: "same-origin", signal,
      headers: { Accept: "application/json", "X-Fieldapp-Client": "phone", "X-Fieldapp-Person": person, ...headers },
    });
    facts.status = answer.status;
    facts.redirected = answer.type === "opaqueredirect" || answer.redirected;
    facts.retry_after = answer.headers.get("Retry-After");
    const text = await bodyOf(answer, patience);
    try {
      facts.json = JSON.parse(text);
    } catch { /* a page of somebody else, or cut short: json stays undefined */ }
  } catch {
    facts.failed = signal.aborted ? "timeout" : "network";
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
