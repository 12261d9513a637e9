// Where a form is about: from the controls of its geopoint question, or the buurt that was chosen.
import { boxAt } from "./controls.js";

const SOURCES = new Set(["gps", "map"]);

export class Place {
  /** `settings` of the page; `fixed`: the one buurt of the round. */
  constructor(settings, fixed = "", kept = null) {
    this.settings = settings;
    this.fixed = settings.point ? "" : fixed;
    this.taken = kept?.taken_at ?? null;
    this.area = kept?.source === "area"; // of a point and an area the one that was changed last counts
  }

  /** Whether the form asks for a buurt on a page of its own. */
  get asksArea() {
    return !this.settings.point && !this.fixed;
  }

  heard(event) {
    const { target, type, detail } = event;
    const name = target.name ?? "";
    if (type === "fa:point") {
      this.area = false;
      this.taken = detail?.taken_at ?? (detail?.source === "gps" ? new Date().toISOString() : null);
    } else if (name === `${this.settings.point}/area`) this.area = Boolean(target.value);
    else if (["lat", "lon"].some((part) => name === `${this.settings.point}/${part}`)) {
      this.area = false;
      this.taken = null;
    }
  }

  values(form) {
    const { point } = this.settings;
    const box = point && boxAt(form, point);
    const part = (name) => box?.querySelector(`[name="${CSS.escape(`${point}/${name}`)}"]`)?.value.trim() ?? "";
    return { box, lat: part("lat").replace(",", "."), lon: part("lon").replace(",", "."), accuracy: part("accuracy"),
      source: part("source"), taken: part("taken_at"), area: part("area") };
  }

  /** {lon, lat, accuracy_m, source, taken_at, area_code} or null. */
  location(form) {
    if (this.fixed) return area(this.fixed);
    const { name } = this.settings.area;
    if (!this.settings.point) {
      const box = boxAt(form, name);
      const chosen = box?.querySelector("input:checked, select")?.value ?? "";
      return chosen && !["weet_niet", "wil_niet"].includes(chosen) ? area(chosen) : null;
    }
    const { lat, lon, accuracy, source, taken, area: code } = this.values(form);
    if (code && (this.area || !(lat || lon))) return area(code);
    if (!lat || !lon) return null;
    return { lon: Number(lon), lat: Number(lat), accuracy_m: accuracy === "" ? null : Number(accuracy.replace(",", ".")),
      source: SOURCES.has(source) ? source : "manual", taken_at: taken || this.taken, area_code: null };
  }

  /** What is wrong with half a place, wherever one is asked. */
  problems(form) {
    const half = (box) => {
      const { path } = box.dataset;
      const part = (name) => box.querySelector(`[name="${CSS.escape(`${path}/${name}`)}"]`)?.value.trim();
      return Boolean(part("lat")) !== Boolean(part("lon")) && !(part("area") && this.area);
    };
    return [...form.querySelectorAll("[data-type=geopoint]")].filter(half)
      .map((box) => ({ where: box.dataset.path, code: "location_half", message: null }));
  }
}

const area = (code) => ({ lon: null, lat: null, accuracy_m: null, source: "area", taken_at: null, area_code: code });
