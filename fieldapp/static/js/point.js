// The one place where a point enters the form, whether it came from the phone, the map or by hand.

/** Fields and status line of the [data-geopoint] around an element. */
export function pointOf(element) {
  const box = element.closest("[data-geopoint]");
  if (!box) return null;
  const field = (name) => box.querySelector(`[data-point="${name}"]`);
  return {
    box,
    status: box.querySelector("[data-point-status]"),
    lat: field("lat"),
    lon: field("lon"),
    accuracy: field("accuracy"),
    source: field("source"),
  };
}

/** Write a point; `source` is gps, map or manual. Others hear of it through the event fa:point. */
export function setPoint(point, { lat, lon, accuracy = null, source, text }) {
  point.lat.value = lat.toFixed(6);
  point.lon.value = lon.toFixed(6);
  if (point.accuracy) point.accuracy.value = accuracy === null ? "" : String(Math.round(accuracy));
  if (point.source) point.source.value = source;
  if (text) point.status.textContent = text;
  point.box.dispatchEvent(new CustomEvent("fa:point", { detail: { lat, lon, accuracy, source } }));
}

/** Fill {name} places in a translated text. */
export function fill(text, values) {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
