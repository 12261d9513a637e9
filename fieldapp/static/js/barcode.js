// Reads a code with the camera where the browser itself can; typing it over always works.
import { fill } from "./point.js";

export default class Barcode {
  static supported() {
    return "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);
  }

  constructor(element) {
    const part = (name) => element.querySelector(`[data-${name}]`);
    this.texts = element.dataset;
    this.box = element.querySelector("input");
    [this.button, this.words, this.view, this.status] = ["scan", "words", "view", "status"].map(part);
    this.start = this.words.textContent;
    if (this.box.readOnly || this.box.disabled) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => (this.stream ? this.stop() : this.scan()));
    window.addEventListener("pagehide", () => this.stop());
  }

  async scan() {
    try {
      this.detector = new window.BarcodeDetector();
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      this.view.srcObject = this.stream;
      await this.view.play();
    } catch {
      this.stop();
      this.status.textContent = this.texts.textDenied;
      return;
    }
    this.view.hidden = false;
    this.words.textContent = this.texts.textStop;
    this.status.textContent = this.texts.textBusy;
    this.look();
  }

  async look() {
    if (!this.stream) return;
    const [code] = await this.detector.detect(this.view).catch(() => []);
    if (!this.stream) return;
    if (!code?.rawValue) {
      this.timer = setTimeout(() => this.look(), 200);
      return;
    }
    this.stop();
    this.box.value = code.rawValue;
    for (const name of ["input", "change"]) this.box.dispatchEvent(new Event(name, { bubbles: true }));
    this.status.textContent = fill(this.texts.textFound, { code: code.rawValue });
    this.box.focus();
  }

  stop() {
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.view.hidden = true;
    this.words.textContent = this.start;
    this.status.textContent = "";
  }
}
