// Photos straight from the camera or chosen: made small and drawn anew before they go anywhere (which takes
// out what a photo tells about phone and place), shown, blurred by finger, taken away again.
//
// In a plain form the results go back into the file input. In the form on the phone (inside [data-phone]) they
// are handed over with the event fa:files {files: [{file, taken_at, replaces}]}; what is kept comes back with
// fa:kept {files: [{name, sha256, url, taken_at}]} on the question's box, and fa:drop {sha256} takes one away.
import { dialogOf } from "./dialogs.js";
import { fill } from "./point.js";

const part = (element, name) => element.querySelector(`[data-photo-${name}]`);

export default class Photo {
  static supported() {
    try {
      new DataTransfer().items.add(new File(["x"], "x"));
      return typeof createImageBitmap === "function" && "toBlob" in HTMLCanvasElement.prototype;
    } catch {
      return false;
    }
  }

  constructor(element) {
    this.element = element;
    this.texts = element.dataset;
    this.input = element.querySelector("input[type=file]");
    [this.list, this.status, this.tools] = ["list", "status", "tools"].map((name) => part(element, name));
    this.longest = Number(element.dataset.maxPixels) || 1600;
    this.onPhone = Boolean(element.closest("[data-phone]"));
    this.chosen = []; // {file, name, url, taken_at, sha256}
    this.work = Promise.resolve();
    this.working = 0;
    element.classList.add("fa-photo--ready");
    this.listen();
    this.offerCamera();
    // The browser restores chosen files after "back"; show them again.
    if (this.input.files.length) this.take(this.input);
  }

  listen() {
    for (const name of ["input", "change"]) {
      this.input.addEventListener(name, (event) => {
        if (this.onPhone) event.stopPropagation(); // nobody gets to see what was not drawn anew
        if (name === "change") this.take(this.input);
      });
    }
    if (this.onPhone) {
      this.box = this.element.closest("[data-path]");
      // The form does not go on before the photos are small.
      this.input.form?.addEventListener("fa:settle", ({ detail }) => detail.waits.push(this.work));
      this.box?.addEventListener("fa:kept", ({ target, detail }) => target === this.box && this.kept(detail.files));
    } else {
      this.input.form?.addEventListener("submit", (event) => this.wait(event));
    }
  }

  /** Camera first, where there is one to be held; the input itself then chooses from what there is. */
  offerCamera() {
    const button = part(this.element, "camera");
    if (!button || this.input.hasAttribute("capture") || !matchMedia("(any-pointer: coarse)").matches) return;
    const camera = document.createElement("input");
    Object.assign(camera, { type: "file", accept: "image/*" });
    camera.setAttribute("capture", "environment");
    camera.addEventListener("change", () => this.take(camera));
    button.hidden = false;
    button.addEventListener("click", () => camera.click());
    this.element.classList.add("fa-photo--camera");
    part(this.element, "words").textContent = this.texts.textChoose;
    this.offerGhost(camera);
  }

  /** The earlier photo of the same place as a help for the new one. */
  offerGhost(camera) {
    if (!navigator.mediaDevices?.getUserMedia || !("showModal" in HTMLDialogElement.prototype)) return;
    this.element.addEventListener("fa:over", ({ detail }) => this.over(detail.url, camera)); // of phone/photo/earlier.js
    const button = part(this.element, "ghost");
    if (!button) return;
    const look = () => (button.hidden = !this.earlier());
    look();
    // The earlier photo may come, or change, while this page is open.
    document.addEventListener("fa:kept", () => queueMicrotask(look), true);
    button.addEventListener("click", () => this.over(this.earlier(), camera).then(() => button.focus()));
  }

  /** Take a photo over this earlier one; the ordinary way where the camera may not be used by the page. */
  async over(url, camera) {
    try {
      const { shoot } = await import("./phone/photo/ghost.js");
      const file = await shoot(this.dialog("ghost"), url, this.longest);
      if (file) this.add([file]);
    } catch {
      this.status.textContent = this.texts.textNoCamera;
      camera.click();
    }
  }

  /** Address of the photo that this question names (appearance ghost-...); "" when there is none yet. */
  earlier() {
    const { ghost, ghostUrl = "" } = this.texts;
    const round = this.box?.dataset.path.replace(/[^/]*$/, "") ?? "";
    const find = (path) => document.querySelector(`[data-path="${CSS.escape(path)}"] .fa-photo__image`)?.src;
    return find(round + ghost) ?? find(ghost) ?? ghostUrl;
  }

  take(input) {
    const files = [...input.files];
    if (input !== this.input || this.onPhone) input.value = "";
    if (files.length) this.add(files);
  }

  /** One after the other, also when somebody is quick: memory for one large photo at a time. */
  add(files) {
    this.working += 1;
    this.work = this.work.then(() => this.addNow(files)).finally(() => (this.working -= 1));
    return this.work;
  }

  async addNow(files) {
    if (!this.input.multiple && !this.onPhone) this.clear();
    this.status.textContent = this.texts.textBusy;
    const { shrink } = await import("./phone/photo/shrink.js");
    const made = [];
    let failed = 0;
    for (const file of files) {
      try {
        const small = await shrink(file, this.longest);
        made.push({ ...small, file: this.ownName(small.file, made) });
      } catch {
        failed += 1;
      }
    }
    this.status.textContent = "";
    this.hand(made);
    if (failed) this.status.textContent = this.texts.textFailed;
  }

  /** Two photos of one answer never have the same name. */
  ownName(file, made) {
    const taken = new Set([...this.chosen, ...made.map((one) => one.file)].map((one) => one.name));
    if (!taken.has(file.name)) return file;
    const [, stem, end] = /^(.*?)(\.\w+)?$/.exec(file.name);
    let number = 2;
    while (taken.has(`${stem}-${number}${end ?? ""}`)) number += 1;
    return new File([file], `${stem}-${number}${end ?? ""}`, { type: file.type, lastModified: file.lastModified });
  }

  /** Pass on what was made; `replaces` is the one that it takes the place of. */
  hand(made, replaces = null) {
    if (this.onPhone) {
      const files = made.map((one) => ({ ...one, replaces: replaces?.sha256 ?? null }));
      if (files.length) this.tell({ files, only: !this.input.multiple && !replaces });
      return;
    }
    const shown = made.map(({ file, taken_at }) => ({ file, name: file.name, taken_at, url: URL.createObjectURL(file) }));
    if (replaces) {
      URL.revokeObjectURL(replaces.url);
      this.chosen.splice(this.chosen.indexOf(replaces), 1, ...shown);
    } else this.chosen.push(...shown);
    this.intoInput();
  }

  tell(detail, name = "fa:files") {
    this.element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  kept(files) {
    this.chosen = files;
    this.show();
  }

  clear() {
    for (const { url } of this.chosen) URL.revokeObjectURL(url);
    this.chosen = [];
  }

  remove(photo) {
    this.input.focus();
    if (this.onPhone) return this.tell({ sha256: photo.sha256 }, "fa:drop");
    URL.revokeObjectURL(photo.url);
    this.chosen = this.chosen.filter((other) => other !== photo);
    this.intoInput();
  }

  intoInput() {
    const transfer = new DataTransfer();
    for (const { file } of this.chosen) transfer.items.add(file);
    this.input.files = transfer.files;
    this.show();
    this.tell({ files: [] });
  }

  /** A plain form waits until the photos are small. */
  wait(event) {
    if (!this.working) return;
    event.preventDefault();
    const { submitter } = event;
    this.work.then(() => this.input.form.requestSubmit(submitter));
  }

  async blur(photo) {
    const { blur } = await import("./phone/photo/blur.js");
    try {
      const blob = await blur(this.dialog("blur"), photo.url);
      if (!blob) return;
      const file = new File([blob], photo.name, { type: "image/jpeg" });
      this.hand([{ file, taken_at: photo.taken_at ?? null }], photo);
      this.status.textContent = this.texts.textBlurred;
    } catch {
      this.status.textContent = this.texts.textFailed;
    }
  }

  dialog(name) {
    return dialogOf(this.tools.content.querySelector(`[data-photo-dialog="${name}"]`));
  }

  show() {
    const count = this.chosen.length;
    const text = count === 1 ? this.texts.textChosen : this.texts.textChosenMany;
    this.status.textContent = count ? fill(text, { number: count }) : "";
    this.list.replaceChildren(...this.chosen.map((photo, index) => this.item(photo, index + 1)));
  }

  item(photo, number) {
    const item = document.createElement("li");
    item.className = "fa-photo__item";
    const image = document.createElement("img");
    image.className = "fa-photo__image";
    image.alt = fill(this.texts.textPreview, { number });
    const blur = this.button("fa-photo__blur", this.texts.textBlur, () => this.blur(photo));
    blur.setAttribute("aria-label", fill(this.texts.textBlurNumber, { number }));
    // A kind that only the server can draw: its name.
    image.addEventListener("error", () => {
      image.replaceWith(photo.name);
      blur.remove();
    });
    image.src = photo.url;
    const remove = this.button("fa-photo__remove", "×", () => this.remove(photo));
    remove.setAttribute("aria-label", fill(this.texts.textRemove, { number }));
    item.append(image, remove);
    if (this.tools && "showModal" in HTMLDialogElement.prototype) item.append(blur);
    return item;
  }

  button(name, text, act) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: name, textContent: text });
    button.addEventListener("click", act);
    return button;
  }
}
