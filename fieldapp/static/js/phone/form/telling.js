// Whether what was typed is on the phone: the truth, quietly; and loudly when it is not.
import { fill } from "../../point.js";

export class Telling {
  constructor({ root, texts }) {
    Object.assign(this, { root, texts });
  }

  /** "saving", "saved", "failed", or "nothing" that there is to keep. */
  say(state, error) {
    const words = { saving: this.texts.textSaving, saved: this.texts.textSaved }[state] ?? "";
    const line = this.line("[data-saved-line]");
    if (line.textContent !== words) line.textContent = words;
    line.closest("form").dataset.saved = state;
    if (state === "saving") return;
    if (state === "failed") console.warn("fieldapp: not kept", error);
    this.loud("[data-not-saved]", state === "failed" ? this.trouble(error) : "");
  }

  trouble({ name }) {
    return { StorageFull: this.texts.textFull, NoStorage: this.texts.textNoStorage }[name] ?? this.texts.textNotSaved;
  }

  /** A photo or another file that could not be kept, or that the phone lost. */
  file(name, error) {
    console.warn("fieldapp: file not kept", error);
    const storage = ["StorageFull", "NoStorage"].includes(error?.name);
    this.loud("[data-file-wrong]", storage ? this.trouble(error) : fill(this.texts.textFileFailed, { name }));
  }

  /** Another tab changed this form: what stands here is now one of its own. */
  apart() {
    this.loud("[data-apart]", this.texts.textApart);
  }

  calm() {
    this.loud("[data-file-wrong]", "");
  }

  loud(where, words) {
    const line = this.line(where);
    line.hidden = !words;
    if (line.textContent !== words) line.textContent = words;
  }

  /** In the form as it stands now: it is drawn anew when a round is put back. */
  line(where) {
    return this.root.querySelector(where);
  }
}
