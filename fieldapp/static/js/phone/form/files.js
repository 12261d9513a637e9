// Photos, recordings and other files of a form: into the store, shown from the store, taken away again.
// Modules (photo.js, recorder.js, canvas.js) hand over with fa:files {files: [{file, taken_at, replaces}], only};
// what is kept is told to the question's box with fa:kept {files}; fa:drop {sha256} takes one away.
import { fill } from "../../point.js";
import { readFile } from "../drafts.js";
import { living } from "./controls.js";

export const FILES = new Set(["image", "audio", "video", "file"]);

export class Files {
  /** `changed(path)` is called when something came or went. */
  constructor({ store, texts }, keeping, changed) {
    Object.assign(this, { store, texts, keeping, changed });
    this.urls = new Map();
  }

  /** Names of the files of an answer. */
  names(path) {
    return this.of(path).map((file) => file.name);
  }

  of(path) {
    return this.keeping.draft.files.filter((file) => file.path === path);
  }

  listen(form) {
    form.addEventListener("fa:files", (event) => this.heard(event));
    form.addEventListener("change", (event) => event.target.type === "file" && this.heard(event));
    form.addEventListener("fa:drop", ({ target, detail }) => {
      const { path } = target.closest("[data-path]").dataset;
      this.next(path, () => this.keeping.detach(path, detail.sha256));
    });
  }

  heard({ target, type, detail }) {
    const box = target.closest("[data-path]");
    const input = target.type === "file" ? target : box.querySelector("input[type=file]");
    const { path } = box.dataset;
    const given = type === "fa:files" && detail?.files;
    const files = given || [...(input?.files ?? [])].map((file) => ({ file }));
    if (!given && input?.files.length) input.value = "";
    this.next(path, () => this.keep(path, files, Boolean(detail?.only)));
  }

  async keep(path, files, only) {
    const before = this.of(path);
    const kept = new Set();
    for (const { file, taken_at = null, replaces = null } of files) {
      try {
        const made = await this.keeping.attach(path, file, { name: this.freeName(file), taken_at });
        kept.add(made.sha256);
        if (replaces && replaces !== made.sha256) await this.keeping.detach(path, replaces);
      } catch (error) {
        this.failed(file.name, error);
        return; // what was there stays
      }
      await this.keeping.reread();
    }
    if (!only) return;
    for (const { sha256 } of before) if (!kept.has(sha256)) await this.keeping.detach(path, sha256);
  }

  /** Every file of a form has a name of its own: phones call all photos image.jpg. */
  freeName({ name }) {
    const used = new Set(this.keeping.draft.files.map((file) => file.name));
    const safe = name.replace(/[/\\\n\r\0]/g, "-").replace(/^\.+$/, "-").slice(-100) || "bestand";
    const [, stem, end] = /^(.*?)(\.\w+)?$/s.exec(safe);
    let free = safe;
    for (let number = 2; used.has(free); number += 1) free = `${stem}-${number}${end ?? ""}`;
    return free;
  }

  /** Whether all bytes are really there; what the phone lost is told and taken out. */
  async whole() {
    let all = true;
    for (const { path, name, sha256 } of this.keeping.draft.files) {
      if (await readFile(this.store, this.keeping.draft.id, sha256)) continue;
      all = false;
      await this.next(path, () => this.keeping.detach(path, sha256));
      this.failed(name, null);
    }
    return all;
  }

  failed(name, error) {
    this.keeping.told.file(name, error);
  }

  next(path, act) {
    return this.keeping.after(act, (error) => this.failed("", error), () => this.changed(path));
  }

  /** Tell every box of this path (or all) what is kept for it. */
  async show(form, only = null) {
    for (const box of living(form)) {
      const { path, type } = box.dataset ?? {};
      if (box.localName === "template" || !FILES.has(type) || (only !== null && path !== only)) continue;
      const files = await Promise.all(this.of(path).map(async (file) => ({ ...file, url: await this.url(file) })));
      box.dispatchEvent(new CustomEvent("fa:kept", { detail: { files } }));
      if (!box.querySelector(".fa-photo--ready")) this.list(box, files);
    }
  }

  async url({ sha256 }) {
    if (!this.urls.has(sha256)) {
      const blob = await readFile(this.store, this.keeping.draft.id, sha256);
      this.urls.set(sha256, blob ? URL.createObjectURL(blob) : "");
    }
    return this.urls.get(sha256);
  }

  /** Names with a button to take one away, where no module shows what is kept. */
  list(box, files) {
    box.querySelector("[data-kept-list]")?.remove();
    if (!files.length || box.querySelector("[data-keeps]")) return;
    const list = document.createElement("ul");
    list.className = "fa-kept";
    list.dataset.keptList = "";
    list.append(...files.map((file) => this.item(box, file)));
    box.append(list);
  }

  item(box, { name, sha256, url, type }) {
    const item = document.createElement("li");
    item.className = "fa-kept__item";
    if (type.startsWith("image/") && url) {
      item.append(Object.assign(document.createElement("img"), { src: url, alt: name, className: "fa-photo__image" }));
    } else {
      const link = Object.assign(document.createElement("a"), { href: url, download: name, className: "nl-link fa-kept__name" });
      link.append(Object.assign(document.createElement("bdi"), { textContent: name }));
      item.append(link);
    }
    const drop = Object.assign(document.createElement("button"), { type: "button", className: "fa-trace__remove", textContent: "×" });
    drop.setAttribute("aria-label", fill(this.texts.textDrop, { name }));
    drop.addEventListener("click", () => {
      box.dispatchEvent(new CustomEvent("fa:drop", { bubbles: true, detail: { sha256 } }));
      (box.querySelector("input:not([type=hidden]), button") ?? box).focus();
    });
    item.append(drop);
    return item;
  }
}
