// A form that is thrown away: for ten seconds not really, then with all its files.
import { discard } from "../drafts.js";
import { hush, say } from "./notices.js";

const UNDO = 10_000; // ms

export function throwAway(form) {
  form.saver.stop();
  form.form.hidden = true;
  let gone = false;
  const remove = () => {
    clearTimeout(timer);
    gone = true;
    form.letGo();
    return discard(form.store, form.draft.id);
  };
  const timer = setTimeout(() => remove().then(() => location.assign(form.texts.home)), UNDO);
  const leave = (event) => { // by a link: first it is gone
    const link = event.target.closest?.("a[href]");
    if (!link || gone) return;
    event.preventDefault();
    remove().finally(() => location.assign(link.href));
  };
  document.addEventListener("click", leave);
  say(form, "discarded").querySelector("[data-undo]").addEventListener("click", () => {
    clearTimeout(timer);
    document.removeEventListener("click", leave);
    form.saver.stopped = false;
    hush(form);
    form.form.hidden = false;
    form.pages.show(form.pages.page);
  });
}
