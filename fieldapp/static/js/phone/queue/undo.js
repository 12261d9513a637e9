// Thrown away, but not at once gone: the last one that was thrown away waits an hour in the setting "thrown".

const KEEP = 3_600_000;
const filesOf = (id) => IDBKeyRange.bound([id, ""], [id, "\uffff"]);

/** Throw a draft away, with its files; `putBack` undoes it. One transaction. */
export async function throwAway(store, id) {
  await store.run(["drafts", "files", "settings"], "readwrite", ({ drafts, files, settings }) => {
    const draft = drafts.get(id), bytes = files.getAll(filesOf(id));
    bytes.onsuccess = () => {
      if (!draft.result) return;
      settings.put({ name: "thrown", value: { at: Date.now(), draft: draft.result, files: bytes.result } });
      drafts.delete(id);
      files.delete(filesOf(id));
    };
  });
  store.changed("drafts");
}

/** Put back what was thrown away last. The draft, or null when there is nothing. */
export async function putBack(store) {
  const draft = await store.run(["drafts", "files", "settings"], "readwrite", ({ drafts, files, settings }, set) => {
    const asked = settings.get("thrown");
    asked.onsuccess = () => {
      const thrown = asked.result?.value;
      if (!thrown) return set(null);
      for (const file of thrown.files) files.put(file);
      drafts.put(thrown.draft);
      settings.delete("thrown");
      return set(thrown.draft);
    };
  });
  store.changed("drafts");
  return draft;
}

/** What can be put back, or null; what lay there longer than an hour is gone now. */
export async function thrown(store, now = Date.now()) {
  const found = await store.setting("thrown");
  if (!found) return null;
  if (Math.abs(now - found.at) < KEEP) return found.draft;
  await store.remove("settings", "thrown");
  return null;
}
