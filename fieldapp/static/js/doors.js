// A stairwell as doors to tap. Each door is a round of the repeat below it; a tap chooses the next answer
// of its first question, after the last comes "not tried" again. The plain rounds stay, in a list to open.
import { fill } from "./point.js";
import { addRound, isBlank, mayGrow, removeRound, roundsOf } from "./rounds.js";

const FIRST = 8; // doors of a stairwell that nobody described yet
const UNTRIED = "niet_geprobeerd";
const SHUT = "M7 21V3h10v18", SILL = "M4 21h16", KNOB = "M14.5 12.5h.01";
const DRAWINGS = { // on 24 x 24; the state is also in words beside it
  dicht: [SHUT, SILL, KNOB, "M9.5 7.5l5 0M9.5 17l5 0"],
  open: [SILL, "M7 21V3h10v18", "M7 3l6 3v17l-6-2", "M11 13h.01"],
  gesproken: [SILL, "M5 21V5h7v16", "M9.5 13h.01", "M14 3h8v6h-4l-2.5 2.5V9H14z"],
  liever_niet: [SHUT, SILL, "M9 9l6 6M15 9l-6 6"],
};
DRAWINGS.wil_niet = DRAWINGS.liever_niet;

function drawing(state) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ class: "fa-icon", viewBox: "0 0 24 24", "aria-hidden": "true" })) {
    svg.setAttribute(name, value);
  }
  for (const d of DRAWINGS[state] ?? [SHUT, SILL, KNOB]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

export default class Doors {
  constructor(element) {
    this.element = element;
    this.texts = element.dataset;
    this.section = element.querySelector("[data-repeat]");
    this.rounds = roundsOf(this.section);
    if (!this.section || (!this.rounds.length && !mayGrow(this.section))) return;
    if (this.rounds.length < FIRST && mayGrow(this.section) && this.rounds.every(isBlank)
      && !this.section.querySelector(".fa-error")) {
      while (roundsOf(this.section).length < FIRST) addRound(this.section);
    }
    this.house = make("ol", { className: "fa-doors__house" });
    this.totals = make("p", { className: "fa-doors__totals" });
    this.status = make("p", { className: "fa-hidden" });
    this.status.setAttribute("role", "status");
    const help = make("p", { className: "fa-quiet", textContent: this.texts.textHelp });
    this.section.before(help, this.house, this.steps(), this.totals, this.status);
    this.fold();
    this.section.addEventListener("change", () => this.show());
    this.section.addEventListener("fa:round-added", () => this.show());
    this.section.addEventListener("fa:round-removed", () => this.show());
    this.show();
  }

  /** The plain rounds go into a list that can be opened, under the heading that stays above the drawing. */
  fold() {
    const heading = this.section.querySelector(":scope > h2, :scope > h3");
    if (heading) this.element.prepend(heading);
    const list = make("details", { className: "fa-more" }, make("summary", { textContent: this.texts.textList }));
    list.open = Boolean(this.section.querySelector(".fa-error"));
    this.section.before(list);
    list.append(this.section);
  }

  steps() {
    const box = make("div", { className: "fa-doors__steps" });
    if (!mayGrow(this.section)) return box;
    const button = (sign, words, act) => {
      const made = make("button", { type: "button", className: "fa-counter__button", textContent: sign });
      made.setAttribute("aria-label", words);
      made.addEventListener("click", act);
      return made;
    };
    this.count = make("span", { className: "fa-doors__count" });
    box.append(button("−", this.texts.textLess, () => this.less()), this.count,
      button("+", this.texts.textMore, () => this.more()));
    return box;
  }

  more() {
    addRound(this.section);
    this.status.textContent = this.count.textContent;
  }

  less() {
    const last = roundsOf(this.section).at(-1);
    if (!last || this.house.children.length < 2) return;
    if (isBlank(last)) removeRound(last);
    this.status.textContent = isBlank(last) ? this.count.textContent : this.texts.textKept;
    this.totals.classList.toggle("fa-doors__totals--kept", !isBlank(last));
    if (!isBlank(last)) this.totals.textContent = this.texts.textKept;
  }

  /** The answers a door can have, and which one it has. */
  state(round) {
    const name = round.querySelector("input[type=radio]")?.name;
    const radios = name ? [...round.querySelectorAll(`input[type=radio][name="${CSS.escape(name)}"]`)] : [];
    const at = radios.findIndex((radio) => radio.checked);
    const words = (radio) => radio.closest("label").querySelector(".fa-choice__text")?.firstChild.textContent.trim();
    const value = at < 0 ? UNTRIED : radios[at].value;
    return { radios, at, value, words: at < 0 ? this.texts.textNone : words(radios[at]) };
  }

  turn(round, back) {
    const { radios, at } = this.state(round);
    // Blank is "not tried", unless the survey has a choice of that name.
    const blank = radios.some((radio) => radio.value === UNTRIED) ? 0 : 1;
    const now = at + blank < 0 ? 0 : at + blank;
    const all = radios.length + blank;
    const next = ((now + (back ? all - 1 : 1)) % all) - blank;
    if (next < 0) radios[at].checked = false;
    else radios[next].checked = true;
    (radios[next] ?? radios[at]).dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    this.rounds = roundsOf(this.section);
    while (this.house.children.length > this.rounds.length) this.house.lastElementChild.remove();
    while (this.house.children.length < this.rounds.length) this.house.append(this.door(this.house.children.length));
    const counts = new Map();
    this.rounds.forEach((round, index) => {
      const { value, words } = this.state(round);
      if (value !== UNTRIED) counts.set(words, (counts.get(words) ?? 0) + 1);
      const button = this.house.children[index].firstElementChild;
      button.className = `fa-door fa-door--${/^[a-z_]+$/.test(value) ? value : "other"}`;
      const name = fill(this.texts.textDoor, { number: index + 1, state: words });
      button.replaceChildren(make("span", { className: "fa-hidden", textContent: name }), drawing(value),
        make("span", { className: "fa-door__number", textContent: index + 1, ariaHidden: "true" }),
        make("span", { className: "fa-door__words", textContent: words, ariaHidden: "true" }));
    });
    if (this.count) this.count.textContent = fill(this.texts.textCount, { number: this.rounds.length });
    this.totals.classList.remove("fa-doors__totals--kept");
    const told = [...counts].map(([words, number]) => `${words}: ${number}`).join(" · ");
    this.totals.textContent = told && `${this.texts.textTotals}: ${told}`;
  }

  door(index) {
    const button = make("button", { type: "button" });
    const act = (back) => {
      this.turn(this.rounds[index], back);
      this.status.textContent = button.firstElementChild.textContent;
    };
    button.addEventListener("click", () => act(false));
    button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      act(event.key === "ArrowUp");
    });
    return make("li", { className: "fa-doors__door" }, button);
  }
}
