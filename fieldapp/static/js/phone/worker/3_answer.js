// Answering.

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") {
    if (request.mode === "navigate") event.waitUntil(forgetNotes()); // a plain form; it goes its own way
    return;
  }
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event, url));
  else if (PICTURE.test(url.pathname)) event.respondWith(picture(request));
  else if (isKept(url) && !request.headers.has("X-Fieldapp-Client")) event.respondWith(data(event, url));
});

async function page(event, url) {
  const { pathname } = url;
  const kept = await find(pathname);
  if (kept && isKept(url) && any(AT_ONCE, pathname)) {
    event.waitUntil(checkBehind(pathname));
    return kept;
  }
  try {
    const going = fetch(event.request);
    const answer = await (kept ? within(isKept(url) ? NAVIGATION : RENEWAL, going) : going);
    event.waitUntil(within(RENEWAL, meet(answer.clone(), url)).catch(() => {}));
    return answer;
  } catch (error) {
    return kept ?? (await caches.match(CONFIG.fallback)) ?? Promise.reject(error);
  }
}

/** A page that came from the server for somebody who looks: from now on whose pages are shown. */
async function meet(answer, url) {
  const person = answer.headers.get("X-Fieldapp-Person");
  if (!person || answer.redirected) return;
  left = false;
  await compare(answer.headers.get("X-Fieldapp-Version"));
  if ((await who()) !== person) await show(person);
  await oneLanguage(url.pathname, answer);
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
