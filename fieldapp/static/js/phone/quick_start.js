// "Observatie": one tap opens the camera; the photo is kept in a new draft, and its form opens behind it.
// Where a phone has no camera to be held, or cannot keep anything, the button does what it always does.
import { attach, newDraft, saveDraft } from "./drafts.js";
import { storeOf } from "./store.js";

export default class QuickStart {
  static supported() {
    return "indexedDB" in window && Boolean(storeOf()) && matchMedia("(any-pointer: coarse)").matches
      && typeof createImageBitmap === "function";
  }

  constructor(element) {
    this.element = element;
    this.texts = element.dataset;
    this.button = element.querySelector("[data-start-observation]");
    this.status = element.querySelector("[data-status]");
    this.store = storeOf();
    this.store.open().then(() => this.offer(), () => {}); // private mode: the plain way
  }

  offer() {
    const camera = document.createElement("input");
    Object.assign(camera, { type: "file", accept: "image/*" });
    camera.setAttribute("capture", "environment");
    camera.addEventListener("change", () => this.taken(camera));
    this.button.addEventListener("click", (event) => {
      // A shortcut on the home screen is no tap: no camera opens for it, so the form does.
      if (navigator.userActivation?.isActive === false) return;
      event.preventDefault();
      if (!this.busy) camera.click();
    });
    this.element.querySelector("[data-without]").hidden = false;
    this.element.classList.add("fa-quick--ready");
    import("./photo/shrink.js"); // here when the photo is
  }

  async taken(camera) {
    const [file] = camera.files;
    camera.value = "";
    if (!file) return;
    this.working(true);
    try {
      location.assign(await this.keep(file));
    } catch (error) {
      console.warn("fieldapp: photo not kept", error);
      this.status.textContent = this.texts.textFailed;
    }
    this.working(false);
  }

  working(busy) {
    this.busy = busy;
    this.button.toggleAttribute("aria-busy", busy);
    this.status.textContent = busy ? this.texts.textBusy : this.status.textContent;
  }

  /** The photo in a new draft; the address of its form. */
  async keep(file) {
    const { shrink } = await import("./photo/shrink.js");
    const { file: small, taken_at } = await shrink(file, 1600);
    const { survey, version, language, kind, title, round, photo, page } = this.texts;
    const draft = { ...newDraft({ survey, version, language, kind, title, round }), page };
    await attach(this.store, draft, photo, small, { name: small.name, taken_at });
    await saveDraft(this.store, draft, { page });
    return `${this.button.dataset.form.split("#")[0]}#${draft.id}`;
  }
}
