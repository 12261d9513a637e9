// How many forms wait on this phone, of anybody: for the log-in page, which knows no person.

const OURS = /^fieldapp-[0-9a-f]{16}$/;

function count(name) {
  return new Promise((resolve) => {
    const asked = indexedDB.open(name);
    asked.onerror = () => resolve(0);
    asked.onsuccess = () => {
      const db = asked.result;
      if (!db.objectStoreNames.contains("drafts")) return close(0);
      const counted = db.transaction("drafts").objectStore("drafts").count();
      counted.onsuccess = () => close(counted.result);
      counted.onerror = () => close(0);
      function close(number) {
        db.close();
        resolve(number);
      }
    };
  });
}

/** The number of drafts in all databases of fieldapp on this phone; 0 when the browser does not tell. */
export async function waitingHere() {
  if (!globalThis.indexedDB?.databases) return 0;
  const found = await indexedDB.databases();
  const counts = await Promise.all(found.filter(({ name }) => OURS.test(name)).map(({ name }) => count(name)));
  return counts.reduce((sum, one) => sum + one, 0);
}
