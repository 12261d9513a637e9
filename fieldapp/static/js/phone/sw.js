// The worker of /veld/: the pages of the app without signal. A classic script; web/phone/worker.py fills in
// the next line with the version, the files of the shell and the page for what the phone does not have.
const CONFIG = {};

// It answers GET only and never touches what is sent. Three kinds of cache:
//   fieldapp-static-<version>   the files of one version, all or none; an old one stays while a page needs it
//   fieldapp-person-<key>       pages, boundaries and pictures of one person; gone at log-out
//   fieldapp-who                whose pages may be shown now, and nothing else
const STATIC = "fieldapp-static-", PERSON = "fieldapp-person-", WHO = "fieldapp-who";
const COMPLETE = "/static/-complete"; // stands in a cache of static files when all are in
const HERE = "/veld/-who";
const OWN = STATIC + CONFIG.version;
const FORM = /^\/veld\/app\/formulier\//;
const OPEN_FORM = /^\/veld\/(app\/)?formulier\//;
// Kept and shown at once, renewed behind the back; those below first from the server, else as kept.
const AT_ONCE = [/^\/veld\/$/, /^\/veld\/(gesprek|telefoon|grenzen\.geojson)$/, FORM];
const AS_KEPT = [/^\/veld\/(ronde\/[^/]+|beloftes)$/];
const PICTURE = /^\/(vragenlijst-media|theme)\//;
const BROUGHT = /(?:src|href)="(\/(?:vragenlijst-media|theme|static)\/[^"]+)"/g;
const MOST_BYTES = 3_000_000; // of one picture that goes along
const LET_IN = { "X-Fieldapp-Client": "worker" };

const checking = new Map(); // path -> promise of how its renewal goes, until the page asks
let left = false; // logged out: nothing is kept until somebody is let in

const any = (patterns, path) => patterns.some((pattern) => pattern.test(path));
const isKept = (url) => !url.search && (any(AT_ONCE, url.pathname) || any(AS_KEPT, url.pathname));

// -- installing and updating

self.addEventListener("install", (event) => {
  // Newer Chromiums ask the server along with a worker that has to wake up: bytes for nothing, and no page
  // when there is no signal. Said out loud that this worker answers, they do not.
  event.addRoutes?.({ condition: { urlPattern: "/*" }, source: "fetch-event" }).catch(() => {});
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  const cache = await caches.open(OWN);
  await cache.addAll([...CONFIG.core, new Request(CONFIG.fallback, { cache: "no-cache" })]);
  const rest = await Promise.allSettled(CONFIG.files.map((file) => cache.add(file)));
  for (const { reason } of rest.filter(({ status }) => status === "rejected")) {
    console.warn("fieldapp: a file did not come along", reason); // fetched when a page asks for it
  }
  await cache.put(COMPLETE, new Response(CONFIG.version));
}

const activate = () => self.clients.claim();

const windows = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

/** Throw away files of versions that no page uses: neither one that is open nor one that is kept. */
async function sweep() {
  if ((await windows()).length > 1) return; // another page may be of an older version
  const used = new Set([OWN]);
  const names = await caches.keys();
  for (const name of names.filter((one) => one.startsWith(PERSON))) {
    const cache = await caches.open(name);
    for (const answer of await cache.matchAll()) used.add(STATIC + answer.headers.get("X-Fieldapp-Version"));
  }
  for (const client of await windows()) if (!(await isOwn(client.id))) return;
  await Promise.all(names.filter((one) => one.startsWith(STATIC) && !used.has(one)).map((one) => caches.delete(one)));
}

/** Whether the page in this window says that it is of this version. */
function isOwn(id) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 1000);
    self.clients.get(id).then((client) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        clearTimeout(timer);
        resolve(data === CONFIG.version);
      };
      client?.postMessage({ type: "version?" }, [port2]);
    });
  });
}

/** Take over from the older worker, unless a form is open somewhere. */
async function takeOver() {
  const open = await windows();
  if (open.some((client) => OPEN_FORM.test(new URL(client.url).pathname))) return false;
  await self.skipWaiting();
  return true;
}

// -- answering

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event, url));
  else if (PICTURE.test(url.pathname)) event.respondWith(picture(request));
  else if (isKept(url) && !request.headers.has("X-Fieldapp-Client")) event.respondWith(data(event, url));
});

async function page(event, url) {
  const { pathname } = url;
  const kept = isKept(url) && any(AT_ONCE, pathname) ? await find(pathname) : undefined;
  if (kept) {
    event.waitUntil(checkBehind(pathname));
    return kept;
  }
  try {
    const answer = await fetch(event.request);
    event.waitUntil(meet(answer.clone(), url).catch(() => {}));
    return answer;
  } catch (error) {
    return (await find(pathname)) ?? (await caches.match(CONFIG.fallback)) ?? Promise.reject(error);
  }
}

/** A page that came from the server for somebody who looks: from now on whose pages are shown. */
async function meet(answer, url) {
  const person = answer.headers.get("X-Fieldapp-Person");
  if (!person || answer.redirected) return;
  left = false;
  if ((await who()) !== person) await show(person);
  if (isKept(url)) await keep(url.pathname, answer);
}

async function file(event, url) {
  const [, , version] = url.pathname.split("/");
  const kept = await caches.match(url.pathname, { cacheName: STATIC + version, ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.ok && url.pathname.startsWith(`/static/${CONFIG.version}/`)) {
    const copy = answer.clone();
    event.waitUntil(caches.open(OWN).then((cache) => cache.put(url.pathname, copy)).catch(() => {}));
  }
  return answer;
}

async function picture(request) {
  const cache = await own();
  return (await cache?.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function data(event, url) {
  const kept = await find(url.pathname);
  if (!kept) return fetch(event.request);
  event.waitUntil(check(url.pathname));
  return kept;
}

// -- whose pages

async function who() {
  const found = await caches.match(HERE, { cacheName: WHO });
  return found ? found.text() : "";
}

/** The cache of who may be shown, or null. */
async function own() {
  const person = await who();
  return person ? caches.open(PERSON + person) : null;
}

async function find(path) {
  return (await own())?.match(path, { ignoreVary: true });
}

/** Nobody's pages are shown any more, and none are left; `but`: except those of this person. */
async function forget(but = "") {
  await caches.delete(WHO);
  const names = (await caches.keys()).filter((name) => name.startsWith(PERSON) && name !== PERSON + but);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** From now on this person's pages are shown, and those of others are gone. */
async function show(person) {
  await forget(person);
  await (await caches.open(WHO)).put(HERE, new Response(person));
}

async function leave() {
  left = true; // what is being fetched now comes too late
  await forget();
  return true;
}

// -- keeping

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
  return true;
}

async function isComplete(version) {
  return Boolean(await caches.match(COMPLETE, { cacheName: STATIC + version }));
}

/** Fetch what a page names and the phone has not: pictures of the survey, the organisation's colours. */
async function bring(cache, version, html) {
  const files = await caches.open(STATIC + version);
  const named = new Set(Array.from(html.matchAll(BROUGHT), (found) => found[1].replaceAll("&amp;", "&")));
  for (const path of named) {
    const into = path.startsWith("/static/") ? files : cache;
    if (await into.match(path, { ignoreVary: true })) continue;
    try {
      const answer = await fetch(path, { credentials: "same-origin" });
      const small = Number(answer.headers.get("Content-Length") ?? 0) <= MOST_BYTES;
      const shown = /^(image|text|application\/javascript)/.test(answer.headers.get("Content-Type") ?? "");
      if (answer.ok && small && shown) await into.put(path, answer);
    } catch {
      return; // no signal: the page still is worth keeping
    }
  }
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

// -- talking with pages

async function tell(message) {
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage(message);
}

const ASKED = {
  keep: ({ pages }) => have(pages),
  check: ({ path }) => asked(path),
  leave,
  "take over": takeOver,
  sweep: () => sweep().then(() => true),
};

self.addEventListener("message", (event) => {
  const work = ASKED[event.data?.type];
  if (!work) return;
  const reply = (done) => event.ports[0]?.postMessage(done);
  event.waitUntil(work(event.data).then(reply, () => reply(false)));
});

// -- sending without a page: where the system knows background sync

self.addEventListener("sync", (event) => {
  if (event.tag.endsWith("outbox")) event.waitUntil(flush());
});

async function flush() {
  const open = await windows();
  if (open.length) return tell({ type: "flush" });
  const person = await who();
  if (!person || !self.fieldappFlush) return undefined;
  return self.fieldappFlush(person);
}
