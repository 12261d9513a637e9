// What tests do on the phone's page: window.test.*
window.test = {
  store: () => window.phone.storeOf(document.documentElement.dataset.person),
  box: (ways = {}) => window.phone.outbox(window.test.store(), ways),

  /** Bytes that look like nothing: the same for the same seed. */
  bytes(size, seed) {
    const data = new Uint8Array(size);
    let x = seed * 2654435761 >>> 0 || 1;
    for (let at = 0; at < size; at += 1) {
      x ^= x << 13; x >>>= 0; x ^= x >>> 17; x ^= x << 5; x >>>= 0;
      data[at] = x & 255;
    }
    return data;
  },

  /** A finished form with photos of these sizes, in the queue. Its id. `as`: what else stands on it, from the first
   *  moment, so that no outbox has it as a new one. */
  async form({ sizes = [], answers = { wat: "heel" }, seed = 1, survey = "observatie", finish = true, as } = {}) {
    const { newDraft, saveDraft, attach, finish: done } = window.phone;
    const store = window.test.store();
    const draft = newDraft({ survey, version: "2026-1", language: "nl", title: "Observatie", kind: "observatie" });
    await saveDraft(store, draft, {});
    const files = [];
    for (const [index, size] of sizes.entries()) {
      const blob = new Blob([window.test.bytes(size, seed + index)], { type: "image/jpeg" });
      const path = index ? `kamers/${index}/foto` : "foto";
      const file = await attach(store, draft, path, blob, { name: `foto${index}.jpg` });
      files.push({ question: path, name: file.name, sha256: file.sha256, size: file.size });
    }
    const document = { id: draft.id, survey, version: "2026-1", language: "nl", captured_at: draft.started_at,
      round: "", location: null, answers, files };
    if (as) {
      const queued = { state: "queued", document: JSON.stringify(document), finished_at: Date.now() };
      await store.update("drafts", draft.id, (old) => ({ ...old, ...queued, ...as }));
      store.changed("drafts");
    } else if (finish) await done(store, draft.id, document);
    return draft.id;
  },

  /** What stands on the phone. */
  async all() {
    const store = window.test.store();
    const [drafts, files, receipts] = await Promise.all(["drafts", "files", "receipts"].map((name) => store.all(name)));
    return {
      drafts, receipts, files: files.map(({ draft, sha256, bytes }) => ({ draft, sha256, size: bytes.byteLength })),
      outbox: await store.setting("outbox"), part_size: await store.setting("part_size"),
    };
  },
};
