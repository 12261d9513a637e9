// "Deze plek ligt 3 km buiten je gebied. Klopt dat?": asked on the phone before a form is done, while the person
// still stands there. Works on the boundaries that the map shows, also without signal when they were fetched.
import { dialogOf } from "../dialogs.js";
import { fill } from "../point.js";

const FAR = 1000; // metres, as core/place_marks.py has it
const DEGREE = 111_320; // metres of a degree of latitude

export default class Far {
  constructor(point) {
    this.point = point;
    this.form = point.box.closest("form");
    this.question = point.box.querySelector("template[data-far]");
    const map = point.box.querySelector("[data-mode=pick][data-url]");
    if (!this.question || !map) return;
    this.areas = fetch(map.dataset.url, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : { features: [] })).catch(() => ({ features: [] }));
    point.box.addEventListener("fa:point", () => this.judge());
    this.judge();
    this.form.addEventListener("fa:finish", (event) => {
      if (!this.metres || this.metres <= FAR || this.agreed === this.where()) return;
      event.preventDefault();
      this.ask();
    });
  }

  where() {
    return `${this.point.lat.value},${this.point.lon.value}`;
  }

  async judge() {
    const { features } = await this.areas;
    const [lat, lon] = [this.point.lat, this.point.lon].map(({ value }) => Number.parseFloat(value.replace(",", ".")));
    this.metres = features.length && Number.isFinite(lat + lon) ? metresOutside(features, lon, lat) : 0;
  }

  ask() {
    const dialog = dialogOf(this.question.content.firstElementChild);
    const words = dialog.querySelector("[data-far-words]");
    words.textContent = fill(words.textContent, { km: Math.round(this.metres / 1000) });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "yes") {
        this.agreed = this.where();
        this.form.dispatchEvent(new CustomEvent("fa:finish-go"));
      } else if (dialog.returnValue === "no") {
        this.point.box.dispatchEvent(new CustomEvent("fa:go", { bubbles: true }));
      }
    });
    dialog.showModal();
  }
}

/** Metres from a point to the nearest of these areas (GeoJSON polygons); 0 inside one. */
export function metresOutside(features, lon, lat) {
  const east = DEGREE * Math.cos((lat * Math.PI) / 180);
  let nearest = Infinity;
  for (const { geometry } of features) {
    const polygons = geometry?.type === "Polygon" ? [geometry.coordinates] : geometry?.coordinates ?? [];
    for (const rings of polygons) {
      let inside = false;
      for (const ring of rings) {
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
          const [ax, ay] = [(ring[j][0] - lon) * east, (ring[j][1] - lat) * DEGREE];
          const [bx, by] = [(ring[i][0] - lon) * east, (ring[i][1] - lat) * DEGREE];
          nearest = Math.min(nearest, toOrigin(ax, ay, bx, by));
          if (ay > 0 !== by > 0 && (bx - ax) * (0 - ay) / (by - ay) + ax > 0) inside = !inside;
        }
      }
      if (inside) return 0;
    }
  }
  return nearest === Infinity ? 0 : nearest;
}

/** From where we stand to a piece of boundary. */
function toOrigin(ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length)) : 0;
  return Math.hypot(ax + share * dx, ay + share * dy);
}
