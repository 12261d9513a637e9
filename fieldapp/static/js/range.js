// A slider beside the number box. Nothing is chosen until somebody touches it, and it can be cleared.

export default class Range {
  constructor(element) {
    const { start, end, step } = element.dataset;
    this.texts = element.dataset;
    this.box = element.querySelector("input");
    if (this.box.readOnly || this.box.disabled) return;
    const [least, most] = [Number(start), Number(end)];
    this.slider = document.createElement("input");
    Object.assign(this.slider, { type: "range", min: Math.min(least, most), max: Math.max(least, most),
      step: Math.abs(Number(step)) || 1, className: "fa-range__slider" });
    const label = document.querySelector(`label[for="${CSS.escape(this.box.id)}"]`);
    this.slider.setAttribute("aria-label", label?.textContent.trim() ?? this.box.name);
    if (this.box.hasAttribute("aria-describedby")) {
      this.slider.setAttribute("aria-describedby", this.box.getAttribute("aria-describedby"));
    }
    if (!("noTicks" in element.dataset)) this.ticks(element);
    this.clear = document.createElement("button");
    Object.assign(this.clear, { type: "button", className: "nl-button nl-button--subtle", textContent: this.texts.textClear });
    element.prepend(this.slider);
    element.append(this.clear);
    element.classList.add("fa-range--ready");

    this.slider.addEventListener("input", () => this.choose());
    // A tap on the middle, or Enter there, is a choice too, though the slider did not move.
    this.slider.addEventListener("click", () => this.choose());
    this.slider.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.choose();
    });
    this.box.addEventListener("input", () => this.show());
    this.clear.addEventListener("click", () => {
      this.write("");
      this.slider.focus();
    });
    this.show();
  }

  ticks(element) {
    const { min, max, step } = this.slider;
    const count = Math.round((max - min) / step);
    if (count < 2 || count > 20) return;
    const list = document.createElement("datalist");
    list.id = `${this.box.id}-ticks`;
    for (let i = 0; i <= count; i++) list.append(new Option("", String(Number(min) + i * step)));
    element.append(list);
    this.slider.setAttribute("list", list.id);
  }

  choose() {
    if (this.box.value !== this.slider.value) this.write(this.slider.value);
  }

  write(value) {
    this.box.value = value;
    for (const name of ["input", "change"]) this.box.dispatchEvent(new Event(name, { bubbles: true }));
  }

  show() {
    const number = Number.parseFloat(this.box.value.replace(",", "."));
    const chosen = this.box.value.trim() !== "" && Number.isFinite(number);
    if (chosen) this.slider.value = number;
    else this.slider.value = (Number(this.slider.min) + Number(this.slider.max)) / 2;
    this.slider.classList.toggle("fa-range__slider--empty", !chosen);
    this.slider.setAttribute("aria-valuetext", chosen ? this.box.value : this.texts.textNone);
    this.clear.hidden = this.box.value === "";
  }
}
