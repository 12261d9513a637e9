// Coding by keyboard: select text or step through sentences, pick codes, save with Enter.
// Offsets are counted in Unicode code points, as the server does. Without this module the form
// works as it is: the analyst copies a fragment into the field.

const KEPT = "fieldapp-coding-keys";
const points = (text) => [...text].length;

export default class Coding {
  static supported() {
    return Boolean(window.getSelection && Element.prototype.closest);
  }

  constructor(root) {
    this.root = root;
    this.form = root.querySelector("[data-coding-form]");
    this.status = root.querySelector("[data-coding-status]");
    this.fragment = this.form.elements.fragment ?? null; // absent while a statement is changed
    this.cursor = null; // the code that the arrows ticked
    this.keysOn = this.readKeys();
    this.showKeys();
    document.addEventListener("selectionchange", () => this.pick());
    document.addEventListener("keydown", (event) => this.key(event));
    this.fragment?.addEventListener("input", () => this.forget());
    if (!this.fragment) this.focusOpen();
  }

  // --- selecting text ---

  pick() {
    if (!this.fragment) return;
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const answer = this.answerOf(range.startContainer);
    if (!answer || answer !== this.answerOf(range.endContainer)) return;
    const start = this.offset(answer, range.startContainer, range.startOffset);
    const end = this.offset(answer, range.endContainer, range.endOffset);
    const text = [...this.text(answer)].slice(start, end).join("");
    if (!text.trim()) return;
    this.fragment.value = text;
    this.set("question", answer.dataset.answer);
    this.set("start", start);
    this.set("end", end);
  }

  // What is typed by hand no longer has the offsets of a selection.
  forget() {
    for (const name of ["question", "start", "end"]) this.set(name, "");
  }

  set(name, value) {
    this.form.elements[name].value = value;
  }

  answerOf(node) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const answer = element?.closest("[data-answer]");
    return answer && this.root.contains(answer) ? answer : null;
  }

  // The text of an answer without the words that we wrote between its pieces.
  text(answer) {
    return [...answer.querySelectorAll("[data-start]")].map((piece) => piece.textContent).join("");
  }

  // Code points from the start of the answer to a place in it.
  offset(answer, node, inNode) {
    const before = document.createRange();
    before.setStart(answer, 0);
    before.setEnd(node, inNode);
    let count = 0;
    for (const piece of before.cloneContents().querySelectorAll("[data-start]")) count += points(piece.textContent);
    return count;
  }

  // --- sentences ---

  step(direction) {
    const all = [...this.root.querySelectorAll("[data-answer]")].flatMap((answer) => this.sentences(answer));
    if (!all.length) return;
    const here = all.findIndex((s) => s.answer.dataset.answer === this.form.elements.question.value
      && s.start <= Number(this.form.elements.start.value || -1) && Number(this.form.elements.start.value || -1) < s.end);
    const next = here < 0 ? (direction > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + direction));
    this.select(all[next]);
  }

  // start and end in code points, white space at the ends left out
  sentences(answer) {
    const text = this.text(answer);
    const parts = window.Intl?.Segmenter
      ? [...new Intl.Segmenter(answer.lang || undefined, { granularity: "sentence" }).segment(text)].map((s) => s.segment)
      : text.match(/[^.!?؟]+[.!?؟]*\s*/gu) ?? [];
    let place = 0;
    const found = [];
    for (const part of parts) {
      const lead = points(part) - points(part.trimStart());
      const start = place + lead;
      const end = start + points(part.trim());
      if (end > start) found.push({ answer, start, end });
      place += points(part);
    }
    return found;
  }

  select({ answer, start, end }) {
    const range = document.createRange();
    range.setStart(...this.at(answer, start, false));
    range.setEnd(...this.at(answer, end, true));
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    this.pick();
    range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
    this.say(this.root.dataset.textPicked, this.fragment?.value ?? "");
  }

  // The text node and the offset in it (UTF-16, as ranges want) of a code point of the answer.
  at(answer, point, atEnd) {
    const pieces = [...answer.querySelectorAll("[data-start]")];
    const piece = pieces.findLast((p) => (atEnd ? Number(p.dataset.start) < point : Number(p.dataset.start) <= point)) ?? pieces[0];
    const inside = [...piece.textContent].slice(0, point - Number(piece.dataset.start)).join("");
    return [piece.firstChild, inside.length];
  }

  // --- keys ---

  key(event) {
    if (!this.keysOn || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("textarea, select, input:not([type=checkbox], [type=radio])")) return;
    const act = this.action(event);
    if (act && act() !== false) event.preventDefault();
  }

  action(event) {
    const { key } = event;
    if (/^[1-9]$/.test(key)) return () => this.theme(key);
    if (key === "n") return () => this.step(1);
    if (key === "p") return () => this.step(-1);
    if (key === "-") return () => this.valence(-1);
    if (key === "+" || key === "=") return () => this.valence(1);
    if (key === "ArrowDown") return () => this.code(1, event);
    if (key === "ArrowUp") return () => this.code(-1, event);
    if (key === "Enter") return () => this.save(event);
    return null;
  }

  theme(number) {
    const wanted = this.form.querySelector(`[data-theme="${number}"]`);
    if (!wanted) return false;
    for (const theme of this.form.querySelectorAll("[data-theme]")) {
      theme.open = theme === wanted || Boolean(theme.querySelector("input:checked"));
    }
    this.cursor = null;
    this.tick(wanted.querySelector("input"), true);
    return true;
  }

  // The arrows move the tick within a theme; with Shift what was ticked stays.
  code(direction, event) {
    const box = document.activeElement;
    if (!box?.matches?.("input[name=codes]") || !this.form.contains(box)) return false;
    const boxes = [...box.closest("[data-theme]").querySelectorAll("input")];
    const next = boxes[boxes.indexOf(box) + direction];
    if (next) this.tick(next, event.shiftKey);
    return true;
  }

  tick(box, keep) {
    if (!keep && this.cursor) this.cursor.checked = false;
    this.cursor = box.checked ? null : box;
    box.checked = true;
    box.focus();
    this.say(this.root.dataset.textCode, box.closest("label").textContent.trim());
  }

  valence(direction) {
    const radios = [...this.form.querySelectorAll("input[name=valence]")];
    const now = radios.findIndex((radio) => radio.checked);
    // The first press starts from neutral: minus is negative, plus is positive.
    const from = now < 0 ? (radios.length - 1) / 2 : now;
    const radio = radios[Math.min(radios.length - 1, Math.max(0, from + direction))];
    radio.checked = true;
    this.say(this.root.dataset.textValence, radio.closest("label").textContent.trim());
  }

  save(event) {
    if (event.target.closest("button, a, summary")) return false;
    this.form.requestSubmit();
    return true;
  }

  focusOpen() {
    this.form.querySelector("input[name=codes]:checked")?.focus();
  }

  // --- the keys can be switched off, for who dictates or types by other means ---

  readKeys() {
    try {
      return localStorage.getItem(KEPT) !== "off";
    } catch {
      return true;
    }
  }

  showKeys() {
    const help = this.root.querySelector("[data-coding-keys]");
    const toggle = this.root.querySelector("[data-coding-toggle]");
    help.hidden = false;
    toggle.checked = this.keysOn;
    toggle.addEventListener("change", () => {
      this.keysOn = toggle.checked;
      try {
        localStorage.setItem(KEPT, this.keysOn ? "on" : "off");
      } catch {
        // Private mode: the choice holds for this page.
      }
    });
  }

  say(words, text) {
    if (this.status && words) this.status.textContent = words.replace("{text}", text);
  }
}
