// The end of a form: everything is kept, the document is made, the queue takes over.
import { finish } from "../drafts.js";
import { sentAnswers } from "./answers.js";
import { watchArrival } from "./closing.js";
import { say } from "./notices.js";

/** What is sent (contract: PHONE, the document that a phone sends). */
function documentOf({ keeping: { draft }, settings, live, place, form }) {
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
export async function complete(sheet) {
  const { frame: { store }, keeping, form } = sheet;
  if (form.inert) return;
  form.inert = true; // what is answered from here on would not go along
  try {
    await sheet.settled();
    if (!(await sheet.files.whole())) return;
    if (!(await keeping.finish())) return;
    const done = await finish(store, keeping.draft.id, documentOf(sheet));
    if (done?.state !== "queued") throw new Error("not queued");
  } catch (error) {
    keeping.saver.stopped = false;
    keeping.say("failed", error);
    return;
  } finally {
    form.inert = false;
  }
  close(sheet);
}

function close({ frame, keeping, pages, form }) {
  const { store, texts } = frame;
  keeping.letGo();
  pages.stop();
  window.addEventListener("popstate", () => location.replace(texts.home)); // back from here leads out
  form.remove();
  watchArrival(store, keeping.draft.id, say(frame, "done").querySelector("[data-state]"), texts);
  import("../queue/outbox.js").then(({ outbox }) => outbox(store).flush("finish"))
    .catch((error) => console.warn("fieldapp: outbox", error)); // it is in the queue, and that goes by itself
}
