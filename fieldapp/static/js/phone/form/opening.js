// Which draft the address asks for, and whether it can be filled in here and now.
import { fill } from "../../point.js";
import { hold, newDraft, reopen } from "../drafts.js";
import { arrivedWords } from "./closing.js";
import { say } from "./notices.js";

const PATIENCE = 20; // quarters of a second

/** {draft, isNew, portiek, letGo} to fill in, or null when there is something else to be said. */
export async function openDraft(form) {
  const asked = location.hash.slice(1);
  const isNew = !asked || asked.startsWith("nieuw");
  const told = new URLSearchParams(isNew ? asked : "");
  const draft = isNew ? fresh(form.settings, told) : await kept(form, asked);
  if (!draft) return null;
  const letGo = await hold(draft.id);
  if (!letGo) {
    say(form, "busy").querySelector("[data-again]").addEventListener("click", () => location.reload());
    return null;
  }
  const open = draft.state === "open" ? draft : await reopen(form.store, draft.id);
  return { draft: open, isNew, portiek: told.get("portiek") ?? "", letGo };
}

const fresh = ({ survey, version, language, kind, title }, told) =>
  newDraft({ survey, version, language, kind, title, round: told.get("ronde") ?? "" });

/** A draft of this phone that is still to be filled in. */
async function kept(form, id) {
  const { store, settings } = form;
  const draft = await store.get("drafts", id);
  if (!draft) {
    if (!(await arrived(form, id))) say(form, "gone");
    return null;
  }
  if (draft.survey !== settings.survey || draft.version !== settings.version) { // begun with another version
    location.replace(fill(decodeURIComponent(form.texts.formUrl), draft) + `#${id}`);
    return null;
  }
  if (draft.state !== "queued") return draft;
  const stop = store.watch(() => arrived(form, id));
  const button = say(form, "queued").querySelector("[data-reopen]");
  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      await takeBack(form, id, stop);
    } finally {
      button.ariaBusy = null;
    }
  });
  return null;
}

/** Open a form in the queue again, unless it has arrived after all: then it is said so first. */
async function takeBack(form, id, stop) {
  const { store } = form;
  for (let tries = 0; !(await hold(id)); tries += 1) { // it is being sent at this moment
    if (tries === PATIENCE) return; // this page hears when it has arrived
    await new Promise((again) => setTimeout(again, 250));
  }
  const draft = await store.get("drafts", id);
  if (!draft) return; // arrived a moment ago
  stop();
  const { arrivedAfterAll } = await import("../queue/on_server.js");
  const came = await arrivedAfterAll(store, draft, form.texts.patience);
  if (!came) {
    await reopen(store, id);
    location.reload();
    return;
  }
  await arrived(form, id);
  const change = form.root.querySelector("[data-notice] [data-change]");
  change.hidden = !came.putBack;
  change.addEventListener("click", () => came.putBack().then(() => location.reload()), { once: true });
}

/** Say that a form has arrived; false when it has not. */
async function arrived(form, id) {
  const receipt = await form.store.get("receipts", id);
  if (receipt) say(form, "done").querySelector("[data-state]").textContent = arrivedWords(receipt, form.texts);
  return Boolean(receipt);
}
