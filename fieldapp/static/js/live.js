// Skip logic while a page is filled in: questions come and go, words with answers in them follow, choices
// that hang on another answer change, a wrong answer is told when a person leaves the field. The server stays
// the judge: when anything here fails, this script steps aside and the page goes on as a plain form.
import { boxOf, offer, rawOf } from "./controls.js";
import { start } from "./main.js";
import { addRound, isBlank, removeRound, roundsOf, setRounds } from "./rounds.js";

/** Question -> (choice name -> label), of the questions that have a list. */
function choicesOf({ rows = [], lists = {} }, found = new Map()) {
  for (const row of rows) {
    if (row.rows) choicesOf({ rows: row.rows, lists }, found);
    const [name, label] = [row.value ?? "name", row.labels ?? "label"];
    if (lists[row.list]) found.set(row.name, new Map(lists[row.list].map((one) => [one[name], one[label]])));
  }
  return found;
}

const UNTIL_STABLE = 8; // groups in groups: what comes in may hold what has to go out

export default class Live {
  /** `own`: what the form on the phone (phone/form.js) gives or does otherwise: `given` instead of the
      script in the page, begun(), raw(box), asks(path), words(problem), came(boxes), takeOut(round), refreshed(). */
  constructor(form, own = {}) {
    this.form = form;
    this.own = own;
    this.seen = form.querySelector('input[name="form/seen"]');
    this.ready = this.begin().catch((error) => this.stepAside(error));
  }

  async begin() {
    const given = this.own.given ?? JSON.parse(this.form.querySelector("script[data-engine]").textContent);
    const { engine, answers, ...context } = given;
    const address = this.form.dataset.engineSrc || new URL("./engine/min/form.js", import.meta.url).href;
    const { createForm, prepare } = await import(address);
    await prepare?.(engine);
    this.engine = createForm(engine, answers, context);
    this.choices = choicesOf(engine);
    if (!this.own.given) this.evenRounds(answers);
    this.own.begun?.();
    // What stands on the page counts, also what the browser put back after "back".
    for (const box of this.form.querySelectorAll("[data-path][data-type]")) this.take(box);
    const on = (name, act) => this.form.addEventListener(name, (event) => this.guard(() => act(event)));
    on("input", ({ target }) => this.changed(target));
    on("change", ({ target }) => this.changed(target, true));
    for (const [name, pressed] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
      document.addEventListener(name, () => { this.pressed = pressed; }, true);
    }
    on("focusout", ({ target, relatedTarget }) => this.left(target, relatedTarget));
    on("fa:point", ({ target }) => this.changed(target));
    on("fa:files", ({ target }) => this.changed(target));
    on("fa:round-added", ({ detail, target }) => {
      if (this.engine.add(detail.path) === null) removeRound(roundsOf(target).at(-1)); // no room
      this.soon();
    });
    on("fa:round-removed", ({ detail }) => {
      this.engine.remove(`${detail.path}/${detail.index}`);
      this.soon();
    });
    on("click", (event) => this.clicked(event));
    this.refresh();
    this.form.dataset.live = "on";
  }

  /** Rounds that other scripts added or took away (doors.js) before the engine was there. */
  evenRounds(answers) {
    for (const section of this.form.querySelectorAll("[data-repeat]")) {
      const { path } = section.dataset;
      const told = path.split("/").reduce((value, key) => value?.[key], answers)?.length ?? 0;
      const drawn = roundsOf(section).length;
      for (let i = told; i < drawn; i++) this.engine.add(path);
      for (let i = told; i > drawn; i--) this.engine.remove(`${path}/${i - 1}`);
    }
  }

  guard(act) {
    if (this.aside) return;
    try {
      act();
    } catch (error) {
      this.stepAside(error);
    }
  }

  stepAside(error) {
    this.aside = true;
    this.form.dataset.live = "aside";
    this.own.failed?.(error);
    console.warn("fieldapp: the form follows the server", error);
  }

  take(box) {
    const raw = (this.own.raw ?? rawOf)(box);
    if (raw !== undefined) this.engine.set(box.dataset.path, raw);
  }

  changed(control, done = false) {
    const box = boxOf(control);
    if (!box || !this.form.contains(box)) return;
    this.take(box);
    this.soon();
    // While typing a message may only go away; a choice that is made is done.
    const choice = ["radio", "checkbox", "select-one"].includes(control.type);
    if (box.querySelector(".fa-error") || (done && choice)) this.judge(box);
  }

  left(control, next) {
    const box = boxOf(control);
    if (!box || box.contains(next) || !box.isConnected) return;
    this.take(box);
    // Words that come in move what is below them: never between the press on a button and its click.
    const judge = () => setTimeout(() => box.isConnected && this.guard(() => this.judge(box)));
    if (this.pressed) document.addEventListener("pointerup", judge, { once: true, capture: true });
    else judge();
  }

  /** Once per frame, however fast somebody types. */
  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.guard(() => this.refresh());
    });
  }

  refresh() {
    for (let i = 0; i < UNTIL_STABLE && (this.comeAndGo() || this.growCounted()); i++);
    for (const words of this.form.querySelectorAll("[data-fill]")) {
      const text = words.dataset.fillPart ? this.engine.hint(words.dataset.fill) : this.engine.text(words.dataset.fill);
      const inner = words.querySelector("span[lang]") ?? words;
      if (text !== null && text !== undefined && inner.textContent !== text) inner.textContent = text;
    }
    for (const box of this.form.querySelectorAll("[data-type^=select], [data-type=rank]")) {
      const names = this.engine.choices(box.dataset.path);
      const labels = this.choices.get(box.dataset.path.split("/").at(-1));
      const choices = names?.map((name) => ({ name, label: labels?.get(name) ?? name }));
      if (choices && offer(box, choices)) {
        this.take(box);
        this.soon();
      }
    }
    this.own.refreshed?.();
  }

  /** Rounds of which another answer says how many there are; those too many go with comeAndGo. */
  growCounted() {
    let grown = false;
    for (const section of this.form.querySelectorAll("[data-repeat][data-counted]")) {
      const before = roundsOf(section).length;
      setRounds(section, Math.max(before, this.engine.rounds(section.dataset.path)));
      const fresh = roundsOf(section).slice(before);
      for (const round of fresh) this.came(round);
      grown ||= fresh.length > 0;
    }
    return grown;
  }

  /** Put in what is asked now, take out what is not; nodes move, so that nothing typed is lost. */
  comeAndGo() {
    let moved = false;
    for (const element of [...this.form.querySelectorAll("[data-path]")]) {
      if (!element.isConnected) continue; // went out with what was around it
      const { path } = element.dataset;
      const away = element.localName === "template";
      if (away !== (this.own.asks?.(path) ?? this.engine.relevant(path))) continue;
      moved = true;
      if (away) {
        const content = [...element.content.children];
        element.replaceWith(...content);
        for (const node of content) this.came(node);
      } else {
        const template = document.createElement("template");
        template.dataset.path = path;
        const whole = ("repeat" in element.dataset && element.closest('[data-module="doors"]')) || element;
        whole.replaceWith(template);
        template.content.append(whole);
      }
    }
    return moved;
  }

  came(node) {
    const boxes = [node, ...node.querySelectorAll("[data-path]")].filter((one) => one.dataset?.path);
    const before = this.seen ? this.seen.value.split(" ").filter(Boolean) : [];
    if (this.seen) this.seen.value = [...new Set([...before, ...boxes.map((box) => box.dataset.path)])].join(" ");
    for (const box of boxes) if (box.dataset.type && box.localName !== "template") this.take(box);
    start(node.parentElement).then(() => this.own.came?.(boxes));
  }

  clicked(event) {
    const add = event.target.closest("[data-add-round]");
    if (add) {
      const round = addRound(add.closest("[data-repeat]"));
      if (!round) return;
      event.preventDefault();
      round.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    }
    const remove = event.target.closest("[data-remove-round]");
    const round = remove?.closest("[data-round]");
    // A round with answers goes by way of the server, which can put it back.
    if (!round || (!isBlank(round) && !this.own.takeOut)) return;
    event.preventDefault();
    if (!isBlank(round)) return this.own.takeOut(round);
    const section = round.closest("[data-repeat]");
    removeRound(round);
    section.querySelector("[data-add-round]")?.focus();
  }

  /** Tell what is wrong in a box, or that it no longer is. */
  judge(box) {
    const { path } = box.dataset;
    const wrong = this.engine.problems().find(({ where }) => where === path);
    if (wrong) wrong.message ??= this.own.words?.(wrong);
    if (wrong && !wrong.message) return; // only the server has words for it
    if (wrong?.code === "required" && !box.querySelector(".fa-error")) return; // people may come back to it
    this.tell(box, wrong?.message);
  }

  /** Words at a box, or none any more. */
  tell(box, words) {
    const { path } = box.dataset;
    const controls = [...box.querySelectorAll(`[name="${CSS.escape(path)}"]`)];
    const target = box.querySelector("fieldset") ?? controls[0];
    if (!target) return;
    const id = `q-${path}-error`;
    const shown = box.querySelector(".fa-error");
    const ids = (target.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
    if (!words) {
      shown?.remove();
      target.removeAttribute("aria-invalid");
    } else if (!shown || shown.textContent.trim() !== words) {
      shown?.remove();
      this.message(box, target, id, words);
      if (target.localName !== "fieldset" || target.role === "radiogroup") target.setAttribute("aria-invalid", "true");
    }
    if (words) ids.push(id);
    if (ids.length) target.setAttribute("aria-describedby", ids.join(" "));
    else target.removeAttribute("aria-describedby");
  }

  message(box, target, id, words) {
    const error = document.createElement("div");
    error.className = "utrecht-form-field__error-message utrecht-form-field-error-message fa-error";
    error.id = id;
    error.setAttribute("role", "status");
    const line = document.createElement("p");
    line.className = "fa-error__line";
    error.append(line);
    const before = box.querySelector(".fa-control");
    if (before) before.before(error);
    else (target.querySelector?.(":scope > legend") ?? target).after(error);
    line.textContent = words; // after it stands there, so that it is read aloud
  }
}
