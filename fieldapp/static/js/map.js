// A map over our own boundaries. Leaflet is fetched only when somebody opens the map.
// mode "pick": set a point under the cross-hair; mode "areas": areas coloured by state, a click opens one.
import { fill, pointOf, setPoint } from "./point.js";

let loading; // one promise for all maps on a page

function loadLeaflet({ leaflet, leafletCss }) {
  loading ??= new Promise((resolve, reject) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = leafletCss;
    document.head.prepend(style); // ours comes later and wins
    const script = document.createElement("script");
    script.src = leaflet;
    script.onload = () => resolve(window.L);
    script.onerror = () => reject(new Error("Leaflet did not load"));
    document.head.append(script);
  });
  return loading;
}

const svg = (name, attributes, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const CROSS = "M24 4v15M24 29v15M4 24h15M29 24h15";
const PIN = "M15 38S2 25 2 15a13 13 0 0 1 26 0c0 10-13 23-13 23z";

export default class AreaMap {
  static supported() {
    return typeof fetch === "function" && "replaceChildren" in Element.prototype;
  }

  constructor(element) {
    this.element = element;
    this.settings = element.dataset;
    this.canvas = element.querySelector("[data-map]");
    if (this.settings.mode === "areas") this.showAreas();
    else this.preparePicking();
  }

  async open() {
    const [L, areas] = await Promise.all([loadLeaflet(this.settings), this.fetchAreas()]);
    this.L = L;
    this.map = L.map(this.canvas, {
      zoomControl: false, attributionControl: Boolean(this.settings.tiles), zoomSnap: 0.5,
      fadeAnimation: !this.calm, zoomAnimation: !this.calm, inertia: !this.calm,
    });
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", this.settings.textLabelAreas ?? this.settings.textLabel);
    L.control.zoom({
      zoomInTitle: this.settings.textZoomIn, zoomOutTitle: this.settings.textZoomOut,
    }).addTo(this.map);
    if (this.settings.tiles) {
      L.tileLayer(this.settings.tiles, { attribution: this.settings.attribution, maxZoom: 19 })
        .addTo(this.map);
    }
    this.layer = L.geoJSON(areas, {
      style: ({ properties }) => ({ className: `fa-area fa-area--${this.stateOf(properties)}` }),
      onEachFeature: (feature, layer) => this.nameArea(feature.properties, layer),
    });
    this.layer.addTo(this.map);
    const bounds = this.layer.getBounds();
    const [lat, lon] = (this.settings.centre ?? "").split(",").map(Number);
    if (this.settings.centre) this.map.setView([lat, lon], Number(this.settings.zoom) || 15);
    else if (bounds.isValid()) this.map.fitBounds(bounds, { padding: [8, 8] });
    else this.map.setView([52.1, 5.3], 7);
    this.showNames();
    this.map.on("zoomend", () => this.showNames());
    return this.map;
  }

  /** Colours belong to the map that shows them; a picker only needs the lines. */
  stateOf({ state }) {
    return this.settings.mode === "areas" && /^[a-z]+$/.test(state ?? "") ? state : "none";
  }

  /** Names stand where there is room at this zoom; the others show at a touch, and in the list. */
  showNames() {
    const taken = [];
    for (const [layer, name] of this.labels ?? []) {
      const bounds = layer.getBounds();
      const room = this.map.latLngToLayerPoint(bounds.getNorthEast())
        .subtract(this.map.latLngToLayerPoint(bounds.getSouthWest()));
      const lines = nameLines(name, room.x * 0.85);
      const middle = this.map.latLngToLayerPoint(bounds.getCenter());
      const half = { x: Math.max(0, ...lines.map((line) => line.length)) * 3.5, y: lines.length * 8.5 };
      const free = taken.every((other) => Math.abs(other.x - middle.x) > other.half.x + half.x
        || Math.abs(other.y - middle.y) > other.half.y + half.y);
      const fits = lines.length > 0 && half.y * 2 < -room.y * 0.7 && free;
      if (fits && !layer.nameLabel) {
        const text = document.createElement("span");
        layer.nameLabel = this.L.tooltip({ permanent: true, direction: "center", className: "fa-area-name" })
          .setLatLng(bounds.getCenter()).setContent(text);
      }
      if (!fits) {
        layer.nameLabel?.remove();
        continue;
      }
      taken.push({ x: middle.x, y: middle.y, half });
      layer.nameLabel.getContent().replaceChildren(
        ...lines.flatMap((line, i) => (i ? [document.createElement("br"), line] : [line])));
      layer.nameLabel.addTo(this.map);
    }
  }

  get calm() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  async fetchAreas() {
    const response = await fetch(this.settings.url, { credentials: "same-origin" });
    if (!response.ok) throw new Error(`boundaries: ${response.status}`);
    return response.json();
  }

  nameArea({ name, state_label: words, url }, layer) {
    if (!name) return;
    const text = document.createElement("span");
    text.textContent = words ? `${name}: ${words}` : name;
    layer.bindTooltip(text, { sticky: true, direction: "top" });
    // The tooltip says the name too: never both at once.
    layer.on("tooltipopen", () => layer.nameLabel?.setOpacity(0));
    layer.on("tooltipclose", () => layer.nameLabel?.setOpacity(1));
    this.labels ??= [];
    this.labels.push([layer, name]);
    if (this.settings.mode !== "areas" || !url) return;
    layer.on("click", () => window.location.assign(url));
    layer.on("add", () => {
      const path = layer.getElement();
      if (!path) return;
      path.classList.add("fa-area--link");
      path.setAttribute("tabindex", "0");
      path.setAttribute("role", "link");
      path.setAttribute("aria-label", text.textContent);
      path.addEventListener("keydown", (event) => {
        if (event.key === "Enter") window.location.assign(url);
      });
    });
  }

  async showAreas() {
    this.element.hidden = false;
    try {
      await this.open();
      this.map.scrollWheelZoom.disable();
    } catch (error) {
      this.failed(error);
    }
  }

  // --- picking a point ---

  preparePicking() {
    this.point = pointOf(this.element);
    this.button = this.point?.box.querySelector("[data-map-open]");
    if (!this.button) return;
    this.button.closest("[data-map-way]").hidden = false;
    this.button.addEventListener("click", () => this.toggle());
    this.point.box.addEventListener("fa:point", ({ detail }) => this.mark(detail));
  }

  async toggle() {
    this.element.hidden = !this.element.hidden;
    this.button.setAttribute("aria-expanded", String(!this.element.hidden));
    if (this.element.hidden || this.map) return;
    try {
      await this.open();
      this.startPicking();
    } catch (error) {
      this.failed(error);
    }
  }

  startPicking() {
    this.canvas.append(svg("svg", { class: "fa-cross", viewBox: "0 0 48 48", "aria-hidden": "true" },
      svg("path", { class: "fa-cross__halo", d: CROSS }), svg("path", { d: CROSS })));
    this.element.querySelector("[data-map-set]").addEventListener("click", () => this.pick());
    this.map.on("click", (event) => this.pick(event.latlng));
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.canvas) return;
      event.preventDefault(); // Enter would send the form
      this.pick();
    });
    const lat = Number.parseFloat(this.point.lat.value.replace(",", "."));
    const lon = Number.parseFloat(this.point.lon.value.replace(",", "."));
    if (Number.isFinite(lat) && Number.isFinite(lon)) {
      this.mark({ lat, lon });
      this.map.setView([lat, lon], Math.max(this.map.getZoom(), 16), { animate: false });
    }
    this.canvas.focus();
  }

  pick(place = this.map.getCenter()) {
    const name = this.areaAt(place);
    const text = name ? fill(this.settings.textSet, { name }) : this.settings.textSetBare;
    setPoint(this.point, { lat: place.lat, lon: place.lng, source: "map", text });
  }

  mark({ lat, lon }) {
    if (!this.map) return;
    const place = [lat, lon];
    if (this.pin) this.pin.setLatLng(place);
    else {
      const drawing = svg("svg", { viewBox: "0 0 30 40", width: 30, height: 40, "aria-hidden": "true" },
        svg("path", { class: "fa-pin", d: PIN }), svg("circle", { class: "fa-pin__hole", cx: 15, cy: 15, r: 5 }));
      const icon = this.L.divIcon({ html: drawing, className: "", iconSize: [30, 40], iconAnchor: [15, 38] });
      this.pin = this.L.marker(place, { icon, keyboard: false, interactive: false }).addTo(this.map);
    }
    if (!this.map.getBounds().contains(place)) this.map.panTo(place, { animate: !this.calm });
  }

  /** Name of the area under a place, for the announcement; the server decides for the record. */
  areaAt({ lat, lng }) {
    let found = "";
    this.layer.eachLayer((layer) => {
      const geometry = layer.feature?.geometry;
      if (found || !geometry) return;
      const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      if (polygons.some?.((rings) => contains(rings, lng, lat))) found = layer.feature.properties.name;
    });
    return found;
  }

  failed(error) {
    console.warn("fieldapp: map", error);
    const message = document.createElement("p");
    message.setAttribute("role", "status");
    message.textContent = this.settings.textFailed;
    this.element.replaceChildren(message);
  }
}

/** A name in lines of at most `width` px, broken between words; no lines when a word is wider. */
function nameLines(name, width) {
  const most = Math.floor(width / 7);
  const lines = [];
  for (const word of name.split(" ")) {
    if (word.length > most) return [];
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Even-odd rule over all rings of a polygon, so holes count as outside. */
function contains(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}
