// Functions on places, for the few forms that have them; the twin of core/expression/geo.py.
import { portable, spread, toText, words } from "./expression.js";

const RADIUS = 6378100; // metres, as in ODK
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)$/;

function points(values) {
  const found = [];
  for (const text of spread(values).flatMap((value) => toText(value).split(";"))) {
    const parts = words(text).slice(0, 2);
    if (!parts.length) continue;
    if (parts.length < 2 || !parts.every((part) => NUMBER.test(part))) return null;
    found.push(parts.map(Number));
  }
  return found;
}

const radians = (degrees) => (degrees * Math.PI) / 180;
const cosine = (degrees) => portable(Math.cos(radians(degrees)));

function between([lat, lon], [lat2, lon2]) {
  const up = portable(Math.sin(radians(lat2 - lat) / 2));
  const across = portable(Math.sin(radians(lon2 - lon) / 2));
  const part = Math.sqrt(up * up + cosine(lat) * cosine(lat2) * across * across);
  return portable(2 * RADIUS * Math.asin(Math.min(1, part)));
}

const sumOf = (path, part) => path.slice(1).reduce((sum, there, at) => sum + part(path[at], there), 0);

function distance(scope, ...values) {
  const path = points(values);
  return path ? sumOf(path, between) : NaN;
}

function area(scope, ...values) {
  const path = points(values);
  if (!path) return NaN;
  const metre = (2 * RADIUS * Math.PI) / 360;
  const flat = path.map(([lat, lon]) => [
    (lat - path[0][0]) * metre,
    (lon - path[0][1]) * metre * cosine(lat),
  ]);
  return path.length > 2 ? Math.abs(sumOf(flat, ([y1, x1], [y2, x2]) => (y1 * x2 - x1 * y2) / 2)) : 0;
}

function geofence(scope, point, shape) {
  const [place, edge] = [points([point]), points([shape])];
  if (!place?.length || !edge) return false;
  const [y, x] = place[0];
  const crossings = sumOf(edge, ([y1, x1], [y2, x2]) =>
    Number(y2 > y !== y1 > y && x < ((x1 - x2) * (y - y2)) / (y1 - y2) + x2));
  return crossings % 2 === 1;
}

const side = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const beside = (a, b, c) =>
  [0, 1].every((i) => Math.min(a[i], b[i]) <= c[i] && c[i] <= Math.max(a[i], b[i]));

function cross([a, b], [c, d]) {
  const sides = [[a, b, c], [a, b, d], [c, d, a], [c, d, b]];
  const [one, two, three, four] = sides.map((three) => side(...three));
  if (one > 0 !== two > 0 && three > 0 !== four > 0 && one && two && three && four) return true;
  return sides.some((three) => side(...three) === 0 && beside(...three));
}

function intersects(scope, ...values) {
  const same = (one, other) => one[0] === other[0] && one[1] === other[1];
  const path = (points(values) ?? []).filter((point, at, all) => !at || !same(point, all[at - 1]));
  const pieces = path.slice(1).map((there, at) => [path[at], there]);
  const closed = path.length > 2 && same(path[0], path.at(-1));
  return pieces.some((piece, at) =>
    pieces.some((other, place) =>
      place >= at + 2 && !(closed && at === 0 && place === pieces.length - 1) && cross(piece, other)));
}

export default { area, distance, geofence, intersects };
