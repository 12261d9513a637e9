// Choices in an order that differs from form to form and stays the same within one (parameter randomize).

const MODULUS = 2147483647;

/** Mix the choices of every box that asks for it; `seed` is that of the draft. */
export function mixChoices(boxes, seed) {
  for (const box of boxes) {
    if (!("mixed" in (box.dataset ?? {})) || box.localName === "template") continue;
    let state = seed % MODULUS || 1;
    for (const letter of box.dataset.path) state = (state * 31 + letter.codePointAt(0)) % MODULUS || 1;
    const next = () => (state = (state * 16807) % MODULUS) / MODULUS;
    for (const list of box.querySelectorAll(".fa-choices:not(.fa-choices--aside), .fa-norm, .fa-cards, .fa-likert, select")) {
      const rows = [...list.children].filter((row) => row.localName !== "option" || row.value);
      for (let last = rows.length - 1; last > 0; last -= 1) {
        const other = Math.floor(next() * (last + 1));
        [rows[last], rows[other]] = [rows[other], rows[last]];
      }
      list.append(...rows);
    }
  }
}
