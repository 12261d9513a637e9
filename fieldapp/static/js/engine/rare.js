// Readers of the types that only some forms have: dates and times, scales, places, files. Fetched by
// prepare() of form.js where a form has them; see read.js.
import { toText, words } from "./expression.js";
import { decimal, fail, list, textOf } from "./read.js";

const DAYS = [/^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)$/, /^(?<d>\d\d?)[-/.](?<m>\d\d?)[-/.](?<y>\d{4})$/];
const MONTHS = [/^(?<y>\d{4})-(?<m>\d\d)$/, /^(?<m>\d\d?)[-/.](?<y>\d{4})$/];
const CLOCK = /^(\d\d?)[:.](\d\d)(?:[:.](\d\d))?(?:[.,](\d{1,6})\d*)?(?: ?uur)?$/;
const ZONE = /(Z|[+-]\d\d:?\d\d)$/;
const two = (number) => String(number).padStart(2, "0");

function range(text, { scale: [start, end, step] }) {
  const found = decimal(text);
  if (found < start || found > end) fail("outside_range");
  const steps = (found - start) / step;
  return Math.abs(steps - Math.round(steps)) > 1e-9 * Math.max(1, steps) ? fail("not_on_the_scale") : found;
}

function day(text, { part } = {}) {
  const patterns = part ? [...DAYS, ...MONTHS, ...(part === "year" ? [/^(?<y>\d{4})$/] : [])] : DAYS;
  const found = patterns.map((pattern) => pattern.exec(text)).find(Boolean) ?? fail("not_a_date");
  const { y, m = 1, d = 1 } = found.groups;
  const iso = `${y}-${two(m)}-${two(d)}`;
  const time = Date.parse(`${iso}T00:00Z`);
  if (!(time >= -62135596800000) || new Date(time).toISOString().slice(0, 10) !== iso) fail("not_a_date");
  return part ? `${iso.slice(0, part === "year" ? 4 : 7)}-01-01`.slice(0, 10) : iso;
}

function clock(text, code = "not_a_time") {
  const [, hour, minute, second = 0, fraction = ""] = CLOCK.exec(text.replace(ZONE, "")) ?? fail(code);
  if (hour > 23 || minute > 59 || second > 59) fail(code);
  const rest = `${fraction}000`.slice(0, 3);
  return `${two(hour)}:${minute}:${two(second)}${rest > 0 ? `.${rest}` : ""}`;
}

function moment(text) {
  const [, date, time] = /^([^ ]*) ?(.*)$/s.exec(text.replace("T", " "));
  try {
    return `${day(date)}T${time ? clock(time.trim()) : "00:00:00"}`;
  } catch {
    return fail("not_a_moment");
  }
}

function point(text) {
  const numbers = words(text).map((part) =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part) ? Number(part) : fail("not_a_point"));
  const [lat, lon, height = 0, accuracy = 0] = numbers;
  if (numbers.length < 2 || numbers.length > 4 || !numbers.every(Number.isFinite)) fail("not_a_point");
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180 || accuracy < 0) fail("point_off_earth");
  return [lat, lon, height, accuracy]
    .map((one) => (Object.is(one, -0) ? "-0.0" : toText(one).replace(/^[^.]+$/, "$&.0")))
    .join(" ");
}

function points(raw, least) {
  const found = list(raw).flatMap((text) => text.split(";")).filter((text) => text.trim()).map(point);
  if (!found.length) return null;
  const place = (one) => words(one).slice(0, 2).join();
  if (least > 2 && place(found[0]) !== place(found.at(-1))) found.push(found[0]);
  const count = least > 2 ? new Set(found.map(place)).size : found.length;
  return count < least ? fail("too_few_points") : found.join("; ");
}

function files(raw) {
  const names = list(raw).map(textOf).filter(Boolean);
  if (names.some((name) => /^\.\.?$|[/\\\n]|.{256}/su.test(name))) fail("not_a_file_name");
  return names.length ? [...new Set(names)] : null;
}

export default {
  ONE: {
    range, date: day, time: (text) => clock(text), dateTime: moment, start: moment, end: moment, geopoint: point,
  },
  MORE: {
    image: files, audio: files, video: files, file: files,
    geotrace: (raw) => points(raw, 2),
    geoshape: (raw) => points(raw, 3),
  },
};
