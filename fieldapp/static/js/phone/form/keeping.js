// A draft while it is filled in: the one place that holds it and writes it to the phone.
import { attach, copied, detach, hold, saveDraft } from "../drafts.js";
import { Saver } from "./saver.js";
import { Telling } from "./telling.js";

export class Keeping {
  /** `found`: what openDraft() gave; `now()`: all that was answered, as a patch of the draft. */
  constructor(frame, { draft, isNew, letGo }, now) {
    Object.assign(this, { store: frame.store, draft, isNew, letGo, now });
    this.told = new Telling(frame);
    this.busy = 0; // changes of files that are not on the phone yet
    this.work = Promise.resolve();
    this.saver = new Saver(() => this.save(this.now()), (state, error) => this.say(state, error));
    const leave = () => this.saver.due && this.saver.run();
    document.addEventListener("visibilitychange", () => document.hidden && leave());
    window.addEventListener("pagehide", leave);
  }

  /** The part of the address that says which draft this is. */
  get address() {
    return this.isNew ? location.hash || "#nieuw" : `#${this.draft.id}`;
  }

  /** Something was answered: keep it now, or within `wait` ms. */
  soon(wait) {
    this.saver.soon(wait);
  }

  async save(patch) {
    this.draft = await this.write((draft) => saveDraft(this.store, draft, patch));
    this.born();
  }

  /** Keep a file with the answer at `path`; its line in draft.files. */
  attach(path, file, about) {
    return this.write((draft) => attach(this.store, draft, path, file, about));
  }

  detach(path, hash) {
    return this.write((draft) => detach(this.store, draft, path, hash));
  }

  /** Without Web Locks another tab may have changed the draft: then this one goes on in a copy. */
  async write(act) {
    try {
      return await act(this.draft);
    } catch (error) {
      if (error.name !== "WrittenElsewhere") throw error;
    }
    this.letGo();
    this.draft = await copied(this.store, this.draft);
    this.letGo = await hold(this.draft.id);
    this.isNew = true;
    this.born();
    this.told.apart();
    return act(this.draft);
  }

  /** The draft is on the phone: from now on the address says which one it is. */
  born() {
    if (!this.isNew) return;
    this.isNew = false;
    history.replaceState(history.state, "", this.address);
  }

  /** Changes of files, one after the other; then `changed()` is called. */
  after(act, failed, changed) {
    this.busy += 1;
    this.told.say("saving");
    this.work = this.work.then(act).catch(failed).then(() => { this.busy -= 1; })
      .then(() => this.reread()).then(changed).catch(failed);
    return this.work;
  }

  /** Files came or went. */
  async reread() {
    const stored = await this.store.get("drafts", this.draft.id);
    if (!stored) return;
    this.draft = { ...this.draft, files: stored.files }; // and no more: what another tab wrote must be noticed
    if (stored.files.length) this.born();
  }

  /** What is typed may be kept while a photo is not yet: then not all is. */
  say(state, error) {
    this.told.say(state === "saved" && this.busy ? "saving" : state, error);
  }

  /** Keep what there is, for the last time; whether that worked. */
  finish() {
    this.soon();
    return this.saver.finish();
  }
}
