// One list to put in order, by buttons, keys or dragging. The drop-down lists below it stay what is sent.
// Nothing is ranked until somebody moves something or says that it is good as it stands.
import { fill } from "./point.js";

export default class Rank {
  constructor(element) {
    this.texts = element.dataset;
    this.places = element.querySelector("[data-places]");
    this.selects = [...element.querySelectorAll("select")];
    const options = [...this.selects[0].options].filter((option) => option.value);
    const words = new Map(options.map((option) => [option.value, option.text]));
    const given = this.selects.map((select) => select.value).filter(Boolean);
    if (new Set(given).size !== given.length) return; // a double: the server's words are about these lists
    this.order = [...new Set([...given, ...words.keys()])];
    this.touched = given.length > 0;

    this.list = document.createElement("ol");
    this.list.className = "fa-rank__list";
    this.items = new Map([...words].map(([value, text]) => [value, this.item(value, text)]));
    this.status = document.createElement("p");
    this.status.className = "fa-rank__status";
    this.status.setAttribute("role", "status");
    this.keep = this.button(this.texts.textKeep, () => this.write());
    this.keep.className = "nl-button nl-button--secondary";
    element.prepend(this.list, this.status, this.keep);
    this.places.hidden = true;
    this.show();
    if (!this.touched) this.status.textContent = this.texts.textUntouched;
  }

  button(words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", act);
    return button;
  }

  item(value, words) {
    const item = document.createElement("li");
    item.className = "fa-rank__item";
    item.draggable = true;
    const name = document.createElement("span");
    name.className = "fa-rank__words";
    name.textContent = words;
    const up = this.button("↑", () => this.move(value, -1, up));
    const down = this.button("↓", () => this.move(value, 1, down));
    up.setAttribute("aria-label", fill(this.texts.textUp, { words }));
    down.setAttribute("aria-label", fill(this.texts.textDown, { words }));
    up.className = down.className = "fa-rank__button";
    item.append(name, up, down);
    item.addEventListener("dragstart", (event) => {
      this.dragged = value;
      event.dataTransfer.setData("text/plain", words);
      event.dataTransfer.effectAllowed = "move";
    });
    item.addEventListener("dragover", (event) => this.dragged && event.preventDefault());
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      if (this.dragged) this.move(this.dragged, this.order.indexOf(value) - this.order.indexOf(this.dragged));
      this.dragged = undefined;
    });
    return { item, up, down, words };
  }

  move(value, by, button) {
    const from = this.order.indexOf(value);
    const to = from + by;
    if (!by || to < 0 || to >= this.order.length) return;
    this.order.splice(to, 0, ...this.order.splice(from, 1));
    this.write();
    button?.focus();
    const { words } = this.items.get(value);
    this.status.textContent = fill(this.texts.textMoved, { words, place: to + 1, total: this.order.length });
  }

  write() {
    this.touched = true;
    this.order.forEach((value, place) => { this.selects[place].value = value; });
    this.status.textContent = "";
    this.show();
    this.selects[0].dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    this.list.classList.toggle("fa-rank__list--untouched", !this.touched);
    this.list.append(...this.order.map((value) => this.items.get(value).item));
    this.keep.hidden = this.touched;
    this.order.forEach((value, place) => {
      const { up, down } = this.items.get(value);
      up.setAttribute("aria-disabled", String(place === 0));
      down.setAttribute("aria-disabled", String(place === this.order.length - 1));
    });
  }
}
