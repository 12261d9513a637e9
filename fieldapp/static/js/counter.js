// A number with a button less and a button more. What is no number stays for the server to explain.

export default class Counter {
  constructor(element) {
    this.box = element.querySelector("input");
    this.less = element.querySelector("[data-less]");
    const more = element.querySelector("[data-more]");
    if (this.box.readOnly || this.box.disabled) return;
    this.less.hidden = more.hidden = false;
    this.less.addEventListener("click", () => this.step(-1));
    more.addEventListener("click", () => this.step(1));
    this.box.addEventListener("input", () => this.show());
    this.show();
  }

  get value() {
    return Number.parseInt(this.box.value, 10);
  }

  step(by) {
    this.box.value = String(Math.max(0, (this.value || 0) + by));
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    // Not `disabled`: the button keeps the focus when the count reaches nought.
    this.less.setAttribute("aria-disabled", String(!(this.value > 0)));
  }
}
