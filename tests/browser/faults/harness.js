// What the fault suite does inside a page of the phone, through the product's own modules.
// Evaluates to an object of functions; each takes one JSON argument.
async () => {
  const script = document.querySelector('script[src*="/static/"]');
  const base = script.src.match(/^.*\/static\/[^/]+/)[0] + "/js/phone/";
  const { storeOf } = await import(base + "store.js");
  const drafts = await import(base + "drafts.js");
  const { outbox } = await import(base + "queue/outbox.js");
  const store = storeOf();
  if (!store) throw new Error("nobody is logged in on this page");

  const box = outbox(store);
  box.start(); // the page has done so itself, once it has the app

  const plain = (draft) => draft && {
    id: draft.id, state: draft.state, survey: draft.survey, controls: draft.controls, files: draft.files,
    document: draft.document, refusal: draft.refusal, attempts: draft.attempts, uploaded: draft.uploaded,
    next_try_at: draft.next_try_at, revision: draft.revision, sealed: draft.sealed, page: draft.page,
  };
  const waiting = async () => (await drafts.allDrafts(store)).filter((one) => one.state === "queued");

  const faults = {
    // A form at the level of the store, as the form page drives it.
    async begin({ id, survey, version, controls }) {
      const known = await store.get("drafts", id);
      const draft = known ?? { ...drafts.newDraft({ survey, version, language: "nl", kind: survey, title: survey }), id };
      return plain(await drafts.saveDraft(store, draft, { controls }));
    },
    async attach({ id, path, name }) {
      const file = document.querySelector("#faults-file").files[0];
      return drafts.attach(store, await store.get("drafts", id), path, file, { name });
    },
    async finish({ id, answers, location }) {
      const draft = await store.get("drafts", id);
      if (!draft) throw new Error("the draft is gone");
      const sent = {
        id, survey: draft.survey, version: draft.version, language: draft.language, captured_at: draft.started_at,
        round: "", location, answers,
        files: draft.files.map(({ path, name, sha256, size }) => ({ question: path, name, sha256, size })),
      };
      return plain(await drafts.finish(store, id, sent));
    },
    async reopen({ id }) {
      return plain(await drafts.reopen(store, id));
    },
    async drafts() {
      return (await drafts.allDrafts(store)).map(plain);
    },
    // Every draft with the hashes of the bytes that are really there.
    async kept() {
      const list = [];
      for (const draft of await drafts.allDrafts(store)) {
        const whole = [];
        for (const file of draft.files) {
          const blob = await drafts.readFile(store, draft.id, file.sha256);
          if (blob && blob.size === file.size) whole.push(file.sha256);
        }
        list.push({ ...plain(draft), whole });
      }
      return list;
    },
    // The files of a draft as soon as there are more than so many; null when none came in time.
    files({ id, more, seconds }) {
      return new Promise((resolve, reject) => {
        const look = () => store.get("drafts", id).then((draft) => {
          if (draft?.files.length > more) done(draft.files);
        }, reject);
        const stop = store.watch(look);
        const bound = setTimeout(() => done(null), seconds * 1000);
        const done = (value) => {
          stop();
          clearTimeout(bound);
          resolve(value);
        };
        look();
      });
    },
    async receipts() {
      return store.all("receipts");
    },
    async setting({ name }) {
      return store.setting(name);
    },
    // Resolves when nothing waits any more (refused items and open forms may stay), or after the bound.
    settled({ seconds }) {
      return new Promise((resolve, reject) => {
        const stop = store.watch(() => look());
        const timer = setInterval(() => look(), 500); // another process may have sent
        const done = (value) => {
          stop();
          clearInterval(timer);
          clearTimeout(bound);
          resolve(value);
        };
        const bound = setTimeout(() => done(false), seconds * 1000);
        const look = () => waiting().then((list) => !list.length && done(true), reject);
        look();
      });
    },
    async close() {
      (await store.open()).close(); // as the system does; nobody is told
      return true;
    },
    flush({ why }) {
      box.flush(why).catch(() => {}); // "now" is the button "Nu versturen"
      return true;
    },
    async state() {
      return box.state;
    },
    // The second copy, as the page "Deze telefoon" turns it on and brings it back.
    async seal({ code }) {
      const [{ useKeys }, { keysOf }] = await Promise.all([import(base + "seal/seal.js"), import(base + "seal/keys.js")]);
      await useKeys(store, await keysOf(code, store.person));
      return true;
    },
    // Whether the server has all of this phone, sealed, within the time.
    async escrowed({ seconds }) {
      const { startSealing } = await import(base + "seal/seal.js");
      for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
        await startSealing(store).seal(true);
        await startSealing(store).seal();
        const [list, sealed] = [await drafts.allDrafts(store), await store.setting("sealed", {})];
        const whole = ({ id, revision, files }) => sealed[id]?.revision >= revision
          && files.every(({ sha256 }) => sealed[id].files.includes(sha256));
        if (list.every(whole)) return true;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return false;
    },
    async bringBack({ code }) {
      const [{ bringBack }, { keysOf }, { lostCopies }] = await Promise.all(
        ["seal/back.js", "seal/keys.js", "seal/server.js"].map((name) => import(base + name)));
      const copies = await lostCopies(store);
      return copies && bringBack(store, await keysOf(code, store.person), copies);
    },
  };
  globalThis.faults = faults;
  return true;
}
