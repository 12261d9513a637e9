// A form that is thrown away: for ten seconds not really, then with all its files.
import { discard } from "../drafts.js";
import { hush, say } from "./notices.js";

const UNDO = 10_000; // ms

export function throwAway({ frame, keeping, form, pages }) {
  keeping.saver.stop();
  form.hidden = true;
  let gone = false;
  const remove = () => {
    clearTimeout(timer);
    gone = true;
    keeping.letGo();
    return discard(frame.store, keeping.draft.id);
  };
  const timer = setTimeout(() => remove().then(() => location.assign(frame.texts.home)), UNDO);
  const leave = (event) => { // by a link: first it is gone
    const link = event.target.closest?.("a[href]");
    if (!link || gone) return;
    event.preventDefault();
    remove().finally(() => location.assign(link.href));
  };
  document.addEventListener("click", leave);
  say(frame, "discarded").querySelector("[data-undo]").addEventListener("click", () => {
    clearTimeout(timer);
    document.removeEventListener("click", leave);
    keeping.saver.stopped = false;
    hush(frame);
    form.hidden = false;
    pages.show(pages.page);
  });
}
