// The end of a form: everything is kept, the document is made, the queue takes over.
import { finish } from "../drafts.js";
import { sentAnswers } from "./answers.js";
import { watchArrival } from "./closing.js";
import { say } from "./notices.js";

/** What is sent (contract: PHONE, the document that a phone sends). */
function documentOf({ draft, settings, live, place, form }) {
  const { id, survey, version, language, started_at, round, files } = draft;
  const leftOut = new Set([settings.point, ...settings.unkept]);
  return {
    id, survey, version, language, captured_at: started_at, round, location: place.location(form),
    answers: sentAnswers(settings.engine.rows, live.engine.answers(), leftOut),
    files: files.filter(({ path }) => live.engine.relevant(path))
      .map(({ path, name, sha256, size, taken_at }) => ({ question: path, name, sha256, size, taken_at })),
  };
}

/** Keep the last change, put the form in the queue and say so. What cannot be kept stays open. */
export async function complete(form) {
  if (form.finishing) return;
  form.finishing = true;
  form.form.inert = true; // what is answered from here on would not go along
  try {
    await form.settled();
    if (!(await form.files.whole())) return;
    form.saver.soon();
    if (!(await form.saver.finish())) return;
    const done = await finish(form.store, form.draft.id, documentOf(form));
    if (done?.state !== "queued") throw new Error("not queued");
    form.draft = done;
  } catch (error) {
    form.saver.stopped = false;
    form.told.say("failed", error);
    return;
  } finally {
    form.finishing = form.form.inert = false;
  }
  close(form);
}

function close(form) {
  form.letGo();
  form.pages.stop();
  window.addEventListener("popstate", () => location.replace(form.texts.home)); // back from here leads out
  form.form.remove();
  watchArrival(form.store, form.draft.id, say(form, "done").querySelector("[data-state]"), form.texts);
  import("../outbox.js").then(({ outbox }) => outbox(form.store).flush("finish"))
    .catch((error) => console.warn("fieldapp: outbox", error)); // it is in the queue, and that goes by itself
}
