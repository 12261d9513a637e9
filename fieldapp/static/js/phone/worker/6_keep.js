// Keeping.

/** Keep a page with the pictures that it names; only of a version of which all files are here. */
async function keep(path, answer) {
  const person = answer.headers.get("X-Fieldapp-Person");
  const version = answer.headers.get("X-Fieldapp-Version");
  if (!answer.ok || !person || person !== (await who()) || !(await isComplete(version))) return false;
  const cache = await caches.open(PERSON + person);
  const copy = answer.clone();
  await bring(cache, version, await answer.text());
  await cache.put(path, copy);
  await note(path);
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
  const answer = await fetch(path, { credentials: "same-origin", signal: patience(DOWNLOAD) });
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
    if (replaced) return false;
    const old = await find(path);
    if (old && old.headers.get("X-Fieldapp-Version") === CONFIG.version) continue;
    if ((await check(path, true)) === "offline") return false;
    all &&= Boolean(await find(path));
  }
  return all;
}

/** Have exactly these of the earlier photos. Whether all are there. */
async function pictures(paths) {
  const cache = await own();
  const wanted = new Set(paths);
  for (const request of (await cache?.keys()) ?? []) {
    const { pathname } = new URL(request.url);
    if (EARLIER.test(pathname) && !wanted.has(pathname)) await cache.delete(request);
  }
  for (const path of wanted) {
    if (replaced || !cache) return false;
    await bringOne(cache, path);
    if (!(await cache.match(path, { ignoreVary: true }))) return false;
  }
  return true;
}
