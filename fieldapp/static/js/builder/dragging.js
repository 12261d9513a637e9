// Rows of the outline dragged to another place with the mouse. The buttons Omhoog and Omlaag, and
// Alt with the arrows, do the same by keyboard.

export class Dragging {
  constructor(root, place) {
    this.root = root;
    this.place = place;
    this.row = null;
    this.arm();
    new MutationObserver(() => this.arm()).observe(root, { childList: true });
    root.addEventListener("dragstart", (event) => this.start(event));
    root.addEventListener("dragover", (event) => this.over(event));
    root.addEventListener("drop", (event) => this.drop(event));
    root.addEventListener("dragend", () => this.end());
  }

  arm() {
    for (const item of this.root.querySelectorAll(".fa-outline__item")) item.draggable = true;
  }

  start(event) {
    const item = event.target.closest?.(".fa-outline__item");
    if (!item) return;
    this.row = item;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.dataset.row);
    item.classList.add("fa-outline__item--dragged");
  }

  // Upper part: before; lower part: behind; the middle of a group: into it.
  over(event) {
    const item = event.target.closest?.(".fa-outline__item");
    if (!this.row || !item || this.row.contains(item)) return;
    event.preventDefault();
    this.clear();
    item.classList.add(`fa-outline__item--${this.side(item, event)}`);
  }

  side(item, event) {
    const box = item.querySelector(".fa-outline__link").getBoundingClientRect();
    const part = (event.clientY - box.top) / box.height;
    if (item.dataset.holds && part > 0.3) return "into";
    return part < 0.5 ? "before" : "behind";
  }

  drop(event) {
    const item = event.target.closest?.(".fa-outline__item");
    if (!this.row || !item || this.row.contains(item)) return;
    event.preventDefault();
    const side = this.side(item, event);
    const { row, parent, index } = this.row.dataset;
    if (side === "into") {
      this.place(row, item.dataset.row, 0);
      return;
    }
    // the place is counted without the row itself
    const after = parent === item.dataset.parent && Number(index) < Number(item.dataset.index);
    this.place(row, item.dataset.parent, Number(item.dataset.index) + (side === "behind") - after);
  }

  clear() {
    for (const mark of ["before", "behind", "into"]) {
      for (const item of this.root.querySelectorAll(`.fa-outline__item--${mark}`)) {
        item.classList.remove(`fa-outline__item--${mark}`);
      }
    }
  }

  end() {
    this.clear();
    this.row?.classList.remove("fa-outline__item--dragged");
    this.row = null;
  }
}
