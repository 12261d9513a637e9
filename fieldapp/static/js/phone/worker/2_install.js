// Installing and updating.

self.addEventListener("install", (event) => {
  // Newer Chromiums ask the server along with a worker that has to wake up: bytes for nothing, and no page
  // when there is no signal. Said out loud that this worker answers, they do not.
  event.addRoutes?.({ condition: { urlPattern: "/*" }, source: "fetch-event" }).catch(() => {});
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  const cache = await caches.open(OWN);
  const signal = patience(DOWNLOAD);
  const seen = CONFIG.seen.map((path) => new Request(path, { signal }));
  await cache.addAll([...seen, new Request(CONFIG.fallback, { cache: "no-cache", signal })]);
  await fetchFiles(cache, CONFIG.version, CONFIG.files);
  await cache.put(COMPLETE, new Response(CONFIG.version));
}

/** Put files of static/ in a cache, many in one answer; names are paths below static/. */
async function fetchFiles(cache, version, names) {
  for (let from = 0; from < names.length; from += AT_ONCE_MOST) {
    const part = names.slice(from, from + AT_ONCE_MOST);
    const address = `/veld/bestanden/${version}.json?namen=${part.join(",")}`;
    const answer = await fetch(address, { signal: patience(DOWNLOAD) });
    if (!answer.ok) throw new TypeError(`files of ${version}: ${answer.status}`);
    for (const [name, [type, text]] of Object.entries(await answer.json())) {
      const headers = { "Content-Type": type, "X-Content-Type-Options": "nosniff" };
      await cache.put(`/static/${version}/${name}`, new Response(text, { headers }));
    }
  }
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
  self.registration.active?.postMessage({ type: "stop" });
  await self.skipWaiting();
  return true;
}
