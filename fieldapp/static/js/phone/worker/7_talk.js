// Talking with pages.

async function tell(message) {
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage(message);
}

const ASKED = {
  keep: ({ pages, version }) => compare(version).then(() => have(pages)),
  pictures: ({ paths }) => pictures(paths),
  check: ({ path, now }) => asked(path, now),
  changed: () => forgetNotes().then(() => true),
  leave,
  stop,
  "take over": takeOver,
  sweep: () => sweep().then(() => true),
};

self.addEventListener("message", (event) => {
  const work = ASKED[event.data?.type];
  if (!work) return;
  const reply = (done) => event.ports[0]?.postMessage(done);
  event.waitUntil(Promise.resolve(work(event.data)).then(reply, () => reply(false)));
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
  await self.fieldappFlush(person);
  return forgetNotes();
}
