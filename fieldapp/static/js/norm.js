// Reference pictures beside each other on a phone: the chosen one is in view when the page opens.

export default class Norm {
  constructor(element) {
    const chosen = element.querySelector("input:checked")?.closest("label");
    if (!chosen || element.scrollWidth <= element.clientWidth) return;
    const strip = element.getBoundingClientRect();
    const picture = chosen.getBoundingClientRect();
    element.scrollLeft += picture.left + picture.width / 2 - strip.left - strip.width / 2;
  }
}
