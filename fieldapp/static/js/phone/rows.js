// A list of which the rows are kept: a row that stays is filled again, so that focus stays where it was.

/** `fill(row, item)` fills the row of an item, made from the list's template when it is new. */
export class Rows {
  #rows = new Map();

  constructor(list, fill) {
    this.list = list;
    this.pattern = list.querySelector("template");
    this.fill = fill;
  }

  show(items) {
    const gone = new Set(this.#rows.keys());
    let before = this.pattern;
    for (const item of items) {
      gone.delete(item.id);
      const row = this.#rows.get(item.id) ?? this.pattern.content.firstElementChild.cloneNode(true);
      this.#rows.set(item.id, row);
      row.dataset.id = item.id;
      this.fill(row, item);
      if (before.nextElementSibling !== row) before.after(row);
      before = row;
    }
    for (const id of gone) {
      this.#rows.get(id).remove();
      this.#rows.delete(id);
    }
    this.list.hidden = !items.length;
  }

  get(id) {
    return this.#rows.get(id);
  }
}

/** Put words in the part of a row; nothing hides it. */
export function say(row, name, words) {
  const part = row.querySelector(`[data-${name}]`);
  if (!part) return;
  if (part.textContent !== words) part.textContent = words;
  part.hidden = !words;
}

/** A template's sentence with values for {names}. */
export const filled = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
