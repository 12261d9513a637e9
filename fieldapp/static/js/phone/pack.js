// What goes along for a day without signal: surveys, rounds, areas, messages (web/phone/pack.py).

import { freshFor } from "./fresh.js";

const ADDRESS = "/veld/app/gegevens.json";
const PATIENCE = 20_000; // a line may be there on which nobody answers

/** The pack as it was last fetched, or null. */
export async function pack(store) {
  return (await store.setting("pack"))?.data ?? null;
}

/** Ask whether there is a newer one, unless that was asked so short ago (`now`: anyhow):
 *  {state: "fresh" | "same" | "new" | "login" | "offline" | "person", data}. */
export async function refreshPack(store, { now = false } = {}) {
  const old = await store.setting("pack");
  const arrived = (await store.setting("outbox"))?.last_ok ?? 0;
  if (!now && old && freshFor(old.at) && arrived <= old.at) return { state: "fresh", data: old.data };
  const answer = await fetched(old?.etag);
  if (!answer) return { state: "offline", data: old?.data ?? null };
  if (answer.type === "opaqueredirect" || answer.status === 401) return { state: "login", data: old?.data ?? null };
  if (answer.status === 304) {
    await store.set("pack", { ...old, at: Date.now() });
    return { state: "same", data: old.data };
  }
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

async function fetched(etag) {
  const giveUp = new AbortController();
  setTimeout(() => giveUp.abort(), PATIENCE);
  const headers = etag ? { "If-None-Match": etag } : {};
  try {
    return await fetch(ADDRESS, { headers, redirect: "manual", cache: "no-store", signal: giveUp.signal });
  } catch {
    return null;
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
