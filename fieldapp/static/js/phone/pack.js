// What goes along for a day without signal: surveys, rounds, areas, messages (web/phone/pack.py).

const ADDRESS = "/veld/app/gegevens.json";

/** The pack as it was last fetched, or null. */
export async function pack(store) {
  return (await store.setting("pack"))?.data ?? null;
}

/** Ask whether there is a newer one: {state: "same" | "new" | "login" | "offline" | "person", data}. */
export async function refreshPack(store) {
  const old = await store.setting("pack");
  const headers = old?.etag ? { "If-None-Match": old.etag } : {};
  let answer;
  try {
    answer = await fetch(ADDRESS, { headers, redirect: "manual", cache: "no-store" });
  } catch {
    return { state: "offline", data: old?.data ?? null };
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) return { state: "login", data: old?.data ?? null };
  if (answer.status === 304) return { state: "same", data: old.data };
  try {
    if (!answer.ok) throw new TypeError(`the pack: ${answer.status}`);
    const data = await answer.json();
    if (data.person !== store.person) return { state: "person", data: null };
    await store.set("pack", { etag: answer.headers.get("ETag"), at: Date.now(), data });
    store.changed("pack");
    return { state: "new", data };
  } catch {
    return { state: "offline", data: old?.data ?? null }; // a portal, or a server in trouble
  }
}

/** Addresses of all pages to have on the phone; `more` languages (tags) beside the person's own. `forms`: first
 *  only what it takes to start and fill in. */
export function pagesOf(data, drafts, more = [], { forms = false } = {}) {
  const found = new Set(["/veld/", "/veld/gesprek", "/veld/grenzen.geojson"]);
  if (!forms) found.add("/veld/telefoon").add("/veld/beloftes");
  for (const survey of data?.surveys ?? []) {
    found.add(survey.url);
    for (const { tag, url } of survey.languages) if (more.includes(tag)) found.add(url);
  }
  for (const walk of forms ? [] : data?.walks ?? []) if (walk.url) found.add(walk.url);
  for (const { survey, version, language } of drafts) {
    found.add(`/veld/app/formulier/${encodeURIComponent(survey)}/${encodeURIComponent(version)}/${language}`);
  }
  return [...found];
}
