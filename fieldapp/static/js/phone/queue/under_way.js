// A finished draft while it is sent. The person may take it back and another flusher may take over at any moment:
// whatever is written down about it is written only as long as it is still the one that we are sending.

import { STATES } from "../drafts.js";
import { StorageFull } from "../store.js";

export const STOPPED = { verdict: "stopped", reason: "changed" };

const same = (stored, draft) => stored?.state === STATES.QUEUED && stored.document === draft.document;

/** Change a draft that is being sent. Whether it still was. */
export async function change(store, draft, patch) {
  let ours = false;
  await store.update("drafts", draft.id, (stored) => {
    ours = same(stored, draft);
    return ours ? { ...stored, ...patch } : undefined;
  });
  return ours;
}

export class UnderWay {
  /** `robbed`: AbortSignal of one_flusher.js. */
  constructor(store, draft, robbed) {
    Object.assign(this, { store, draft, robbed, document: read(draft) });
  }

  /** Note that the server has so many bytes of a file. Whether to go on. */
  async progress(hash, received) {
    const goOn = await this.note({ uploaded: { ...this.draft.uploaded, [hash]: received } });
    if (goOn) this.store.changed("progress");
    return goOn;
  }

  /** Note something on the draft: on a full phone only here, the server knows how far it is. Whether to go on. */
  async note(patch) {
    const { store, draft } = this;
    const ours = await change(store, draft, patch).catch(async (error) => {
      if (!(error instanceof StorageFull)) throw error;
      return same(await store.get("drafts", draft.id), draft);
    });
    if (ours) Object.assign(draft, patch);
    return ours && !this.robbed?.aborted;
  }

  /** What is wrong with a file, at the questions that it answers. */
  problems(hash, code, message = "") {
    return this.document.files.filter(({ sha256 }) => sha256 === hash)
      .map(({ question, name }) => ({ path: question, name, code, message }));
  }
}

/** What the document says, or null when it cannot be what was finished. */
function read({ id, document }) {
  try {
    const parsed = JSON.parse(document);
    return parsed.id === id && parsed.answers && Array.isArray(parsed.files) ? parsed : null;
  } catch {
    return null;
  }
}

/** A refusal of our own: the server need not be asked. */
export const refusedHere = (code, problems = []) => (
  { verdict: "refused", reason: code, refusal: { code, message: "", problems } });
