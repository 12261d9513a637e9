// "Gebruik mijn plek": asks the phone, and keeps the best of what it says during ten seconds.
import { fill, pointOf, setPoint } from "./point.js";

const LONGEST = 10_000; // milliseconds that we wait for a better position
const GOOD_ENOUGH = 10; // metres: no need to wait any longer
const ERRORS = { 1: "textDenied", 2: "textUnavailable", 3: "textTimeout" };

export default class Geolocate {
  static supported() {
    return "geolocation" in navigator && window.isSecureContext;
  }

  constructor(element) {
    this.texts = element.dataset;
    this.point = pointOf(element);
    this.button = element.querySelector("[data-locate]");
    if (!this.point || !this.button) return;
    element.hidden = false;
    this.button.addEventListener("click", () => this.start());
    // Typing or pointing elsewhere ends the search, so that it never overwrites a person's choice.
    for (const input of [this.point.lat, this.point.lon]) {
      input.addEventListener("input", () => {
        this.stop();
        if (this.point.source) this.point.source.value = "manual";
        if (this.point.accuracy) this.point.accuracy.value = "";
      });
    }
    this.point.box.addEventListener("fa:point", (event) => {
      if (event.detail.source !== "gps") this.stop();
    });
  }

  start() {
    this.stop();
    this.best = Infinity;
    this.button.setAttribute("aria-busy", "true");
    this.point.status.textContent = this.texts.textBusy;
    this.watch = navigator.geolocation.watchPosition(
      (position) => this.found(position.coords),
      (error) => this.failed(error.code),
      { enableHighAccuracy: true, timeout: LONGEST, maximumAge: 5_000 },
    );
    this.timer = setTimeout(() => this.finish(), LONGEST);
  }

  found({ latitude, longitude, accuracy }) {
    if (accuracy >= this.best) return;
    this.best = accuracy;
    const ready = accuracy <= GOOD_ENOUGH;
    const metres = Math.round(accuracy);
    this.foundText = fill(this.texts.textFound, { metres });
    const text = ready ? this.foundText : fill(this.texts.textBetter, { metres });
    setPoint(this.point, { lat: latitude, lon: longitude, accuracy, source: "gps", text });
    if (ready) this.stop();
  }

  failed(code) {
    if (this.best < Infinity) return this.finish();
    this.stop();
    this.point.status.textContent = this.texts[ERRORS[code] ?? "textUnavailable"];
  }

  finish() {
    this.stop();
    this.point.status.textContent = this.best < Infinity ? this.foundText : this.texts.textTimeout;
  }

  stop() {
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
    clearTimeout(this.timer);
    this.watch = undefined;
    this.button.removeAttribute("aria-busy");
  }
}
