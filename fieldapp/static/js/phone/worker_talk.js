// Talking with the worker, from a page.

const PATIENCE = 30_000;

/** Ask a worker something (see ASKED in worker/7_talk.js); null when there is none or it does not answer. */
export function ask(message, worker = navigator.serviceWorker?.controller) {
  if (!worker) return Promise.resolve(null);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(null), PATIENCE);
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      resolve(data);
    };
    worker.postMessage(message, [port2]);
  });
}

/** No page of anybody is shown from this phone any more; `all`: nor kept. Drafts stay: they are not pages. */
export async function forgetPages({ all = true } = {}) {
  if (!("caches" in window)) return;
  await caches.delete("fieldapp-who");
  if (!all) return;
  const registration = await navigator.serviceWorker?.getRegistration("/veld/");
  if (registration?.active) await Promise.race([ask({ type: "leave" }, registration.active), later(2000)]);
  for (const name of await caches.keys()) if (name.startsWith("fieldapp-person-")) await caches.delete(name);
}

const LOGGED_IN = "fieldapp-logged-in";

/** Note on the log-in page that what comes next is asked anew. */
export const noteLogIn = () => sessionStorage.setItem(LOGGED_IN, "yes");

/** Whether somebody logged in just now; said once. */
export function loggedIn() {
  try {
    const noted = sessionStorage.getItem(LOGGED_IN);
    sessionStorage.removeItem(LOGGED_IN);
    return noted !== null;
  } catch {
    return false; // a browser that keeps nothing
  }
}

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
