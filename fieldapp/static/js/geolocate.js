// "Hier": asks the phone, keeps the best of what it says, and tells how precise and how old it is.
//
// In the form on the phone (inside [data-phone]) the place of the form itself ([data-auto]) is asked for when
// the form opens, and gets better while somebody types: it looks until it is good enough, stops while the
// page is hidden, and goes on after that. A place that a draft has already stays, until somebody measures again.
import { fill, pointOf, setPoint } from "./point.js";

const LONGEST = { asked: 10_000, auto: 120_000 }; // ms that we look for a better position
const ONE_TRY = 30_000; // ms for one answer of the phone
const GOOD_ENOUGH = 10; // metres: no need to look any longer
const STALE = 60_000; // ms; what the phone still knew is shown with its age, and replaced by anything newer
const ERRORS = { 1: "textDenied", 2: "textUnavailable", 3: "textTimeout" };

export default class Geolocate {
  static supported() {
    return "geolocation" in navigator && window.isSecureContext;
  }

  constructor(element) {
    this.element = element;
    this.texts = element.dataset;
    this.point = pointOf(element);
    this.button = element.querySelector("[data-locate]");
    if (!this.point || !this.button) return;
    element.hidden = false;
    this.onPhone = Boolean(element.closest("[data-phone]"));
    this.button.addEventListener("click", () => this.start());
    this.stepAside();
    if (this.onPhone) this.onItsOwn();
  }

  /** Typing, pointing or choosing elsewhere ends the search, so that it never overwrites a person's choice. */
  stepAside() {
    const { box, lat, lon, accuracy, source, taken_at } = this.point;
    for (const input of [lat, lon]) {
      input.addEventListener("input", () => {
        this.stop();
        if (source) source.value = "manual";
        for (const field of [accuracy, taken_at]) if (field) field.value = "";
      });
    }
    box.addEventListener("fa:point", ({ detail }) => detail.source !== "gps" && this.stop());
    box.addEventListener("change", ({ target }) => {
      if (target.localName !== "select" || !target.value) return;
      this.stop();
      for (const field of [lat, lon, accuracy, source, taken_at]) if (field) field.value = "";
      this.point.status.textContent = "";
    });
  }

  // --- by itself, in the form on the phone ---

  async onItsOwn() {
    if (this.point.lat.value) this.tellKept();
    this.ages = setInterval(() => this.tellAge(), 20_000);
    if (!this.point.box.hasAttribute("data-auto")) return;
    this.mirror();
    import("./phone/place_far.js").then(({ default: Far }) => new Far(this.point)).catch(() => {});
    if (this.point.lat.value || this.point.box.querySelector("select")?.value) return; // or a buurt was chosen
    const asked = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (asked?.state === "denied") return this.failed(1);
    if (asked?.state === "prompt") return this.explain();
    this.start("auto");
  }

  /** The same words beside the buttons, for who saves without passing the page of the place. */
  mirror() {
    const buttons = this.element.closest("[data-phone]").querySelector(":scope > .fa-nextback");
    const page = this.point.box.closest("section");
    if (!buttons || !page) return;
    const line = document.createElement("p");
    line.className = "fa-place-line";
    buttons.prepend(line);
    const show = () => {
      line.textContent = this.point.status.textContent;
      line.hidden = !page.hidden || !line.textContent;
    };
    const seen = new MutationObserver(show);
    seen.observe(this.point.status, { childList: true, characterData: true, subtree: true });
    seen.observe(page, { attributeFilter: ["hidden"] });
    show();
  }

  /** Why, in one line, before the phone itself asks. */
  explain() {
    const line = this.point.box.querySelector("template[data-locate-why]")?.content.firstElementChild.cloneNode(true);
    if (!line) return this.start("auto");
    this.element.closest("[data-phone]").prepend(line);
    this.why = line; // until the place is known in any way
    line.addEventListener("click", ({ target }) => {
      if (!target.closest("button")) return;
      line.remove();
      if (target.closest("[data-locate-yes]")) this.start("auto");
    });
  }

  /** A draft that is opened again keeps its place. */
  tellKept() {
    const { accuracy, source, taken_at } = this.point;
    if (source?.value !== "gps" || !taken_at?.value) return;
    this.measured = { accuracy: Number(accuracy.value), at: Date.parse(taken_at.value) };
    this.tellAge();
    this.nameButton();
  }

  nameButton() {
    const words = this.button.querySelector("span:last-child");
    if (this.onPhone && this.texts.textAgain) words.textContent = this.texts.textAgain;
  }

  // --- measuring ---

  start(how = "asked") {
    this.stop();
    this.best = null;
    this.how = how;
    this.began = Date.now();
    this.button.setAttribute("aria-busy", "true");
    this.point.status.textContent = this.texts.textBusy;
    this.onVisible = () => (document.hidden ? this.pause() : this.look());
    document.addEventListener("visibilitychange", this.onVisible);
    this.timer = setTimeout(() => this.finish(), LONGEST[this.onPhone ? "auto" : how]);
    this.look();
  }

  look() {
    if (this.watch !== undefined || document.hidden) return;
    this.watch = navigator.geolocation.watchPosition(
      (position) => this.found(position),
      (error) => this.failed(error.code),
      { enableHighAccuracy: true, timeout: this.onPhone ? ONE_TRY : LONGEST.asked, maximumAge: 0 },
    );
  }

  pause() {
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
    this.watch = undefined;
  }

  found({ coords: { latitude: lat, longitude: lon, accuracy }, timestamp }) {
    const old = this.began - timestamp > STALE;
    if (this.best && (old || (accuracy >= this.best.accuracy && !this.best.old))) return;
    this.best = { accuracy, old };
    this.measured = { accuracy, at: timestamp };
    const taken_at = new Date(timestamp).toISOString();
    setPoint(this.point, { lat, lon, accuracy, source: "gps", taken_at });
    this.tellAge();
    this.nameButton();
    if (!old && accuracy <= GOOD_ENOUGH) this.stop();
  }

  failed(code) {
    // On its own it waits for better times (indoors, in a lift); a refusal is final.
    if (this.how === "auto" && code !== 1) {
      if (!this.best) this.point.status.textContent = this.texts[ERRORS[code] ?? "textUnavailable"];
      return;
    }
    if (this.best) return this.finish();
    this.stop();
    this.point.status.textContent = this.texts[ERRORS[code] ?? "textUnavailable"];
  }

  finish() {
    this.stop();
    if (this.best) this.tellAge();
    else this.point.status.textContent = this.texts.textTimeout;
  }

  stop() {
    this.why?.remove();
    this.pause();
    document.removeEventListener("visibilitychange", this.onVisible);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.button.removeAttribute("aria-busy");
    if (this.point.source?.value !== "gps") this.measured = null;
  }

  /** "Hier, op 8 m nauwkeurig, zojuist", with more to come while it looks. */
  tellAge() {
    if (!this.measured) return;
    const metres = Math.max(1, Math.round(this.measured.accuracy));
    const looking = this.timer !== undefined && this.best && this.best.accuracy > GOOD_ENOUGH;
    const words = fill(looking ? this.texts.textBetter : this.texts.textHere, { metres, age: this.age() });
    if (this.point.status.textContent !== words) this.point.status.textContent = words;
  }

  age() {
    const minutes = Math.floor(Math.max(0, Date.now() - this.measured.at) / 60_000);
    if (minutes < 1) return this.texts.textNow;
    if (minutes < 60) return fill(minutes === 1 ? this.texts.textMinute : this.texts.textMinutes, { minutes });
    const zone = { timeZone: "Europe/Amsterdam" };
    const day = (at) => new Date(at).toLocaleDateString("sv", zone);
    const shape = day(this.measured.at) === day(Date.now()) ? {} : { weekday: "short", day: "numeric", month: "long" };
    const moment = new Date(this.measured.at).toLocaleString(document.documentElement.lang, {
      ...zone, ...shape, hour: "2-digit", minute: "2-digit",
    });
    return fill(this.texts.textMoment, { moment });
  }
}
