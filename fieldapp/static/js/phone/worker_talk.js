// Talking with the worker, from a page.

const PATIENCE = 30_000;

/** Ask a worker something (see ASKED in worker/6_talk.js); null when there is none or it does not answer. */
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

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
