// The phone's own database: one per person, in IndexedDB. What a person makes is here first and leaves only
// on a receipt. Every write is one transaction with strict durability: it is on disk before anybody is told.
//
// drafts    {id, state, ...}       a form, from its first answer to its receipt (see drafts.js)
// files     {draft, sha256, ...}   photos and recordings, as bytes; named by draft and hash
// receipts  {id, ...}              what the server signed
// settings  {name, value}          device id, keys, when to try again

export const VERSION = 1;
const STORES = {
  drafts: { keyPath: "id" },
  files: { keyPath: ["draft", "sha256"] },
  receipts: { keyPath: "id" },
  settings: { keyPath: "name" },
};
const CLOSED = new Set(["InvalidStateError", "AbortError", "UnknownError", "TransactionInactiveError"]);
const TRIES = 3;

/** There is no room left on the phone for what should be kept. */
export class StorageFull extends Error {
  name = "StorageFull";
}

/** The phone cannot keep anything: private mode, blocked by settings, or broken. */
export class NoStorage extends Error {
  name = "NoStorage";
}

const isFull = (error) => error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";

/** The database of a person; `events` tells "reopened" when the system had closed it, "gone" when it was evicted. */
export class Store {
  constructor(person) {
    this.person = person;
    this.name = `fieldapp-${person}`;
    this.events = new EventTarget();
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(this.name) : null;
    this.channel?.addEventListener("message", ({ data }) => this.#tell(data));
  }

  /** Read or write: `work(transaction's stores by name)` returns a request, a promise of requests, or a value.
   *  Resolves with its result after the transaction is complete, that is: after it is on disk. */
  async run(names, mode, work) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(await this.open(), [names].flat(), mode, work);
      } catch (error) {
        if (isFull(error)) throw new StorageFull("no room on this phone", { cause: error });
        if (attempt === TRIES || !CLOSED.has(error?.name)) throw error;
        this.#drop(); // closed by the system or by "clear data": open it again
      }
    }
  }

  #once(db, names, mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(names, mode, { durability: "strict" });
      let result;
      transaction.oncomplete = () => resolve(result);
      // An abort always follows an error. The cause stands at the transaction; else at the request that failed
      // first (those after it only say that they were broken off).
      let first = null;
      transaction.onerror = ({ target }) => (first ??= target.error);
      transaction.onabort = () => reject(transaction.error ?? first ?? new DOMException("stopped", "AbortError"));
      const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
      const set = (value) => (result = value);
      try {
        const given = work(stores, set);
        if (given instanceof IDBRequest) given.onsuccess = () => set(given.result);
        else if (given !== undefined) set(given);
      } catch (error) {
        transaction.abort();
        reject(error);
      }
    });
  }

  get(store, key) {
    return this.run(store, "readonly", (stores) => stores[store].get(key));
  }

  all(store, query) {
    return this.run(store, "readonly", (stores) => stores[store].getAll(query));
  }

  put(store, value) {
    return this.run(store, "readwrite", (stores) => stores[store].put(value));
  }

  remove(store, key) {
    return this.run(store, "readwrite", (stores) => stores[store].delete(key));
  }

  /** Read, change, write in one transaction; `change(old)` gives the new value, or undefined to leave it. */
  update(store, key, change) {
    return this.run(store, "readwrite", (stores, set) => {
      const asked = stores[store].get(key);
      asked.onsuccess = () => {
        const next = change(asked.result);
        set(next ?? asked.result);
        if (next !== undefined) stores[store].put(next);
      };
    });
  }

  async setting(name, otherwise = null) {
    return (await this.get("settings", name))?.value ?? otherwise;
  }

  set(name, value) {
    return this.put("settings", { name, value });
  }

  /** Tell every page and worker of this person that something changed: "drafts", "receipts", ... */
  changed(what) {
    this.channel?.postMessage({ changed: what });
    this.#tell({ changed: what });
  }

  /** Call back on each change; gives the function that stops it. */
  watch(listener) {
    const heard = ({ detail }) => listener(detail.changed);
    this.events.addEventListener("changed", heard);
    return () => this.events.removeEventListener("changed", heard);
  }

  #tell(detail) {
    if (detail?.changed) this.events.dispatchEvent(new CustomEvent("changed", { detail }));
  }

  open() {
    this.opening ??= this.#open().catch((error) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  #drop() {
    this.opening?.then((db) => db.close(), () => {});
    this.opening = undefined;
    this.events.dispatchEvent(new Event("reopened"));
  }

  #open() {
    if (!globalThis.indexedDB) return Promise.reject(new NoStorage("no IndexedDB"));
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(this.name, VERSION);
      asked.onupgradeneeded = () => {
        for (const [name, options] of Object.entries(STORES)) {
          if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, options);
        }
      };
      asked.onerror = () => reject(isFull(asked.error) ? new StorageFull() : new NoStorage(asked.error?.message));
      asked.onsuccess = () => {
        const db = asked.result;
        db.onversionchange = () => this.#drop(); // a newer version, or "clear data", wants it
        db.onclose = () => {
          this.opening = undefined;
          this.events.dispatchEvent(new Event("reopened"));
        };
        resolve(db);
      };
    });
  }
}

let current;

/** The store of the person whose page this is: <html data-person="...">. */
export function storeOf(person = document.documentElement.dataset.person) {
  if (!person) return null;
  if (current?.person !== person) current = new Store(person);
  return current;
}
