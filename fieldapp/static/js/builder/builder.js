// The builder, faster: every form is sent by fetch and the parts of the answer's page are put in
// place; changes save by themselves; rows are dragged; Ctrl+Z undoes. Without this module each form
// posts and comes back to the same spot.

import { Dragging } from "./dragging.js";

const TYPED = "input:not([type=hidden], [type=checkbox], [type=radio]), textarea";

// where the focus goes after a save: where the page says, or where it is
const OWN = "own";
const STAY = "";

export default class Builder {
  static supported() {
    return Boolean(window.fetch && window.DOMParser);
  }

  constructor(root) {
    this.root = root;
    this.queue = Promise.resolve();
    this.waiting = 0;
    this.root.addEventListener("submit", (event) => this.submitted(event));
    this.root.addEventListener("change", (event) => this.changed(event));
    this.root.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting) event.preventDefault();
    });
    this.dragging = new Dragging(this.root, (row, parent, index) => this.place(row, parent, index));
    this.root.classList.add("fa-builder--live");
    this.focus(root.dataset.focus);
  }

  // --- what starts a save ---

  submitted(event) {
    const form = event.target.closest("[data-builder-form]");
    if (!form) return;
    event.preventDefault();
    const button = event.submitter;
    if (button?.getAttribute("aria-disabled") === "true") return;
    const answer = document.activeElement?.closest?.("[data-answer]");
    // Enter in an answer goes on to the next one
    const next = button?.getAttribute("aria-hidden") && answer ? this.nextId(answer.id) : "";
    this.send(form, button?.value ?? "save", next || (button?.getAttribute("aria-hidden") ? STAY : OWN));
  }

  changed(event) {
    if (event.target.matches("[data-builder-tongue]")) return this.tongue(event.target.value);
    const sheet = event.target.closest("[data-builder-sheet]");
    if (!sheet || event.target.dataset.wait) return;
    this.send(sheet, sheet.querySelector(".fa-first-button").value, STAY);
  }

  clicked(event) {
    const link = event.target.closest(".fa-outline__link");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const open = () => this.load(link.href, "b-title");
    this.queue = this.queue.then(open, open);
  }

  key(event) {
    const outline = event.target.closest?.(".fa-outline__link");
    if (outline && event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      const row = outline.closest("[data-row]").dataset.row;
      this.post({ row, do: event.key === "ArrowUp" ? "up" : "down" }, outline.id);
      return;
    }
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const act = key === "z" && !event.shiftKey ? "undo" : key === "y" || (key === "z" && event.shiftKey) ? "redo" : "";
    // While a field holds what is not saved yet, the field's own undo comes first.
    if (!act || this.typing(event.target)) return;
    event.preventDefault();
    this.root.querySelector(`#b-${act}`)?.click();
  }

  typing(element) {
    return Boolean(element.matches?.(TYPED) && element.value !== element.defaultValue);
  }

  place(row, parent, index) {
    this.post({ row, do: `to:${parent}/${index}` }, `o-${row}`);
  }

  tongue(language) {
    const frame = this.root.querySelector("[data-builder-preview]");
    const address = new URL(frame.src);
    address.searchParams.set("in", language);
    this.show(frame, address.href);
  }

  // --- sending and showing ---

  // A change that stands in no form: as the form of the bar would send it.
  post(values, focus) {
    this.enqueue("bar", values, focus);
  }

  send(form, action, focus) {
    this.enqueue(form.dataset.builderForm, { do: action }, focus);
  }

  enqueue(name, values, focus) {
    this.waiting += 1;
    const work = () => this.exchange(name, values, focus).finally(() => { this.waiting -= 1; });
    this.queue = this.queue.then(work, work);
  }

  // One after the other, each with the form as it is by then: with the state that the one before
  // it made, and with what was typed meanwhile.
  async exchange(name, values, focus) {
    const form = this.root.querySelector(`[data-builder-form=${name}]`);
    if (!form) return;
    const body = new FormData(form);
    for (const [key, value] of Object.entries(values)) body.set(key, value);
    const sent = new Map([...form.elements].filter((e) => e.id).map((e) => [e.id, this.valueOf(e)]));
    this.root.toggleAttribute("data-busy", true);
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok && ![409, 422].includes(answer.status)) throw new Error(String(answer.status));
    } catch {
      this.say(this.root.dataset.textFailed);
      return;
    }
    const page = await this.read(answer);
    if (!page) return;
    this.swap(page, sent, name !== "add" && values.do !== "copy");
    this.focus(focus === OWN ? page.querySelector("[data-module=builder]").dataset.focus : focus);
    this.remember(answer.url);
  }

  async load(address, focus) {
    const answer = await fetch(address, { credentials: "same-origin" });
    const page = answer.ok && (await this.read(answer));
    if (!page) { location.href = address; return; }
    this.swap(page, null);
    this.remember(address);
    this.focus(focus);
  }

  // The page of the answer, or nothing when it is another page (logged out, published meanwhile).
  async read(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.querySelector("[data-module=builder]")) return page;
    location.href = answer.url;
    return null;
  }

  remember(address) {
    const url = new URL(address);
    for (const name of ["focus", "gedaan"]) url.searchParams.delete(name);
    url.hash = "";
    history.replaceState(null, "", url);
  }

  // Every part in its new shape; what was typed since the form was sent stays.
  swap(page, sent, keepOpen = false) {
    const active = document.activeElement;
    const at = active?.id && this.root.contains(active) ? { id: active.id, from: active.selectionStart, to: active.selectionEnd } : null;
    const typed = sent ? this.typedSince(sent) : new Map();
    const open = new Set([...this.root.querySelectorAll("details[data-keep-open][open]")].map((d) => d.id));
    const menuOpen = this.root.querySelector("[data-add-menu]")?.open;
    const row = this.root.dataset.row;
    const next = page.querySelector("[data-module=builder]");
    for (const part of this.root.querySelectorAll("[data-part]")) {
      const fresh = next.querySelector(`[data-part=${part.dataset.part}]`);
      if (fresh) part.replaceWith(document.importNode(fresh, true));
    }
    this.root.dataset.row = next.dataset.row;
    const told = next.querySelector("[data-builder-status]");
    if (told) this.root.querySelector("[data-builder-status]").replaceChildren(...document.importNode(told, true).childNodes);
    this.root.toggleAttribute("data-busy", false);
    if (keepOpen) this.reopen(open);
    const menu = this.root.querySelector("[data-add-menu]");
    if (menu && menuOpen && row === next.dataset.row) menu.open = true;
    for (const [id, value] of typed) {
      const element = document.getElementById(id);
      if (element) this.setValue(element, value);
    }
    const frame = this.root.querySelector("[data-builder-preview]");
    const wanted = page.querySelector("[data-builder-preview]");
    if (frame && wanted) this.show(frame, this.withTongue(wanted.getAttribute("src")));
    document.title = page.title;
    if (at) this.focus(at.id, at);
  }

  reopen(ids) {
    for (const details of this.root.querySelectorAll("details[data-keep-open]")) {
      if (ids.has(details.id)) details.open = true;
    }
  }

  typedSince(sent) {
    const found = new Map();
    for (const [id, value] of sent) {
      const element = document.getElementById(id);
      if (element && this.valueOf(element) !== value) found.set(id, this.valueOf(element));
    }
    return found;
  }

  valueOf(element) {
    return element.type === "checkbox" ? element.checked : element.value;
  }

  setValue(element, value) {
    if (element.type === "checkbox") element.checked = value;
    else element.value = value;
  }

  withTongue(address) {
    const url = new URL(address, location.href);
    const chosen = this.root.querySelector("[data-builder-tongue]")?.value;
    if (chosen) url.searchParams.set("in", chosen);
    return url.href;
  }

  show(frame, address) {
    if (frame.src === address) return;
    frame.src = address;
  }

  focus(id, at) {
    const element = id && document.getElementById(id);
    if (!element) return;
    element.closest("details")?.setAttribute("open", "");
    if (document.activeElement !== element) element.focus({ preventScroll: Boolean(at) });
    if (at?.from != null && element.matches(TYPED)) {
      try { element.setSelectionRange(at.from, at.to); } catch { /* a date has no selection */ }
    }
  }

  nextId(id) {
    return id.replace(/\d+/, (number) => Number(number) + 1);
  }

  say(words) {
    this.root.querySelector("[data-builder-status]").textContent = words;
    this.root.toggleAttribute("data-busy", false);
  }
}
