// A line or a shape on the map: a tap sets a point, the list of points takes them away again.
// The text area below stays what is sent: "lat lon alt acc", one point a line.
import AreaMap from "./map.js";
import { fill } from "./point.js";

const EARTH = 6_371_008.8; // mean radius in metres (IUGG)

/** Length in metres along [lat, lon, ...] points (haversine). */
export function length(points) {
  const rad = (degrees) => (degrees * Math.PI) / 180;
  return points.slice(1).reduce((sum, [lat, lon], i) => {
    const [lat0, lon0] = points[i];
    const h = Math.sin(rad(lat - lat0) / 2) ** 2
      + Math.cos(rad(lat0)) * Math.cos(rad(lat)) * Math.sin(rad(lon - lon0) / 2) ** 2;
    return sum + 2 * EARTH * Math.asin(Math.sqrt(h));
  }, 0);
}

export default class Trace extends AreaMap {
  constructor(element) {
    super(element);
    const part = (name) => element.querySelector(`[data-${name}]`);
    this.shape = element.dataset.kind === "geoshape";
    [this.way, this.opener, this.list, this.status, this.undo, this.here, this.hand] =
      ["way", "open", "list", "status", "undo", "here", "hand"].map(part);
    this.text = part("points");
    this.read();
    this.show();
    this.text.addEventListener("input", () => {
      this.read();
      this.show();
    });
    if (!this.opener || this.text.readOnly) return;
    this.opener.hidden = false;
    this.hand.open = false;
    this.opener.addEventListener("click", () => this.toggleMap());
    this.undo.addEventListener("click", () => this.take(this.points.length - 1));
    if ("geolocation" in navigator && window.isSecureContext) {
      this.here.hidden = false;
      this.here.addEventListener("click", () => this.addHere());
    }
  }

  preparePicking() {} // the map of a single point; not ours

  /** Points as typed; what is no point is left for the server to explain. */
  read() {
    const points = this.text.value.split(/[;\n]/).map((line) => line.trim().split(/\s+/).map(Number));
    this.points = points.filter(([lat, lon]) => Number.isFinite(lat) && Number.isFinite(lon));
    const [first, last] = [this.points[0], this.points.at(-1)];
    const closed = this.shape && this.points.length > 3 && first[0] === last[0] && first[1] === last[1];
    if (closed) this.points.pop(); // the list shows each corner once
  }

  write() {
    const all = this.shape && this.points.length > 2 ? [...this.points, this.points[0]] : this.points;
    this.text.value = all.map(([lat, lon, alt = 0, acc = 0]) => `${lat} ${lon} ${alt} ${acc}`).join(";\n");
    for (const name of ["input", "change"]) this.text.dispatchEvent(new Event(name, { bubbles: true }));
  }

  add({ lat, lng }, alt = 0, acc = 0) {
    this.points.push([Number(lat.toFixed(6)), Number(lng.toFixed(6)), alt, acc]);
    this.write();
  }

  take(index) {
    this.points.splice(index, 1);
    this.write();
    (this.list.children[Math.min(index, this.points.length - 1)]?.querySelector("button") ?? this.canvas).focus();
  }

  addHere() {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const place = { lat: coords.latitude, lng: coords.longitude };
      this.add(place, Math.round(coords.altitude ?? 0), Math.round(coords.accuracy));
      this.map?.panTo(place, { animate: false });
    }, () => {}, { enableHighAccuracy: true, timeout: 10_000 });
  }

  async toggleMap() {
    this.way.hidden = !this.way.hidden;
    this.opener.setAttribute("aria-expanded", String(!this.way.hidden));
    if (this.way.hidden || this.map) return;
    try {
      await this.open();
    } catch (error) {
      this.failed(error);
      return;
    }
    this.canvas.insertAdjacentHTML("beforeend",
      '<svg class="fa-cross" viewBox="0 0 48 48" aria-hidden="true"><path class="fa-cross__halo" d="M24 4v15M24 29v15M4 24h15M29 24h15"/><path d="M24 4v15M24 29v15M4 24h15M29 24h15"/></svg>');
    this.map.on("click", (event) => this.add(event.latlng));
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.canvas) return;
      event.preventDefault(); // Enter would send the form
      this.add(this.map.getCenter());
    });
    if (this.points.length) this.map.fitBounds(this.points.map(([lat, lon]) => [lat, lon]), { maxZoom: 17, animate: false });
    this.canvas.focus();
    this.show();
  }

  show() {
    const places = this.points.map(([lat, lon]) => [lat, lon]);
    this.list.replaceChildren(...places.map((place, index) => this.item(place, index)));
    this.undo.disabled = !places.length;
    const least = this.shape ? 3 : 2;
    const round = this.shape && places.length > 2 ? [...places, places[0]] : places;
    const told = fill(this.settings.textCount, { number: places.length, metres: Math.round(length(round)) });
    this.status.textContent = !places.length ? "" : places.length < least ? this.settings.textFew : told;
    if (!this.map) return;
    this.line?.remove();
    const make = this.shape && places.length > 2 ? this.L.polygon : this.L.polyline;
    const style = { className: "fa-trace__line", interactive: false };
    this.line = this.L.layerGroup([make(places, style),
      ...places.map((place) => this.L.circleMarker(place, { ...style, radius: 6, className: "fa-trace__dot" }))]);
    this.line.addTo(this.map);
  }

  item([lat, lon], index) {
    const item = document.createElement("li");
    const words = document.createElement("bdi");
    words.textContent = `${fill(this.settings.textPoint, { number: index + 1 })}: ${lat}, ${lon}`;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fa-trace__remove";
    button.textContent = "×";
    button.setAttribute("aria-label", fill(this.settings.textRemove, { number: index + 1 }));
    button.addEventListener("click", () => this.take(index));
    item.append(words, button);
    return item;
  }

  failed(error) {
    console.warn("fieldapp: map", error);
    this.way.hidden = true;
    this.opener.hidden = true;
    this.hand.open = true;
    this.status.textContent = this.settings.textFailed;
  }
}
