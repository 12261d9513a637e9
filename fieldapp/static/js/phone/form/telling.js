// Whether what was typed is on the phone: the truth, quietly; and loudly when it is not.
import { fill } from "../../point.js";

export class Telling {
  /** `form()` is the form element as it stands now. */
  constructor(form, texts) {
    Object.assign(this, { form, texts });
  }

  /** "saving", "saved", "failed", or "nothing" that there is to keep. */
  say(state, error) {
    const line = this.form().querySelector("[data-saved-line]");
    const words = { saving: this.texts.textSaving, saved: this.texts.textSaved, failed: "", nothing: "" }[state];
    if (line.textContent !== words) line.textContent = words;
    this.form().dataset.saved = state;
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
    this.form().querySelector("[data-file-wrong]").scrollIntoView({ block: "center" });
  }

  calm() {
    this.loud("[data-file-wrong]", "");
  }

  loud(where, words) {
    const line = this.form().querySelector(where);
    line.hidden = !words;
    if (line.textContent !== words) line.textContent = words;
  }
}
