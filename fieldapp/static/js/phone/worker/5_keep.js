// Keeping.

/** As renew, or "offline" when the server does not answer. */
const check = (path) => renew(path).catch(() => "offline");

/** A page is shown as it was kept: how its renewal goes is kept for when that page asks. */
function checkBehind(path) {
  const going = check(path);
  checking.set(path, going);
  return going;
}

/** The page asks how that went; one that was not renewed just now is renewed. */
function asked(path) {
  const going = checking.get(path) ?? check(path);
  checking.delete(path);
  return going;
}

/** Ask the server whether a page changed: "same", "renewed", "login", "person", "gone" or "refused". */
async function renew(path) {
  const person = await who();
  const tag = (await find(path))?.headers.get("ETag");
  const headers = tag ? { ...LET_IN, "If-None-Match": tag } : LET_IN;
  const answer = await fetch(path, { headers, credentials: "same-origin", redirect: "manual", cache: "no-store" });
  if (answer.type === "opaqueredirect") return "login";
  if (answer.status === 304) return "same";
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

/** Keep a page with the pictures that it names; only of a version of which all files are here. */
async function keep(path, answer) {
  const person = answer.headers.get("X-Fieldapp-Person");
  const version = answer.headers.get("X-Fieldapp-Version");
  if (!answer.ok || !person || person !== (await who()) || !(await isComplete(version))) return false;
  const cache = await caches.open(PERSON + person);
  const copy = answer.clone();
  await bring(cache, version, await answer.text());
  await cache.put(path, copy);
  await oneLanguage(path, answer);
  return true;
}

/** When somebody chose another language, pages in the old one are no longer shown; forms have their own. */
async function oneLanguage(path, { headers }) {
  const language = headers.get("Content-Language");
  if (!language || FORM.test(path)) return;
  const cache = await own();
  for (const request of (await cache?.keys()) ?? []) {
    if (FORM.test(new URL(request.url).pathname)) continue;
    const other = (await cache.match(request, { ignoreVary: true }))?.headers.get("Content-Language");
    if (other && other !== language) await cache.delete(request);
  }
}

async function isComplete(version) {
  return Boolean(await caches.match(COMPLETE, { cacheName: STATIC + version }));
}

/** Fetch what a page names and the phone has not: scripts, pictures of the survey, the organisation's colours. */
async function bring(cache, version, html) {
  const files = await caches.open(STATIC + version);
  const named = new Set(Array.from(html.matchAll(BROUGHT), (found) => found[1].replaceAll("&amp;", "&")));
  const texts = new Set(), others = [];
  for (const path of named) {
    const name = TEXT.exec(path)?.[1];
    if (name) for (const one of [name, ...(CONFIG.along[name] ?? [])]) texts.add(one);
    else if (!ICON.test(path)) others.push(path);
  }
  const there = new Set((await files.keys()).map(({ url }) => TEXT.exec(new URL(url).pathname)?.[1]));
  await fetchFiles(files, version, [...texts].filter((name) => !there.has(name))).catch(() => {});
  for (const path of others) await bringOne(path.startsWith("/static/") ? files : cache, path).catch(() => {});
}

async function bringOne(cache, path) {
  if (await cache.match(path, { ignoreVary: true })) return;
  const answer = await fetch(path, { credentials: "same-origin" });
  const small = Number(answer.headers.get("Content-Length") ?? 0) <= MOST_BYTES;
  const shown = /^(image|text\/css)/.test(answer.headers.get("Content-Type") ?? "");
  if (answer.ok && small && shown) await cache.put(path, answer);
}

const ofForm = (path) => path.slice(0, path.lastIndexOf("/")); // a language opened once stays

/** Have these pages, in this version; drop forms of other surveys and versions than those among them. Whether all
 *  are there. */
async function have(paths) {
  const cache = await own();
  const wanted = new Set(paths), forms = new Set(paths.map(ofForm));
  for (const request of (await cache?.keys()) ?? []) {
    const { pathname } = new URL(request.url);
    if (FORM.test(pathname) && !forms.has(ofForm(pathname))) await cache.delete(request);
  }
  let all = true;
  for (const path of wanted) {
    const old = await find(path);
    if (old && old.headers.get("X-Fieldapp-Version") === CONFIG.version) continue;
    if ((await check(path)) === "offline") return false;
    all &&= Boolean(await find(path));
  }
  return all;
}
