// Photos that were taken near here before, to take the new one over. They went along with the pack, for who may see
// them (web/phone/earlier.py); one that is not on this phone is not shown.
import { fill, pointOf } from "../../point.js";
import { pack } from "../pack.js";
import { storeOf } from "../store.js";

const NEAR = 40; // metres: the same corner of a square
const UNSURE = 60; // metres of inaccuracy, at most, that make "near" wider
const MOST = 3;
const DEGREE = 111_320; // metres of a degree of latitude

/** Metres between two places {lat, lon}, exact enough for a street. */
export function metresBetween(one, other) {
  const east = (other.lon - one.lon) * Math.cos((one.lat * Math.PI) / 180);
  return Math.hypot(east, other.lat - one.lat) * DEGREE;
}

export default class Earlier {
  static supported() {
    const camera = matchMedia("(any-pointer: coarse)").matches && navigator.mediaDevices?.getUserMedia;
    return Boolean(camera && storeOf());
  }

  constructor(element) {
    this.element = element;
    this.pattern = element.querySelector("template");
    this.form = element.closest("form");
    this.point = pointOf(this.form.querySelector('[data-geopoint] [data-point="lat"]') ?? element);
    element.addEventListener("click", ({ target }) => this.chosen(target.closest("button")));
    if (this.point) this.open().catch((error) => console.warn("fieldapp: no earlier photos", error));
  }

  async open() {
    this.photos = (await pack(storeOf()))?.earlier ?? [];
    if (!this.photos.length) return;
    this.point.box.addEventListener("fa:point", () => this.draw());
    this.draw();
  }

  draw() {
    const [lat, lon, accuracy] = ["lat", "lon", "accuracy"]
      .map((name) => Number.parseFloat(this.point[name]?.value.replace(",", ".")));
    if (!Number.isFinite(lat + lon)) return;
    const most = NEAR + Math.min(UNSURE, accuracy || 0);
    const near = this.photos.map((photo) => ({ ...photo, metres: metresBetween({ lat, lon }, photo) }))
      .filter(({ metres }) => metres <= most).sort((one, other) => one.metres - other.metres).slice(0, MOST);
    const names = near.map(({ url }) => url).join();
    if (names === this.names) return; // a position that gets better moves nothing under a finger
    this.names = names;
    this.pattern.parentElement.replaceChildren(this.pattern, ...near.map((photo) => this.row(photo)));
    this.shown();
  }

  row({ url, on, metres }) {
    const row = this.pattern.content.firstElementChild.cloneNode(true);
    const { textHere, textNear } = this.element.dataset;
    const far = Math.round(metres / 5) * 5;
    const day = new Date(`${on}T12:00`).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });
    row.querySelector("[data-words]").textContent = fill(far ? textNear : textHere, { day, metres: far });
    const image = row.querySelector("img");
    image.addEventListener("error", () => {
      row.remove();
      this.shown();
    });
    image.src = url;
    return row;
  }

  shown() {
    this.element.hidden = !this.element.querySelector("li");
  }

  chosen(button) {
    const url = button?.querySelector("img").src;
    if (!url) return;
    this.element.closest(".fa-photo").dispatchEvent(new CustomEvent("fa:over", { detail: { url } }));
  }
}
