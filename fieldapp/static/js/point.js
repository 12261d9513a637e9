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
    taken_at: field("taken_at"),
  };
}

/** Metres as they are sent: never nought for what was not nought, which would look made up. */
const metres = (accuracy) => String(Math.max(Math.round(accuracy * 10) / 10, accuracy > 0 ? 0.1 : 0));

/** Write a point; `source` is gps, map or manual; `taken_at` when a phone measured it (ISO). Others hear of it
    through the event fa:point. */
export function setPoint(point, { lat, lon, accuracy = null, source, taken_at = null, text }) {
  point.lat.value = lat.toFixed(6);
  point.lon.value = lon.toFixed(6);
  if (point.accuracy) point.accuracy.value = accuracy === null ? "" : metres(accuracy);
  if (point.source) point.source.value = source;
  if (point.taken_at) point.taken_at.value = taken_at ?? "";
  if (text) point.status.textContent = text;
  const detail = { lat, lon, accuracy, source, taken_at };
  point.box.dispatchEvent(new CustomEvent("fa:point", { bubbles: true, detail }));
}

/** Fill {name} places in a translated text. */
export function fill(text, values) {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
