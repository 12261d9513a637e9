// Asking the server about pages: seldom, and not for ever.

const waiting = new Set(); // what gives up the fetches that are under way
let replaced = false; // a newer worker takes over: no new work

/** For fetch: a signal that gives up after so long, or when a newer worker takes over. */
function patience(ms) {
  const one = new AbortController();
  waiting.add(one);
  setTimeout(() => {
    one.abort();
    waiting.delete(one);
  }, ms);
  if (replaced) one.abort();
  return one.signal;
}

/** Rejects when `work` is not done after so long; the work itself goes on. */
function within(ms, work) {
  return Promise.race([work, new Promise((_done, fail) => setTimeout(fail, ms, new TypeError("no answer")))]);
}

/** Chromium lets a newer worker wait for as long as this one has work under way: drop it. */
function stop() {
  replaced = true;
  for (const one of waiting) one.abort();
  return true;
}

const note = async (path) => (await own())?.put(`${NOTE}?${path}`, new Response(String(Date.now())));

/** Something reached the server: every page may be another now. */
const forgetNotes = async () => (await own())?.delete(NOTE, { ignoreSearch: true });

/** Whether a page is here that the server spoke of so short ago that it is not asked again (ADR 34). */
async function isFresh(path) {
  const page = await find(path);
  if (page?.headers.get("X-Fieldapp-Version") !== CONFIG.version) return false;
  const told = await (await own())?.match(`${NOTE}?${path}`);
  const at = told ? Number(await told.text()) : 0;
  const age = Date.now() - at;
  const sameDay = new Date(at).toDateString() === new Date().toDateString();
  return sameDay && age >= 0 && (age < CONFIG.fresh * 1000 || SELDOM.test(path));
}

/** As renew, or "fresh" when there is no need to ask, "offline" when the server does not answer; `now`: ask anyhow. */
async function check(path, now = false) {
  if (!now && (await isFresh(path))) return "fresh";
  return renew(path).catch(() => (replaced ? "unknown" : "offline"));
}

/** A page is shown as it was kept: how its renewal goes is kept for when that page asks. */
function checkBehind(path) {
  const going = check(path);
  checking.set(path, going);
  return going;
}

/** The page asks how that went; one that was not renewed just now is renewed. */
async function asked(path, now) {
  const going = checking.get(path);
  checking.delete(path);
  const state = going ? await going : "fresh";
  return state === "fresh" ? check(path, now) : state;
}

/** Ask the server whether a page changed: "same", "renewed", "login", "person", "gone" or "refused". */
async function renew(path) {
  const person = await who();
  const tag = (await find(path))?.headers.get("ETag");
  const headers = tag ? { ...LET_IN, "If-None-Match": tag } : LET_IN;
  const how = { headers, credentials: "same-origin", redirect: "manual", cache: "no-store" };
  const answer = await fetch(path, { ...how, signal: patience(RENEWAL) });
  if (answer.type === "opaqueredirect") return "login";
  await compare(answer.headers.get("X-Fieldapp-Version"));
  if (answer.status === 304) {
    await note(path);
    return "same";
  }
  if ([403, 404, 410].includes(answer.status)) {
    await (await own())?.delete(path);
    return "gone";
  }
  const theirs = answer.ok && answer.headers.get("X-Fieldapp-Person");
  if (!theirs || left || (await who()) !== person) return "refused"; // no page of ours, or logged out meanwhile
  if (person && theirs !== person) {
    await forget(); // somebody else is logged in: show nothing until the server was asked again
    await tell({ type: "person" });
    return "person";
  }
  if (!person) await show(theirs);
  return (await keep(path, answer)) ? "renewed" : "refused";
}

/** The browser does not look for a newer worker by itself all the time: pages hear of it when there must be one. */
async function compare(version) {
  if (version && version !== CONFIG.version) await tell({ type: "version", version });
}
