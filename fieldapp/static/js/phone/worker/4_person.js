// Whose pages.

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

/** From now on this person's pages are shown, asked about anew, and those of others are gone. */
async function show(person) {
  await forget(person);
  await (await caches.open(WHO)).put(HERE, new Response(person));
  await forgetNotes();
}

async function leave() {
  left = true; // what is being fetched now comes too late
  await forget();
  return true;
}
